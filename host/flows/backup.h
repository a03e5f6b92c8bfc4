// A backup of a running host: one sealed file, kept only once its restore was tried.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/base/files.h"
#include "host/flows/backup_archive.h"
#include "host/flows/backup_content.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct BackupRequest {
  Caller caller;           // must be on the host's own socket: the file is the host's machine's
  std::string file;        // absolute; must not be there, nor below the data folder
  std::string passphrase;  // as ReadPassphrase (base/sealed_stream.h)
};

struct BackupProgress {
  std::string stage;  // copy | write | restore | check
  uint64_t done = 0;  // bytes of `total`
  uint64_t total = 0;
};

/// One backup, a step at a time, while submissions go on. The file has no name before its restore was tried
/// below the data folder: a host that dies leaves nothing. One thread at a time; one backup of a host at a
/// time.
class Backup {
 public:
  /// PermissionDenied for anybody but a local administrator, AlreadyExists when the file is there,
  /// FailedPrecondition for another backup under way or a place that will not do.
  static absl::StatusOr<std::unique_ptr<Backup>> Start(const HostParts& host, const HostFiles& files,
                                                       BackupRequest request);
  ~Backup();
  /// The next step; false once the file is there and noted. After an error there is no file.
  absl::StatusOr<bool> Next(BackupProgress& progress);
  /// {file, bytes, sha256, submissions, receipts, leaves, sources, restoreTried, created}.
  const json::Object& result() const { return result_; }

 private:
  enum class Stage { kCopy, kWrite, kRestore, kCheck, kDone };

  Backup(const HostParts& host, HostFiles files, BackupRequest request)
      : host_(host), files_(std::move(files)), request_(std::move(request)) {}
  absl::Status OpenFile();
  absl::Status Copy();
  absl::Status RequireSpace() const;
  absl::Status Write(BackupProgress& progress);
  absl::Status BeginTrial();
  absl::Status Unpack(BackupProgress& progress);
  absl::Status Check();
  absl::Status Keep();
  absl::Status Failed(const absl::Status& why);

  const HostParts& host_;
  const HostFiles files_;
  const BackupRequest request_;
  Stage stage_ = Stage::kCopy;
  std::string aside_;  // folder of links and of the trial, below the data folder
  FileDescriptor fd_;
  std::string named_;  // where the file system cannot keep a file without a name: its name until it is whole
  BackupContent content_;
  size_t next_item_ = 0;
  uint64_t done_ = 0;
  absl::Time created_;
  std::unique_ptr<ArchiveWriter> writer_;
  std::unique_ptr<ArchiveReader> reader_;
  std::string digest_;
  json::Object result_;
};

/// Removes what a host that died left of a backup below its data folder.
void ClearBackups(const std::string& data_dir);
/// The last backup for `host status`: {at, file, restoreTried, ageDays ...}, or null when there is none.
absl::StatusOr<json::Value> LastBackupJson(const HostParts& host);

}  // namespace concordat::flows
