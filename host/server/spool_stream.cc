#include "host/server/spool_stream.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace concordat::server {

absl::StatusOr<std::optional<std::string>> NextChunk(const flows::Spool& spool, uint64_t& offset) {
  std::string chunk(std::min<uint64_t>(kChunkBytes, spool.bytes() - offset), '\0');
  if (chunk.empty()) return std::nullopt;
  const ssize_t count = pread(spool.fd(), chunk.data(), chunk.size(), static_cast<off_t>(offset));
  if (count <= 0) return ErrnoStatus(count < 0 ? errno : EIO, "read the spool");
  chunk.resize(static_cast<size_t>(count));
  offset += static_cast<uint64_t>(count);
  return chunk;
}

}  // namespace concordat::server
