#include "host/flows/sealed_spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "fmt/format.h"
#include "host/base/ids.h"
#include "host/base/random.h"
#include "host/base/seal.h"
#include "host/base/sealed_blocks.h"

namespace concordat::flows {
namespace {

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
  RETURN_IF_ERROR(WriteAll(fd_.get(), SealBlock(key_, written_, text), "the spool"));
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
  const uint64_t offset = read_ * kBlockBytes;
  std::string text(static_cast<size_t>(std::min<uint64_t>(kBlockBytes, bytes_ - offset)), '\0');
  RETURN_IF_ERROR(ReadSealedBlocks(fd_.get(), key_, bytes_, offset, text.data(), text.size()).status());
  ++read_;
  return text;
}

std::string SealedSpool::FinishDigest() {
  if (digest_.empty()) digest_ = DigestText(stream_.Finish());
  return digest_;
}

}  // namespace concordat::flows
