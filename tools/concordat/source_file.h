// The file a command works on: a path, or "-" for standard input, as an open and seekable file.
#pragma once

#include <string>

#include "host/base/files.h"

namespace concordat::cli {

struct SourceFile {
  FileDescriptor fd;
  std::string name;  // for messages: the file's name without its folders, or "(stdin)"
  uint64_t bytes = 0;
};

/// Standard input and pipes are copied into an unnamed temporary file first. NotFound, or the system's
/// reason.
absl::StatusOr<SourceFile> OpenSource(const std::string& path);

/// "sha256:..." of the whole file, from its start.
absl::StatusOr<std::string> DigestOfFile(const SourceFile& source);

}  // namespace concordat::cli
