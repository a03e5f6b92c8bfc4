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
  if (digest) {
    Spool* self = spool.get();
    self->digester_ = std::thread([self] {
      Sha256Stream stream;
      while (std::optional<std::string> chunk = self->chunks_.Pop()) stream.Update(*chunk);
      self->digest_ = DigestText(stream.Finish());
    });
  }
  return spool;
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
  bytes_ += chunk.size();
  if (digester_.joinable()) chunks_.Push(std::move(chunk));
  return absl::OkStatus();
}

std::string Spool::FinishDigest() {
  chunks_.Close();
  if (digester_.joinable()) digester_.join();
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
