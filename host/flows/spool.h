// Bytes on their way in: written to a file below the data folder while their digest is taken on another
// thread.
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
  /// `digest`: whether SHA-256 is taken.
  static absl::StatusOr<std::unique_ptr<Spool>> Create(const std::string& folder, bool digest);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  absl::Status Append(std::string chunk);
  /// After the last Append: waits for the digest; "sha256:..." or empty.
  std::string FinishDigest();
  /// Makes it durable under `path` (same file system). The descriptor stays open.
  absl::Status KeepAs(const std::string& path);

  int fd() const { return fd_.get(); }
  uint64_t bytes() const { return bytes_; }

 private:
  Spool() = default;
  void DigestOnThread();

  std::string path_;
  FileDescriptor fd_;
  uint64_t bytes_ = 0;
  bool wants_digest_ = false;
  std::string first_;  // the first chunk, kept back: a file of one needs no thread
  BoundedQueue<std::string> chunks_{64};
  std::string digest_;  // written by digester_, read after join
  std::thread digester_;
};

}  // namespace concordat::flows
