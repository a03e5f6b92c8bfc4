// Anonymous memory files: how bytes reach a worker without any path, and sealed so that nobody can change
// them.
#pragma once

#include <cstddef>
#include <string_view>

#include "host/base/files.h"
#include "host/base/status.h"

namespace concordat::adapters {

/// Mapped memory with one owner; unmapped in the destructor.
class Mapping {
 public:
  Mapping() = default;
  Mapping(void* start, size_t size) : start_(static_cast<char*>(start)), size_(size) {}
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  char* start() const { return start_; }
  size_t size() const { return size_; }

 private:
  char* start_ = nullptr;
  size_t size_ = 0;
};

/// A memory file of a fixed size. `name` is what /proc shows.
class MemoryFile {
 public:
  static absl::StatusOr<MemoryFile> Create(const char* name, size_t size);

  int fd() const { return fd_.get(); }
  size_t size() const { return size_; }
  absl::StatusOr<Mapping> MapForWriting() const;
  absl::StatusOr<Mapping> MapForReading() const;
  /// Its size can no longer change, so that reading a mapping of it can never fault.
  absl::Status SealSize() const;
  /// Nothing of it can change any more. No mapping for writing may be left.
  absl::Status SealContent() const;

 private:
  MemoryFile(FileDescriptor fd, size_t size) : fd_(std::move(fd)), size_(size) {}

  FileDescriptor fd_;
  size_t size_;
};

/// A sealed copy of `content`.
absl::StatusOr<MemoryFile> SealedCopy(const char* name, std::string_view content);

}  // namespace concordat::adapters
