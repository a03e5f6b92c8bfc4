#include "host/flows/backup_content.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "fmt/format.h"
#include "host/audit/checkpoint.h"
#include "host/audit/leaf_file.h"
#include "host/base/files.h"

namespace concordat::flows {
namespace {

constexpr int kMostCopies = 5;

// Handled one by one, or not kept: an upload under way was never acknowledged, a socket is made anew.
const std::set<std::string>& NotTakenWhole() {
  static const std::set<std::string> names{"spool", "run", "store", "audit", "sources", "backup"};
  return names;
}

// Without what is handled one by one; ".part" is the beginning of a file that is being replaced.
absl::StatusOr<std::vector<std::string>> FilesToTake(const std::string& folder, bool of_data) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (of_data && NotTakenWhole().contains(name)) continue;
    if (entry.is_regular_file(error)) files.push_back(name);
    if (!entry.is_directory(error)) continue;
    ASSIGN_OR_RETURN(const std::vector<std::string> below, ListFiles(entry.path().string()));
    for (const std::string& file : below) files.push_back(fmt::format("{}/{}", name, file));
  }
  std::erase_if(files,
                [](const std::string& file) { return std::filesystem::path(file).extension() == ".part"; });
  return files;
}

// One collection; used once.
class Collector {
 public:
  Collector(const HostParts& host, const HostFiles& files, std::string aside)
      : host_(host), files_(files), aside_(std::move(aside)) {}
  absl::StatusOr<BackupContent> Collect();

 private:
  absl::Status TryCopy(bool& stale);
  absl::Status LinkAside(const std::string& from, const std::string& name, bool& gone);
  absl::Status AddItem(std::string path, std::string disk);
  absl::Status AddWhole(std::string path, const std::string& disk);
  absl::Status AddLog();
  absl::Status AddRest();
  absl::Status AddKeys();

  const HostParts& host_;
  const HostFiles& files_;
  const std::string aside_;
  BackupContent content_;
};

absl::StatusOr<BackupContent> Collector::Collect() {
  bool stale = true;
  for (int tries = 0; stale && tries < kMostCopies; ++tries) RETURN_IF_ERROR(TryCopy(stale));
  if (stale)
    return absl::UnavailableError(
        "submissions are being erased one after another; try again when that is over");
  RETURN_IF_ERROR(AddLog());
  RETURN_IF_ERROR(AddRest());
  RETURN_IF_ERROR(AddKeys());
  for (const BackupItem& item : content_.items) content_.bytes += item.bytes;
  return std::move(content_);
}

