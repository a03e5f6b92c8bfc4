/* A tally sheet: PLACE=COUNT a line. In plain C over the C standard library and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "plugins/sdk/adapter_abi.h"

enum { kPlace, kCount, kLine, kUnreadable, kRaw, kColumns };
static const char *const kNames[kColumns] = {"place", "count", CONCORDAT_LINE, CONCORDAT_UNREADABLE, CONCORDAT_RAW};
static const char *const kFormats[kColumns] = {"u", "u", "L", "u", "u"};
#define MOST_ROWS 1024
#define MOST_BYTES (256 * 1024) /* of a piece of the source, and so of a line */

struct reader {
  const struct concordat_host *host;
  char *piece;      /* MOST_BYTES */
  uint64_t offset;  /* of the source, behind the piece */
  size_t at, filled; /* the piece's next byte, and its end */
  uint64_t line, blank;
  int ended;
};

/* A batch: all its memory in one struct, freed by its release. */
struct column {
  uint8_t valid[MOST_ROWS / 8];
  int32_t offsets[MOST_ROWS + 1];
  char text[MOST_BYTES];
  const void *buffers[3];
  struct ArrowArray array;
};
struct batch {
  struct column columns[kColumns];
  uint64_t lines[MOST_ROWS];
  struct ArrowArray *children[kColumns];
  const void *no_buffers[1];
};

static void say(struct concordat_error *error, const char *message) {
  if (error != NULL) strncpy(error->message, message, sizeof error->message - 1);
}

/* ---- The source, line by line ---- */

static int more_source(struct reader *reader) {
  memmove(reader->piece, reader->piece + reader->at, reader->filled - reader->at);
  reader->filled -= reader->at;
  reader->at = 0;
  const uint64_t wanted = MOST_BYTES - reader->filled;
  const int64_t got = reader->host->read_source(reader->host->context, reader->offset, reader->piece + reader->filled, wanted);
  if (got < 0) return CONCORDAT_FAILED;
  reader->offset += (uint64_t)got;
  reader->filled += (size_t)got;
  reader->ended = got == 0;
  return CONCORDAT_OK;
}

/* 1: a line; 0: the end; negative: an error code. The line is valid until the next call. */
static int next_line(struct reader *reader, const char **line, size_t *size) {
  while (1) {
    const char *start = reader->piece + reader->at;
    const size_t rest = reader->filled - reader->at;
    const char *end = memchr(start, '\n', rest);
    if (end == NULL && reader->ended && rest == 0) return 0;
    if (end != NULL || reader->ended) {
      *line = start;
      *size = end == NULL ? rest : (size_t)(end - start);
      reader->at += *size + (end == NULL ? 0 : 1);
      if (*size > 0 && start[*size - 1] == '\r') --*size;
      ++reader->line;
      return 1;
    }
    if (rest == MOST_BYTES) return -CONCORDAT_SOURCE_UNREADABLE;
    if (more_source(reader) != CONCORDAT_OK) return -CONCORDAT_FAILED;
  }
}

/* ---- Arrow ---- */

static void release_child(struct ArrowArray *array) { array->release = NULL; }

static void release_batch(struct ArrowArray *array) {
  free(array->private_data);
  array->release = NULL;
}

static void put(struct column *column, int64_t row, const char *text, size_t size) {
  column->valid[row / 8] |= (uint8_t)(1u << (row % 8));
  memcpy(column->text + column->offsets[row], text, size);
  column->offsets[row + 1] = column->offsets[row] + (int32_t)size;
}

static void put_null(struct column *column, int64_t row) {
  ++column->array.null_count;
  column->offsets[row + 1] = column->offsets[row];
}

static void add_row(struct batch *batch, int64_t row, const struct reader *reader, const char *line, size_t size) {
  static const char why[] = "the line is no PLACE=COUNT";
  const char *equals = memchr(line, '=', size);
  batch->lines[row] = reader->line;
  if (equals == NULL || equals == line) {
    put_null(&batch->columns[kPlace], row);
    put_null(&batch->columns[kCount], row);
    put(&batch->columns[kUnreadable], row, why, sizeof why - 1);
    put(&batch->columns[kRaw], row, line, size);
    return;
  }
  put(&batch->columns[kPlace], row, line, (size_t)(equals - line));
  put(&batch->columns[kCount], row, equals + 1, size - (size_t)(equals - line) - 1);
  put_null(&batch->columns[kUnreadable], row);
  put_null(&batch->columns[kRaw], row);
}

/* Bytes that are no UTF-8 would be refused by the worker: such a line becomes an unreadable record without text. */
static int is_ascii(const char *text, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if ((unsigned char)text[i] >= 0x80) return 0;
  }
  return 1;
}

