#include <zstd.h>

#include <vector>

#include "plugins/packed/byte_stream.h"

namespace concordat::packed {
namespace {

constexpr int kMostWindowLog = 27;  // 128 MiB: what `zstd -d` takes without being asked

class ZstdStream : public ByteStream {
 public:
  ZstdStream(std::unique_ptr<ByteStream> packed, std::string name)
      : packed_(std::move(packed)),
        name_(std::move(name)),
        chunk_(ZSTD_DStreamInSize()),
        zstd_(ZSTD_createDStream()) {
    if (zstd_ != nullptr) ZSTD_DCtx_setParameter(zstd_, ZSTD_d_windowLogMax, kMostWindowLog);
  }
  ~ZstdStream() override { ZSTD_freeDStream(zstd_); }

  int64_t Read(char* into, size_t size) override {
    if (zstd_ == nullptr) return Fail(sdk::Status::Failed("out of memory"));
    ZSTD_outBuffer out = {into, size, 0};
    while (out.pos == 0 && size > 0) {
      if (in_.pos == in_.size && !pending_) {
        const int64_t got = packed_->Read(chunk_.data(), chunk_.size());
        if (got < 0) return Fail(packed_->status());
        if (got == 0 && open_) return Damaged("is cut off before its end");
        if (got == 0) return 0;
        in_ = {chunk_.data(), static_cast<size_t>(got), 0};
      }
      const size_t left = ZSTD_decompressStream(zstd_, &out, &in_);
      if (ZSTD_isError(left)) return Damaged(std::string("is damaged (") + ZSTD_getErrorName(left) + ")");
      pending_ = out.pos == out.size;
      open_ = left != 0;
    }
    return static_cast<int64_t>(out.pos);
  }

 private:
  int64_t Damaged(const std::string& how) {
    return Fail(sdk::Status::SourceUnreadable(name_ + " " + how + ": send it again"));
  }

  const std::unique_ptr<ByteStream> packed_;
  const std::string name_;
  std::vector<char> chunk_;
  ZSTD_DStream* const zstd_;
  ZSTD_inBuffer in_ = {nullptr, 0, 0};
  bool open_ = false;     // within a frame
  bool pending_ = false;  // there may be more to come of what was read already
};

}  // namespace

std::unique_ptr<ByteStream> UnpackZstd(std::unique_ptr<ByteStream> packed, std::string name) {
  return std::make_unique<ZstdStream>(std::move(packed), std::move(name));
}

}  // namespace concordat::packed
