#include "host/flows/policy_archive.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/files.h"

namespace concordat::flows {
namespace {

constexpr size_t kLeastDigits = 8;
constexpr size_t kShown = 5;
constexpr std::string_view kPrefix = "sha256:";

std::string_view Digits(std::string_view digest) {
  return digest.starts_with(kPrefix) ? digest.substr(kPrefix.size()) : digest;
}

std::string HistoryPath(const std::string& folder) { return folder + "/history.jsonl"; }

std::string LineOf(const PolicyEntry& entry) {
  const json::Object object{{"digest", entry.digest}, {"since", TimeText(entry.since)},
                            {"how", entry.how},       {"by", entry.by},
                            {"reason", entry.reason}, {"insteadOf", entry.instead_of}};
  return json::Compact(object) + "\n";
}

absl::StatusOr<PolicyEntry> EntryOf(std::string_view line) {
  ASSIGN_OR_RETURN(const json::Value object, json::Parse(line));
  PolicyEntry entry;
  entry.digest = json::TextOr(object, "digest", "");
  ASSIGN_OR_RETURN(entry.since, ParseTime(json::TextOr(object, "since", "")));
  entry.how = json::TextOr(object, "how", "");
  entry.by = json::TextOr(object, "by", "");
  entry.reason = json::TextOr(object, "reason", "");
  entry.instead_of = json::TextOr(object, "insteadOf", "");
  return entry;
}

absl::Status AppendDurably(const std::string& path, const std::string& line) {
  const FileDescriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd.valid()) return ErrnoStatus(errno, "open " + path);
  RETURN_IF_ERROR(WriteAll(fd.get(), line, path));
  if (fsync(fd.get()) != 0) return ErrnoStatus(errno, "sync " + path);
  return absl::OkStatus();
}

// Documents and lists, nothing else that may lie in the folder.
absl::Status CopyFiles(const policy::PolicySet& set, const std::string& to) {
  for (const auto& [path, digest] : set.digests) {
    const auto added = set.additions.find(path);
    std::string content;
    if (added != set.additions.end()) {
      content = added->second;
    } else {
      ASSIGN_OR_RETURN(content, ReadFile(set.folder + "/" + path));
    }
    const std::string copy = to + "/" + path;
    RETURN_IF_ERROR(MakeFolders(std::filesystem::path(copy).parent_path().string()));
    RETURN_IF_ERROR(CreateFile(copy, content));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<PolicyArchive>> PolicyArchive::Open(const std::string& folder) {
  RETURN_IF_ERROR(MakeFolders(folder, 0700));
  std::unique_ptr<PolicyArchive> archive(new PolicyArchive(folder));
  const absl::StatusOr<std::string> text = ReadFile(HistoryPath(folder));
  if (absl::IsNotFound(text.status())) return archive;
  RETURN_IF_ERROR(text.status());
  size_t next = 0;
  for (size_t at = 0; at < text->size(); at = next + 1) {
    next = text->find('\n', at);
    if (next == std::string::npos) {  // half written: what it would have said was not in force yet
      if (truncate(HistoryPath(folder).c_str(), static_cast<off_t>(at)) == 0) break;
      return ErrnoStatus(errno, "mend " + HistoryPath(folder));
    }
    absl::StatusOr<PolicyEntry> entry = EntryOf(std::string_view(*text).substr(at, next - at));
    if (!entry.ok()) {
      return absl::DataLossError(fmt::format("{}: line {}: {}", HistoryPath(folder),
                                             archive->history_.size() + 1, MessageOf(entry.status())));
    }
    archive->history_.push_back(*std::move(entry));
  }
  return archive;
}

std::string PolicyArchive::PathOf(const std::string& digest) const {
  return folder_ + "/" + std::string(Digits(digest));
}

absl::Status PolicyArchive::Keep(const policy::PolicySet& set) const {
  const std::string kept = PathOf(set.digest);
  if (std::filesystem::exists(kept)) return absl::OkStatus();
  const std::string part = kept + ".part";
  std::error_code ignored;
  std::filesystem::remove_all(part, ignored);
  RETURN_IF_ERROR(MakeFolders(part, 0700));
  RETURN_IF_ERROR(CopyFiles(set, part));
  Issues issues;
  const auto copy = policy::LoadPolicySet(part, issues);
  if (copy == nullptr || copy->digest != set.digest) {
    return absl::FailedPreconditionError(
        fmt::format("{} changed while it was read; try again when nobody is writing there", set.folder));
  }
  if (rename(part.c_str(), kept.c_str()) != 0) return ErrnoStatus(errno, "keep the policies as " + kept);
  return absl::OkStatus();
}

absl::Status PolicyArchive::Enter(const policy::PolicySet& set, PolicyEntry entry) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Keep(set));
  const bool repeats = !history_.empty() && history_.back().digest == entry.digest;
  if (repeats && history_.back().how != "rollback" && entry.how != "rollback") return absl::OkStatus();
  RETURN_IF_ERROR(AppendDurably(HistoryPath(folder_), LineOf(entry)));
  history_.push_back(std::move(entry));
  return absl::OkStatus();
}

std::vector<PolicyEntry> PolicyArchive::History() const {
  const std::lock_guard lock(mutex_);
  return history_;
}

absl::StatusOr<std::string> PolicyArchive::FolderOf(const std::string& digest) const {
  const std::lock_guard lock(mutex_);
  const std::string_view digits = Digits(digest);
  std::set<std::string> meant;
  std::string newest;
  size_t shown = 0;
  for (auto entry = history_.rbegin(); entry != history_.rend(); ++entry) {
    const std::string_view known = Digits(entry->digest);
    if (digits.size() >= kLeastDigits && known.substr(0, digits.size()) == digits)
      meant.insert(entry->digest);
    if (shown++ < kShown) newest += fmt::format("\n  {}  {}", TimeText(entry->since), entry->digest);
  }
  if (meant.size() == 1) return PathOf(*meant.begin());
  return absl::NotFoundError(
      fmt::format("{} policies of this host have the digest {}; the newest ones in force were:{}",
                  meant.empty() ? "no" : "several", digest, newest));
}

json::Array HistoryJson(const std::vector<PolicyEntry>& history) {
  json::Array list;
  for (auto entry = history.rbegin(); entry != history.rend(); ++entry) {
    list.push_back(json::Object{{"digest", entry->digest},
                                {"since", TimeText(entry->since)},
                                {"how", entry->how},
                                {"by", entry->by},
                                {"reason", entry->reason},
                                {"inForce", entry == history.rbegin()}});
  }
  return list;
}

}  // namespace concordat::flows
