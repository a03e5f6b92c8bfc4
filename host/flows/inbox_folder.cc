#include "host/flows/inbox_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/ids.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kTemporary = ".concordat-";
// The share's group may work on what appears beside their files.
constexpr mode_t kResultMode = 0660;
constexpr int kMostNumbers = 10000;

int64_t Nanoseconds(const timespec& time) { return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

FileStamp StampFrom(const struct stat& facts) {
  return {facts.st_ino, static_cast<uint64_t>(facts.st_size), Nanoseconds(facts.st_mtim),
          Nanoseconds(facts.st_ctim)};
}

FolderItem::Kind KindOf(mode_t mode) {
  if (S_ISREG(mode)) return FolderItem::Kind::kFile;
  if (S_ISDIR(mode)) return FolderItem::Kind::kFolder;
  return S_ISLNK(mode) ? FolderItem::Kind::kLink : FolderItem::Kind::kOther;
}

std::string NumberedEnding(const std::string& ending, int number) {
  if (number == 1) return ending;
  const size_t dot = ending.rfind('.');
  return fmt::format("{}-{}{}", ending.substr(0, dot), number, ending.substr(dot));
}

absl::StatusOr<std::string> DigestOfOpen(int fd) {
  Sha256Stream digest;
  std::string buffer(256 * 1024, '\0');
  while (true) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read");
    if (count == 0) return DigestText(digest.Finish());
    digest.Update(std::string_view(buffer).substr(0, static_cast<size_t>(count)));
  }
}

// A lease of a share of another machine says nothing of who has it open there.
bool IsLocal(int fd) {
  struct statfs facts;
  if (fstatfs(fd, &facts) != 0) return false;
  switch (static_cast<uint32_t>(facts.f_type)) {
    case 0xFF534D42:  // CIFS
    case 0xFE534D42:  // SMB2
    case 0x6969:      // NFS
    case 0x65735546:  // FUSE
      return false;
    default:
      return true;
  }
}

}  // namespace

json::Value FileStamp::ToJson() const { return json::Array{inode, bytes, modified, changed}; }

FileStamp FileStamp::FromJson(const json::Value& value) {
  FileStamp stamp;
  if (!value.is_array() || value.get_array().size() != 4) return stamp;
  const json::Array& parts = value.get_array();
  boost::json::error_code error;
  stamp.inode = parts[0].to_number<uint64_t>(error);
  stamp.bytes = parts[1].to_number<uint64_t>(error);
  stamp.modified = parts[2].to_number<int64_t>(error);
  stamp.changed = parts[3].to_number<int64_t>(error);
  return stamp;
}

absl::StatusOr<FileStamp> StampOf(int fd) {
  struct stat facts;
  if (fstat(fd, &facts) != 0) return ErrnoStatus(errno, "look at the file");
  return StampFrom(facts);
}

std::string InUse(int fd) {
  struct flock lock = {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) return "locked by another program";
  if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return "locked by another program";
  } else {
    flock(fd, LOCK_UN);
  }
  if (!IsLocal(fd)) return "";
  if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
    return errno == EAGAIN ? "open for writing in another program" : "";
  fcntl(fd, F_SETLEASE, F_UNLCK);
  return "";
}

absl::StatusOr<InboxFolder> InboxFolder::Open(const std::string& path) {
  FileDescriptor fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return ErrnoStatus(errno, "open the folder " + path);
  return InboxFolder(std::move(fd));
}

