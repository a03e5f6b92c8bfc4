#include "host/flows/sealed_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "fmt/format.h"
#include "host/base/ids.h"
#include "host/base/random.h"
#include "host/base/seal.h"

namespace concordat::flows {
namespace {

constexpr size_t kSealedBlockBytes = SealedSpool::kBlockBytes + kSealOverhead;

std::string ContextOf(uint64_t block) { return fmt::format("concordat spool block {}", block); }

absl::StatusOr<FileDescriptor> OpenNameless(const std::string& folder) {
  FileDescriptor fd(open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
  if (fd.valid()) return fd;
  // A file system without nameless files: one whose name goes at once.
  const std::string path = fmt::format("{}/{}", folder, NewRandomId("out-"));
  fd = FileDescriptor(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return ErrnoStatus(errno, "create a spool in " + folder);
  unlink(path.c_str());
  return fd;
}

absl::StatusOr<std::string> ReadAt(int fd, uint64_t offset, size_t size) {
  std::string bytes(size, '\0');
  size_t filled = 0;
  while (filled < size) {
    const ssize_t count =
        pread(fd, bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read the spool");
    if (count == 0) return absl::DataLossError("the spool is shorter than what was written to it");
    filled += static_cast<size_t>(count);
  }
  return bytes;
}

}  // namespace

SealedSpool::SealedSpool(FileDescriptor fd) : fd_(std::move(fd)), key_(RandomBytes(kSealKeyBytes)) {}

absl::StatusOr<std::unique_ptr<SealedSpool>> SealedSpool::Create(const std::string& folder) {
  ASSIGN_OR_RETURN(FileDescriptor fd, OpenNameless(folder));
  return std::unique_ptr<SealedSpool>(new SealedSpool(std::move(fd)));
}

absl::Status SealedSpool::Append(std::string_view chunk) {
  if (rewound_ || !digest_.empty())
    return absl::FailedPreconditionError("the spool is being read; nothing can be added to it any more");
  stream_.Update(chunk);
  bytes_ += chunk.size();
  while (!chunk.empty()) {
    const size_t taken = std::min(chunk.size(), kBlockBytes - open_block_.size());
    open_block_.append(chunk.substr(0, taken));
    chunk.remove_prefix(taken);
    if (open_block_.size() == kBlockBytes) RETURN_IF_ERROR(WriteBlock(open_block_));
  }
  return absl::OkStatus();
}

absl::Status SealedSpool::WriteBlock(std::string_view text) {
  RETURN_IF_ERROR(WriteAll(fd_.get(), Seal(key_, text, ContextOf(written_)), "the spool"));
  ++written_;
  open_block_.clear();
  return absl::OkStatus();
}

absl::Status SealedSpool::Rewind() {
  if (!open_block_.empty()) RETURN_IF_ERROR(WriteBlock(open_block_));
  rewound_ = true;
  read_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> SealedSpool::Next() {
  if (!rewound_) return absl::FailedPreconditionError("the spool is read only after it was rewound");
  if (read_ == written_) return std::nullopt;
  const uint64_t size = std::min<uint64_t>(kBlockBytes, bytes_ - read_ * kBlockBytes);
  ASSIGN_OR_RETURN(const std::string sealed,
                   ReadAt(fd_.get(), read_ * kSealedBlockBytes, static_cast<size_t>(size) + kSealOverhead));
  ASSIGN_OR_RETURN(std::string text, OpenSealed(key_, sealed, ContextOf(read_)));
  ++read_;
  return text;
}

std::string SealedSpool::FinishDigest() {
  if (digest_.empty()) digest_ = DigestText(stream_.Finish());
  return digest_;
}

}  // namespace concordat::flows
