// One run of one adapter over one source, in a worker process: starts it, reads its shared memory, watches
// it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "host/adapters/manifest.h"
#include "host/adapters/sandbox.h"
#include "host/base/files.h"
#include "host/base/status.h"
#include "host/data/raw_batch.h"

namespace concordat::adapters {

/// What an adapter's `validate` said; copied and checked.
struct Finding {
  enum class Outcome { kFail, kSkip, kUnresolved };
  uint64_t record = 0;
  size_t rule = 0;  // index into the manifest's rules
  Outcome outcome = Outcome::kFail;
  std::vector<std::pair<std::string, std::string>> values;
  std::string message;
  std::string mend;
};

/// What an adapter's `score` said.
struct Dimension {
  std::string name;  // one of the manifest's
  double score = 0;  // 0..100
  std::string basis;
};

struct AdapterBatch {
  data::RawBatch records;
  std::vector<Finding> findings;  // of these records
};

/// Replaces or drops records of the source before anything judges them: how a mended file meets its original.
struct Correction {
  uint64_t record = 0;
  bool drop = false;
  std::vector<std::string> cells;  // one a column of CorrectionSet::columns
};
struct CorrectionSet {
  std::vector<std::string> columns;  // source columns by name
  std::vector<Correction>
      corrections;  // ascending by record; an unreadable record may be replaced by a readable one
};

/// What one run may use, and what confines it. All of it holds for the whole worker, sources, threads and
/// libraries of the adapter included.
struct Limits {
  absl::Duration time = absl::Minutes(10);  // without any progress: a stalled worker
  absl::Duration total = absl::Hours(1);    // of one run, from its start on; and of CPU time of all threads
  uint64_t memory_bytes = uint64_t{2} << 30;
  uint64_t batch_bytes = 16 << 20;  // ring slot
  // A stream that never ends is cut off: bytes of all batches, whatever the source, and for each of its
  // bytes.
  uint64_t output_bytes = uint64_t{1} << 30;
  uint64_t output_ratio = 256;
  SandboxPolicy sandbox;
  uint64_t batch_rows = 0;          // advice for the adapter; 0: by the size of the source
};

struct Request {
  const Manifest* manifest = nullptr;
  std::string worker;         // path of concordat-worker
  int source_fd = -1;         // seekable, readable; not owned
  std::string source_key;     // empty: the source is plain; else sealed blocks under this key,
  uint64_t source_bytes = 0;  // of so many plain bytes
  std::string source_name;
  std::string unpack = "auto";  // auto | none | a pattern of the zip member that is meant ("*.csv")
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::pair<std::string, data::RawBatch>> references;
  CorrectionSet corrections;
  Limits limits;
};

/// Errors of Start and Next: InvalidArgument, the source is unreadable as a whole, in words for a steward;
/// Aborted, the adapter failed (crash, garbage, wrong ABI), naming adapter, version and cause;
/// DeadlineExceeded, it stalled or took too long; Unimplemented, a required layer of the sandbox is not
/// to be had here; anything else, the host could not do the work. FailureIn (failure.h) tells what kind of
/// failure the adapter's was. The worker is gone after any of them.
class Session {
 public:
  /// Does not wait for the worker: what concerns it and the source comes from Next. Batches are read ahead on
  /// a thread of the session's own, so that worker, copying and the caller's work go on side by side.
  static absl::StatusOr<std::unique_ptr<Session>> Start(const Request& request);
  virtual ~Session() = default;

  /// The next batch in source order; false at the end. Fails as said above.
  virtual absl::StatusOr<bool> Next(AdapterBatch& batch) = 0;
  /// The source's columns; known from the first successful Next on (also when it returned false).
  virtual const std::vector<std::string>& columns() const = 0;
  /// After the end.
  virtual const data::SourceFacts& facts() const = 0;
  virtual const std::vector<Dimension>& dimensions() const = 0;
};

}  // namespace concordat::adapters
