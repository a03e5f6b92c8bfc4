#include "host/flows/inboxes.h"

#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/flows/inbox_names.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kMisplaced = "misplaced-files.txt";

bool ActsFor(const Caller& caller, const PartnerId& partner) {
  return caller.administrator || caller.partner == partner;
}

uint64_t CountIn(const json::Object& view, std::string_view member) {
  const json::Value* list = view.if_contains(member);
  return list != nullptr && list->is_array() ? list->get_array().size() : 0;
}

}  // namespace

bool Inboxes::IsStale() const { return policy_digest_ != host_.policies->Get()->set->digest; }

absl::StatusOr<std::vector<std::string>> Inboxes::Sync() {
  std::vector<std::string> said;
  const auto policies = host_.policies->Get();
  RETURN_IF_ERROR(MakeFolders(settings_.folder, 0755));
  RETURN_IF_ERROR(MakeFolders(host_.data_dir + "/inbox", 0700));
  std::map<FeedId, std::shared_ptr<FeedInbox>> next;
  for (const policy::Feed& feed : policies->set->feeds) {
    std::shared_ptr<FeedInbox> inbox;
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = inboxes_.find(feed.id); known != inboxes_.end()) inbox = known->second;
    }
    if (inbox == nullptr) inbox = std::make_shared<FeedInbox>(host_, settings_, feed.id);
    const absl::Status opened = inbox->Open();
    if (!opened.ok()) said.push_back(fmt::format("inbox {}: {}", feed.id.str(), MessageOf(opened)));
    next[feed.id] = std::move(inbox);
  }
  policy_digest_ = policies->set->digest;
  const std::lock_guard lock(mutex_);
  inboxes_ = std::move(next);
  return said;
}

std::vector<std::shared_ptr<FeedInbox>> Inboxes::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<FeedInbox>> list;
  for (const auto& [id, inbox] : inboxes_) list.push_back(inbox);
  return list;
}

void Inboxes::LookAround() {
  const absl::StatusOr<InboxFolder> folder = InboxFolder::Open(settings_.folder);
  if (!folder.ok()) return;
  const absl::StatusOr<std::vector<FolderItem>> items = folder->List();
  if (!items.ok()) return;
  std::vector<std::pair<std::string, std::string>> found;
  for (const FolderItem& item : *items) {
    if (IsSystemName(item.name) || item.name == kMisplaced || item.name == kInboxReadme || !IsUtf8(item.name))
      continue;
    if (item.kind == FolderItem::Kind::kFolder) {
      const std::lock_guard lock(mutex_);
      if (inboxes_.count(FeedId(item.name)) == 0)
        found.emplace_back(item.name, "no feed of the policies has this name; nothing in it is taken in");
    } else {
      found.emplace_back(item.name,
                         item.kind == FolderItem::Kind::kFile
                             ? "it lies beside the folders of the feeds; move it into the one of its feed"
                             : "it is a link or no file; it is not looked at");
    }
  }
  {
    const std::lock_guard lock(mutex_);
    if (found == misplaced_ && (told_misplaced_ || found.empty())) return;
    misplaced_ = found;
  }
  std::string text = found.empty()
                         ? "Nothing is misplaced any more.\r\n"
                         : "These belong to no feed. Nothing was taken in, nothing was changed.\r\n\r\n";
  for (const auto& [name, why] : found) text += fmt::format("{}: {}\r\n", name, why);
  told_misplaced_ = ReplaceFile(settings_.folder + "/" + std::string(kMisplaced), text, 0644).ok();
}

json::Value Inboxes::ListFor(const Caller& caller, const PartnerId& partner) const {
  json::Array feeds;
  uint64_t waiting = 0;
  uint64_t failures = 0;
  for (const std::shared_ptr<FeedInbox>& inbox : all()) {
    json::Object view = inbox->View();
    const PartnerId owner(json::TextOr(view, "partner", ""));
    if (!ActsFor(caller, owner) || (!partner.empty() && owner != partner)) continue;
    waiting += CountIn(view, "waiting");
    failures += CountIn(view, "failures");
    feeds.push_back(std::move(view));
  }
  json::Object list{{"folder", settings_.folder},
                    {"settle", absl::ToDoubleSeconds(settings_.settle)},
                    {"feeds", std::move(feeds)},
                    {"waiting", waiting},
                    {"failures", failures}};
  if (!caller.administrator) return list;
  json::Array misplaced;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, why] : misplaced_) misplaced.push_back(json::Object{{"name", name}, {"why", why}});
  list["misplaced"] = std::move(misplaced);
  return list;
}

}  // namespace concordat::flows
