// The next piece of a source, read, looked through and cut into rows on a thread of its own while the one
// before is copied.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "plugins/delimited/encoding.h"
#include "plugins/delimited/raw_buffer.h"
#include "plugins/delimited/scanner.h"
#include "plugins/delimited/source.h"

namespace concordat::delimited {

/// How to find rows; no function: not at all.
struct RowScan {
  ScanFunction function = nullptr;
  Dialect dialect;
  size_t window = 0;  // bytes scanned at once
};

/// One piece at a time: Begin, then Take. The thread starts with the first Begin. One caller.
class ReadAhead {
 public:
  /// Bytes left free before a piece, so that what is left of the one before can be put there.
  static constexpr size_t kHeadroom = size_t{256} << 10;

  struct Piece {
    RawBuffer<char> bytes;  // size(): kHeadroom and what was read
    int64_t got = 0;        // as Source::Read
    ByteSurvey survey;
    // Rows, one window behind another from bytes[rows_at] on, which holds the rest of the text before from
    // its last whole row on; up to bytes[rows_end]. A guess: good when the reader comes to the same place.
    size_t rows_at = 0;
    size_t rows_end = 0;
    size_t window_count = 0;
    std::vector<RowIndex> windows;  // more than window_count of them are for later
  };

  explicit ReadAhead(Source* source) : source_(source) {}
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  struct Request {
    uint64_t offset = 0;
    size_t size = 0;
    size_t padding = 0;  // writable bytes behind the piece
    RowScan scan;
    std::string_view text;  // what stands before the piece and begins a row; as it is, with 64 readable bytes
                            // more, until Take
    size_t scanned = 0;     // so many bytes of it are whole rows; 0: find out
  };
  void Begin(const Request& request);
  /// Waits for the piece at `offset` and swaps it into `piece`; false when another was begun, or none.
  bool Take(uint64_t offset, Piece& piece);
  /// Returns when the thread has let go of the text.
  void Wait();

 private:
  void Work();
  void Read(const Request& request);
  void ScanRows(const Request& request);

  Source* const source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;  // guarded by mutex_, like all below
  bool ready_ = false;
  bool over_ = false;
  Request request_;
  Piece piece_;     // the thread's own while asked_
  RowIndex spare_;  // likewise
  std::thread thread_;
};

/// The place in `text` after the last row of `index`, which has one.
size_t EndOfRows(const char* text, const RowIndex& index);

}  // namespace concordat::delimited
