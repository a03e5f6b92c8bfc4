#include "host/base/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "host/base/encoding.h"
#include "host/base/random.h"

namespace concordat {
namespace {

absl::Status FillNewFile(int fd, std::string_view content, unsigned mode, const std::string& path) {
  // Not left to open, in which the umask has a say.
  if (fchmod(fd, mode) != 0) return ErrnoStatus(errno, "set the mode of " + path);
  RETURN_IF_ERROR(WriteAll(fd, content, path));
  if (fsync(fd) != 0) return ErrnoStatus(errno, "sync " + path);
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const FileDescriptor fd(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || fsync(fd.get()) != 0) return ErrnoStatus(errno, "sync " + folder);
  return absl::OkStatus();
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    Reset();
    fd_ = other.Release();
  }
  return *this;
}

int FileDescriptor::Release() { return std::exchange(fd_, -1); }

void FileDescriptor::Reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

absl::Status WriteAll(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus(errno, "write " + path);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<FileDescriptor> OpenForReading(const std::string& path) {
  FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return ErrnoStatus(errno, path);
  return fd;
}

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit_bytes) {
  ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(path));
  std::string content;
  char buffer[65536];
  while (true) {
    const ssize_t count = read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, path);
    if (count == 0) return content;
    content.append(buffer, static_cast<size_t>(count));
    if (content.size() > limit_bytes) {
      return absl::ResourceExhaustedError(fmt::format("{}: larger than {} bytes", path, limit_bytes));
    }
  }
}

absl::Status CreateFile(const std::string& path, std::string_view content, unsigned mode) {
  const FileDescriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0600));
  if (!fd.valid()) return ErrnoStatus(errno, "create " + path);
  const absl::Status filled = FillNewFile(fd.get(), content, mode, path);
  if (!filled.ok()) unlink(path.c_str());
  return filled;
}

absl::Status ReplaceFile(const std::string& path, std::string_view content, unsigned mode) {
  const std::string beside = fmt::format("{}.{}.part", path, HexEncode(RandomBytes(6)));
  absl::Status status = CreateFile(beside, content, mode);
  if (status.ok() && rename(beside.c_str(), path.c_str()) != 0) {
    status = ErrnoStatus(errno, "rename to " + path);
  }
  if (!status.ok()) unlink(beside.c_str());
  return status;
}

absl::Status SwapFile(const std::string& path, std::string_view content, unsigned mode) {
  const std::string spare = path + ".spare";
  const FileDescriptor fd(open(spare.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, mode & 0600));
  if (!fd.valid()) return ErrnoStatus(errno, "create " + spare);
  if (ftruncate(fd.get(), 0) != 0) return ErrnoStatus(errno, "empty " + spare);
  RETURN_IF_ERROR(FillNewFile(fd.get(), content, mode, spare));
  if (renameat2(AT_FDCWD, spare.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0)
    return SyncFolderOf(path);
  // The first time there is nothing to swap with; a few file systems cannot swap.
  if (rename(spare.c_str(), path.c_str()) != 0) return ErrnoStatus(errno, "rename to " + path);
  return SyncFolderOf(path);
}

absl::Status WriteFileAtomically(const std::string& path, std::string_view content, unsigned mode) {
  RETURN_IF_ERROR(ReplaceFile(path, content, mode));
  return SyncFolderOf(path);
}

absl::Status MakeFolders(const std::string& path, unsigned mode) {
  std::string prefix;
  for (const auto& part : std::filesystem::path(path)) {
    prefix = prefix.empty() ? part.string() : (std::filesystem::path(prefix) / part).string();
    if (mkdir(prefix.c_str(), mode) != 0 && errno != EEXIST && errno != EISDIR) {
      return ErrnoStatus(errno, "create folder " + prefix);
    }
  }
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return absl::FailedPreconditionError(fmt::format("{} is not a folder", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> found;
  std::filesystem::recursive_directory_iterator at(folder, error);
  if (error) return absl::NotFoundError(fmt::format("{}: {}", folder, error.message()));
  for (; at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    if (error) return absl::UnavailableError(fmt::format("{}: {}", folder, error.message()));
    if (at->is_regular_file(error)) found.push_back(at->path().lexically_relative(folder).generic_string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

absl::StatusOr<TemporaryFolder> TemporaryFolder::Create() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  std::string path = (error ? "/tmp" : folder.string()) + "/concordat-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return ErrnoStatus(errno, "create a folder like " + path);
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace concordat
