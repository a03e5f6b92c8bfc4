#include "plugins/delimited/read_ahead.h"

#include <algorithm>
#include <utility>

namespace concordat::delimited {

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::Begin(uint64_t offset, size_t size, size_t padding) {
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !asked_; });
    offset_ = offset;
    size_ = size;
    padding_ = padding;
    asked_ = true;
    ready_ = false;
  }
  changed_.notify_all();
}

bool ReadAhead::Take(uint64_t offset, Piece& piece) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !asked_; });
  if (!ready_ || offset_ != offset) return false;
  ready_ = false;
  std::swap(piece, piece_);
  return true;
}

void ReadAhead::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return asked_ || over_; });
    if (over_) return;
    lock.unlock();
    piece_.bytes.clear();
    piece_.bytes.Reserve(kHeadroom + size_ + padding_);
    char* const start = piece_.bytes.data() + kHeadroom;
    piece_.got = source_->Read(offset_, start, size_);
    const size_t got = static_cast<size_t>(std::max<int64_t>(0, piece_.got));
    piece_.survey = SurveyBytes({start, got});
    piece_.bytes.set_size(kHeadroom + got);
    lock.lock();
    asked_ = false;
    ready_ = true;
    changed_.notify_all();
  }
}

}  // namespace concordat::delimited
