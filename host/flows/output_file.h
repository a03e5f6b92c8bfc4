// A file that a user asked for: written in pieces, in place only when it is whole.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat::flows {

/// Buffered. Without Finish nothing appears at `path`. "-" is standard output. One thread at a time.
class OutputFile {
 public:
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Errors are kept and returned by Finish.
  void Write(std::string_view bytes);
  absl::Status Finish();

 private:
  OutputFile() = default;
  std::string path_;
  std::string part_;
  std::FILE* file_ = nullptr;
  int error_ = 0;
};

}  // namespace concordat::flows