absl::StatusOr<InboxFolder> InboxFolder::OpenFolder(const std::string& name) const {
  FileDescriptor fd(openat(fd_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return ErrnoStatus(errno, "open the folder " + name);
  return InboxFolder(std::move(fd));
}

absl::StatusOr<std::vector<FolderItem>> InboxFolder::List() const {
  // A descriptor of its own: fdopendir takes it over.
  const int copy = openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return ErrnoStatus(errno, "list the folder");
  DIR* folder = fdopendir(copy);
  if (folder == nullptr) {
    close(copy);
    return ErrnoStatus(errno, "list the folder");
  }
  std::vector<FolderItem> items;
  while (const dirent* entry = readdir(folder)) {
    FolderItem item;
    item.name = entry->d_name;
    struct stat facts;
    if (item.name == "." || item.name == "..") continue;
    if (fstatat(fd_.get(), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0) continue;  // gone meanwhile
    item.kind = KindOf(facts.st_mode);
    item.stamp = StampFrom(facts);
    items.push_back(std::move(item));
  }
  closedir(folder);
  std::sort(items.begin(), items.end(),
            [](const FolderItem& a, const FolderItem& b) { return a.name < b.name; });
  return items;
}

absl::StatusOr<FileDescriptor> InboxFolder::OpenFile(const std::string& name) const {
  // Without O_NONBLOCK a pipe would hold us until somebody writes.
  FileDescriptor fd(openat(fd_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid() && (errno == EBUSY || errno == ETXTBSY || errno == EAGAIN))
    return absl::UnavailableError(fmt::format("{} is locked by another program", name));
  if (!fd.valid()) return ErrnoStatus(errno, "open " + name);
  struct stat facts;
  if (fstat(fd.get(), &facts) != 0) return ErrnoStatus(errno, "look at " + name);
  if (!S_ISREG(facts.st_mode)) return absl::FailedPreconditionError(fmt::format("{} is no file", name));
  return fd;
}

absl::StatusOr<std::string> InboxFolder::ReadSmall(const std::string& name, size_t limit) const {
  ASSIGN_OR_RETURN(const FileDescriptor fd, OpenFile(name));
  std::string text(limit + 1, '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count = read(fd.get(), text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read " + name);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  if (filled > limit)
    return absl::ResourceExhaustedError(fmt::format("{} is larger than {} bytes", name, limit));
  text.resize(filled);
  return text;
}

std::string InboxFolder::DigestOfFile(const std::string& name) const {
  const absl::StatusOr<FileDescriptor> fd = OpenFile(name);
  if (!fd.ok()) return "";
  return DigestOfOpen(fd->get()).value_or("");
}

// Whether the temporary file now has the name, or its content was there already.
absl::StatusOr<bool> InboxFolder::Place(const std::string& temporary, const std::string& name,
                                        const std::string& digest, bool replace,
                                        const std::map<std::string, WrittenFile>& written) const {
  const auto rename_flags = [&](unsigned flags) {
    return renameat2(fd_.get(), temporary.c_str(), fd_.get(), name.c_str(), flags) == 0;
  };
  if (rename_flags(RENAME_NOREPLACE)) return true;
  if (errno == EINVAL || errno == ENOSYS) {  // a file system without it, such as a share
    struct stat ignored;
    if (fstatat(fd_.get(), name.c_str(), &ignored, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
      if (rename_flags(0)) return true;
      return ErrnoStatus(errno, "write " + name);
    }
  } else if (errno != EEXIST) {
    return ErrnoStatus(errno, "write " + name);
  }
  const std::string there = DigestOfFile(name);
  if (there == digest) {
    unlinkat(fd_.get(), temporary.c_str(), 0);
    return true;
  }
  const auto ours = written.find(name);
  if (!replace || ours == written.end() || there.empty() || ours->second.digest != there) return false;
  if (!rename_flags(0)) return ErrnoStatus(errno, "replace " + name);
  return true;
}

absl::StatusOr<std::string> InboxFolder::Put(const std::string& base, const std::string& ending,
                                             const Fill& fill, bool replace,
                                             std::map<std::string, WrittenFile>& written) const {
  const std::string temporary = NewRandomId(kTemporary) + ".part";
  const FileDescriptor fd(
      openat(fd_.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd.valid()) return ErrnoStatus(errno, fmt::format("write beside {}", base));
  Sha256Stream stream;
  absl::Status status = fill([&](std::string_view text) {
    stream.Update(text);
    return WriteAll(fd.get(), text, base + ending);
  });
  if (status.ok() && fchmod(fd.get(), kResultMode) != 0 && errno != EPERM)
    status = ErrnoStatus(errno, "set mode");
  if (status.ok() && fsync(fd.get()) != 0) status = ErrnoStatus(errno, "sync " + base + ending);
  const std::string digest = DigestText(stream.Finish());
  for (int number = 1; status.ok() && number < kMostNumbers; ++number) {
    const std::string name = base + NumberedEnding(ending, number);
    const absl::StatusOr<bool> placed = Place(temporary, name, digest, replace, written);
    if (!placed.ok()) {
      status = placed.status();
      break;
    }
    if (!*placed) continue;
    fsync(fd_.get());
    struct stat facts = {};
    fstatat(fd_.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW);
    written[name] = {digest, StampFrom(facts)};
    return name;
  }
  unlinkat(fd_.get(), temporary.c_str(), 0);
  return status.ok() ? absl::ResourceExhaustedError(fmt::format("{}{}: all numbers are taken", base, ending))
                     : status;
}

void InboxFolder::RemoveLeftovers() const {
  const absl::StatusOr<std::vector<FolderItem>> items = List();
  if (!items.ok()) return;
  for (const FolderItem& item : *items) {
    if (item.kind == FolderItem::Kind::kFile && item.name.starts_with(kTemporary) &&
        item.name.ends_with(".part"))
      unlinkat(fd_.get(), item.name.c_str(), 0);
  }
}

}  // namespace concordat::flows
