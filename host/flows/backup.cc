#include "host/flows/backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "fmt/format.h"
#include "host/flows/restore.h"

namespace concordat::flows {
namespace {

constexpr char kTurn[] = "host backup";
constexpr absl::Duration kStep = absl::Milliseconds(300);
constexpr uint64_t kSpareBytes = uint64_t{16} << 20;
constexpr char kFolder[] = "/backup";

absl::Status RequireLocal(const Caller& caller) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "back up the host"));
  if (caller.certificate_pem.empty()) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "a backup holds every key of the host and is written on its machine: ask for it there, through the "
      "host's "
      "socket (--host unix:DATA_DIR/run/concordat.sock)");
}

bool IsBelow(const std::string& path, const std::string& folder) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  const auto below = real.lexically_relative(std::filesystem::weakly_canonical(folder, error));
  return !below.empty() && *below.begin() != "..";
}

absl::StatusOr<uint64_t> FreeBytes(const std::string& folder) {
  struct statvfs facts;
  if (statvfs(folder.c_str(), &facts) != 0) return ErrnoStatus(errno, folder);
  return uint64_t{facts.f_bavail} * facts.f_frsize;
}

absl::Status RequireFree(const std::string& folder, uint64_t needed, std::string_view what) {
  ASSIGN_OR_RETURN(const uint64_t free, FreeBytes(folder));
  if (free >= needed) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("there is not enough room in {} for {}: {} MiB are needed, {} MiB are free", folder, what,
                  (needed >> 20) + 1, free >> 20));
}

std::string FolderOf(const std::string& file) { return std::filesystem::path(file).parent_path().string(); }

}  // namespace

absl::StatusOr<std::unique_ptr<Backup>> Backup::Start(const HostParts& host, const HostFiles& files,
                                                      BackupRequest request) {
  RETURN_IF_ERROR(RequireLocal(request.caller));
  RETURN_IF_ERROR(ReadPassphrase(request.passphrase).status());
  if (request.file.empty() || request.file.front() != '/')
    return absl::InvalidArgumentError("the backup's file needs a path from the root of the host's machine");
  if (IsBelow(request.file, host.data_dir)) {
    return absl::FailedPreconditionError(
        fmt::format("{} lies below the data folder {}, and would be lost with it: choose another place, best "
                    "another disk",
                    request.file, host.data_dir));
  }
  if (!host.turns->TryTake(kTurn))
    return absl::FailedPreconditionError("another backup of this host is under way; wait until it has ended");
  std::unique_ptr<Backup> backup(new Backup(host, files, std::move(request)));
  backup->created_ = host.clock->Now();
  RETURN_IF_ERROR(backup->OpenFile());
  return backup;
}

Backup::~Backup() {
  std::error_code ignored;
  if (!aside_.empty()) std::filesystem::remove_all(aside_, ignored);
  if (!named_.empty()) unlink(named_.c_str());
  host_.turns->Return(kTurn);
}

