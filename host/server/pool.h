// Threads that may block, so that gRPC's own never do.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace concordat::server {

/// A fixed number of threads over one queue. Jobs still queued at destruction are run. Thread-safe.
class Pool {
 public:
  explicit Pool(size_t threads);
  ~Pool();
  void Post(std::function<void()> job);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  bool stopping_ = false;                   // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace concordat::server
