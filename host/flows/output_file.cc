#include "host/flows/output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "fmt/format.h"

namespace concordat::flows {
namespace {

// A pipe or a device cannot be replaced by a renamed file.
bool IsSpecial(const std::string& path) {
  struct stat facts;
  return stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode);
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path) {
  std::unique_ptr<OutputFile> file(new OutputFile);
  file->path_ = path;
  if (path == "-") {
    file->file_ = stdout;
    return file;
  }
  file->part_ = IsSpecial(path) ? "" : fmt::format("{}.{}.part", path, getpid());
  file->file_ = std::fopen(file->part_.empty() ? path.c_str() : file->part_.c_str(), "we");
  if (file->file_ == nullptr) return ErrnoStatus(errno, "create " + path);
  return file;
}

OutputFile::~OutputFile() {
  if (file_ == nullptr || file_ == stdout) return;
  std::fclose(file_);
  if (!part_.empty()) unlink(part_.c_str());
}

void OutputFile::Write(std::string_view bytes) {
  if (error_ == 0 && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) error_ = errno;
}

absl::Status OutputFile::Finish() {
  std::FILE* file = file_;
  file_ = nullptr;
  const bool flushed = (file == stdout ? std::fflush(file) : std::fclose(file)) == 0;
  if (!flushed && error_ == 0) error_ = errno;
  if (error_ == 0 && !part_.empty() && rename(part_.c_str(), path_.c_str()) != 0) error_ = errno;
  if (error_ == 0) return absl::OkStatus();
  if (!part_.empty()) unlink(part_.c_str());
  return ErrnoStatus(error_, "write " + path_);
}

}  // namespace concordat::flows
