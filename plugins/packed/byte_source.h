// Bytes that can be read at any place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace concordat::packed {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  /// Up to `size` bytes from `offset` on; fewer only at the end, -1 when the system could not read.
  virtual int64_t Read(uint64_t offset, char* into, size_t size) = 0;
};

}  // namespace concordat::packed
