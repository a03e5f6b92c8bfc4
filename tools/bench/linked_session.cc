// The delimited adapter linked into this program, in place of a worker: no process, no ring, nothing checked.
// Defines Session::Start, so that a program which links it runs every file so.
#include <unistd.h>

#include <thread>

#include "host/adapters/session.h"
#include "host/base/bounded_queue.h"
#include "host/data/column_pool.h"
#include "host/worker/adapter.h"
#include "host/worker/importer.h"
#include "host/worker/source.h"
#include "plugins/sdk/adapter_abi.h"

extern "C" int32_t concordat_adapter_init(uint32_t, const concordat_host*, concordat_adapter*,
                                          concordat_error*);

namespace concordat::adapters {
namespace {

data::RawBatch CopyOf(const data::BatchView& view, const std::vector<std::string>& names,
                      data::ColumnPool& pool) {
  data::RawBatch batch;
  for (size_t i = 0; i < names.size(); ++i) {
    std::shared_ptr<data::TextColumn> column = pool.Take();
    column->name = names[i];
    const data::TextView& from = view.columns[i];
    const uint32_t first = from.offsets[0];
    column->offsets.resize(view.rows() + 1);
    for (size_t row = 0; row <= view.rows(); ++row) column->offsets[row] = from.offsets[row] - first;
    column->bytes.assign(from.bytes + first, from.offsets[view.rows()] - first);
    batch.columns.push_back(std::move(column));
  }
  batch.records.assign(view.records.begin(), view.records.end());
  batch.lines.assign(view.lines.begin(), view.lines.end());
  batch.unreadable.assign(view.unreadable.begin(), view.unreadable.end());
  return batch;
}

data::WorkerJob JobOf(const Request& request) {
  data::WorkerJob job;
  job.source_name = request.source_name;
  job.source_size = request.source_bytes;
  job.options = request.options;
  job.unpack = "none";
  job.batch_rows = 4096;
  job.batch_bytes = 1 << 20;
  return job;
}

class LinkedSession : public Session {
 public:
  LinkedSession(std::unique_ptr<const data::WorkerJob> job, std::unique_ptr<worker::Source> source)
      : job_(std::move(job)), source_(std::move(source)), host_(*job_, *source_), thread_([this] {
          status_ = Work();
          queue_.Close();
        }) {}
  ~LinkedSession() override {
    queue_.Close();
    thread_.join();
  }
  absl::StatusOr<bool> Next(AdapterBatch& batch) override {
    if (auto next = queue_.Pop()) {
      batch = *std::move(next);
      return true;
    }
    RETURN_IF_ERROR(status_);
    return false;
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  const data::SourceFacts& facts() const override { return host_.report().facts; }
  const std::vector<Dimension>& dimensions() const override { return dimensions_; }

 private:
  absl::Status Work() {
    ASSIGN_OR_RETURN(const auto adapter, worker::Adapter::Create(&concordat_adapter_init, host_));
    ASSIGN_OR_RETURN(worker::BatchStream stream, adapter->Submit());
    ASSIGN_OR_RETURN(const auto schema, stream.Schema());
    ASSIGN_OR_RETURN(auto columns, worker::ReadSchema(*schema));
    worker::Importer importer(std::move(columns));
    columns_ = importer.schema().Names();
    while (true) {
      ASSIGN_OR_RETURN(const auto array, stream.Next());
      if (array.released()) return absl::OkStatus();
      ASSIGN_OR_RETURN(const worker::WorkBatch work, importer.Import(*array));
      AdapterBatch batch;
      batch.records = CopyOf(work.View({}), columns_, *pool_);
      if (!queue_.Push(std::move(batch))) return absl::CancelledError("ended early");
    }
  }

  const std::unique_ptr<const data::WorkerJob> job_;
  const std::unique_ptr<worker::Source> source_;
  mutable worker::HostTable host_;
  const std::shared_ptr<data::ColumnPool> pool_ = data::ColumnPool::Create();
  BoundedQueue<AdapterBatch> queue_{4};
  std::vector<std::string> columns_;
  std::vector<Dimension> dimensions_;
  absl::Status status_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Session>> Session::Start(const Request& request) {
  // Where a worker finds it.
  if (dup2(request.source_fd, data::kSourceFd) < 0) return ErrnoStatus(errno, "place the source");
  auto job = std::make_unique<const data::WorkerJob>(JobOf(request));
  ASSIGN_OR_RETURN(std::unique_ptr<worker::Source> source, worker::Source::Open(*job));
  return std::make_unique<LinkedSession>(std::move(job), std::move(source));
}

}  // namespace concordat::adapters
