#include "host/worker/batch_sender.h"

#include <exception>

#include "fmt/format.h"

namespace concordat::worker {

BatchSender::~BatchSender() { Finish().IgnoreError(); }

bool BatchSender::Send(ArrowOwner<ArrowArray> array) {
  std::vector<ArrowOwner<ArrowArray>> spent;
  {
    const std::lock_guard lock(mutex_);
    spent.swap(spent_);
  }
  return queue_.Push(std::move(array));
}

absl::Status BatchSender::Finish() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
  spent_.clear();
  return status_;
}

absl::Status BatchSender::SendOne(const ArrowArray& array) {
  ASSIGN_OR_RETURN(WorkBatch batch, importer_.Import(array));
  RETURN_IF_ERROR(corrections_.Apply(batch));
  return ring_.SendBatch(batch.View({}));
}

// A batch may be larger than the memory that is left for a copy of it.
absl::Status BatchSender::SendGuarded(const ArrowArray& array) {
  try {
    return SendOne(array);
  } catch (const std::exception& thrown) {
    return absl::AbortedError(fmt::format("a batch could not be copied: {}", thrown.what()));
  }
}

void BatchSender::SendAll() {
  while (std::optional<ArrowOwner<ArrowArray>> array = queue_.Pop()) {
    if (status_.ok()) status_ = SendGuarded(**array);
    if (!status_.ok()) queue_.Close();
    const std::lock_guard lock(mutex_);
    spent_.push_back(*std::move(array));
  }
}

}  // namespace concordat::worker
