// Plain bytes that must rest on disk for a while, sealed: whoever copies the file learns its length alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/base/status.h"

namespace concordat::flows {

/// A nameless file of AES-256-GCM blocks under a key that is in this object's memory alone, so that nothing
/// of it outlives the process. Each block is bound to its number, so that none can be moved or repeated; the
/// number of blocks is known here, so that none can be cut off. One thread at a time.
class SealedSpool {
 public:
  /// In `folder`, which must be there.
  static absl::StatusOr<std::unique_ptr<SealedSpool>> Create(const std::string& folder);

  /// Any number of bytes. FailedPrecondition once it was rewound; Unavailable when the disk is full.
  absl::Status Append(std::string_view chunk);
  /// Ends the writing and goes (back) to the first byte.
  absl::Status Rewind();
  /// The next block (not the chunk that was appended, but the bytes in the same order), nothing after the
  /// last. DataLoss when the file was changed under us. FailedPrecondition before the first Rewind.
  absl::StatusOr<std::optional<std::string>> Next();

  /// Of what was appended, plain.
  uint64_t bytes() const { return bytes_; }
  /// "sha256:..." over the plain bytes; ends the writing as Rewind does.
  std::string FinishDigest();

 private:
  explicit SealedSpool(FileDescriptor fd);
  absl::Status WriteBlock(std::string_view text);

  const FileDescriptor fd_;
  const std::string key_;
  std::string open_block_;  // appended and not yet written
  uint64_t bytes_ = 0;
  uint64_t written_ = 0;  // blocks in the file
  uint64_t read_ = 0;     // blocks handed out since the last Rewind
  bool rewound_ = false;
  Sha256Stream stream_;
  std::string digest_;  // empty while bytes may follow
};

}  // namespace concordat::flows
