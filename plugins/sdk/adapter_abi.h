/* The boundary between Concordat and an adapter: plain C, so that an adapter can be written in any language.
 *
 * An adapter is a shared library with one exported symbol, concordat_adapter_init. It is loaded by a worker
 * process of its own, never by the host, and is given no paths, no network and no environment there: what it
 * needs it asks of the worker through `struct concordat_host`. It proposes records (submit), and may add
 * findings of its own about them (validate) and scores of its own (score); it can only lower trust.
 *
 * Rules that hold for everything below
 * - Versions: a struct with `struct_size` begins with it, it is set by whoever allocated it, and the struct only
 *   ever grows at its end. Each side touches only the prefix that both know: who wants a member that was appended
 *   later first looks whether `struct_size` reaches beyond it, and does without it where it does not. The sizes
 *   that older versions had stand below as CONCORDAT_..._SIZE_V1; a struct that claims to be smaller than that is
 *   refused. What cannot be said by appending (a member that changes its meaning, a struct without `struct_size`
 *   that grows) gets a new number of the ABI.
 * - Negotiation: the worker offers the newest number that it knows and steps down, one at a time, for as long as
 *   concordat_adapter_init answers CONCORDAT_ABI_UNSUPPORTED. An adapter may speak several; it accepts the one
 *   that is offered or says no. The numbers that it speaks stand in its adapter.yaml as abi: {min, max}.
 * - Functions that are required and those that are optional are marked so; NULL means that an optional one is not
 *   there. All functions of `struct concordat_host` up to its size are always there.
 * - Zeroing: whoever allocates a struct zeroes it before the call and then sets `struct_size`.
 * - Ownership: nothing changes hands but the Arrow structs, which carry their own `release`. All other
 *   pointers are borrowed for the duration of the call, unless it is said otherwise; who wants to keep what
 *   they point to copies.
 * - Text is UTF-8. `const char *` ends with a NUL; `struct concordat_text` does not and may hold NULs.
 * - Errors: a function returns CONCORDAT_OK or another code, and with the latter fills `error` when it was
 *   given one. No exception and no longjmp crosses.
 * - Threads: the worker calls an adapter on one thread, one call at a time. The adapter may have threads of
 *   its own; of the host's functions only those marked "any thread" may be called there.
 * - Nothing is unloaded: the library stays mapped until the process ends.
 */
#ifndef CONCORDAT_ADAPTER_ABI_H
#define CONCORDAT_ADAPTER_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The Arrow C data and stream interfaces, word for word as the Arrow project publishes them. ---- */

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  /* Array type description */
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;

  /* Release callback */
  void (*release)(struct ArrowSchema *);
  /* Opaque producer-specific data */
  void *private_data;
};

struct ArrowArray {
  /* Array data description */
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;

  /* Release callback */
  void (*release)(struct ArrowArray *);
  /* Opaque producer-specific data */
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  /* Callback to get the stream type (will be the same for all arrays in the stream). */
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);

  /* Callback to get the next array (if no error and the array is released, the stream has ended) */
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);

  /* Callback to get optional detailed error information. */
  const char *(*get_last_error)(struct ArrowArrayStream *);

  /* Release callback */
  void (*release)(struct ArrowArrayStream *);
  /* Opaque producer-specific data */
  void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* ---- Versions and codes ---- */

/* The number of the ABI that this file describes. */
#define CONCORDAT_ABI 1u

/* Errno values: a stream's get_schema and get_next return them, too, and Arrow asks for errno there. */
enum {
  CONCORDAT_OK = 0,
  /* Not there: an option without a value, a reference table that nobody handed over. */
  CONCORDAT_ABSENT = 2, /* ENOENT */
  /* The adapter failed: an administrator reads the message. Any other code counts as this one. */
  CONCORDAT_FAILED = 5, /* EIO */
  /* The source cannot be read as a whole ("this is an Excel file: save it as CSV UTF-8"): the steward who
   * sent it reads the message. A single bad record is not this: it is an unreadable record, see `submit`. */
  CONCORDAT_SOURCE_UNREADABLE = 74, /* EBADMSG */
  /* concordat_adapter_init only: the offered version is not one this adapter can speak. */
  CONCORDAT_ABI_UNSUPPORTED = 95 /* EOPNOTSUPP */
};

