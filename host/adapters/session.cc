#include "host/adapters/session.h"

#include <optional>
#include <thread>
#include <utility>

#include "host/adapters/worker_link.h"
#include "host/base/bounded_queue.h"

namespace concordat::adapters {
namespace {

// Batches that wait for the caller: with fewer the worker would wait for it, more would only take memory.
constexpr size_t kWaitingBatches = 2;

/// Copies and checks batches on a thread of its own, while the caller works on the one before.
class WorkerSession : public Session, private WorkerSink {
 public:
  WorkerSession(const Request& request, WorkerParts parts)
      : manifest_(*request.manifest),
        link_(manifest_, request.worker, request.limits, std::move(parts)),
        thread_([this] { Work(); }) {}

  ~WorkerSession() override {
    queue_.Close();
    link_.Interrupt();
    thread_.join();
  }

  absl::StatusOr<bool> Next(AdapterBatch& batch) override {
    if (std::optional<AdapterBatch> next = queue_.Pop()) {
      batch = *std::move(next);
      return true;
    }
    RETURN_IF_ERROR(status_);
    return false;
  }

  const std::vector<std::string>& columns() const override { return columns_; }
  const data::SourceFacts& facts() const override { return result_.facts; }
  const std::vector<Dimension>& dimensions() const override { return result_.dimensions; }

 private:
  void OnColumns(std::vector<std::string> columns) override { columns_ = std::move(columns); }
  bool OnBatch(AdapterBatch batch) override { return queue_.Push(std::move(batch)); }

  void Work() {
    absl::StatusOr<WorkerResult> result = link_.Run(*this);
    status_ = result.status();
    if (result.ok()) result_ = *std::move(result);
    queue_.Close();  // hands status and result over to the caller's thread
  }

  const Manifest manifest_;  // a copy: the catalog may be replaced meanwhile
  WorkerLink link_;
  BoundedQueue<AdapterBatch> queue_{kWaitingBatches};
  std::vector<std::string> columns_;  // written by the thread before the first batch
  absl::Status status_;               // and these before the queue is closed
  WorkerResult result_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> Session::Start(const Request& request) {
  ASSIGN_OR_RETURN(WorkerParts parts, WorkerParts::Prepare(request));
  return std::make_unique<WorkerSession>(request, std::move(parts));
}

}  // namespace concordat::adapters
