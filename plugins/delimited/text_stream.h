// A source as UTF-8 text, some megabytes at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugins/delimited/encoding.h"
#include "plugins/delimited/raw_buffer.h"
#include "plugins/delimited/read_ahead.h"
#include "plugins/delimited/source.h"

namespace concordat::delimited {

/// The window of text that has been read and not been discarded. Not thread-safe.
///
/// A byte order mark is always believed. When there is none and the encoding is not given, it is decided at
/// the first byte beyond ASCII: up to there all encodings agree, and from there on the rest of the source is
/// looked through once before any of it is decoded.
class TextStream {
 public:
  /// Bytes that may be read (not used) beyond the end of text().
  static constexpr size_t kPadding = 64;

  /// Neither is null; `encoding` empty: find out. Sources of `ahead_from` bytes or more are read ahead.
  TextStream(Source* source, std::optional<Encoding> encoding, size_t chunk_bytes, uint64_t ahead_from);

  /// Reads on, so that text() grows unless the source has ended; earlier views become invalid. False when the
  /// system could not read.
  bool Fill();
  /// From the next Fill on rows are looked for ahead, too. text() begins a row then, whenever Fill is called.
  void ScanRows(const RowScan& scan) { scan_ = scan; }
  /// Rows at the beginning of text() that were found ahead; null when there are none. What they cover is
  /// Discarded, or less, before it is asked again.
  const RowIndex* RowsAhead();
  /// Drops the first `bytes` of text().
  void Discard(size_t bytes) {
    head_ += bytes;
    position_ += bytes;
  }
  /// Where text() starts within all of the text, in bytes of UTF-8.
  uint64_t position() const { return position_; }

  std::string_view text() const { return {buffer_.data() + head_, buffer_.size() - head_}; }
  /// text() ends where the source ends. A line break is added where the last line has none.
  bool at_end() const { return at_end_; }
  /// text() may hold kUndecodable.
  bool damaged() const { return damaged_; }

  Encoding encoding() const { return encoding_.value_or(Encoding::kUtf8); }
  bool saw_nul() const { return saw_nul_; }
  /// What a reader should know of how the bytes were taken.
  const std::string& remark() const { return remark_; }

 private:
  bool Start();
  void KeepRest();
  bool ReadPiece();
  bool ReadUtf8(size_t size);
  int64_t ReadPlain(size_t size, ByteSurvey& survey);
  bool TakeAhead();
  void LookAhead();
  void ForgetRows(bool wrong);
  bool ReadOther(size_t size);
  bool Decide(std::string_view piece);
  void Finish();

  Source* source_;
  std::optional<Encoding> encoding_;
  size_t chunk_bytes_;
  uint64_t ahead_from_;
  uint64_t offset_ = 0;  // of the next byte of the source
  bool started_ = false;
  bool at_end_ = false;
  bool decided_ = false;
  bool damaged_ = false;
  bool saw_nul_ = false;
  RawBuffer<char> buffer_;
  RawBuffer<char> raw_;
  size_t head_ = 0;
  uint64_t position_ = 0;
  std::string remark_;
  RowScan scan_;
  int wrong_guesses_ = 0;  // in a row: where rows ended elsewhere than it was found ahead
  size_t next_window_ = 0;
  const char* rows_ = nullptr;  // where that window begins, if it is right
  ReadAhead::Piece piece_;
  ReadAhead ahead_;  // last: its thread reads the text
};

}  // namespace concordat::delimited