struct concordat_text {
  const char *data; /* may be NULL when size is 0 */
  uint64_t size;    /* bytes */
};

struct concordat_error {
  uint32_t struct_size;
  uint32_t reserved;
  char message[1016]; /* ends with a NUL; one sentence in plain English */
};

/* ---- What an adapter tells ---- */

/* How the source was read. Given once or often, the last one counts; at the latest before the stream ends. */
struct concordat_facts {
  uint32_t struct_size;
  uint32_t note_count;
  const char *encoding;     /* "utf-8", "windows-1252" ...; NULL when the format has none */
  const char *delimiter;    /* "," ...; NULL when the format has none */
  uint64_t header_line;     /* physical line, 1-based; 0: there is no header */
  uint64_t blank;           /* all-empty rows: they are no records */
  const char *const *notes; /* for people: "3 lines above the header were skipped" */
  /* The column names as they stand in the source, when they differ from the stream's schema (which must tell
   * two columns of the same name apart); else NULL and 0. */
  const struct concordat_text *columns;
  uint64_t column_count;
};

enum {
  CONCORDAT_FINDING_FAIL = 1,      /* the record breaks the rule */
  CONCORDAT_FINDING_SKIP = 2,      /* the rule does not apply to the record */
  CONCORDAT_FINDING_UNRESOLVED = 3 /* it applies, and it cannot be told */
};

struct concordat_cell {
  struct concordat_text column; /* name in the stream's schema */
  struct concordat_text value;
};

/* A record met one of the rules that the manifest declares. A record without a finding passes the rule. */
struct concordat_finding {
  uint32_t struct_size;
  int32_t outcome;                    /* CONCORDAT_FINDING_... */
  struct concordat_text rule;         /* id of a rule of the manifest */
  uint64_t record;                    /* a record of the batch at hand */
  const struct concordat_cell *cells; /* what to look at; may be NULL */
  uint64_t cell_count;
  struct concordat_text message; /* what is wrong */
  struct concordat_text mend;    /* how to mend it; empty: the manifest's */
};

/* ---- What the worker offers an adapter ---- */

/* Lives from before concordat_adapter_init until after the adapter's `release`; may be kept. */
struct concordat_host {
  uint32_t struct_size;
  uint32_t abi;  /* the version that is being spoken */
  void *context; /* first argument of every function below */

  /* Advice: end a batch when it has this many records or this many bytes of text. */
  uint64_t batch_rows;
  uint64_t batch_bytes;

  /* The source's name as the steward knows it (no path), and its size in bytes. What came as gzip, Zstandard or
   * a member of a zip file was unpacked before: name and size are those of what was in it. */
  const char *source_name;
  uint64_t source_size;

  /* Copies up to `size` bytes from `offset` on into `buffer`; returns how many, 0 at the end, -1 when the
   * system could not read. Short reads happen only at the end. Any thread. Prefer big pieces (256 KiB and
   * more) in order. */
  int64_t (*read_source)(void *context, uint64_t offset, void *buffer, uint64_t size);

  /* The whole source as read-only memory, or NULL when it cannot be mapped or is empty. What was touched of
   * it counts as the worker's memory: for formats that need random access; read_source serves all others
   * better. Any thread. */
  const void *(*map_source)(void *context);

  /* The feed's value for an option of the manifest, else the manifest's default. Valid until `release`. Any
   * thread. CONCORDAT_ABSENT when the manifest declares no such option. */
  int32_t (*option)(void *context, const char *name, struct concordat_text *value);

  /* A reference table of the manifest: a struct array whose children are utf8 columns named as in the list
   * file or dataset. Both stay the worker's (do not release them), valid until `release`. Any thread.
   * CONCORDAT_ABSENT when the manifest asks for no such table. */
  int32_t (*reference)(void *context, const char *name, const struct ArrowSchema **schema,
                       const struct ArrowArray **table);

