#include "host/adapters/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace concordat::adapters {
namespace {

absl::StatusOr<Mapping> Map(int fd, size_t size, int protection) {
  if (size == 0) return Mapping();
  void* start = mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  if (start == MAP_FAILED) return ErrnoStatus(errno, "map shared memory");
  return Mapping(start, size);
}

absl::Status Seal(int fd, int seals) {
  if (fcntl(fd, F_ADD_SEALS, seals) != 0) return ErrnoStatus(errno, "seal shared memory");
  return absl::OkStatus();
}

}  // namespace

Mapping::Mapping(Mapping&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(size_, other.size_);
  return *this;
}

Mapping::~Mapping() {
  if (start_ != nullptr) munmap(start_, size_);
}

absl::StatusOr<MemoryFile> MemoryFile::Create(const char* name, size_t size) {
  FileDescriptor fd(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.valid()) return ErrnoStatus(errno, "create shared memory");
  if (ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return ErrnoStatus(errno, "size shared memory");
  return MemoryFile(std::move(fd), size);
}

absl::StatusOr<Mapping> MemoryFile::MapForWriting() const {
  return Map(fd_.get(), size_, PROT_READ | PROT_WRITE);
}

absl::StatusOr<Mapping> MemoryFile::MapForReading() const { return Map(fd_.get(), size_, PROT_READ); }

absl::Status MemoryFile::SealSize() const {
  return Seal(fd_.get(), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}

absl::Status MemoryFile::SealContent() const {
  return Seal(fd_.get(), F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}

absl::StatusOr<MemoryFile> SealedCopy(const char* name, std::string_view content) {
  ASSIGN_OR_RETURN(MemoryFile file, MemoryFile::Create(name, content.size()));
  {
    ASSIGN_OR_RETURN(const Mapping mapping, file.MapForWriting());
    if (!content.empty()) std::memcpy(mapping.start(), content.data(), content.size());
  }
  RETURN_IF_ERROR(file.SealContent());
  return file;
}

}  // namespace concordat::adapters
