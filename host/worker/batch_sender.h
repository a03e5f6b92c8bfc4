// Imports and sends batches on a thread of its own, so that the adapter reads on meanwhile.
#pragma once

#include <mutex>
#include <thread>
#include <vector>

#include "host/base/bounded_queue.h"
#include "host/worker/adapter.h"
#include "host/worker/corrections.h"
#include "host/worker/importer.h"
#include "host/worker/ring_writer.h"

namespace concordat::worker {

/// Called on the adapter's thread, on which alone arrays are released. All that it was made from outlives it and is
/// its own until Finish.
class BatchSender {
 public:
  BatchSender(Importer& importer, Corrections& corrections, RingWriter& ring)
      : importer_(importer), corrections_(corrections), ring_(ring), thread_([this] { SendAll(); }) {}
  ~BatchSender();

  /// Hands the array on and releases those that are through; false when sending has failed: ask Finish.
  bool Send(ArrowOwner<ArrowArray> array);
  /// Sends what is left. The first error of any batch.
  absl::Status Finish();

 private:
  absl::Status SendOne(const ArrowArray& array);
  absl::Status SendGuarded(const ArrowArray& array);
  void SendAll();

  Importer& importer_;
  Corrections& corrections_;
  RingWriter& ring_;
  BoundedQueue<ArrowOwner<ArrowArray>> queue_{2};
  std::mutex mutex_;
  std::vector<ArrowOwner<ArrowArray>> spent_;  // guarded by mutex_
  absl::Status status_;                        // written by the thread, read after it has ended
  std::thread thread_;
};

}  // namespace concordat::worker
