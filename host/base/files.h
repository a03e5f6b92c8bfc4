// Files as whole values, and writes that survive a crash.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/status.h"

namespace concordat {

/// The whole file; NotFound or the system's reason otherwise. Refuses files above `limit_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit_bytes = size_t{1} << 30);
/// Written beside, synced, renamed into place: the old content or the new, never half. `mode` as in chmod.
absl::Status WriteFileAtomically(const std::string& path, std::string_view content, unsigned mode = 0644);
/// As WriteFileAtomically with one sync instead of two: a power failure may bring the old content back,
/// whole.
absl::Status ReplaceFile(const std::string& path, std::string_view content, unsigned mode = 0644);
/// As ReplaceFile, for what is replaced many times a second: two files swap places, and PATH.spare stays
/// beside it, so that no file comes and goes (ext4 searches long for a free inode among those just given up).
/// The folder is synced, so that after a power failure no half-written file stands under `path`. One writer.
/// Who still holds the file open two replacements later may read it half written.
absl::Status SwapFile(const std::string& path, std::string_view content, unsigned mode = 0644);
/// A new file, synced, with exactly this mode; AlreadyExists when something is there under that name.
absl::Status CreateFile(const std::string& path, std::string_view content, unsigned mode = 0644);
/// Creates the folder and its parents with `mode`; an existing folder is fine.
absl::Status MakeFolders(const std::string& path, unsigned mode = 0755);
/// Relative paths of all regular files below `folder`, sorted, with '/' between;
/// symbolic links to folders are not followed.
absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& folder);

/// A file descriptor with one owner; closed in the destructor.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { Reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int Release();
  void Reset();

 private:
  int fd_ = -1;
};

/// A folder below the system's folder for temporary files, readable by its owner alone; removed with its
/// content in the destructor.
class TemporaryFolder {
 public:
  static absl::StatusOr<TemporaryFolder> Create();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// All of `content`, however many calls it takes; `path` is for the message.
absl::Status WriteAll(int fd, std::string_view content, const std::string& path);
/// Opens for reading, close-on-exec.
absl::StatusOr<FileDescriptor> OpenForReading(const std::string& path);

}  // namespace concordat
