#include "host/base/sealed_blocks.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fmt/format.h"
#include "host/base/seal.h"

namespace concordat {
namespace {

constexpr size_t kSealedBytes = kBlockBytes + kSealOverhead;

std::string ContextOf(uint64_t block) { return fmt::format("concordat block {}", block); }

absl::StatusOr<std::string> OpenBlock(int fd, std::string_view key, uint64_t block, size_t plain) {
  std::string sealed(plain + kSealOverhead, '\0');
  for (size_t filled = 0; filled < sealed.size();) {
    const ssize_t count = pread(fd, sealed.data() + filled, sealed.size() - filled,
                                static_cast<off_t>(block * kSealedBytes + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read sealed bytes");
    if (count == 0) return absl::DataLossError("sealed bytes were cut off");
    filled += static_cast<size_t>(count);
  }
  return OpenSealed(key, sealed, ContextOf(block));
}

}  // namespace

std::string SealBlock(std::string_view key, uint64_t number, std::string_view text) {
  return Seal(key, text, ContextOf(number));
}

absl::StatusOr<uint64_t> ReadSealedBlocks(int fd, std::string_view key, uint64_t plain_size, uint64_t offset,
                                          void* buffer, uint64_t size) {
  if (offset >= plain_size) return uint64_t{0};
  const uint64_t wanted = std::min(size, plain_size - offset);
  uint64_t done = 0;
  while (done < wanted) {
    const uint64_t block = (offset + done) / kBlockBytes;
    const uint64_t plain = std::min<uint64_t>(kBlockBytes, plain_size - block * kBlockBytes);
    ASSIGN_OR_RETURN(const std::string text, OpenBlock(fd, key, block, static_cast<size_t>(plain)));
    const uint64_t skip = offset + done - block * kBlockBytes;
    const uint64_t taken = std::min(wanted - done, plain - skip);
    std::memcpy(static_cast<char*>(buffer) + done, text.data() + skip, taken);
    done += taken;
  }
  return done;
}

}  // namespace concordat
