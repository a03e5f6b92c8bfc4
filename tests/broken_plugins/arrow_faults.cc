// An adapter on the bare C ABI whose Arrow structures are wrong on demand.
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "plugins/sdk/adapter_abi.h"

namespace {

std::string fault;
bool Is(const char* name) { return fault == name; }

// One batch of two records: text "é", "x" and a record number.
const char text[] = "\xC3\xA9x";
const char broken_text[] = "\xFFyx";
int32_t offsets[] = {0, 2, 3};
int32_t split[] = {0, 1, 3};
int32_t descending[] = {0, 3, 2};
int32_t negative[] = {-8, 2, 3};
uint64_t records[] = {1, 2};
uint64_t records_descending[] = {2, 1};
uint64_t records_zero[] = {0, 1};
bool given = false;

const void* text_buffers[3];
const void* record_buffers[2];
const void* struct_buffers[1] = {nullptr};
ArrowArray arrays[2];
ArrowArray* array_children[2];
ArrowSchema schemas[3];
ArrowSchema* schema_children[3];

void ReleaseArray(ArrowArray* array) { array->release = nullptr; }
void ReleaseSchema(ArrowSchema* schema) { schema->release = nullptr; }

void SetSchema(size_t i, const char* name, const char* format) {
  schemas[i] = {};
  schemas[i].name = name;
  schemas[i].format = format;
  schemas[i].release = &ReleaseSchema;
  schema_children[i] = &schemas[i];
}

int GetSchema(ArrowArrayStream*, ArrowSchema* out) {
  SetSchema(0, "a", Is("unsupported_type") ? "d:19,10" : "u");
  SetSchema(1, CONCORDAT_RECORD, Is("special_of_wrong_type") ? "l" : "L");
  SetSchema(2, CONCORDAT_RECORD, "L");
  *out = {};
  out->format = Is("not_a_struct") ? "u" : "+s";
  out->name = "";
  out->n_children = Is("special_twice") ? 3 : 2;
  out->children = schema_children;
  out->release = Is("released_schema") ? nullptr : &ReleaseSchema;
  return 0;
}

const int32_t* Offsets() {
  if (Is("descending_offsets")) return descending;
  if (Is("negative_offsets")) return negative;
  return Is("split_character") ? split : offsets;
}

const uint64_t* Records() {
  if (Is("records_descending")) return records_descending;
  return Is("record_zero") ? records_zero : records;
}

int GetNext(ArrowArrayStream*, ArrowArray* out) {
  *out = {};
  if (Is("next_fails")) return EIO;
  if (Is("throws_across")) throw std::runtime_error("over the wall");
  if (given) return 0;
  given = true;
  text_buffers[1] = Is("null_buffer") ? nullptr : Offsets();
  text_buffers[2] = Is("invalid_utf8") ? broken_text : text;
  record_buffers[1] = Records();
  for (ArrowArray& array : arrays) {
    array = {};
    array.length = 2;
    array.release = &ReleaseArray;
  }
  arrays[0].length = Is("short_child") ? 1 : 2;
  arrays[0].n_buffers = Is("too_few_buffers") ? 2 : 3;
  arrays[0].buffers = text_buffers;
  arrays[1].n_buffers = 2;
  arrays[1].buffers = record_buffers;
  array_children[0] = Is("null_child") ? nullptr : &arrays[0];
  array_children[1] = &arrays[1];
  if (Is("overlapping_buffers")) text_buffers[2] = text_buffers[1] = offsets;
  if (Is("negative_child")) arrays[0].length = -7;
  if (Is("negative_child_offset")) arrays[0].offset = -1;
  out->length = 2;
  if (Is("negative_length")) out->length = -2;
  if (Is("huge_row_count")) out->length = int64_t{1} << 60;
  if (Is("many_rows")) out->length = 2'000'000'000;
  out->n_buffers = 1;
  out->buffers = struct_buffers;
  out->n_children = Is("missing_child") ? 1 : 2;
  out->children = array_children;
  out->release = &ReleaseArray;
  return 0;
}

int32_t Submit(concordat_adapter*, ArrowArrayStream* out, concordat_error*) {
  if (Is("no_stream")) return CONCORDAT_OK;
  out->get_schema = Is("no_callbacks") ? nullptr : &GetSchema;
  out->get_next = &GetNext;
  out->get_last_error = [](ArrowArrayStream*) { return static_cast<const char*>(nullptr); };
  out->release = [](ArrowArrayStream* stream) { stream->release = nullptr; };
  return CONCORDAT_OK;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int32_t concordat_adapter_init(uint32_t,
                                                                                 const concordat_host* host,
                                                                                 concordat_adapter* adapter,
                                                                                 concordat_error*) {
  concordat_text value = {};
  host->option(host->context, "fault", &value);
  fault.assign(value.data, value.size);
  adapter->abi = CONCORDAT_ABI;
  adapter->submit = &Submit;
  return CONCORDAT_OK;
}
