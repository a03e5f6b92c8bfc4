// The source line by line, for formats in which a line means something: read in large pieces, never mapped.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/host.h"
#include "plugins/sdk/status.h"

namespace concordat::sdk {

/// Lines end with LF, CRLF or the end of the source; a UTF-8 byte order mark in front is skipped. One thread
/// at a time.
class LineReader {
 public:
  explicit LineReader(const Host& host) : host_(host) {}

  /// The next line without its ending, valid until the next call; `more` is false at the end. Lines above
  /// `kLongestLine` make the source unreadable.
  Status Next(std::string_view& line, bool& more) {
    more = true;
    while (true) {
      const char* start = buffer_.data() + at_;
      const auto* newline = static_cast<const char*>(std::memchr(start, '\n', filled_ - at_));
      if (newline != nullptr || (ended_ && at_ < filled_)) {
        const size_t size = newline != nullptr ? static_cast<size_t>(newline - start) : filled_ - at_;
        Take(std::string_view(start, size), line);
        at_ += size + (newline != nullptr ? 1 : 0);
        return Status::Ok();
      }
      if (ended_) {
        more = false;
        return Status::Ok();
      }
      if (Status status = Fill(); !status.ok()) return status;
    }
  }

  /// The physical number of the line that Next gave last, 1-based.
  uint64_t line_number() const { return line_number_; }

  static constexpr size_t kLongestLine = size_t{16} << 20;

 private:
  static constexpr size_t kPiece = size_t{256} << 10;

  void Take(std::string_view text, std::string_view& line) {
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (line_number_++ == 0 && text.substr(0, kMark.size()) == kMark) text.remove_prefix(kMark.size());
    line = text;
  }

  Status Fill() {
    const size_t rest = filled_ - at_;
    if (rest > kLongestLine) {
      return Status::SourceUnreadable("line " + std::to_string(line_number_ + 1) + " is longer than 16 MiB");
    }
    if (rest > 0) std::memmove(buffer_.data(), buffer_.data() + at_, rest);
    at_ = 0;
    filled_ = rest;
    buffer_.resize(rest + kPiece);
    size_t got = 0;
    if (Status status = host_.ReadSource(offset_, buffer_.data() + rest, kPiece, got); !status.ok())
      return status;
    offset_ += got;
    filled_ += got;
    ended_ = got < kPiece;
    return Status::Ok();
  }

  const Host& host_;
  std::vector<char> buffer_;
  size_t at_ = 0;      // where the next line starts in the buffer
  size_t filled_ = 0;  // bytes of the buffer that hold source
  uint64_t offset_ = 0;
  uint64_t line_number_ = 0;
  bool ended_ = false;
};

}  // namespace concordat::sdk
