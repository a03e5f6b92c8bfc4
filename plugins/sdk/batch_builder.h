// Records as text columns, built directly in Arrow's layout: no allocation a cell, nothing copied when it is
// handed over.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/sdk/adapter_abi.h"
#include "plugins/sdk/status.h"

namespace concordat::sdk {

/// Memory that grows by doubling and, unlike std::string, is never filled before it is written.
class ByteBuffer {
 public:
  size_t size() const { return size_; }
  const char* data() const { return data_.get(); }

  /// Room for `count` more bytes and kSlack beyond them, so that short cells can be copied in whole words.
  char* Room(size_t count) {
    if (size_ + count + kSlack > capacity_) Grow(count);
    return data_.get() + size_;
  }
  void Commit(size_t count) { size_ += count; }
  void Truncate(size_t size) { size_ = size; }

  static constexpr size_t kSlack = 64;

 private:
  void Grow(size_t count) {
    const size_t wanted = size_ + count + kSlack;
    const size_t capacity = wanted > capacity_ * 2 ? wanted : capacity_ * 2;
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

/// The cells of one column of the batch that is being built.
class TextBuilder {
 public:
  void Append(std::string_view cell) {
    char* room = bytes_.Room(cell.size());
    if (!cell.empty()) std::memcpy(room, cell.data(), cell.size());
    Commit(cell.size());
  }
  /// For parsers that write in place: at least `count` bytes and ByteBuffer::kSlack beyond; then Commit what
  /// was written.
  char* Room(size_t count) { return bytes_.Room(count); }
  void Commit(size_t count) {
    bytes_.Commit(count);
    offsets_.push_back(static_cast<int32_t>(bytes_.size()));
  }
  /// For parsers that write many cells in place: after Room, where the ends of the next `count` cells are to
  /// be written, each counted from the column's first byte; then CommitCells with what was written behind
  /// Room.
  int32_t* OffsetRoom(size_t count) {
    offsets_.resize(offsets_.size() + count);
    return offsets_.data() + offsets_.size() - count;
  }
  void CommitCells(size_t written) { bytes_.Commit(written); }
  size_t rows() const { return offsets_.size() - 1; }
  size_t bytes() const { return bytes_.size(); }
  void Truncate(size_t rows) {
    offsets_.resize(rows + 1);
    bytes_.Truncate(static_cast<size_t>(offsets_.back()));
  }
  /// Empty again; keeps its memory.
  void Clear() { Truncate(0); }
  void Reserve(size_t rows, size_t bytes) {
    offsets_.reserve(rows + 1);
    bytes_.Room(bytes);
  }

  const int32_t* offsets() const { return offsets_.data(); }
  const char* data() const { return bytes_.data(); }

 private:
  std::vector<int32_t> offsets_ = {0};
  ByteBuffer bytes_;
};

/// Columns of batches that were released, used again: fresh memory for every batch costs more in page faults and in
/// growing than the cells themselves. Thread-safe; outlives the adapter as long as a batch does.
class BuilderPool {
 public:
  std::vector<TextBuilder> Take(size_t columns) {
    const std::lock_guard lock(mutex_);
    if (free_.empty() || free_.back().size() != columns) return std::vector<TextBuilder>(columns);
    std::vector<TextBuilder> taken = std::move(free_.back());
    free_.pop_back();
    return taken;
  }
  void GiveBack(std::vector<TextBuilder> columns) {
    for (TextBuilder& column : columns) column.Clear();
    const std::lock_guard lock(mutex_);
    if (free_.size() < kMostKept) free_.push_back(std::move(columns));
  }

 private:
  static constexpr size_t kMostKept = 6;
  std::mutex mutex_;
  std::vector<std::vector<TextBuilder>> free_;  // guarded by mutex_
};

/// Builds one batch: for each record append one cell to every column, then EndRecord; or AddUnreadable.
/// One thread at a time. The adapter never makes one: it is handed one to fill.
class BatchBuilder {
 public:
  /// `batch_rows` and `batch_bytes` are the worker's advice.
  BatchBuilder(size_t columns, uint64_t batch_rows, uint64_t batch_bytes)
      : BatchBuilder(std::vector<TextBuilder>(columns), batch_rows, batch_bytes) {}
  /// With empty columns that may have memory left from earlier use.
  BatchBuilder(std::vector<TextBuilder> columns, uint64_t batch_rows, uint64_t batch_bytes)
      : columns_(std::move(columns)), batch_rows_(batch_rows), batch_bytes_(batch_bytes) {
    lines_.reserve(batch_rows);
    for (TextBuilder& column : columns_) column.Reserve(batch_rows, batch_rows * 8);
  }

  size_t column_count() const { return columns_.size(); }
  TextBuilder& column(size_t index) { return columns_[index]; }
  /// Records so far, unreadable ones included.
  size_t rows() const { return lines_.size(); }
  /// As much as the worker likes in one piece: return from Read now. A batch may be larger; a smaller one
  /// costs speed.
  bool full() const { return rows() >= batch_rows_ || bytes_ >= batch_bytes_; }

  /// The record is complete; it starts on physical line `line` (1-based; 0 when the format has no lines).
  void EndRecord(uint64_t line) {
    lines_.push_back(line);
    if (lines_.size() % kCountEvery == 0) bytes_ = CountBytes();
  }
  /// Instead of EndRecord: the record cannot be cut into columns. Cells appended for it are taken back.
  void AddUnreadable(uint64_t line, std::string_view reason, std::string_view raw) {
    Rollback();
    for (TextBuilder& column : columns_) column.Append({});
    unreadable_.push_back({rows(), std::string(reason), std::string(raw.substr(0, kRawBytes))});
    EndRecord(line);
  }
  /// Takes back the cells that were appended since the last record was complete.
  void Rollback() {
    for (TextBuilder& column : columns_) column.Truncate(rows());
  }

 private:
  friend struct ExportedBatch;
  struct Unreadable {
    size_t row;
    std::string reason;
    std::string raw;
  };
  static constexpr size_t kRawBytes = 4096 + 4;  // the worker cuts at 4 KiB, between two characters
  static constexpr size_t kCountEvery = 64;      // records: adding up the columns is not free

  size_t CountBytes() const {
    size_t bytes = 0;
    for (const TextBuilder& column : columns_) bytes += column.bytes();
    return bytes;
  }
  Status Check() const {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].rows() != rows()) {
        return Status::Failed("column " + std::to_string(i + 1) + " has " +
                              std::to_string(columns_[i].rows()) + " cells for " + std::to_string(rows()) +
                              " records");
      }
      if (columns_[i].bytes() > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
        return Status::SourceUnreadable(
            "the cells of one column take more than 2 GiB; is a quote left open?");
      }
    }
    return Status::Ok();
  }

  std::vector<TextBuilder> columns_;
  std::vector<uint64_t> lines_;
  std::vector<Unreadable> unreadable_;
  uint64_t batch_rows_;
  uint64_t batch_bytes_;
  size_t bytes_ = 0;
};

}  // namespace concordat::sdk
