/* Prints where every member of the boundary's structs stands; tests/sdk/abi_layout_test.py compares it with
 * what was promised. A member that is appended gets its line at the end of its struct here. */
#include <stdio.h>

#include "plugins/sdk/adapter_abi.h"

#define STRUCT(type) printf("struct %s: %zu bytes\n", #type, sizeof(struct type))
#define MEMBER(type, member)                                                                             \
  printf("  %3zu %2zu %s\n", __builtin_offsetof(struct type, member), sizeof(((struct type*)0)->member), \
         #member)

_Static_assert(sizeof(struct concordat_error) >= CONCORDAT_ERROR_SIZE_V1, "concordat_error only grows");
_Static_assert(sizeof(struct concordat_facts) >= CONCORDAT_FACTS_SIZE_V1, "concordat_facts only grows");
_Static_assert(sizeof(struct concordat_finding) >= CONCORDAT_FINDING_SIZE_V1, "concordat_finding only grows");
_Static_assert(sizeof(struct concordat_host) >= CONCORDAT_HOST_SIZE_V1, "concordat_host only grows");
_Static_assert(sizeof(struct concordat_adapter) >= CONCORDAT_ADAPTER_SIZE_V1, "concordat_adapter only grows");

#define VALUE(name) printf("%s = %lld\n", #name, (long long)(name))

int main(void) {
  VALUE(CONCORDAT_ABI);
  VALUE(CONCORDAT_OK);
  VALUE(CONCORDAT_ABSENT);
  VALUE(CONCORDAT_FAILED);
  VALUE(CONCORDAT_SOURCE_UNREADABLE);
  VALUE(CONCORDAT_ABI_UNSUPPORTED);
  VALUE(CONCORDAT_FINDING_FAIL);
  VALUE(CONCORDAT_FINDING_SKIP);
  VALUE(CONCORDAT_FINDING_UNRESOLVED);
  VALUE(CONCORDAT_ERROR_SIZE_V1);
  VALUE(CONCORDAT_FACTS_SIZE_V1);
  VALUE(CONCORDAT_FINDING_SIZE_V1);
  VALUE(CONCORDAT_HOST_SIZE_V1);
  VALUE(CONCORDAT_ADAPTER_SIZE_V1);
  STRUCT(ArrowSchema);
  MEMBER(ArrowSchema, format);
  MEMBER(ArrowSchema, name);
  MEMBER(ArrowSchema, metadata);
  MEMBER(ArrowSchema, flags);
  MEMBER(ArrowSchema, n_children);
  MEMBER(ArrowSchema, children);
  MEMBER(ArrowSchema, dictionary);
  MEMBER(ArrowSchema, release);
  MEMBER(ArrowSchema, private_data);
  STRUCT(ArrowArray);
  MEMBER(ArrowArray, length);
  MEMBER(ArrowArray, null_count);
  MEMBER(ArrowArray, offset);
  MEMBER(ArrowArray, n_buffers);
  MEMBER(ArrowArray, n_children);
  MEMBER(ArrowArray, buffers);
  MEMBER(ArrowArray, children);
  MEMBER(ArrowArray, dictionary);
  MEMBER(ArrowArray, release);
  MEMBER(ArrowArray, private_data);
  STRUCT(ArrowArrayStream);
  MEMBER(ArrowArrayStream, get_schema);
  MEMBER(ArrowArrayStream, get_next);
  MEMBER(ArrowArrayStream, get_last_error);
  MEMBER(ArrowArrayStream, release);
  MEMBER(ArrowArrayStream, private_data);
  STRUCT(concordat_text);
  MEMBER(concordat_text, data);
  MEMBER(concordat_text, size);
  STRUCT(concordat_error);
  MEMBER(concordat_error, struct_size);
  MEMBER(concordat_error, reserved);
  MEMBER(concordat_error, message);
  STRUCT(concordat_facts);
  MEMBER(concordat_facts, struct_size);
  MEMBER(concordat_facts, note_count);
  MEMBER(concordat_facts, encoding);
  MEMBER(concordat_facts, delimiter);
  MEMBER(concordat_facts, header_line);
  MEMBER(concordat_facts, blank);
  MEMBER(concordat_facts, notes);
  MEMBER(concordat_facts, columns);
  MEMBER(concordat_facts, column_count);
  STRUCT(concordat_cell);
  MEMBER(concordat_cell, column);
  MEMBER(concordat_cell, value);
  STRUCT(concordat_finding);
  MEMBER(concordat_finding, struct_size);
  MEMBER(concordat_finding, outcome);
  MEMBER(concordat_finding, rule);
  MEMBER(concordat_finding, record);
  MEMBER(concordat_finding, cells);
  MEMBER(concordat_finding, cell_count);
  MEMBER(concordat_finding, message);
  MEMBER(concordat_finding, mend);
  STRUCT(concordat_host);
  MEMBER(concordat_host, struct_size);
  MEMBER(concordat_host, abi);
  MEMBER(concordat_host, context);
  MEMBER(concordat_host, batch_rows);
  MEMBER(concordat_host, batch_bytes);
  MEMBER(concordat_host, source_name);
  MEMBER(concordat_host, source_size);
  MEMBER(concordat_host, read_source);
  MEMBER(concordat_host, map_source);
  MEMBER(concordat_host, option);
  MEMBER(concordat_host, reference);
  MEMBER(concordat_host, report_facts);
  MEMBER(concordat_host, report_finding);
  MEMBER(concordat_host, report_dimension);
  STRUCT(concordat_adapter);
  MEMBER(concordat_adapter, struct_size);
  MEMBER(concordat_adapter, abi);
  MEMBER(concordat_adapter, private_data);
  MEMBER(concordat_adapter, submit);
  MEMBER(concordat_adapter, validate);
  MEMBER(concordat_adapter, score);
  MEMBER(concordat_adapter, release);
  return 0;
}
