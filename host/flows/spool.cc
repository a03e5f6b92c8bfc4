#include "host/flows/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "host/base/digest.h"
#include "host/base/ids.h"
#include "host/base/random.h"
#include "host/base/seal.h"
#include "host/base/sealed_blocks.h"

namespace concordat::flows {

absl::StatusOr<std::unique_ptr<Spool>> Spool::Create(const std::string& folder, bool digest, Rest rest) {
  std::unique_ptr<Spool> spool(new Spool);
  spool->path_ = folder + "/" + NewRandomId("in-");
  spool->fd_ = FileDescriptor(open(spool->path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!spool->fd_.valid()) return ErrnoStatus(errno, "create " + spool->path_);
  spool->wants_digest_ = digest;
  if (rest == Rest::kSealed) spool->key_ = RandomBytes(kSealKeyBytes);
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

absl::Status Spool::Write(std::string_view chunk) {
  if (key_.empty()) return WriteAll(fd_.get(), chunk, "the spool");
  while (!chunk.empty()) {
    const size_t taken = std::min(chunk.size(), kBlockBytes - open_block_.size());
    open_block_.append(chunk.substr(0, taken));
    chunk.remove_prefix(taken);
    if (open_block_.size() == kBlockBytes) RETURN_IF_ERROR(WriteBlock());
  }
  return absl::OkStatus();
}

absl::Status Spool::WriteBlock() {
  RETURN_IF_ERROR(WriteAll(fd_.get(), SealBlock(key_, blocks_, open_block_), "the spool"));
  ++blocks_;
  open_block_.clear();
  return absl::OkStatus();
}

absl::Status Spool::Finish() { return open_block_.empty() ? absl::OkStatus() : WriteBlock(); }

absl::StatusOr<std::string> Spool::Read(uint64_t offset, size_t size) const {
  std::string bytes(static_cast<size_t>(std::min<uint64_t>(size, bytes_ - std::min(offset, bytes_))), '\0');
  if (!key_.empty()) {
    RETURN_IF_ERROR(ReadSealedBlocks(fd_.get(), key_, bytes_, offset, bytes.data(), bytes.size()).status());
    return bytes;
  }
  for (size_t filled = 0; filled < bytes.size();) {
    const ssize_t count =
        pread(fd_.get(), bytes.data() + filled, bytes.size() - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return ErrnoStatus(count < 0 ? errno : EIO, "read the spool");
    filled += static_cast<size_t>(count);
  }
  return bytes;
}

absl::Status Spool::Append(std::string chunk) {
  RETURN_IF_ERROR(Write(chunk));
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
  RETURN_IF_ERROR(Finish());
  if (fdatasync(fd_.get()) != 0) return ErrnoStatus(errno, "sync " + path_);
  if (kept_.empty()) {
    if (rename(path_.c_str(), path.c_str()) != 0) return ErrnoStatus(errno, "keep " + path);
    path_.clear();
    kept_ = path;
  } else if (link(kept_.c_str(), path.c_str()) != 0) {
    // A file system without hard links.
    std::error_code failed;
    std::filesystem::copy_file(kept_, path, failed);
    if (failed) return ErrnoStatus(failed.value(), "keep " + path);
  }
  const FileDescriptor folder(
      open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || fsync(folder.get()) != 0) return ErrnoStatus(errno, "sync folder of " + path);
  return absl::OkStatus();
}

}  // namespace concordat::flows
