// Bytes that come in order, once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "plugins/packed/byte_source.h"
#include "plugins/sdk/status.h"

namespace concordat::packed {

/// One thread at a time.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Up to `size` bytes, at least one before the end; 0 at the end; -1 when `status` says why not. After 0 or
  /// -1 nothing more comes.
  virtual int64_t Read(char* into, size_t size) = 0;
  const sdk::Status& status() const { return status_; }

 protected:
  int64_t Fail(sdk::Status status) {
    status_ = std::move(status);
    return -1;
  }

 private:
  sdk::Status status_;
};

/// Some bytes of a source, which outlives it.
class SourceStream : public ByteStream {
 public:
  SourceStream(ByteSource* source, uint64_t offset, uint64_t size)
      : source_(source), offset_(offset), left_(size) {}

  int64_t Read(char* into, size_t size) override {
    const int64_t got = source_->Read(offset_, into, static_cast<size_t>(std::min<uint64_t>(size, left_)));
    if (got < 0) return Fail(sdk::Status::Failed("the source could not be read"));
    offset_ += static_cast<uint64_t>(got);
    left_ -= static_cast<uint64_t>(got);
    return got;
  }

 private:
  ByteSource* source_;
  uint64_t offset_;
  uint64_t left_;
};

/// How much may come out of how little. What is packed honestly stays far below; a bomb does not.
struct UnpackLimits {
  uint64_t most_bytes = uint64_t{32} << 30;
  uint64_t free_bytes = uint64_t{64} << 20;  // so much is unpacked out of anything
  uint64_t most_ratio = 500;                 // beyond that: unpacked bytes for one packed byte
};

/// Empty while so much may have come out of `packed` bytes; else why it is refused, to follow "NAME ".
inline std::string WhyTooMuch(const UnpackLimits& limits, uint64_t packed, uint64_t unpacked) {
  if (unpacked > limits.most_bytes)
    return "unpacks to more than " + std::to_string(limits.most_bytes >> 30) +
           " GiB, which is more than is read: send it in parts";
  if (unpacked > limits.free_bytes && unpacked / limits.most_ratio > packed)
    return "unpacks to more than " + std::to_string(limits.most_ratio) +
           " times its size: no extract does, it looks like a zip bomb; if it is none, send it unpacked";
  return "";
}

enum class Deflated { kRaw, kGzip };

/// What a deflated stream holds. A gzip file of several parts is read as one text, as gzip does, and its
/// check sums are checked. `name` stands in messages.
std::unique_ptr<ByteStream> Inflate(std::unique_ptr<ByteStream> packed, Deflated format, std::string name);
/// What a Zstandard file holds, its frames one after the other.
std::unique_ptr<ByteStream> UnpackZstd(std::unique_ptr<ByteStream> packed, std::string name);

}  // namespace concordat::packed
