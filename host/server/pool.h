// Threads that may block, so that gRPC's own never do; and a counter that turns the next one away early.
#pragma once

#include <atomic>
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

/// Counts what is under way. Thread-safe.
class Admission {
 public:
  explicit Admission(size_t limit) : limit_(limit) {}
  bool TryEnter();
  void Leave() { under_way_.fetch_sub(1); }
  size_t under_way() const { return under_way_.load(); }
  size_t limit() const { return limit_; }

 private:
  const size_t limit_;
  std::atomic<size_t> under_way_{0};
};

}  // namespace concordat::server
