// The content of a backup: files one after another in one sealed stream, a manifest of their digests last.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/base/sealed_stream.h"
#include "host/base/status.h"

namespace concordat::flows {

/// One file of a backup. Paths are relative, with '/' between and no "..".
struct ArchiveFile {
  std::string path;
  uint64_t bytes = 0;
  unsigned mode = 0600;
  std::string sha256;  // "sha256:..."
};

/// Inside the sealed stream stands, for each file, a line {"path", "bytes", "mode"} and its bytes; then a
/// line
/// {"manifest": BYTES} and the manifest: {facts of the caller ..., "files": [{path, bytes, sha256}]}.
/// One thread at a time.
class ArchiveWriter {
 public:
  /// As SealedWriter::Begin.
  static absl::StatusOr<ArchiveWriter> Begin(int fd, std::string path, std::string_view passphrase);
  absl::Status AddText(const std::string& path, std::string_view text, unsigned mode = 0600);
  /// The first `bytes` bytes of the file at `disk_path`; DataLoss when it is shorter.
  absl::Status AddFile(const std::string& path, const std::string& disk_path, uint64_t bytes,
                       unsigned mode = 0600);
  /// The manifest, with these facts. Nothing may be added afterwards.
  absl::Status Finish(json::Object facts);
  uint64_t bytes() const { return stream_.bytes(); }
  std::string Digest() { return stream_.Digest(); }

 private:
  explicit ArchiveWriter(SealedWriter stream) : stream_(std::move(stream)) {}
  absl::Status Announce(const std::string& path, uint64_t bytes, unsigned mode);

  SealedWriter stream_;
  std::vector<ArchiveFile> files_;
};

/// Unpacks it again. One thread at a time.
class ArchiveReader {
 public:
  /// As SealedReader::Open. `folder` is there and empty; files are made below it, folders with mode 0700.
  static absl::StatusOr<ArchiveReader> Open(int fd, std::string path, std::string_view passphrase,
                                            std::string folder);
  /// The next file; false when all are there and the manifest agrees with them. DataLoss when anything is not
  /// as it was written; what was unpacked must then not be used.
  absl::StatusOr<bool> Next();
  /// Once Next has said false.
  const json::Object& manifest() const { return manifest_; }
  uint64_t unpacked_bytes() const { return unpacked_; }

 private:
  ArchiveReader(SealedReader stream, std::string folder)
      : stream_(std::move(stream)), folder_(std::move(folder)) {}
  absl::Status Unpack(ArchiveFile file);
  absl::Status ReadManifest(uint64_t bytes);

  SealedReader stream_;
  std::string folder_;
  std::vector<ArchiveFile> files_;
  json::Object manifest_;
  uint64_t unpacked_ = 0;
};

}  // namespace concordat::flows
