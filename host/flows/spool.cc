#include "host/flows/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "host/base/digest.h"
#include "host/base/ids.h"

namespace concordat::flows {

absl::StatusOr<std::unique_ptr<Spool>> Spool::Create(const std::string& folder, bool digest) {
  std::unique_ptr<Spool> spool(new Spool);
  spool->path_ = folder + "/" + NewRandomId("in-");
  spool->fd_ = FileDescriptor(open(spool->path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!spool->fd_.valid()) return ErrnoStatus(errno, "create " + spool->path_);
  spool->wants_digest_ = digest;
  return spool;
}

void Spool::DigestOnThread() {
  digester_ = std::thread([this] {
    Sha256Stream stream;
    while (std::optional<std::string> chunk = chunks_.Pop()) stream.Update(*chunk);
    digest_ = DigestText(stream.Finish());
  });
  chunks_.Push(std::move(first_));
}

Spool::~Spool() {
  FinishDigest();
  if (!path_.empty()) unlink(path_.c_str());
}

absl::Status Spool::Append(std::string chunk) {
  std::string_view left = chunk;
  while (!left.empty()) {
    const ssize_t written = write(fd_.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus(errno, "write to the spool");
    left.remove_prefix(static_cast<size_t>(written));
  }
  const bool first = bytes_ == 0;
  bytes_ += chunk.size();
  if (!wants_digest_) return absl::OkStatus();
  if (first) {
    first_ = std::move(chunk);
    return absl::OkStatus();
  }
  if (!digester_.joinable()) DigestOnThread();
  chunks_.Push(std::move(chunk));
  return absl::OkStatus();
}

std::string Spool::FinishDigest() {
  chunks_.Close();
  if (digester_.joinable()) digester_.join();
  if (wants_digest_ && digest_.empty()) digest_ = DigestOf(first_);
  return digest_;
}

absl::Status Spool::KeepAs(const std::string& path) {
  if (fdatasync(fd_.get()) != 0) return ErrnoStatus(errno, "sync " + path_);
  if (rename(path_.c_str(), path.c_str()) != 0) return ErrnoStatus(errno, "keep " + path);
  path_.clear();
  const FileDescriptor folder(
      open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || fsync(folder.get()) != 0) return ErrnoStatus(errno, "sync folder of " + path);
  return absl::OkStatus();
}

}  // namespace concordat::flows
