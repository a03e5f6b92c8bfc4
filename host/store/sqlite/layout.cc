#include "host/store/sqlite/layout.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "fmt/format.h"

namespace concordat::store {
namespace {

constexpr unsigned kOwnerOnly = 0700;
constexpr char kStaging[] = "staging";
constexpr char kDatasets[] = "datasets";

absl::Status Sync(const std::string& path) {
  const FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || fsync(fd.get()) != 0) return ErrnoStatus(errno, "sync " + path);
  return absl::OkStatus();
}

absl::Status Remove(const std::string& path) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return ErrnoStatus(errno, "remove " + path);
  return absl::OkStatus();
}

// The folder of a sealed file; a new one must itself survive a power failure.
absl::Status MakeDurableFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), kOwnerOnly) == 0)
    return Sync(std::filesystem::path(folder).parent_path().string());
  return errno == EEXIST ? absl::OkStatus() : ErrnoStatus(errno, "create folder " + folder);
}

}  // namespace

std::string SafeName(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') {
      safe += c;
    } else if (c == '/') {
      safe += '.';
    } else {
      safe += fmt::format("~{:02x}", static_cast<unsigned char>(c));
    }
  }
  return safe;
}

std::string Layout::StagingPath(const SubmissionId& id) const {
  return fmt::format("{}/{}/{}.db", folder_, kStaging, SafeName(id.str()));
}

std::string Layout::SealedName(const DatasetId& dataset, const SubmissionId& id) const {
  return fmt::format("{}/{}/{}.db", kDatasets, SafeName(dataset.str()), SafeName(id.str()));
}

std::string Layout::RenewedName(const DatasetId& dataset, const SubmissionId& id) const {
  return fmt::format("{}/{}/{}.db", kDatasets, SafeName(dataset.str()),
                     NewRandomId(SafeName(id.str()) + "."));
}

absl::Status Layout::RemoveSealed(const std::string& sealed_name) const {
  return Remove(Absolute(sealed_name));
}

absl::Status Layout::MakeAll() const {
  RETURN_IF_ERROR(MakeFolders(folder_, kOwnerOnly));
  RETURN_IF_ERROR(MakeDurableFolder(Absolute(kStaging)));
  return MakeDurableFolder(Absolute(kDatasets));
}

absl::StatusOr<FileDescriptor> Layout::Lock() const {
  const std::string path = Absolute("lock");
  FileDescriptor fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return ErrnoStatus(errno, path);
  if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) return ErrnoStatus(errno, "lock " + path);
  return absl::UnavailableError(fmt::format(
      "the store in {} is in use by another process; stop that host first or choose another data_dir",
      folder_));
}

absl::Status Layout::Seal(const SubmissionId& id, const std::string& sealed_name) const {
  const std::string staged = StagingPath(id);
  const std::string sealed = Absolute(sealed_name);
  const std::string folder = std::filesystem::path(sealed).parent_path().string();
  RETURN_IF_ERROR(Sync(staged));
  RETURN_IF_ERROR(MakeDurableFolder(folder));
  if (rename(staged.c_str(), sealed.c_str()) != 0) return ErrnoStatus(errno, "rename to " + sealed);
  return Sync(folder);
}

absl::Status Layout::Sweep(const std::function<bool(const std::string&)>& published) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> staged, ListFiles(Absolute(kStaging)));
  for (const std::string& name : staged)
    RETURN_IF_ERROR(Remove(Absolute(fmt::format("{}/{}", kStaging, name))));
  ASSIGN_OR_RETURN(const std::vector<std::string> sealed, ListFiles(Absolute(kDatasets)));
  for (const std::string& name : sealed) {
    const std::string relative = fmt::format("{}/{}", kDatasets, name);
    const bool ours = name.size() > 3 && name.compare(name.size() - 3, 3, ".db") == 0;  // not someone's notes
    if (ours && !published(relative)) RETURN_IF_ERROR(Remove(Absolute(relative)));
  }
  return absl::OkStatus();
}

}  // namespace concordat::store