absl::Status Collector::LinkAside(const std::string& from, const std::string& name, bool& gone) {
  const std::string to = fmt::format("{}/{}", aside_, name);
  RETURN_IF_ERROR(MakeFolders(std::filesystem::path(to).parent_path().string(), 0700));
  gone = false;
  if (link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  gone = errno == ENOENT;
  return gone ? absl::OkStatus() : ErrnoStatus(errno, "link " + from);
}

absl::Status Collector::AddItem(std::string path, std::string disk) {
  struct stat facts;
  if (stat(disk.c_str(), &facts) != 0) return ErrnoStatus(errno, disk);
  const auto bytes = static_cast<uint64_t>(facts.st_size);
  content_.items.push_back({std::move(path), std::move(disk), "", bytes});
  return absl::OkStatus();
}

// Of what may be replaced at any moment: read at once, so that it is the old content or the new.
absl::Status Collector::AddWhole(std::string path, const std::string& disk) {
  ASSIGN_OR_RETURN(std::string text, ReadFile(disk));
  const uint64_t bytes = text.size();
  content_.items.push_back({std::move(path), "", std::move(text), bytes});
  return absl::OkStatus();
}

absl::Status Collector::TryCopy(bool& stale) {
  stale = false;
  std::error_code ignored;
  std::filesystem::remove_all(aside_, ignored);
  content_.items.clear();
  RETURN_IF_ERROR(MakeFolders(aside_, 0700));
  const std::string control = aside_ + "/control.db";
  RETURN_IF_ERROR(store::AdministrationOf(*host_.store).CopyControl(control));
  ASSIGN_OR_RETURN(content_.store, store::ContentsOfControl(control));
  RETURN_IF_ERROR(AddItem("data/store/control.db", control));
  for (const std::string& file : content_.store.files) {
    RETURN_IF_ERROR(LinkAside(host_.data_dir + "/store/" + file, "store/" + file, stale));
    if (stale) return absl::OkStatus();  // erased since the copy, which still has its key
    RETURN_IF_ERROR(AddItem("data/store/" + file, aside_ + "/store/" + file));
  }
  for (const std::string& attempt : content_.store.attempts) {
    bool gone = false;  // no longer kept, or mended: then it is its first attempt's
    RETURN_IF_ERROR(LinkAside(host_.SourceOf(attempt), "sources/" + attempt, gone));
    if (!gone) RETURN_IF_ERROR(AddItem("data/sources/" + attempt, aside_ + "/sources/" + attempt));
  }
  return absl::OkStatus();
}

// Notes before checkpoint before leaves: each may know of more than the one before, never of less.
absl::Status Collector::AddLog() {
  const std::string folder = host_.data_dir + "/audit";
  const absl::StatusOr<std::string> history = ReadFile(folder + "/checkpoints.log");
  if (!history.ok() && !absl::IsNotFound(history.status())) return history.status();
  const std::string checkpoint = host_.log->LatestCheckpoint();
  ASSIGN_OR_RETURN(const audit::Checkpoint opened,
                   audit::OpenCheckpoint(checkpoint, host_.log->public_key()));
  content_.leaves = opened.size;
  content_.items.push_back(
      {"data/audit/leaves.log", folder + "/leaves.log", "", content_.leaves * audit::kLeafLineBytes});
  content_.items.push_back({"data/audit/checkpoint", "", checkpoint, checkpoint.size()});
  if (history.ok()) content_.items.push_back({"data/audit/checkpoints.log", "", *history, history->size()});
  return absl::OkStatus();
}

// Policies that were in force, proposals, what adapters and inboxes remember; and the policies folder.
absl::Status Collector::AddRest() {
  for (const auto& [prefix, folder] : {std::pair<std::string, std::string>{"data/", host_.data_dir},
                                       {"policies/", host_.policies->Get()->set->folder}}) {
    ASSIGN_OR_RETURN(const std::vector<std::string> files, FilesToTake(folder, prefix == "data/"));
    for (const std::string& file : files) {
      const absl::Status added = AddWhole(prefix + file, fmt::format("{}/{}", folder, file));
      if (!added.ok() && !absl::IsNotFound(added)) return added;  // gone since they were listed
    }
  }
  return absl::OkStatus();
}

absl::Status Collector::AddKeys() {
  RETURN_IF_ERROR(AddWhole("keys/store.key", files_.store_key));
  RETURN_IF_ERROR(AddWhole("keys/host-signing.key", files_.signing_key));
  if (!files_.settings.empty()) RETURN_IF_ERROR(AddWhole("settings/concordat.yaml", files_.settings));
  if (!files_.tls_cert.empty()) RETURN_IF_ERROR(AddWhole("settings/host.crt", files_.tls_cert));
  if (!files_.tls_key.empty()) RETURN_IF_ERROR(AddWhole("settings/host.key", files_.tls_key));
  if (!files_.client_ca.empty()) RETURN_IF_ERROR(AddWhole("settings/ca.crt", files_.client_ca));
  // A host does not start without a key that its settings trust.
  for (size_t i = 0; i < files_.trust_keys.size(); ++i)
    RETURN_IF_ERROR(AddWhole(fmt::format("settings/trust-{}.pub", i + 1), files_.trust_keys[i]));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BackupContent> CollectBackup(const HostParts& host, const HostFiles& files,
                                            const std::string& aside) {
  return Collector(host, files, aside).Collect();
}

}  // namespace concordat::flows
