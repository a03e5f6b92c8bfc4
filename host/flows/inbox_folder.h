// One folder of an inbox, which partners write into: seen through descriptors, so that no link and no file
// that is swapped meanwhile leads elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "host/base/files.h"
#include "host/base/json.h"

namespace concordat::flows {

/// What tells one state of a file from the next without reading it. Plain value.
struct FileStamp {
  uint64_t inode = 0;
  uint64_t bytes = 0;
  int64_t modified = 0;  // nanoseconds since 1970
  int64_t changed = 0;   // of content, name or mode; nanoseconds since 1970

  json::Value ToJson() const;
  static FileStamp FromJson(const json::Value& value);
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct FolderItem {
  enum class Kind { kFile, kFolder, kLink, kOther };
  std::string name;
  Kind kind = Kind::kOther;
  FileStamp stamp;
};

/// A file that the host wrote, as it was then.
struct WrittenFile {
  std::string digest;
  FileStamp stamp;
};

/// One open folder. One thread at a time.
class InboxFolder {
 public:
  /// FailedPrecondition when `path` is a link or no folder.
  static absl::StatusOr<InboxFolder> Open(const std::string& path);
  absl::StatusOr<InboxFolder> OpenFolder(const std::string& name) const;

  /// By name. Links are told, never followed.
  absl::StatusOr<std::vector<FolderItem>> List() const;
  /// For reading; never through a link. FailedPrecondition when it is no regular file.
  absl::StatusOr<FileDescriptor> OpenFile(const std::string& name) const;
  /// ResourceExhausted above `limit` bytes.
  absl::StatusOr<std::string> ReadSmall(const std::string& name, size_t limit) const;

  using Fill = std::function<absl::Status(const std::function<absl::Status(std::string_view)>& append)>;
  /// Writes a new file completely, then gives it the first name that is free: `base` + `ending`, else with
  /// -2, -3 ... before the ending's last dot. A file there with the same content will do; one that is still
  /// as `written` says is replaced when `replace`. Nobody sees half a file, and what somebody changed stays.
  /// Returns the name; `written` has it.
  absl::StatusOr<std::string> Put(const std::string& base, const std::string& ending, const Fill& fill,
                                  bool replace, std::map<std::string, WrittenFile>& written) const;
  /// Removes what a crash left of Put.
  void RemoveLeftovers() const;

 private:
  explicit InboxFolder(FileDescriptor fd) : fd_(std::move(fd)) {}
  absl::StatusOr<bool> Place(const std::string& temporary, const std::string& name, const std::string& digest,
                             bool replace, const std::map<std::string, WrittenFile>& written) const;
  std::string DigestOfFile(const std::string& name) const;

  FileDescriptor fd_;
};

absl::StatusOr<FileStamp> StampOf(int fd);
/// Why nobody should read the open file now: "locked by another program" (flock, fcntl) or "open for writing
/// in another program" (a lease; local file systems only, and only for a file of one's own or with
/// CAP_LEASE); empty when nothing is known. On a share of another machine a lock shows when the file is
/// opened.
std::string InUse(int fd);

}  // namespace concordat::flows
