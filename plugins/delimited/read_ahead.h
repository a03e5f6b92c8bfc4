// The next piece of a source, read and looked through on a thread of its own while the one before is cut.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "plugins/delimited/encoding.h"
#include "plugins/delimited/raw_buffer.h"
#include "plugins/delimited/source.h"

namespace concordat::delimited {

/// One piece at a time: Begin, then Take. The thread starts with the first Begin. One caller.
class ReadAhead {
 public:
  /// Bytes left free before a piece, so that what is left of the one before can be put there.
  static constexpr size_t kHeadroom = size_t{256} << 10;

  struct Piece {
    RawBuffer<char> bytes;  // size(): kHeadroom and what was read
    int64_t got = 0;        // as Source::Read
    ByteSurvey survey;
  };

  explicit ReadAhead(Source* source) : source_(source) {}
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Reads up to `size` bytes from `offset`, with `padding` writable bytes behind them.
  void Begin(uint64_t offset, size_t size, size_t padding);
  /// Waits for the piece at `offset` and swaps it into `piece`; false when another was begun, or none.
  bool Take(uint64_t offset, Piece& piece);

 private:
  void Work();

  Source* const source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;  // guarded by mutex_, like all below
  bool ready_ = false;
  bool over_ = false;
  uint64_t offset_ = 0;
  size_t size_ = 0;
  size_t padding_ = 0;
  Piece piece_;  // the thread's own while asked_
  std::thread thread_;
};

}  // namespace concordat::delimited
