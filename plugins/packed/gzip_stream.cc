#include <zlib.h>

#include <vector>

#include "plugins/packed/byte_stream.h"

namespace concordat::packed {
namespace {

constexpr size_t kChunk = 128 << 10;
constexpr int kGzipBits = 16 + MAX_WBITS;

class InflateStream : public ByteStream {
 public:
  InflateStream(std::unique_ptr<ByteStream> packed, Deflated format, std::string name)
      : packed_(std::move(packed)), format_(format), name_(std::move(name)), chunk_(kChunk) {
    ready_ = inflateInit2(&zlib_, format == Deflated::kGzip ? kGzipBits : -MAX_WBITS) == Z_OK;
  }
  ~InflateStream() override {
    if (ready_) inflateEnd(&zlib_);
  }

  int64_t Read(char* into, size_t size) override {
    if (!ready_) return Fail(sdk::Status::Failed("out of memory"));
    if (ended_ || size == 0) return 0;
    zlib_.next_out = reinterpret_cast<Bytef*>(into);
    zlib_.avail_out = static_cast<uInt>(std::min<size_t>(size, 1 << 30));
    const uInt room = zlib_.avail_out;
    while (zlib_.avail_out == room) {
      if (zlib_.avail_in == 0 && !pending_ && !Fill()) return -1;
      const int code = inflate(&zlib_, Z_NO_FLUSH);
      pending_ = zlib_.avail_out == 0;
      if (code == Z_STREAM_END) {
        if (!NextMember()) break;
      } else if (code == Z_MEM_ERROR) {
        return Fail(sdk::Status::Failed("out of memory"));
      } else if (code != Z_OK && !(code == Z_BUF_ERROR && zlib_.avail_in == 0)) {
        return Damaged("is damaged");
      }
    }
    if (!status().ok()) return -1;
    return static_cast<int64_t>(room - zlib_.avail_out);
  }

 private:
  int64_t Damaged(const std::string& how) {
    return Fail(sdk::Status::SourceUnreadable(name_ + " " + how + ": send it again"));
  }

  bool Fill() {
    const int64_t got = packed_->Read(chunk_.data(), chunk_.size());
    if (got < 0) Fail(packed_->status());
    if (got == 0) Damaged("is cut off before its end");
    if (got <= 0) return false;
    zlib_.next_in = reinterpret_cast<Bytef*>(chunk_.data());
    zlib_.avail_in = static_cast<uInt>(got);
    return true;
  }

  // True when another gzip part follows. What is no gzip part behind one is padding, as gzip itself takes it.
  bool NextMember() {
    ended_ = true;
    if (format_ == Deflated::kRaw) return false;
    if (zlib_.avail_in == 0) {
      const int64_t got = packed_->Read(chunk_.data(), chunk_.size());
      if (got < 0) Fail(packed_->status());
      if (got <= 0) return false;
      zlib_.next_in = reinterpret_cast<Bytef*>(chunk_.data());
      zlib_.avail_in = static_cast<uInt>(got);
    }
    if (*zlib_.next_in != 0x1F) return false;
    ended_ = false;
    return inflateReset(&zlib_) == Z_OK;
  }

  const std::unique_ptr<ByteStream> packed_;
  const Deflated format_;
  const std::string name_;
  std::vector<char> chunk_;
  z_stream zlib_ = {};
  bool ready_ = false;
  bool pending_ = false;  // there may be more to come of what was read already
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> Inflate(std::unique_ptr<ByteStream> packed, Deflated format, std::string name) {
  return std::make_unique<InflateStream>(std::move(packed), format, std::move(name));
}

}  // namespace concordat::packed
