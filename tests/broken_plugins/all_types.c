/* An adapter in plain C: two records, the second all null, with a column of every supported type; read at
 * offset 1, so that each buffer begins with a value that must not be seen. */
#include <stddef.h>
#include <string.h>

#include "plugins/sdk/adapter_abi.h"

#define COLUMNS 16
#define ROWS 3

static const uint8_t valid[1] = {3}; /* rows 0 and 1; row 2 is null */
static const int32_t offsets[ROWS + 1] = {0, 3, 5, 7};
static const int64_t large_offsets[ROWS + 1] = {0, 3, 5, 7};
static const char text[] = "nothing";
static const uint8_t bools[1] = {2};
static const int8_t int8s[ROWS] = {1, -128, 1};
static const int16_t int16s[ROWS] = {1, -32768, 1};
static const int32_t int32s[ROWS] = {1, -2147483647 - 1, 1};
static const int64_t int64s[ROWS] = {1, -9223372036854775807LL - 1, 1};
static const uint8_t uint8s[ROWS] = {1, 255, 1};
static const uint16_t uint16s[ROWS] = {1, 65535, 1};
static const uint32_t uint32s[ROWS] = {1, 4294967295u, 1};
static const uint64_t uint64s[ROWS] = {1, 18446744073709551615ull, 1};
static const float floats[ROWS] = {1, 0.1f, 1};
static const double doubles[ROWS] = {1, 0.1, 1};
static const int32_t dates[ROWS] = {1, 20593, 1};            /* 2026-05-20 */
static const int64_t millis[ROWS] = {1, 1779278400000LL, 1}; /* 2026-05-20T12:00:00Z */
static const uint8_t indices[ROWS] = {0, 1, 0};
static const int32_t word_offsets[3] = {0, 3, 8};
static const char words[] = "redgreen";

static const struct {
  const char *name;
  const char *format;
  const void *first;
  const void *second;
} columns[COLUMNS] = {{"utf8", "u", offsets, text},
                      {"large_utf8", "U", large_offsets, text},
                      {"bool", "b", bools, NULL},
                      {"int8", "c", int8s, NULL},
                      {"int16", "s", int16s, NULL},
                      {"int32", "i", int32s, NULL},
                      {"int64", "l", int64s, NULL},
                      {"uint8", "C", uint8s, NULL},
                      {"uint16", "S", uint16s, NULL},
                      {"uint32", "I", uint32s, NULL},
                      {"uint64", "L", uint64s, NULL},
                      {"float32", "f", floats, NULL},
                      {"float64", "g", doubles, NULL},
                      {"date32", "tdD", dates, NULL},
                      {"timestamp", "tsm:UTC", millis, NULL},
                      {"dictionary", "C", indices, NULL}};

static struct ArrowSchema schemas[COLUMNS];
static struct ArrowSchema *schema_children[COLUMNS];
static struct ArrowSchema dictionary_schema;
static struct ArrowArray arrays[COLUMNS];
static struct ArrowArray *array_children[COLUMNS];
static struct ArrowArray dictionary_array;
static const void *buffers[COLUMNS][3];
static const void *dictionary_buffers[3] = {NULL, word_offsets, words};
static const void *no_buffers[1] = {NULL};
static int given;

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  (void)stream;
  dictionary_schema.format = "u";
  dictionary_schema.release = &release_schema;
  for (int i = 0; i < COLUMNS; ++i) {
    schemas[i].name = columns[i].name;
    schemas[i].format = columns[i].format;
    schemas[i].flags = ARROW_FLAG_NULLABLE;
    schemas[i].release = &release_schema;
    schema_children[i] = &schemas[i];
  }
  schemas[COLUMNS - 1].dictionary = &dictionary_schema;
  memset(out, 0, sizeof *out);
  out->format = "+s";
  out->n_children = COLUMNS;
  out->children = schema_children;
  out->release = &release_schema;
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  (void)stream;
  memset(out, 0, sizeof *out);
  if (given++) return 0;
  dictionary_array.length = 2;
  dictionary_array.n_buffers = 3;
  dictionary_array.buffers = dictionary_buffers;
  dictionary_array.release = &release_array;
  for (int i = 0; i < COLUMNS; ++i) {
    buffers[i][0] = valid;
    buffers[i][1] = columns[i].first;
    buffers[i][2] = columns[i].second;
    arrays[i].length = ROWS;
    arrays[i].null_count = 1;
    arrays[i].n_buffers = columns[i].second == NULL ? 2 : 3;
    arrays[i].buffers = buffers[i];
    arrays[i].release = &release_array;
    array_children[i] = &arrays[i];
  }
  arrays[COLUMNS - 1].dictionary = &dictionary_array;
  out->length = ROWS - 1;
  out->offset = 1;
  out->n_buffers = 1;
  out->buffers = no_buffers;
  out->n_children = COLUMNS;
  out->children = array_children;
  out->release = &release_array;
  return 0;
}

static const char *last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return NULL;
}

static int32_t submit(struct concordat_adapter *self, struct ArrowArrayStream *out,
                      struct concordat_error *error) {
  (void)self;
  (void)error;
  out->get_schema = &get_schema;
  out->get_next = &get_next;
  out->get_last_error = &last_error;
  out->release = &release_stream;
  return CONCORDAT_OK;
}

__attribute__((visibility("default"))) int32_t concordat_adapter_init(uint32_t host_abi,
                                                                      const struct concordat_host *host,
                                                                      struct concordat_adapter *adapter,
                                                                      struct concordat_error *error) {
  (void)host;
  (void)error;
  if (host_abi != CONCORDAT_ABI) return CONCORDAT_ABI_UNSUPPORTED;
  adapter->abi = CONCORDAT_ABI;
  adapter->submit = &submit;
  return CONCORDAT_OK;
}