  /* Within submit and the stream's callbacks. */
  int32_t (*report_facts)(void *context, const struct concordat_facts *facts);

  /* Within validate. Fails, saying why, when the finding names a rule that the manifest does not declare or a
   * record that is not in the batch. */
  int32_t (*report_finding)(void *context, const struct concordat_finding *finding,
                            struct concordat_error *error);

  /* Within score. A dimension that the manifest declares, 0 to 100, and in words its basis. */
  int32_t (*report_dimension)(void *context, const char *name, double score, const char *basis,
                              struct concordat_error *error);
};

/* ---- What an adapter offers the worker ---- */

struct concordat_adapter {
  uint32_t struct_size;
  uint32_t abi;       /* set by the adapter: the version that it accepted, which is the one offered */
  void *private_data; /* the adapter's own */

  /* Required. Fills `out` with a stream of struct arrays, one a batch, one child a column of the source in
   * its order. Columns: utf8, large utf8, bool, signed and unsigned integers, float32, float64, date32,
   * timestamp, and dictionaries of utf8; numbers and times become text (shortest form; ISO 8601). Null is an
   * empty cell.
   *
   * Children with these names are not columns of the source:
   * - CONCORDAT_RECORD: uint64, ascending over the whole stream; without it records are numbered from 1 on.
   * - CONCORDAT_LINE: uint64, the physical line on which the record starts, 1-based.
   * - CONCORDAT_UNREADABLE: utf8; not null: the record could not be cut into columns, and this is why, in one
   *   sentence for a steward; the row's other cells count for nothing.
   * - CONCORDAT_RAW: utf8; the text of such a record (cut after 4 KiB).
   *
   * The stream is drained and released before `release`. Read the source in get_next, batch by batch. */
  int32_t (*submit)(struct concordat_adapter *self, struct ArrowArrayStream *out,
                    struct concordat_error *error);

  /* Optional. Called with every batch before the next one is asked for, after a steward's corrections were
   * put in place: readable records only, source columns only, all utf8 without nulls. `records` holds their
   * numbers, one a row. Findings go to host->report_finding. */
  int32_t (*validate)(struct concordat_adapter *self, const struct ArrowSchema *schema,
                      const struct ArrowArray *batch, const uint64_t *records, struct concordat_error *error);

  /* Optional. Called once after the last batch. Dimensions go to host->report_dimension. */
  int32_t (*score)(struct concordat_adapter *self, struct concordat_error *error);

  /* Optional. The last call; frees private_data. */
  void (*release)(struct concordat_adapter *self);
};

#define CONCORDAT_RECORD "concordat:record"
#define CONCORDAT_LINE "concordat:line"
#define CONCORDAT_UNREADABLE "concordat:unreadable"
#define CONCORDAT_RAW "concordat:raw"

/* The sizes of the structs in version 1.0 of the SDK, which never change: each is where the first member that is
 * appended later begins. Nothing has been appended yet. */
#define CONCORDAT_ERROR_SIZE_V1 1024u
#define CONCORDAT_FACTS_SIZE_V1 64u
#define CONCORDAT_FINDING_SIZE_V1 80u
#define CONCORDAT_HOST_SIZE_V1 104u
#define CONCORDAT_ADAPTER_SIZE_V1 48u

/* The one exported symbol. `adapter` and `error` are the worker's, zeroed, with struct_size set; the adapter
 * fills `adapter`, or returns CONCORDAT_ABI_UNSUPPORTED (an older version is offered next; what was filled in is
 * forgotten, so nothing may be allocated by then) or CONCORDAT_FAILED with the reason in `error`. */
typedef int32_t (*concordat_adapter_init_function)(uint32_t host_abi, const struct concordat_host *host,
                                                   struct concordat_adapter *adapter,
                                                   struct concordat_error *error);
#define CONCORDAT_ADAPTER_INIT "concordat_adapter_init"

#ifdef __cplusplus
}
#endif

#endif /* CONCORDAT_ADAPTER_ABI_H */
