#include "host/flows/inbox.h"

#include <errno.h>
#include <sys/stat.h>

#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/flows/inbox_job.h"
#include "host/flows/inbox_names.h"
#include "host/flows/inbox_period.h"

namespace concordat::flows {
namespace {

// People save a file that they mend more than once; an empty one is most often about to be filled.
constexpr int kLongerForMends = 6;
constexpr int kLongerForEmpty = 12;

}  // namespace

std::string ReasonStampText(const std::string& name, const FileStamp& stamp) {
  return fmt::format("{} {}", name, json::Compact(stamp.ToJson()));
}

FeedInbox::FeedInbox(const HostParts& host, const InboxSettings& settings, const FeedId& feed)
    : host_(host),
      settings_(settings),
      feed_(feed),
      folder_(settings.folder + "/" + feed.str()),
      table_path_(fmt::format("{}/inbox/{}.json", host.data_dir, feed.str())) {}

absl::Status FeedInbox::MakeFolder() const {
  // The group of the folder is for who shares it; an administrator's own choice stays.
  if (mkdir(folder_.c_str(), 0770) == 0) {
    chmod(folder_.c_str(), 0770);
  } else if (errno != EEXIST) {
    return ErrnoStatus(errno, "make the folder " + folder_);
  }
  return absl::OkStatus();
}

absl::Status FeedInbox::Open() {
  open_ = false;
  const auto policies = host_.policies->Get();
  const policy::Feed* feed = policies->set->FindFeed(feed_);
  if (feed == nullptr) return absl::NotFoundError(fmt::format("there is no feed {}", feed_.str()));
  partner_ = feed->partner;
  dataset_ = feed->dataset();
  absl::StatusOr<InboxTable> table = InboxTable::Load(table_path_);
  absl::Status opened = table.ok() ? MakeFolder() : table.status();
  if (opened.ok()) {
    table_ = *std::move(table);
    open_ = true;
    const absl::StatusOr<InboxFolder> folder = InboxFolder::Open(folder_);
    opened = folder.status();
    if (folder.ok()) {
      folder->RemoveLeftovers();
      opened = WriteReadme(*folder);  // a folder that cannot be written in is told, and watched all the same
    }
  }
  UpdateView(opened.ok() ? "" : std::string(MessageOf(opened)));
  return opened;
}

Caller FeedInbox::CallerOf() const {
  Caller caller;
  caller.partner = partner_;
  caller.role = "steward";
  caller.name = "inbox";
  caller.spiffe_id = std::string(kInboxSender) + feed_.str();
  return caller;
}

absl::Status FeedInbox::Save() { return table_.Save(table_path_); }

std::string FeedInbox::FolderOf(const std::string& path) const {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

absl::StatusOr<InboxFolder> FeedInbox::OpenFolderOf(const std::string& path) const {
  ASSIGN_OR_RETURN(InboxFolder folder, InboxFolder::Open(folder_));
  const std::string below = FolderOf(path);
  if (below.empty()) return folder;
  return folder.OpenFolder(below);
}

absl::StatusOr<std::vector<std::string>> FeedInbox::Look() {
  restless_ = false;
  if (!open_) {
    const absl::Status opened = Open();
    if (!open_) return opened;
  }
  files_ = 0;
  oddities_.clear();
  present_.clear();
  for (auto& [path, seen] : seen_) seen.why.clear();
  std::vector<std::string> ready;
  const absl::StatusOr<InboxFolder> folder = InboxFolder::Open(folder_);
  const absl::Status looked = folder.ok() ? LookAt(*folder, "", ready) : folder.status();
  UpdateView(looked.ok() ? "" : std::string(MessageOf(looked)));
  RETURN_IF_ERROR(looked);
  return ready;
}

absl::Status FeedInbox::LookAt(const InboxFolder& folder, const std::string& prefix,
                               std::vector<std::string>& ready) {
  ASSIGN_OR_RETURN(const std::vector<FolderItem> items, folder.List());
  names_.clear();
  for (const FolderItem& item : items) names_[item.name] = item.stamp;
  for (const FolderItem& item : items) {
    if (item.kind == FolderItem::Kind::kFile) LookAtFile(prefix, item, ready);
  }
  for (const FolderItem& item : items) {
    if (item.kind == FolderItem::Kind::kFile || IsSystemName(item.name)) continue;
    const std::string path = prefix + item.name;
    if (!IsUtf8(path)) continue;
    const bool is_folder = item.kind == FolderItem::Kind::kFolder;
    std::string why = "it is neither a file nor a folder";
    if (item.kind == FolderItem::Kind::kLink) why = kIsLink;
    if (is_folder) why = prefix.empty() ? kIsFolder : kIsDeepFolder;
    if (is_folder && prefix.empty() && IsPeriod(item.name)) {
      const absl::StatusOr<InboxFolder> below = folder.OpenFolder(item.name);
      const absl::Status looked = below.ok() ? LookAt(*below, path + "/", ready) : below.status();
      if (looked.ok()) continue;
      why = fmt::format("it cannot be looked into ({})", MessageOf(looked));
    }
    oddities_[path] = why;
    present_.insert(path);
    const auto known = table_.files.find(path);
    const bool due = known != table_.files.end() && known->second.phase != InboxEntry::Phase::kTold &&
                     (known->second.retry == absl::InfiniteFuture() || absl::Now() >= known->second.retry);
    if (known == table_.files.end() || known->second.stamp.inode != item.stamp.inode || due)
      ready.push_back(path);
  }
  return absl::OkStatus();
}

// Whether a folder's name is one period of the feed.
bool FeedInbox::IsPeriod(const std::string& name) const {
  const auto policies = host_.policies->Get();
  const policy::Feed* feed = policies->set->FindFeed(feed_);
  if (feed == nullptr) return false;
  const std::optional<policy::Duration> every =
      feed->schedule ? std::optional(feed->schedule->every) : std::nullopt;
  return PeriodsInName(name, every, policies->set->partnership).fitting.size() == 1;
}

bool FeedInbox::IsNews(const std::string& path, const FolderItem& item) const {
  const auto found = table_.files.find(path);
  if (found == table_.files.end()) return true;
  const InboxEntry& entry = found->second;
  if (entry.retry != absl::InfiniteFuture() && entry.stamp == item.stamp) return absl::Now() >= entry.retry;
  if (entry.stamp != item.stamp || entry.phase != InboxEntry::Phase::kTold) return true;
  return entry.wants_reason && ReasonStamp(item.name) != entry.reason_stamp;
}

std::string FeedInbox::ReasonStamp(const std::string& name) const {
  for (const std::string& reason : ReasonNames(name)) {
    const auto found = names_.find(reason);
    if (found != names_.end()) return ReasonStampText(reason, found->second);
  }
  return "";
}

void FeedInbox::LookAtFile(const std::string& prefix, const FolderItem& item,
                           std::vector<std::string>& ready) {
  if (IsSystemName(item.name) || IsResultName(item.name) || IsReasonName(item.name)) return;
  const std::string path = prefix + item.name;
  if (!IsUtf8(path)) {
    oddities_["(a file whose name is no UTF-8)"] = "rename it with plain letters";
    return;
  }
  if (IsPartialName(item.name)) {
    seen_[path] = {item.stamp, Steady::now(), "its name says that a program is still working on it", "", {}};
    return;
  }
  ++files_;
  present_.insert(path);
  const auto& written = table_.written[FolderOf(path)];
  const auto own = written.find(item.name);
  if (own != written.end() && own->second.stamp == item.stamp) return;
  if (!IsNews(path, item)) {
    seen_.erase(path);
    return;
  }
  Seen& seen = seen_[path];
  const Steady::time_point now = Steady::now();
  if (seen.stamp != item.stamp) seen = {item.stamp, now, "", "", {}};
  int times = item.stamp.bytes == 0 ? kLongerForEmpty : 1;
  if (own != written.end()) times = kLongerForMends;
  if (now - seen.since < absl::ToChronoNanoseconds(settings_.settle * times)) {
    seen.why = item.stamp.bytes == 0 ? "it is still empty" : "it arrived or changed moments ago";
    restless_ = true;
    return;
  }
  for (const std::string& lock : OfficeLocks(item.name)) {
    if (names_.count(lock) > 0)
      seen.why = fmt::format("it is open in an office program ({} lies beside it)", lock);
  }
  if (seen.why.empty() && now < seen.next) {
    seen.why = seen.held;
    restless_ = true;
    return;
  }
  if (seen.why.empty() || SaysThatItWaits(path, seen)) ready.push_back(path);
}

// A file that nobody may read for so long deserves a word beside it, once.
bool FeedInbox::SaysThatItWaits(const std::string& path, const Seen& seen) const {
  if (Steady::now() - seen.since < absl::ToChronoNanoseconds(settings_.settle * kLongerForEmpty))
    return false;
  const auto known = table_.files.find(path);
  return known == table_.files.end() || known->second.stamp != seen.stamp;
}

json::Object FeedInbox::View() const {
  const std::lock_guard lock(view_mutex_);
  return view_;
}

void FeedInbox::UpdateView(const std::string& problem) {
  json::Array waiting;
  json::Array failures;
  for (const auto& [path, seen] : seen_) {
    if (!seen.why.empty()) waiting.push_back(json::Object{{"file", path}, {"why", seen.why}});
  }
  const InboxEntry* last = nullptr;
  std::string last_file;
  for (const auto& [path, entry] : table_.files) {
    if (last == nullptr || entry.at > last->at) last = &entry, last_file = path;
    const bool waits =
        entry.untold.empty() && (entry.outcome == "waiting" || entry.retry != absl::InfiniteFuture());
    if (entry.outcome != "not_taken" && !waits && entry.untold.empty()) continue;
    if (present_.count(path) == 0) continue;  // taken away since: nobody waits for it
    if (const auto seen = seen_.find(path); seen != seen_.end() && !seen->second.why.empty()) continue;
    (waits ? waiting : failures)
        .push_back(json::Object{{"file", path},
                                {"why", entry.untold.empty() ? entry.message : entry.untold},
                                {"report", entry.report},
                                {"at", TimeText(entry.at)}});
  }
  for (const auto& [path, why] : oddities_) {
    if (table_.files.count(path) == 0) failures.push_back(json::Object{{"file", path}, {"why", why}});
  }
  json::Object view{{"feed", feed_.str()},
                    {"partner", partner_.str()},
                    {"dataset", dataset_.str()},
                    {"folder", folder_},
                    {"files", files_},
                    {"last", nullptr},
                    {"waiting", std::move(waiting)},
                    {"failures", std::move(failures)}};
  if (last != nullptr) {
    view["last"] =
        json::Object{{"file", last_file},      {"at", TimeText(last->at)},       {"outcome", last->outcome},
                     {"period", last->period}, {"submission", last->submission}, {"repeated", last->repeated},
                     {"report", last->report}};
  }
  if (!problem.empty()) view["problem"] = problem;
  const std::lock_guard lock(view_mutex_);
  view_ = std::move(view);
}

}  // namespace concordat::flows
