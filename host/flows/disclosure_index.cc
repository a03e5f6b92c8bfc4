#include "host/flows/disclosure_index.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <queue>

#include "fmt/format.h"
#include "host/base/digest.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kSuffix = ".tokens";
constexpr size_t kPieceTokens = 4096;

std::string FolderOf(const HostParts& host) { return host.data_dir + "/disclosures"; }

// Kept beside the pseudonym keys, under a name that no protocol can have.
absl::StatusOr<std::string> SecretOf(const HostParts& host) {
  ASSIGN_OR_RETURN(auto key, host.store->PseudonymKey(ProtocolId("/disclosure-index")));
  return std::move(key.second);
}

std::string TokenOf(const std::string& secret, const std::string& text) {
  return HmacSha256(secret, text).substr(0, kDisclosureTokenBytes);
}

// An id becomes a file's name, so it must not lead elsewhere.
bool IsReceiptId(std::string_view id) {
  return id.size() > 2 && id.substr(0, 2) == "R-" && std::all_of(id.begin() + 2, id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

absl::Status ReadAt(int fd, uint64_t offset, char* to, size_t size, const std::string& path) {
  while (size > 0) {
    const ssize_t count = pread(fd, to, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, "read " + path);
    if (count == 0) return absl::DataLossError(fmt::format("{} ended early", path));
    to += count;
    offset += static_cast<uint64_t>(count);
    size -= static_cast<size_t>(count);
  }
  return absl::OkStatus();
}

// Tokens of one sorted run, a piece at a time.
class RunReader {
 public:
  RunReader(int fd, uint64_t first, size_t tokens)
      : fd_(fd), offset_(first * kDisclosureTokenBytes), left_(tokens) {}

  std::string_view token() const { return std::string_view(piece_).substr(at_, kDisclosureTokenBytes); }
  // False after the last one.
  absl::StatusOr<bool> Next() {
    at_ += kDisclosureTokenBytes;
    if (at_ < piece_.size()) return true;
    if (left_ == 0) return false;
    const size_t count = std::min(left_, kPieceTokens);
    piece_.resize(count * kDisclosureTokenBytes);
    RETURN_IF_ERROR(ReadAt(fd_, offset_, piece_.data(), piece_.size(), "the disclosure index's runs"));
    offset_ += piece_.size();
    left_ -= count;
    at_ = 0;
    return true;
  }

 private:
  int fd_;
  uint64_t offset_;
  size_t left_;
  std::string piece_;
  size_t at_ = 0;
};

// Writes ascending tokens, each once.
class TokenWriter {
 public:
  TokenWriter(int fd, const std::string& path) : fd_(fd), path_(path) {}

  absl::Status Put(std::string_view token) {
    if (token == last_) return absl::OkStatus();
    last_ = token;
    buffer_ += token;
    return buffer_.size() < kPieceTokens * kDisclosureTokenBytes ? absl::OkStatus() : Flush();
  }
  absl::Status Flush() {
    const absl::Status written = WriteAll(fd_, buffer_, path_);
    buffer_.clear();
    return written;
  }

 private:
  int fd_;
  const std::string& path_;
  std::string buffer_, last_;
};

absl::Status Merge(std::vector<RunReader>& runs, TokenWriter& writer) {
  const auto later = [&](size_t left, size_t right) { return runs[left].token() > runs[right].token(); };
  std::priority_queue<size_t, std::vector<size_t>, decltype(later)> next(later);
  for (size_t i = 0; i < runs.size(); ++i) {
    ASSIGN_OR_RETURN(const bool has, runs[i].Next());
    if (has) next.push(i);
  }
  while (!next.empty()) {
    const size_t run = next.top();
    next.pop();
    RETURN_IF_ERROR(writer.Put(runs[run].token()));
    ASSIGN_OR_RETURN(const bool has, runs[run].Next());
    if (has) next.push(run);
  }
  return writer.Flush();
}

absl::StatusOr<bool> FileHolds(const std::string& path, std::string_view token) {
  ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(path));
  struct stat about {};
  if (fstat(fd.get(), &about) != 0) return ErrnoStatus(errno, path);
  const auto bytes = static_cast<uint64_t>(about.st_size);
  if (bytes % kDisclosureTokenBytes != 0) {
    return absl::DataLossError(
        fmt::format("{} is no whole number of tokens: it was cut or overwritten", path));
  }
  uint64_t begin = 0;
  uint64_t end = bytes / kDisclosureTokenBytes;
  while (begin < end) {
    const uint64_t middle = begin + (end - begin) / 2;
    char found[kDisclosureTokenBytes];
    RETURN_IF_ERROR(ReadAt(fd.get(), middle * kDisclosureTokenBytes, found, sizeof found, path));
    const int order = std::memcmp(found, token.data(), sizeof found);
    if (order == 0) return true;
    (order < 0 ? begin : end) = order < 0 ? middle + 1 : middle;
  }
  return false;
}

}  // namespace

std::string SubjectKey(const std::vector<std::string_view>& cells) {
  if (cells.size() == 1) return std::string(cells[0]);
  std::string key;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) key += '|';
    for (const char c : cells[i]) {
      if (c == '|' || c == '\\') key += '\\';
      key += c;
    }
  }
  return key;
}

