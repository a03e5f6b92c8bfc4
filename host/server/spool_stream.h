// Sends a finished spool to a client, a chunk at a time, reading on the pool.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "host/flows/spool.h"

namespace concordat::server {

/// Bytes a message carries: large enough for throughput, small enough for HTTP/2 windows (measured: 128 to
/// 256 KiB).
inline constexpr size_t kChunkBytes = 192 * 1024;

/// The next chunk of the file from `offset` on, which moves; nothing at its end.
absl::StatusOr<std::optional<std::string>> NextChunk(const flows::Spool& spool, uint64_t& offset);

}  // namespace concordat::server
