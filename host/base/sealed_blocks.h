// A file of plain bytes kept as sealed blocks, so that any part of it can be read without opening the rest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat {

/// Plain bytes in one block, the last one excepted.
inline constexpr size_t kBlockBytes = size_t{64} << 10;

/// Block `number` of a file under the file's own key (32 bytes, used for nothing else). Bound to the number,
/// so that blocks cannot change places.
std::string SealBlock(std::string_view key, uint64_t number, std::string_view text);

/// Plain bytes from `offset` on out of a file of `plain_size` plain bytes, into `buffer`; fewer than `size`
/// at its end alone. DataLoss when the file is shorter, was changed or has another key. Thread-safe.
absl::StatusOr<uint64_t> ReadSealedBlocks(int fd, std::string_view key, uint64_t plain_size, uint64_t offset,
                                          void* buffer, uint64_t size);

}  // namespace concordat