static void give(struct batch *batch, int64_t rows, struct ArrowArray *out) {
  memset(out, 0, sizeof *out);
  for (int i = 0; i < kColumns; ++i) {
    struct column *column = &batch->columns[i];
    column->buffers[0] = i == kLine ? NULL : (const void *)column->valid;
    column->buffers[1] = i == kLine ? (const void *)batch->lines : (const void *)column->offsets;
    column->buffers[2] = column->text;
    column->array.length = rows;
    column->array.n_buffers = i == kLine ? 2 : 3;
    column->array.buffers = column->buffers;
    column->array.release = &release_child;
    batch->children[i] = &column->array;
  }
  out->length = rows;
  out->n_buffers = 1;
  out->buffers = batch->no_buffers;
  out->n_children = kColumns;
  out->children = batch->children;
  out->release = &release_batch;
  out->private_data = batch;
}

static void tell_facts(const struct reader *reader) {
  struct concordat_facts facts;
  memset(&facts, 0, sizeof facts);
  facts.struct_size = sizeof facts;
  facts.encoding = "us-ascii";
  facts.delimiter = "=";
  facts.blank = reader->blank;
  reader->host->report_facts(reader->host->context, &facts);
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  struct reader *reader = stream->private_data;
  struct batch *batch = calloc(1, sizeof *batch);
  const int64_t most = reader->host->batch_rows < MOST_ROWS ? (int64_t)reader->host->batch_rows : MOST_ROWS;
  int64_t rows = 0;
  size_t bytes = 0;
  int code = batch == NULL ? -CONCORDAT_FAILED : 1;
  while (code == 1 && rows < most && bytes < MOST_BYTES / 4) {
    const char *line = NULL;
    size_t size = 0;
    code = next_line(reader, &line, &size);
    if (code != 1) break;
    if (size == 0) {
      ++reader->blank;
    } else if (size > MOST_BYTES / 4) {
      code = -CONCORDAT_SOURCE_UNREADABLE;
    } else {
      add_row(batch, rows++, reader, is_ascii(line, size) ? line : "", is_ascii(line, size) ? size : 0);
      bytes += size + 32;
    }
  }
  memset(out, 0, sizeof *out);
  if (code < 0 || rows == 0) free(batch);
  if (code < 0) return -code;
  if (rows == 0) {
    tell_facts(reader);
    return CONCORDAT_OK;
  }
  give(batch, rows, out);
  return CONCORDAT_OK;
}

static void release_schema(struct ArrowSchema *schema) {
  free(schema->children == NULL ? NULL : schema->children[0]);
  free(schema->children);
  schema->release = NULL;
}
static void release_field(struct ArrowSchema *field) { field->release = NULL; }

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  (void)stream;
  memset(out, 0, sizeof *out);
  struct ArrowSchema *fields = calloc(kColumns, sizeof *fields);
  out->children = calloc(kColumns, sizeof *out->children);
  out->release = &release_schema;
  if (fields == NULL || out->children == NULL) {
    free(fields);
    return CONCORDAT_FAILED;
  }
  for (int i = 0; i < kColumns; ++i) {
    fields[i].name = kNames[i];
    fields[i].format = kFormats[i];
    fields[i].flags = ARROW_FLAG_NULLABLE;
    fields[i].release = &release_field;
    out->children[i] = &fields[i];
  }
  out->format = "+s";
  out->n_children = kColumns;
  return CONCORDAT_OK;
}

static const char *last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return "a line of the tally sheet is longer than 64 KiB, so this is no tally sheet";
}
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }

/* ---- The verbs ---- */

static int32_t submit(struct concordat_adapter *self, struct ArrowArrayStream *out, struct concordat_error *error) {
  struct reader *reader = self->private_data;
  if (reader->host->source_size == 0) {
    say(error, "the tally sheet is empty: export it again");
    return CONCORDAT_SOURCE_UNREADABLE;
  }
  out->get_schema = &get_schema;
  out->get_next = &get_next;
  out->get_last_error = &last_error;
  out->release = &release_stream;
  out->private_data = reader;
  return CONCORDAT_OK;
}

static void release(struct concordat_adapter *self) {
  struct reader *reader = self->private_data;
  free(reader->piece);
  free(reader);
  self->private_data = NULL;
}

__attribute__((visibility("default"))) int32_t concordat_adapter_init(uint32_t host_abi, const struct concordat_host *host,
                                                                      struct concordat_adapter *adapter,
                                                                      struct concordat_error *error) {
  if (host_abi != CONCORDAT_ABI) return CONCORDAT_ABI_UNSUPPORTED;
  struct reader *reader = calloc(1, sizeof *reader);
  if (reader != NULL) reader->piece = malloc(MOST_BYTES);
  if (reader == NULL || reader->piece == NULL) {
    free(reader);
    say(error, "out of memory");
    return CONCORDAT_FAILED;
  }
  reader->host = host;
  adapter->abi = CONCORDAT_ABI;
  adapter->private_data = reader;
  adapter->submit = &submit;
  adapter->release = &release;
  return CONCORDAT_OK;
}