// Without a name until it is whole: whoever kills the host in between leaves nothing behind.
absl::Status Backup::OpenFile() {
  struct stat facts;
  if (stat(request_.file.c_str(), &facts) == 0) {
    return absl::AlreadyExistsError(fmt::format(
        "{} is there already and is not overwritten; give each backup a name of its own, such as one "
        "with the date",
        request_.file));
  }
  const std::string folder = FolderOf(request_.file);
  fd_ = FileDescriptor(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd_.valid()) return absl::OkStatus();
  if (errno != EOPNOTSUPP && errno != EISDIR)
    return ErrnoStatus(errno, fmt::format("create a file in {} (as the host's user)", folder));
  named_ = request_.file + ".part";
  unlink(named_.c_str());
  fd_ = FileDescriptor(open(named_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  return fd_.valid() ? absl::OkStatus() : ErrnoStatus(errno, "create " + named_);
}

absl::Status Backup::RequireSpace() const {
  const std::string target = FolderOf(request_.file);
  struct stat there, here;
  const bool same = stat(target.c_str(), &there) == 0 && stat(host_.data_dir.c_str(), &here) == 0 &&
                    there.st_dev == here.st_dev;
  const uint64_t needed = content_.bytes + content_.bytes / 1000 + kSpareBytes;
  RETURN_IF_ERROR(
      RequireFree(target, same ? 2 * needed : needed, same ? "the backup and its trial" : "the backup"));
  return same ? absl::OkStatus() : RequireFree(host_.data_dir, needed, "the trial to restore the backup");
}

absl::Status Backup::Copy() {
  aside_ = host_.data_dir + kFolder + "/" + NewRandomId("B-");
  ASSIGN_OR_RETURN(content_, CollectBackup(host_, files_, aside_));
  RETURN_IF_ERROR(RequireSpace());
  ASSIGN_OR_RETURN(ArchiveWriter writer, ArchiveWriter::Begin(fd_.get(), request_.file, request_.passphrase));
  writer_ = std::make_unique<ArchiveWriter>(std::move(writer));
  stage_ = Stage::kWrite;
  return absl::OkStatus();
}

absl::Status Backup::Write(BackupProgress& progress) {
  const absl::Time until = absl::Now() + kStep;
  while (next_item_ < content_.items.size() && absl::Now() < until) {
    const BackupItem& item = content_.items[next_item_++];
    RETURN_IF_ERROR(item.disk.empty() ? writer_->AddText(item.path, item.text)
                                      : writer_->AddFile(item.path, item.disk, item.bytes));
    done_ += item.bytes;
  }
  progress.done = done_;
  if (next_item_ < content_.items.size()) return absl::OkStatus();
  const auto policies = host_.policies->Get();
  RETURN_IF_ERROR(writer_->Finish({{"created", TimeText(created_)},
                                   {"host", host_.host_name},
                                   {"dataDir", host_.data_dir},
                                   {"policyDigest", policies->set->digest},
                                   {"submissions", content_.store.submissions},
                                   {"receipts", content_.store.receipts},
                                   {"leaves", content_.leaves},
                                   {"storeVersion", content_.store.version}}));
  if (fsync(fd_.get()) != 0) return ErrnoStatus(errno, "sync " + request_.file);
  digest_ = writer_->Digest();
  return BeginTrial();
}

absl::Status Backup::BeginTrial() {
  std::error_code ignored;
  std::filesystem::remove_all(aside_, ignored);  // the links: the file has it all now
  RETURN_IF_ERROR(MakeFolders(aside_, 0700));
  if (lseek(fd_.get(), 0, SEEK_SET) != 0) return ErrnoStatus(errno, "read " + request_.file);
  ASSIGN_OR_RETURN(ArchiveReader reader,
                   ArchiveReader::Open(fd_.get(), request_.file, request_.passphrase, aside_));
  reader_ = std::make_unique<ArchiveReader>(std::move(reader));
  stage_ = Stage::kRestore;
  return absl::OkStatus();
}

absl::Status Backup::Unpack(BackupProgress& progress) {
  const absl::Time until = absl::Now() + kStep;
  bool more = true;
  while (more && absl::Now() < until) {
    ASSIGN_OR_RETURN(more, reader_->Next());
  }
  progress.done = reader_->unpacked_bytes();
  if (!more) stage_ = Stage::kCheck;
  return absl::OkStatus();
}

absl::Status Backup::Check() {
  ASSIGN_OR_RETURN(result_, CheckUnpacked(aside_));
  const json::Value* found = result_.if_contains("submissions");
  if (found != nullptr && found->to_number<uint64_t>() == content_.store.submissions) return absl::OkStatus();
  return absl::DataLossError("the restored store holds another number of submissions than the host");
}

absl::Status Backup::Keep() {
  const std::string self = named_.empty() ? fmt::format("/proc/self/fd/{}", fd_.get()) : named_;
  // Unlike rename, never over a file that has come there meanwhile.
  if (linkat(AT_FDCWD, self.c_str(), AT_FDCWD, request_.file.c_str(), AT_SYMLINK_FOLLOW) != 0)
    return ErrnoStatus(errno, "give the backup its name " + request_.file);
  const FileDescriptor folder(open(FolderOf(request_.file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || fsync(folder.get()) != 0)
    return ErrnoStatus(errno, "sync " + FolderOf(request_.file));
  result_["file"] = request_.file;
  result_["bytes"] = writer_->bytes();
  result_["sha256"] = digest_;
  result_["created"] = TimeText(created_);
  result_["restoreTried"] = true;
  RETURN_IF_ERROR(
      store::AdministrationOf(*host_.store)
          .AddBackup({created_, request_.file, writer_->bytes(), digest_, content_.store.submissions,
                      content_.store.receipts, true, "", request_.caller.spiffe_id}));
  stage_ = Stage::kDone;
  return absl::OkStatus();
}

// A trial that failed counts, too: self-assessments ask how many succeeded.
absl::Status Backup::Failed(const absl::Status& why) {
  const std::string message(MessageOf(why));
  RETURN_IF_ERROR(store::AdministrationOf(*host_.store)
                      .AddBackup({created_, request_.file, writer_->bytes(), "", content_.store.submissions,
                                  content_.store.receipts, false, message, request_.caller.spiffe_id}));
  return Annotate(why, "the backup was written, but could not be restored on trial, and is not kept");
}

absl::StatusOr<bool> Backup::Next(BackupProgress& progress) {
  progress.total = content_.bytes;
  switch (stage_) {
    case Stage::kCopy:
      progress.stage = "copy";
      RETURN_IF_ERROR(Copy());
      return true;
    case Stage::kWrite:
      progress.stage = "write";
      RETURN_IF_ERROR(Write(progress));
      return true;
    case Stage::kRestore: {
      progress.stage = "restore";
      const absl::Status unpacked = Unpack(progress);
      if (!unpacked.ok()) return Failed(unpacked);
      return true;
    }
    case Stage::kCheck: {
      progress.stage = "check";
      progress.done = content_.bytes;
      const absl::Status checked = Check();
      if (!checked.ok()) return Failed(checked);
      RETURN_IF_ERROR(Keep());
      return false;
    }
    case Stage::kDone:
      break;
  }
  return false;
}

void ClearBackups(const std::string& data_dir) {
  std::error_code ignored;
  std::filesystem::remove_all(data_dir + kFolder, ignored);
}

absl::StatusOr<json::Value> LastBackupJson(const HostParts& host) {
  ASSIGN_OR_RETURN(const std::vector<store::BackupNote> backups,
                   store::AdministrationOf(*host.store).Backups());
  if (backups.empty()) return json::Value();
  const auto good =
      std::find_if(backups.begin(), backups.end(), [](const auto& one) { return one.restored; });
  const store::BackupNote& last = good == backups.end() ? backups.front() : *good;
  json::Object told{{"at", TimeText(last.at)},
                    {"file", last.file},
                    {"bytes", last.bytes},
                    {"sha256", last.digest},
                    {"submissions", last.submissions},
                    {"restoreTried", last.restored},
                    {"ageDays", absl::ToInt64Hours(host.clock->Now() - last.at) / 24}};
  if (!backups.front().restored) told["lastFailure"] = backups.front().message;
  return told;
}

}  // namespace concordat::flows
