// A zip file: what is in it, and each of its files as a stream. Source of the format: PKWARE's APPNOTE.TXT
// 6.3.10. Read from its directory at the end, as the format asks; every number in it is a stranger's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/packed/byte_source.h"
#include "plugins/packed/byte_stream.h"
#include "plugins/sdk/status.h"

namespace concordat::packed {

struct ZipEntry {
  std::string name;     // with "/" between folders, as UTF-8 (what is not becomes "?")
  uint64_t offset = 0;  // of its local header
  uint64_t packed_size = 0;
  uint64_t size = 0;
  uint32_t crc = 0;
  uint16_t method = 0;
  bool encrypted = false;

  bool folder() const { return name.empty() || name.back() == '/'; }
};

bool LooksLikeZip(std::string_view head);

class Zip {
 public:
  static constexpr size_t kMostEntries = 65536;
  static constexpr uint64_t kMostDirectory = uint64_t{64} << 20;  // bytes

  /// Reads the directory. SourceUnreadable says what is wrong, to be read behind "NAME ". `source` outlives
  /// it.
  sdk::Status Open(ByteSource* source);
  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// Null when there is none of that name; case counts.
  const ZipEntry* Find(std::string_view name) const;

  /// The entry's bytes. SourceUnreadable when it has a password or is packed in a way that is not read here,
  /// at once; at the end when its size or check sum is another. No more than `size` bytes ever come, nor more
  /// than `limits` allow.
  sdk::Status Read(const ZipEntry& entry, std::unique_ptr<ByteStream>& out,
                   const UnpackLimits& limits = {}) const;

 private:
  ByteSource* source_ = nullptr;
  std::vector<ZipEntry> entries_;
};

/// The directory alone; see Zip::Open.
sdk::Status ReadZipDirectory(ByteSource& source, std::vector<ZipEntry>& entries);

}  // namespace concordat::packed
