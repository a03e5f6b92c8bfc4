// The host's end of one worker: takes its messages, copies batches out of the ring and checks everything on
// the way.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "host/adapters/failure.h"
#include "host/adapters/memory_file.h"
#include "host/adapters/session.h"
#include "host/adapters/worker_process.h"
#include "host/base/files.h"
#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::adapters {

/// Everything one run needs besides the process: made before it, sealed, and handed over.
struct WorkerParts {
  std::shared_ptr<const MemoryFile> library;
  MemoryFile job;
  MemoryFile ring;
  FileDescriptor source;  // for reading only
  uint64_t source_bytes = 0;
  ControlSocket control;

  static absl::StatusOr<WorkerParts> Prepare(const Request& request);
};

/// Takes what a worker delivers, on the thread that runs the link.
class WorkerSink {
 public:
  virtual ~WorkerSink() = default;
  /// Once, before any batch.
  virtual void OnColumns(std::vector<std::string> columns) = 0;
  /// False when nobody wants more.
  virtual bool OnBatch(AdapterBatch batch) = 0;
};

/// What was learnt from the worker once it has finished.
struct WorkerResult {
  data::SourceFacts facts;
  std::vector<Dimension> dimensions;
};

/// One run, on one thread from beginning to end, because the worker dies with the thread that spawned it.
/// Statuses are those of Session.
class WorkerLink {
 public:
  /// `manifest` outlives the link.
  WorkerLink(const Manifest& manifest, std::string worker, const Limits& limits, WorkerParts parts);

  /// Starts the worker, drains it and stops it, whatever happens.
  absl::StatusOr<WorkerResult> Run(WorkerSink& sink);
  /// Makes Run end soon. Any thread.
  void Interrupt();

 private:
  absl::StatusOr<std::unique_ptr<WorkerProcess>> Spawn();
  absl::Status Drain(WorkerProcess& process, WorkerSink& sink, WorkerResult& result);
  absl::StatusOr<data::ControlMessage> Receive(WorkerProcess& process);
  absl::Status WaitForMessage(WorkerProcess& process);
  absl::StatusOr<std::string_view> Slot(const data::ControlMessage& message) const;
  absl::Status Free(uint32_t slot);
  absl::Status TakeColumns(std::string_view bytes, uint32_t slot, WorkerSink& sink);
  absl::Status TakeBatch(std::string_view frame, uint32_t slot, WorkerSink& sink, WorkerResult& result);
  absl::Status TakeReport(std::string_view bytes, WorkerResult& result);
  absl::Status Failed(const data::ControlMessage& message) const;
  /// "adapter NAME VERSION CAUSE; what to do", with the failure attached.
  absl::Status Blame(FailureKind kind, std::string_view cause) const;
  absl::Status Garbage(std::string_view what) const;
  absl::Status TooLong() const;
  absl::Status CountOutput(uint64_t bytes);
  absl::Status Died(WorkerProcess& process);

  const Manifest& manifest_;
  const std::string worker_;
  const Limits limits_;
  WorkerParts parts_;
  Mapping ring_;
  const std::shared_ptr<data::ColumnPool> pool_ = data::ColumnPool::Create();
  std::atomic<bool> interrupted_ = false;
  absl::Time end_ = absl::InfiniteFuture();  // of the whole run
  uint64_t output_ = 0;                      // bytes of all batches
  bool opened_ = false;
  std::vector<std::string> columns_;
  uint64_t last_record_ = 0;
};

}  // namespace concordat::adapters
