#include "host/audit/leaf_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "fmt/format.h"
#include "host/base/encoding.h"

namespace concordat::audit {
namespace {

constexpr size_t kPieceBytes = kLeafLineBytes * 16384;

absl::Status NotALeaf(uint64_t leaves_before) {
  return absl::DataLossError(fmt::format("line {} is not a leaf", leaves_before + 1));
}

// Reads up to `size` bytes from `offset`; fewer only at the end of the file.
absl::StatusOr<std::string> ReadPiece(int fd, uint64_t offset, size_t size) {
  std::string piece(size, '\0');
  size_t have = 0;
  while (have < size) {
    const ssize_t count = pread(fd, piece.data() + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read the leaves");
    if (count == 0) break;
    have += static_cast<size_t>(count);
  }
  piece.resize(have);
  return piece;
}

// Reads leaves until `limit`, the end, or the first bytes that are no whole leaf; returns where that is.
absl::StatusOr<uint64_t> ReadInto(int fd, uint64_t limit, MerkleTree& tree) {
  uint64_t offset = 0;
  while (tree.size() < limit) {
    const uint64_t wanted = std::min<uint64_t>(kPieceBytes, (limit - tree.size()) * kLeafLineBytes);
    ASSIGN_OR_RETURN(const std::string piece, ReadPiece(fd, offset, wanted));
    const size_t taken = TakeLeafLines(piece, tree);
    offset += taken;
    if (taken < wanted) break;
  }
  return offset;
}

absl::Status CheckRestOfFile(int fd, uint64_t offset, uint64_t leaves_before) {
  while (true) {
    ASSIGN_OR_RETURN(const std::string piece, ReadPiece(fd, offset, kPieceBytes));
    RETURN_IF_ERROR(CheckRest(piece, leaves_before));
    if (piece.size() < kPieceBytes) return absl::OkStatus();
    offset += piece.size();
  }
}

}  // namespace

std::string LeafLine(std::string_view commitment) { return Base64Encode(commitment) + '\n'; }

size_t TakeLeafLines(std::string_view text, MerkleTree& tree) {
  size_t taken = 0;
  while (text.size() - taken >= kLeafLineBytes && text[taken + kLeafLineBytes - 1] == '\n') {
    const std::optional<std::string> commitment = Base64Decode(text.substr(taken, kLeafLineBytes - 1));
    if (!commitment || commitment->size() != kHashBytes) break;
    tree.Append(LeafHash(*commitment));
    taken += kLeafLineBytes;
  }
  return taken;
}

absl::Status CheckRest(std::string_view rest, uint64_t leaves_before) {
  if (rest.find('\n') != std::string_view::npos) return NotALeaf(leaves_before);
  return absl::OkStatus();
}

absl::StatusOr<LeafFile> LeafFile::Open(const std::string& path, MerkleTree& tree) {
  LeafFile file;
  file.path_ = path;
  file.fd_ = FileDescriptor(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file.fd_.valid()) return ErrnoStatus(errno, "open " + path);
  if (flock(file.fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{} is in use by another process; one host writes one log", path));
  }
  ASSIGN_OR_RETURN(file.bytes_, ReadInto(file.fd_.get(), UINT64_MAX / kLeafLineBytes, tree));
  RETURN_IF_ERROR(Annotate(CheckRestOfFile(file.fd_.get(), file.bytes_, tree.size()), path));
  return file;
}

absl::Status LeafFile::CutRest() {
  if (ftruncate(fd_.get(), static_cast<off_t>(bytes_)) != 0) return ErrnoStatus(errno, "cut " + path_);
  has_rest_ = false;
  return absl::OkStatus();
}

absl::Status LeafFile::Append(std::string_view lines) {
  if (has_rest_) RETURN_IF_ERROR(CutRest());
  has_rest_ = true;
  absl::Status written = WriteAll(fd_.get(), lines, path_);
  if (!written.ok()) {
    CutRest().IgnoreError();  // tried again before the next append
    return written;
  }
  bytes_ += lines.size();
  has_rest_ = false;
  return absl::OkStatus();
}

absl::Status LeafFile::Sync() {
  if (fdatasync(fd_.get()) != 0) return ErrnoStatus(errno, "sync " + path_);
  return absl::OkStatus();
}

absl::Status ReadLeaves(const std::string& path, uint64_t limit, MerkleTree& tree) {
  ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(path));
  ASSIGN_OR_RETURN(const uint64_t offset, ReadInto(fd.get(), limit, tree));
  if (tree.size() >= limit) return absl::OkStatus();
  return Annotate(CheckRestOfFile(fd.get(), offset, tree.size()), path);
}

}  // namespace concordat::audit
