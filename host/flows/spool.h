// Bytes on their way in: written to a file below the data folder while their digest is taken on another
// thread. Sealed, unless they are open data.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "host/base/bounded_queue.h"
#include "host/base/files.h"
#include "host/base/status.h"

namespace concordat::flows {

/// A file that is removed unless it is kept. One thread at a time.
class Spool {
 public:
  enum class Rest {
    kSealed,  // blocks under a key of its own (host/base/sealed_blocks.h)
    kPlain    // for data that anybody may see on the disk
  };
  /// `digest`: whether SHA-256 is taken.
  static absl::StatusOr<std::unique_ptr<Spool>> Create(const std::string& folder, bool digest,
                                                       Rest rest = Rest::kSealed);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  absl::Status Append(std::string chunk);
  /// After the last Append: waits for the digest; "sha256:..." or empty.
  std::string FinishDigest();
  /// After the last Append and before anybody reads fd(). More than once is fine.
  absl::Status Finish();
  /// Plain bytes from `offset` on, fewer than `size` at the end alone; nothing when they end before.
  absl::StatusOr<std::string> Read(uint64_t offset, size_t size) const;
  /// Makes it durable under `path` (same file system). The descriptor stays open. A second path is the same file
  /// again.
  absl::Status KeepAs(const std::string& path);

  int fd() const { return fd_.get(); }
  /// Of the blocks that fd() reads; empty when its bytes are plain.
  const std::string& key() const { return key_; }
  /// Plain ones.
  uint64_t bytes() const { return bytes_; }

 private:
  Spool() = default;
  absl::Status Write(std::string_view chunk);
  absl::Status WriteBlock();
  void DigestOnThread();

  std::string path_;
  std::string kept_;  // where it was kept first
  FileDescriptor fd_;
  uint64_t bytes_ = 0;
  std::string key_;
  std::string open_block_;  // of a sealed one: appended and not yet written
  uint64_t blocks_ = 0;     // written
  bool wants_digest_ = false;
  std::string first_;  // the first chunk, kept back: a file of one needs no thread
  BoundedQueue<std::string> chunks_{64};
  std::string digest_;  // written by digester_, read after join
  std::thread digester_;
};

}  // namespace concordat::flows
