#include "plugins/delimited/read_ahead.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace concordat::delimited {
namespace {

// How much of `text`, which begins a row, are whole rows.
size_t WholeRows(std::string_view text, const RowScan& scan, RowIndex& index) {
  size_t done = 0;
  while (done < text.size()) {
    const char* const at = text.data() + done;
    scan.function(at, std::min(text.size() - done, scan.window), scan.dialect, index);
    if (index.rows.size() == 0) break;
    done += EndOfRows(at, index);
  }
  return std::min(done, text.size());
}

}  // namespace

size_t EndOfRows(const char* text, const RowIndex& index) {
  const size_t end = index.ends[index.rows[index.rows.size() - 1]];
  return end + (text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::Begin(const Request& request) {
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !asked_; });
    request_ = request;
    asked_ = true;
    ready_ = false;
  }
  changed_.notify_all();
}

bool ReadAhead::Take(uint64_t offset, Piece& piece) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !asked_; });
  if (!ready_ || request_.offset != offset) return false;
  ready_ = false;
  std::swap(piece, piece_);
  return true;
}

void ReadAhead::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !asked_; });
}

void ReadAhead::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return asked_ || over_; });
    if (over_) return;
    const Request request = request_;
    lock.unlock();
    Read(request);
    lock.lock();
    asked_ = false;
    ready_ = true;
    changed_.notify_all();
  }
}

void ReadAhead::Read(const Request& request) {
  piece_.bytes.clear();
  piece_.bytes.Reserve(kHeadroom + request.size + request.padding);
  char* const start = piece_.bytes.data() + kHeadroom;
  piece_.got = source_->Read(request.offset, start, request.size);
  const size_t got = static_cast<size_t>(std::max<int64_t>(0, piece_.got));
  std::memset(start + got, 0, request.padding);
  piece_.survey = SurveyBytes({start, got});
  piece_.bytes.set_size(kHeadroom + got);
  piece_.window_count = 0;
  if (request.scan.function != nullptr && got > 0) ScanRows(request);
}

void ReadAhead::ScanRows(const Request& request) {
  const size_t scanned =
      request.scanned > 0 ? request.scanned : WholeRows(request.text, request.scan, spare_);
  const std::string_view rest = request.text.substr(scanned);
  if (rest.size() > kHeadroom) return;
  piece_.rows_at = kHeadroom - rest.size();
  std::memcpy(piece_.bytes.data() + piece_.rows_at, rest.data(), rest.size());
  size_t end = piece_.bytes.size();
  if (piece_.bytes[end - 1] == '\r') --end;  // half of a line break, perhaps
  size_t at = piece_.rows_at;
  while (at < end) {
    if (piece_.windows.size() == piece_.window_count) piece_.windows.emplace_back();
    RowIndex& index = piece_.windows[piece_.window_count];
    const char* const text = piece_.bytes.data() + at;
    request.scan.function(text, std::min(end - at, request.scan.window), request.scan.dialect, index);
    if (index.rows.size() == 0) break;
    const size_t used = EndOfRows(text, index);
    if (used > end - at) break;
    at += used;
    ++piece_.window_count;
  }
  piece_.rows_end = at;
}

}  // namespace concordat::delimited
