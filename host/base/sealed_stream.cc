#include "host/base/sealed_stream.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/base/encoding.h"
#include "host/base/paper_code.h"
#include "host/base/random.h"
#include "host/base/seal.h"

namespace concordat {
namespace {

constexpr std::string_view kMagic = "concordat-sealed 1 scrypt ";
constexpr size_t kFrameBytes = size_t{256} << 10;
constexpr size_t kLongestHeader = 256;
constexpr size_t kSaltBytes = 16;
constexpr size_t kCheckBytes = 8;
constexpr size_t kLeastPassphrase = 20;
constexpr uint64_t kScryptMemory = uint64_t{1} << 30;

// RFC 7914; N = 2^17, r = 8, p = 1 take 128 MiB and about half a second.
struct Cost {
  uint64_t log_n = 17;
  uint64_t r = 8;
  uint64_t p = 1;
};

std::string Trimmed(std::string_view text) {
  const auto trimmed = absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size()));
  return std::string(trimmed.data(), trimmed.size());
}

absl::StatusOr<std::string> Stretched(std::string_view passphrase, std::string_view salt, const Cost& cost) {
  std::string key(kSealKeyBytes, '\0');
  if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(),
                     reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     uint64_t{1} << cost.log_n, cost.r, cost.p, kScryptMemory,
                     reinterpret_cast<unsigned char*>(key.data()), key.size()) == 1) {
    return key;
  }
  return absl::ResourceExhaustedError("scrypt needs 128 MiB of memory to make a key of the passphrase");
}

std::string HeaderWithoutCheck(const Cost& cost, std::string_view salt) {
  return fmt::format("{}{} {} {} {}", kMagic, cost.log_n, cost.r, cost.p, Base64Encode(salt));
}

std::string CheckOf(std::string_view key) {
  return Base64Encode(HmacSha256(key, "passphrase check").substr(0, kCheckBytes));
}

std::string ContextOf(uint64_t frame, bool last) {
  return fmt::format("concordat sealed stream {} {}", frame, last ? "last" : "more");
}

// The words of a header; nothing when it is none, or asks for more work than we ever did.
struct Header {
  Cost cost;
  std::string salt;
  std::string check;
};

std::optional<Header> ReadHeader(std::string_view line) {
  if (line.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  line.remove_prefix(kMagic.size());
  std::vector<std::string_view> words;
  while (true) {
    const size_t blank = line.find(' ');
    words.push_back(line.substr(0, blank));
    if (blank == std::string_view::npos) break;
    line.remove_prefix(blank + 1);
  }
  if (words.size() != 5) return std::nullopt;
  Header header;
  const auto number = [](std::string_view word, uint64_t most, uint64_t& into) {
    const auto read = std::from_chars(word.data(), word.data() + word.size(), into);
    return read.ec == std::errc() && read.ptr == word.data() + word.size() && into >= 1 && into <= most;
  };
  const std::optional<std::string> salt = Base64Decode(words[3]);
  if (!number(words[0], 20, header.cost.log_n) || !number(words[1], 8, header.cost.r) ||
      !number(words[2], 4, header.cost.p) || !salt) {
    return std::nullopt;
  }
  header.salt = *salt;
  header.check = std::string(words[4]);
  return header;
}

// Fewer than `size` at the end of the file alone.
absl::StatusOr<std::string> ReadSome(int fd, size_t size, const std::string& path) {
  std::string bytes(size, '\0');
  size_t filled = 0;
  while (filled < size) {
    const ssize_t count = read(fd, bytes.data() + filled, size - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, path);
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

absl::StatusOr<std::string> ReadHeaderLine(int fd, const std::string& path) {
  std::string line;
  while (line.size() < kLongestHeader) {
    ASSIGN_OR_RETURN(const std::string byte, ReadSome(fd, 1, path));
    if (byte.empty() || byte.front() == '\n') return line;
    line += byte;
  }
  return line;
}

}  // namespace

absl::StatusOr<std::string> ReadPassphrase(std::string_view text) {
  const std::string trimmed = Trimmed(text);
  if (const auto code = ReadPaperCode(trimmed)) return *code;
  if (LooksLikePaperCode(trimmed)) {
    return absl::InvalidArgumentError(
        "the passphrase looks like a code of 28 letters and digits, and its last two do not fit the rest: "
        "one is "
        "mistyped; compare it with what was written down");
  }
  if (trimmed.size() >= kLeastPassphrase) return trimmed;
  return absl::InvalidArgumentError(fmt::format(
      "a passphrase needs {} characters or more; \"concordat host passphrase FILE\" makes a good one "
      "that can be kept on paper",
      kLeastPassphrase));
}

absl::StatusOr<SealedWriter> SealedWriter::Begin(int fd, std::string path, std::string_view passphrase) {
  ASSIGN_OR_RETURN(const std::string words, ReadPassphrase(passphrase));
  SealedWriter writer;
  writer.fd_ = fd;
  writer.path_ = std::move(path);
  writer.digest_ = std::make_unique<Sha256Stream>();
  const Cost cost;
  const std::string salt = RandomBytes(kSaltBytes);
  ASSIGN_OR_RETURN(const std::string stretched, Stretched(words, salt, cost));
  const std::string header = HeaderWithoutCheck(cost, salt);
  writer.key_ = HmacSha256(stretched, header);
  RETURN_IF_ERROR(writer.Put(fmt::format("{} {}\n", header, CheckOf(writer.key_))));
  return writer;
}

absl::Status SealedWriter::Put(std::string_view bytes) {
  RETURN_IF_ERROR(WriteAll(fd_, bytes, path_));
  digest_->Update(bytes);
  bytes_ += bytes.size();
  return absl::OkStatus();
}

absl::Status SealedWriter::Frame(std::string_view text, bool last) {
  const std::string sealed = Seal(key_, text, ContextOf(frames_++, last));
  std::string length(4, '\0');
  for (size_t i = 0; i < 4; ++i) length[i] = static_cast<char>((sealed.size() >> (8 * i)) & 0xff);
  RETURN_IF_ERROR(Put(length));
  return Put(sealed);
}

absl::Status SealedWriter::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    // A full frame waits until more comes: the last one must know that it is.
    if (waiting_.size() == kFrameBytes) {
      RETURN_IF_ERROR(Frame(waiting_, false));
      waiting_.clear();
    }
    const size_t taken = std::min(bytes.size(), kFrameBytes - waiting_.size());
    waiting_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
  }
  return absl::OkStatus();
}