absl::StatusOr<std::unique_ptr<DisclosureIndexWriter>> DisclosureIndexWriter::Create(const HostParts& host,
                                                                                     const DatasetId& dataset,
                                                                                     size_t run_tokens) {
  std::unique_ptr<DisclosureIndexWriter> writer(new DisclosureIndexWriter);
  writer->folder_ = FolderOf(host);
  RETURN_IF_ERROR(MakeFolders(writer->folder_, 0700));
  ASSIGN_OR_RETURN(writer->secret_, SecretOf(host));
  writer->prefix_ = dataset.str() + '\0';
  writer->run_tokens_ = run_tokens;
  return writer;
}

void DisclosureIndexWriter::Add(std::string_view key) {
  if (!status_.ok()) return;
  const std::string mac = TokenOf(secret_, prefix_ + std::string(key));
  Token token;
  std::memcpy(token.bytes, mac.data(), sizeof token.bytes);
  run_.push_back(token);
  if (run_.size() >= run_tokens_) status_ = SpillRun();
}

void DisclosureIndexWriter::SortRun() {
  // As unsigned bytes, in the order in which a look-up compares them.
  std::sort(run_.begin(), run_.end(), [](const Token& left, const Token& right) {
    return std::memcmp(left.bytes, right.bytes, sizeof left.bytes) < 0;
  });
}

absl::Status DisclosureIndexWriter::SpillRun() {
  SortRun();
  if (!runs_.valid()) {
    // Without a name from the start, so that a crash leaves nothing behind.
    std::string path = folder_ + "/runs-XXXXXX";
    runs_ = FileDescriptor(mkostemp(path.data(), O_CLOEXEC));
    if (!runs_.valid()) return ErrnoStatus(errno, "create " + path);
    unlink(path.c_str());
  }
  RETURN_IF_ERROR(WriteAll(runs_.get(),
                           {reinterpret_cast<const char*>(run_.data()), run_.size() * sizeof(Token)},
                           "the disclosure index's runs"));
  run_sizes_.push_back(run_.size());
  run_.clear();
  return absl::OkStatus();
}

absl::Status DisclosureIndexWriter::WriteTokens(int fd, const std::string& path) {
  TokenWriter writer(fd, path);
  if (run_sizes_.empty()) {
    SortRun();
    for (const Token& token : run_) RETURN_IF_ERROR(writer.Put({token.bytes, sizeof token.bytes}));
    return writer.Flush();
  }
  if (!run_.empty()) RETURN_IF_ERROR(SpillRun());
  std::vector<RunReader> runs;
  uint64_t first = 0;
  for (const size_t size : run_sizes_) {
    runs.emplace_back(runs_.get(), first, size);
    first += size;
  }
  return Merge(runs, writer);
}

absl::Status DisclosureIndexWriter::Finish(const ReceiptId& receipt) {
  RETURN_IF_ERROR(status_);
  if (!IsReceiptId(receipt.str())) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no receipt's id, so a disclosure cannot be indexed under it", receipt.str()));
  }
  const std::string path = fmt::format("{}/{}{}", folder_, receipt.str(), kSuffix);
  const std::string part = path + ".part";
  const FileDescriptor fd(open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd.valid()) return ErrnoStatus(errno, "create " + part);
  status_ = WriteTokens(fd.get(), part);
  if (status_.ok() && fdatasync(fd.get()) != 0) status_ = ErrnoStatus(errno, "sync " + part);
  if (status_.ok() && rename(part.c_str(), path.c_str()) != 0)
    status_ = ErrnoStatus(errno, "rename to " + path);
  if (!status_.ok()) {
    unlink(part.c_str());
    return status_;
  }
  const FileDescriptor folder(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || fsync(folder.get()) != 0) return ErrnoStatus(errno, "sync " + folder_);
  status_ =
      absl::FailedPreconditionError(fmt::format("{} is written; one writer is for one disclosure", path));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> DisclosuresOf(const HostParts& host, const DatasetId& dataset,
                                                       std::string_view key) {
  std::vector<std::string> receipts;
  const auto files = ListFiles(FolderOf(host));
  if (absl::IsNotFound(files.status())) return receipts;  // nothing was disclosed yet
  RETURN_IF_ERROR(files.status());
  ASSIGN_OR_RETURN(const std::string secret, SecretOf(host));
  const std::string token = TokenOf(secret, dataset.str() + '\0' + std::string(key));
  for (const std::string& file : *files) {
    if (file.size() <= kSuffix.size() || file.substr(file.size() - kSuffix.size()) != kSuffix) continue;
    ASSIGN_OR_RETURN(const bool holds, FileHolds(fmt::format("{}/{}", FolderOf(host), file), token));
    if (holds) receipts.push_back(file.substr(0, file.size() - kSuffix.size()));
  }
  return receipts;
}

absl::StatusOr<bool> DisclosureHolds(const HostParts& host, const ReceiptId& receipt,
                                     const DatasetId& dataset, std::string_view key) {
  if (!IsReceiptId(receipt.str())) return false;
  ASSIGN_OR_RETURN(const std::string secret, SecretOf(host));
  const std::string token = TokenOf(secret, dataset.str() + '\0' + std::string(key));
  const auto holds = FileHolds(fmt::format("{}/{}{}", FolderOf(host), receipt.str(), kSuffix), token);
  if (absl::IsNotFound(holds.status())) return false;
  return holds;
}

}  // namespace concordat::flows
