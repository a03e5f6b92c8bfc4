#include "tools/concordat/source_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/digest.h"

namespace concordat::cli {
namespace {

absl::Status CopyAll(int from, int to) {
  char buffer[1 << 16];
  while (true) {
    const ssize_t count = read(from, buffer, sizeof buffer);
    if (count == 0) return absl::OkStatus();
    if (count < 0) return ErrnoStatus(errno, "read standard input");
    for (ssize_t done = 0; done < count;) {
      const ssize_t written = write(to, buffer + done, static_cast<size_t>(count - done));
      if (written < 0) return ErrnoStatus(errno, "write temporary file");
      done += written;
    }
  }
}

absl::StatusOr<FileDescriptor> Seekable(FileDescriptor fd) {
  if (lseek(fd.get(), 0, SEEK_CUR) >= 0) return fd;
  const std::string folder = std::filesystem::temp_directory_path().string();
  FileDescriptor copy(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!copy.valid()) copy = FileDescriptor(memfd_create("stdin", MFD_CLOEXEC));
  if (!copy.valid()) return ErrnoStatus(errno, "make a temporary file in " + folder);
  RETURN_IF_ERROR(CopyAll(fd.get(), copy.get()));
  return copy;
}

}  // namespace

absl::StatusOr<SourceFile> OpenSource(const std::string& path) {
  SourceFile source;
  source.name = path == "-" ? "(stdin)" : std::filesystem::path(path).filename().string();
  FileDescriptor fd(path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // Whatever keeps a file from being read is the same to a script: exit code 2.
  if (!fd.valid()) return absl::UnavailableError(std::string(MessageOf(ErrnoStatus(errno, path))));
  struct stat facts;
  if (fstat(fd.get(), &facts) == 0 && S_ISDIR(facts.st_mode))
    return absl::UnavailableError(path + " is a folder, not a file");
  ASSIGN_OR_RETURN(source.fd, Seekable(std::move(fd)));
  source.bytes = static_cast<uint64_t>(lseek(source.fd.get(), 0, SEEK_END));
  lseek(source.fd.get(), 0, SEEK_SET);
  return source;
}

absl::StatusOr<std::string> DigestOfFile(const SourceFile& source) {
  Sha256Stream stream;
  std::string buffer(1 << 20, '\0');
  for (off_t offset = 0;;) {
    const ssize_t count = pread(source.fd.get(), buffer.data(), buffer.size(), offset);
    if (count < 0) return ErrnoStatus(errno, "read " + source.name);
    if (count == 0) return DigestText(stream.Finish());
    stream.Update({buffer.data(), static_cast<size_t>(count)});
    offset += count;
  }
}

}  // namespace concordat::cli
