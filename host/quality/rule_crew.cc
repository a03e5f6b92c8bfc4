#include "host/quality/rule_crew.h"

namespace concordat::quality {

void RuleCrew::Start() {
  while (helpers_.size() + 1 < threads_) helpers_.emplace_back([this] { Help(); });
}

RuleCrew::~RuleCrew() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void RuleCrew::TakeTasks() {
  for (size_t i = next_.fetch_add(1); i < tasks_->size(); i = next_.fetch_add(1)) (*work_)((*tasks_)[i]);
}

void RuleCrew::Run(const std::vector<size_t>& tasks, bool alone,
                   const std::function<void(size_t task)>& work) {
  if (alone || threads_ < 2 || tasks.size() < 2) {
    for (const size_t task : tasks) work(task);
    return;
  }
  Start();
  {
    const std::lock_guard lock(mutex_);
    tasks_ = &tasks;
    work_ = &work;
    next_ = 0;
    ++round_;
    busy_ = helpers_.size();
  }
  changed_.notify_all();
  TakeTasks();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return busy_ == 0; });
}

void RuleCrew::Help() {
  uint64_t done = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return over_ || round_ != done; });
    if (over_) return;
    done = round_;
    lock.unlock();
    TakeTasks();
    lock.lock();
    if (--busy_ == 0) changed_.notify_all();
  }
}

}  // namespace concordat::quality
