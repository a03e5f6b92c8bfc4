// Where the bytes come from: the worker's source in production, a string in tests.
#pragma once

#include <cstddef>
#include <cstdint>

namespace concordat::delimited {

/// A file that can be read at any place. Not thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  virtual uint64_t size() const = 0;
  /// Copies up to `size` bytes from `offset` on; returns how many (fewer only at the end), -1 when the system
  /// failed.
  virtual int64_t Read(uint64_t offset, char* into, size_t size) = 0;
};

}  // namespace concordat::delimited
