// What the host and concordat-worker say to each other: inherited descriptors, fixed-size control messages
// over a SEQPACKET socket, the job before and the report after. Batches themselves go through the ring
// (batch_frame.h).
//
//   worker                                   host
//   Opened(slot: column names)        ->
//   Batch(slot: frame)                ->     copies out, checks
//                                     <-     Free(slot)
//   ...
//   Finished(slot: report)            ->     and the worker ends
//   or, at any time, Failed(code, text)
//   or, for a job that is only a probe, Probed(layers in force) and nothing else
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/status.h"
#include "host/data/batch_frame.h"
#include "host/data/raw_batch.h"
#include "host/data/wire.h"

namespace concordat::data {

/// Descriptors that the worker finds open; all others are closed. Its one argument is the host's process id:
/// a worker whose parent is another has been orphaned.
enum WorkerDescriptor : int {
  kControlFd = 3,  // SOCK_SEQPACKET
  kLibraryFd = 4,  // sealed memory file: the adapter
  kSourceFd = 5,   // the partner's bytes, read with pread only
  kRingFd = 6,     // memory file of WorkerJob::slots slots of WorkerJob::slot_bytes bytes
  kJobFd = 7,      // sealed memory file: a WorkerJob
  kWorkerFdEnd = 8
};

/// More is refused as garbage by the host, and told of the source by the worker.
inline constexpr size_t kMostColumns = 16384;

enum class ControlKind : uint32_t {
  kOpened = 1,    // worker: `slot` holds `size` bytes: the column names (WriteColumnNames)
  kBatch = 2,     // worker: `slot` holds a frame of `size` bytes
  kFinished = 3,  // worker: `slot` holds `size` bytes: a WorkerReport
  kFailed = 4,    // worker: `failure` and `text`
  kFree = 5,      // host: `slot` may be written again
  kProbed =
      6  // worker: `size` is a set of SandboxLayer, `slot` Landlock's ABI, `text` why others are missing
};

/// What stands between an adapter and the machine. Values are bits, and a promise between host and worker
/// only.
enum SandboxLayer : uint32_t {
  kSeccompLayer = 1,     // system calls
  kLandlockLayer = 2,    // files, and what else the kernel's ABI covers
  kRlimitsLayer = 4,     // memory, CPU time, files, descriptors, threads
  kNamespacesLayer = 8,  // network, IPC, host name and mounts of its own; user where that is allowed
  kOwnUserLayer = 16,    // a user of its own where the host is root; no list names it
  kUserNamespace = 32    // of kNamespacesLayer: the user namespace, too
};

enum class WorkerFailure : uint32_t {
  kSource = 1,     // the source cannot be read as a whole; `text` is for the steward
  kAdapter = 2,    // the adapter failed; `text` is for administrators
  kWorker = 3,     // the worker itself could not do its work
  kMemory = 4,     // the adapter ran out of memory
  kForbidden = 5,  // the adapter made a system call that it may not; `text` names it
  kRefused = 6,    // its library could not be opened, or does not answer as an adapter
  kSandbox = 7     // a required layer is not to be had here; `text` names it and why
};

/// One control message; both sides send exactly this many bytes.
struct ControlMessage {
  static constexpr uint32_t kMagic = 0x43575031;  // "CWP1"

  uint32_t magic = kMagic;
  ControlKind kind = ControlKind::kFailed;
  uint32_t slot = 0;
  WorkerFailure failure = WorkerFailure::kWorker;
  uint64_t size = 0;
  char text[1000] = {};  // UTF-8, ends with a NUL

  /// Cut to what fits.
  void SetText(std::string_view message);
  /// Up to the first NUL, never beyond the array; what is not UTF-8 becomes "?".
  std::string Text() const;
};

/// A reference table by name.
struct WorkerReference {
  std::string name;
  std::vector<std::string> columns;
  BatchView table;
};

/// A steward's corrections: one row a corrected record, ascending.
struct WorkerCorrections {
  std::vector<std::string> columns;  // source columns
  std::vector<uint8_t> drop;         // 1: the record goes; 0: it is replaced by the row's cells
  BatchView cells;                   // its records say which; its lines are not used
};

/// All the worker needs to know. Texts are owned; tables are views that must outlive it.
struct WorkerJob {
  uint64_t slots = 0;
  uint64_t slot_bytes = 0;    // a multiple of the page size
  uint64_t memory_bytes = 0;  // of the worker's private memory
  uint64_t cpu_seconds = 0;   // of all its threads together; 0: as many as it likes
  uint64_t required = 0;      // a set of SandboxLayer without which nothing is opened
  uint64_t probe = 0;         // 1: only say what the sandbox is
  uint64_t batch_rows = 0;    // advice for the adapter
  uint64_t batch_bytes = 0;
  std::string source_name;
  uint64_t source_size = 0;  // plain bytes
  std::string source_key;  // empty: the source is plain; else it is sealed blocks (host/base/sealed_blocks.h)
  std::string unpack = "auto";  // auto | none | a pattern of the zip member that is meant ("*.csv")
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::string> rules;       // ids, in the manifest's order
  std::vector<std::string> dimensions;  // the manifest's
  std::vector<WorkerReference> references;
  WorkerCorrections corrections;
};

/// What the worker knows at the end. The host counts records itself.
struct WorkerReport {
  struct Dimension {
    std::string name;
    double score = 0;
    std::string basis;
  };
  SourceFacts facts;
  std::vector<Dimension> dimensions;
};

void WriteJob(const WorkerJob& job, WireWriter& out);
/// Views point into `bytes`, which the host wrote and sealed. DataLoss when it is no job.
absl::StatusOr<WorkerJob> ReadJob(std::string_view bytes);

void WriteReport(const WorkerReport& report, WireWriter& out);
/// `bytes` is a stranger's: everything is checked and copied. DataLoss says what is wrong.
absl::StatusOr<WorkerReport> ReadReport(std::string_view bytes);

void WriteColumnNames(const std::vector<std::string>& names, WireWriter& out);
/// As ReadReport.
absl::StatusOr<std::vector<std::string>> ReadColumnNames(std::string_view bytes);

}  // namespace concordat::data
