#include "host/flows/backup_archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/files.h"

namespace concordat::flows {
namespace {

constexpr size_t kPiece = size_t{1} << 20;
constexpr size_t kLongestLine = 16384;
constexpr size_t kLargestManifest = size_t{1} << 30;

bool IsSafe(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string::npos) return false;
  for (const auto& part : std::filesystem::path(path)) {
    if (part == ".." || part == "." || part.empty()) return false;
  }
  return true;
}

uint64_t NumberIn(const json::Value& object, std::string_view name) {
  const json::Value* value = json::Find(object, name);
  if (value == nullptr || !value->is_number()) return 0;
  return value->is_int64() && value->get_int64() < 0 ? 0 : value->to_number<uint64_t>();
}

}  // namespace

absl::StatusOr<ArchiveWriter> ArchiveWriter::Begin(int fd, std::string path, std::string_view passphrase) {
  ASSIGN_OR_RETURN(SealedWriter stream, SealedWriter::Begin(fd, std::move(path), passphrase));
  return ArchiveWriter(std::move(stream));
}

absl::Status ArchiveWriter::Announce(const std::string& path, uint64_t bytes, unsigned mode) {
  const json::Object line{{"path", path}, {"bytes", bytes}, {"mode", mode}};
  return stream_.Write(json::Compact(line) + "\n");
}

absl::Status ArchiveWriter::AddText(const std::string& path, std::string_view text, unsigned mode) {
  RETURN_IF_ERROR(Announce(path, text.size(), mode));
  files_.push_back({path, text.size(), mode, DigestOf(text)});
  return stream_.Write(text);
}

absl::Status ArchiveWriter::AddFile(const std::string& path, const std::string& disk_path, uint64_t bytes,
                                    unsigned mode) {
  ASSIGN_OR_RETURN(const FileDescriptor fd, OpenForReading(disk_path));
  RETURN_IF_ERROR(Announce(path, bytes, mode));
  Sha256Stream digest;
  std::string buffer(kPiece, '\0');
  for (uint64_t left = bytes; left > 0;) {
    const ssize_t count = read(fd.get(), buffer.data(), std::min<uint64_t>(left, buffer.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoStatus(errno, disk_path);
    if (count == 0)
      return absl::DataLossError(fmt::format("{} became shorter while it was copied", disk_path));
    const std::string_view piece(buffer.data(), static_cast<size_t>(count));
    digest.Update(piece);
    RETURN_IF_ERROR(stream_.Write(piece));
    left -= piece.size();
  }
  files_.push_back({path, bytes, mode, DigestText(digest.Finish())});
  return absl::OkStatus();
}

absl::Status ArchiveWriter::Finish(json::Object facts) {
  json::Array files;
  for (const ArchiveFile& file : files_)
    files.push_back(json::Object{{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  facts["files"] = std::move(files);
  const std::string manifest = json::Compact(facts);
  RETURN_IF_ERROR(stream_.Write(json::Compact(json::Object{{"manifest", manifest.size()}}) + "\n"));
  RETURN_IF_ERROR(stream_.Write(manifest));
  return stream_.Finish();
}

absl::StatusOr<ArchiveReader> ArchiveReader::Open(int fd, std::string path, std::string_view passphrase,
                                                  std::string folder) {
  ASSIGN_OR_RETURN(SealedReader stream, SealedReader::Open(fd, std::move(path), passphrase));
  return ArchiveReader(std::move(stream), std::move(folder));
}

absl::StatusOr<bool> ArchiveReader::Next() {
  ASSIGN_OR_RETURN(const std::string text, stream_.ReadLine(kLongestLine));
  ASSIGN_OR_RETURN(const json::Value line, json::Parse(text));
  if (json::Find(line, "manifest") != nullptr) {
    RETURN_IF_ERROR(ReadManifest(NumberIn(line, "manifest")));
    return false;
  }
  ArchiveFile file;
  file.path = json::TextOr(line, "path", "");
  file.bytes = NumberIn(line, "bytes");
  file.mode = static_cast<unsigned>(NumberIn(line, "mode")) & 0700;  // nobody else reads a restored host
  RETURN_IF_ERROR(Unpack(std::move(file)));
  return true;
}

absl::Status ArchiveReader::Unpack(ArchiveFile file) {
  if (!IsSafe(file.path))
    return absl::DataLossError(fmt::format("the backup names a file \"{}\"", file.path));
  const std::string path = fmt::format("{}/{}", folder_, file.path);
  RETURN_IF_ERROR(MakeFolders(std::filesystem::path(path).parent_path().string(), 0700));
  const FileDescriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file.mode));
  if (!fd.valid()) return ErrnoStatus(errno, "create " + path);
  Sha256Stream digest;
  for (uint64_t left = file.bytes; left > 0;) {
    ASSIGN_OR_RETURN(const std::string piece, stream_.Read(std::min<uint64_t>(left, kPiece)));
    if (piece.empty()) return absl::DataLossError("the backup ends within " + file.path);
    digest.Update(piece);
    RETURN_IF_ERROR(WriteAll(fd.get(), piece, path));
    left -= piece.size();
    unpacked_ += piece.size();
  }
  file.sha256 = DigestText(digest.Finish());
  files_.push_back(std::move(file));
  return absl::OkStatus();
}

absl::Status ArchiveReader::ReadManifest(uint64_t bytes) {
  if (bytes > kLargestManifest) return absl::DataLossError("the backup's manifest is too large");
  ASSIGN_OR_RETURN(const std::string text, stream_.ReadExactly(bytes));
  ASSIGN_OR_RETURN(const std::string more, stream_.Read(1));
  if (!more.empty()) return absl::DataLossError("something stands behind the backup's manifest");
  ASSIGN_OR_RETURN(const json::Value manifest, json::Parse(text));
  const json::Value* list = json::Find(manifest, "files");
  if (list == nullptr || !list->is_array() || list->get_array().size() != files_.size())
    return absl::DataLossError("the backup's manifest does not name the files that are in it");
  for (size_t i = 0; i < files_.size(); ++i) {
    const json::Value& named = list->get_array()[i];
    if (json::TextOr(named, "path", "") != files_[i].path ||
        json::TextOr(named, "sha256", "") != files_[i].sha256)
      return absl::DataLossError(fmt::format("{} is not as the backup's manifest says", files_[i].path));
  }
  manifest_ = manifest.as_object();
  manifest_.erase("files");
  manifest_["files"] = files_.size();
  return absl::OkStatus();
}

}  // namespace concordat::flows
