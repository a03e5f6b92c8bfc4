// Threads that judge the rules of a batch side by side.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace concordat::quality {

/// Runs numbered tasks on the caller's thread and some others. A task is done by one thread at a time and its
/// runs follow each other, so that what a rule remembers of a file needs no lock. One caller.
class RuleCrew {
 public:
  /// `threads`, the caller's among them, are started when there is work for them first.
  explicit RuleCrew(size_t threads) : threads_(threads) {}
  ~RuleCrew();
  RuleCrew(const RuleCrew&) = delete;
  RuleCrew& operator=(const RuleCrew&) = delete;

  /// Does tasks[0], tasks[1] ... (the costly ones first is best) and returns when all are done.
  /// `alone`: by the caller's thread only, for work that costs less than waking others.
  void Run(const std::vector<size_t>& tasks, bool alone, const std::function<void(size_t task)>& work);

 private:
  void Start();
  void Help();
  void TakeTasks();

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t round_ = 0;                          // guarded by mutex_
  size_t busy_ = 0;                             // guarded by mutex_: helpers that are at work in this round
  bool over_ = false;                           // guarded by mutex_
  const std::vector<size_t>* tasks_ = nullptr;  // of the round
  const std::function<void(size_t task)>* work_ = nullptr;  // of the round
  std::atomic<size_t> next_ = 0;
  const size_t threads_;
  std::vector<std::thread> helpers_;
};

}  // namespace concordat::quality
