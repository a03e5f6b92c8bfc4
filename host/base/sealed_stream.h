// Bytes of any length as one sealed file that a passphrase opens: for what leaves the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/base/status.h"

namespace concordat {

/// A passphrase that may seal: a paper code (paper_code.h) in any way of writing it, or any other text of 20
/// characters or more; blanks around it do not count. InvalidArgument says what is wrong.
absl::StatusOr<std::string> ReadPassphrase(std::string_view text);

/// Writes a file:
///   "concordat-sealed 1 scrypt <log2 N> <r> <p> <salt> <check>\n"  (base64; RFC 7914)
///   frames: their length (4 bytes, little-endian), then Seal() of at most 256 KiB of plain bytes, bound to
///   the frame's number and to whether it is the last.
/// So no frame can be changed, left out, moved or cut off unnoticed. The key is HMAC-SHA-256 of the line
/// above without its check under what scrypt makes of the passphrase (128 MiB of memory, about half a
/// second). One thread at a time.
class SealedWriter {
 public:
  /// `fd` is written from where it stands and outlives the writer; `path` is for messages.
  static absl::StatusOr<SealedWriter> Begin(int fd, std::string path, std::string_view passphrase);
  absl::Status Write(std::string_view bytes);
  /// The last frame; nothing may be written afterwards. Not synced.
  absl::Status Finish();
  /// Of the file so far; the digest once it is finished.
  uint64_t bytes() const { return bytes_; }
  std::string Digest() { return DigestText(digest_->Finish()); }

 private:
  SealedWriter() = default;
  absl::Status Put(std::string_view bytes);
  absl::Status Frame(std::string_view text, bool last);

  int fd_ = -1;
  std::string path_, key_, waiting_;
  uint64_t frames_ = 0, bytes_ = 0;
  std::unique_ptr<Sha256Stream> digest_;
};

/// Reads it back. One thread at a time.
class SealedReader {
 public:
  /// `fd` is read from where it stands and outlives the reader. InvalidArgument when it is no such file;
  /// PermissionDenied when the passphrase is another one.
  static absl::StatusOr<SealedReader> Open(int fd, std::string path, std::string_view passphrase);
  /// At most `size` bytes, empty at the end alone. DataLoss when the file was changed or cut off.
  absl::StatusOr<std::string> Read(size_t size);
  /// Exactly so many; DataLoss when there are fewer.
  absl::StatusOr<std::string> ReadExactly(size_t size);
  /// Up to the next '\n', which is left out; DataLoss when there is none within `limit` bytes.
  absl::StatusOr<std::string> ReadLine(size_t limit);

 private:
  SealedReader() = default;
  absl::Status NextFrame();
  absl::Status Damaged(std::string_view what) const;

  int fd_ = -1;
  std::string path_, key_, frame_;
  size_t taken_ = 0;  // of frame_
  uint64_t frames_ = 0;
  bool ended_ = false;
};

}  // namespace concordat
