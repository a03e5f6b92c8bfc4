// Packs for tests: gzip, Zstandard and zip as other programs write them, and as no honest one does.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/packed/byte_source.h"

namespace concordat::packed {

std::string Gzip(std::string_view text);
std::string Zstd(std::string_view text);

struct ZipFile {
  std::string name;
  std::string content;
  bool deflate = true;
  uint16_t flags = 0x800;     // names are UTF-8; 1: with a password
  uint16_t method = 0xFFFF;   // claimed instead of the true one
  uint32_t claimed_size = 0;  // not 0: instead of the true one
};
std::string MakeZip(const std::vector<ZipFile>& files);

/// A source in memory.
class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    if (offset >= bytes_.size()) return 0;
    return static_cast<int64_t>(bytes_.copy(into, size, offset));
  }

 private:
  const std::string bytes_;
};

}  // namespace concordat::packed