absl::Status SealedWriter::Finish() { return Frame(waiting_, true); }

absl::StatusOr<SealedReader> SealedReader::Open(int fd, std::string path, std::string_view passphrase) {
  ASSIGN_OR_RETURN(const std::string line, ReadHeaderLine(fd, path));
  const std::optional<Header> header = ReadHeader(line);
  if (!header) {
    return absl::InvalidArgumentError(
        fmt::format("{} is no sealed file of Concordat: its first line does not say so", path));
  }
  ASSIGN_OR_RETURN(const std::string words, ReadPassphrase(passphrase));
  ASSIGN_OR_RETURN(const std::string stretched, Stretched(words, header->salt, header->cost));
  SealedReader reader;
  reader.fd_ = fd;
  reader.path_ = std::move(path);
  reader.key_ = HmacSha256(stretched, HeaderWithoutCheck(header->cost, header->salt));
  if (CheckOf(reader.key_) != header->check) {
    return absl::PermissionDeniedError(
        fmt::format("the passphrase does not open {}: it was sealed with another one (or its first line was "
                    "changed). Look for the passphrase that was in use on the day it was made",
                    reader.path_));
  }
  return reader;
}

absl::Status SealedReader::Damaged(std::string_view what) const {
  return absl::DataLossError(
      fmt::format("{}: {}; nothing of it can be trusted: take another copy of the file", path_, what));
}

absl::Status SealedReader::NextFrame() {
  ASSIGN_OR_RETURN(const std::string length, ReadSome(fd_, 4, path_));
  if (length.size() < 4) return Damaged("its end is missing");
  size_t size = 0;
  for (size_t i = 0; i < 4; ++i) size |= size_t{static_cast<unsigned char>(length[i])} << (8 * i);
  if (size < kSealOverhead || size > kFrameBytes + kSealOverhead)
    return Damaged(fmt::format("it was changed at part {}", frames_));
  ASSIGN_OR_RETURN(const std::string sealed, ReadSome(fd_, size, path_));
  if (sealed.size() < size) return Damaged("its end is missing");
  absl::StatusOr<std::string> text = OpenSealed(key_, sealed, ContextOf(frames_, false));
  if (!text.ok()) {
    text = OpenSealed(key_, sealed, ContextOf(frames_, true));
    ended_ = text.ok();
  }
  if (!text.ok()) return Damaged(fmt::format("it was changed at part {}", frames_));
  ++frames_;
  frame_ = *std::move(text);
  taken_ = 0;
  if (!ended_) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string more, ReadSome(fd_, 1, path_));
  return more.empty() ? absl::OkStatus() : Damaged("something was added behind its end");
}

absl::StatusOr<std::string> SealedReader::Read(size_t size) {
  while (taken_ == frame_.size() && !ended_) RETURN_IF_ERROR(NextFrame());
  const size_t count = std::min(size, frame_.size() - taken_);
  std::string bytes = frame_.substr(taken_, count);
  taken_ += count;
  return bytes;
}

absl::StatusOr<std::string> SealedReader::ReadExactly(size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    ASSIGN_OR_RETURN(const std::string some, Read(size - bytes.size()));
    if (some.empty()) return Damaged("its content ends too early");
    bytes += some;
  }
  return bytes;
}

absl::StatusOr<std::string> SealedReader::ReadLine(size_t limit) {
  std::string line;
  while (line.size() < limit) {
    ASSIGN_OR_RETURN(const std::string byte, ReadExactly(1));
    if (byte.front() == '\n') return line;
    line += byte;
  }
  return Damaged("its content has a line without an end");
}

}  // namespace concordat
