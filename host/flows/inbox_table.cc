#include "host/flows/inbox_table.h"

#include "fmt/format.h"
#include "host/base/clock.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kPhases[] = {"sending", "judged", "told"};

json::Object EntryJson(const InboxEntry& entry) {
  json::Object object{{"stamp", entry.stamp.ToJson()},
                      {"digest", entry.digest},
                      {"phase", boost::json::string(kPhases[static_cast<size_t>(entry.phase)])},
                      {"at", absl::ToUnixMillis(entry.at)},
                      {"outcome", entry.outcome}};
  const auto put = [&](const char* member, const std::string& text) {
    if (!text.empty()) object[member] = text;
  };
  put("period", entry.period);
  put("periodFrom", entry.period_from);
  put("mends", entry.mends);
  put("reason", entry.reason);
  put("reasonStamp", entry.reason_stamp);
  put("submission", entry.submission);
  put("message", entry.message);
  put("steps", entry.steps);
  put("untold", entry.untold);
  put("report", entry.report);
  if (entry.wants_reason) object["wantsReason"] = true;
  if (entry.repeated) object["repeated"] = true;
  if (entry.tries > 0) object["tries"] = entry.tries;
  if (entry.retry != absl::InfiniteFuture()) object["retry"] = absl::ToUnixMillis(entry.retry);
  return object;
}

int64_t NumberOr(const json::Value& object, std::string_view member, int64_t fallback) {
  const json::Value* found = json::Find(object, member);
  boost::json::error_code error;
  const int64_t number =
      found == nullptr || !found->is_number() ? fallback : found->to_number<int64_t>(error);
  return error ? fallback : number;
}

bool IsTrue(const json::Value& object, std::string_view member) {
  const json::Value* found = json::Find(object, member);
  return found != nullptr && found->is_bool() && found->get_bool();
}

InboxEntry EntryFrom(const json::Value& value) {
  InboxEntry entry;
  if (const json::Value* stamp = json::Find(value, "stamp")) entry.stamp = FileStamp::FromJson(*stamp);
  entry.digest = json::TextOr(value, "digest", "");
  const std::string phase = json::TextOr(value, "phase", "told");
  for (size_t i = 0; i < std::size(kPhases); ++i) {
    if (phase == kPhases[i]) entry.phase = static_cast<InboxEntry::Phase>(i);
  }
  entry.at = absl::FromUnixMillis(NumberOr(value, "at", 0));
  entry.outcome = json::TextOr(value, "outcome", "");
  entry.period = json::TextOr(value, "period", "");
  entry.period_from = json::TextOr(value, "periodFrom", "");
  entry.mends = json::TextOr(value, "mends", "");
  entry.reason = json::TextOr(value, "reason", "");
  entry.reason_stamp = json::TextOr(value, "reasonStamp", "");
  entry.submission = json::TextOr(value, "submission", "");
  entry.message = json::TextOr(value, "message", "");
  entry.steps = json::TextOr(value, "steps", "");
  entry.untold = json::TextOr(value, "untold", "");
  entry.report = json::TextOr(value, "report", "");
  entry.wants_reason = IsTrue(value, "wantsReason");
  entry.repeated = IsTrue(value, "repeated");
  entry.tries = static_cast<int>(NumberOr(value, "tries", 0));
  if (json::Find(value, "retry") != nullptr) entry.retry = absl::FromUnixMillis(NumberOr(value, "retry", 0));
  return entry;
}

template <typename Visit>
void EachMember(const json::Value& object, std::string_view member, const Visit& visit) {
  const json::Value* found = json::Find(object, member);
  if (found == nullptr || !found->is_object()) return;
  for (const auto& one : found->get_object())
    visit(std::string(one.key().data(), one.key().size()), one.value());
}

}  // namespace

absl::StatusOr<InboxTable> InboxTable::Load(const std::string& path) {
  InboxTable table;
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (absl::IsNotFound(text.status())) return table;
  RETURN_IF_ERROR(text.status());
  const absl::StatusOr<json::Value> document = json::Parse(*text);
  if (!document.ok()) {
    return absl::DataLossError(
        fmt::format("{} is damaged ({}): restore it from a backup, or remove it; then every file in that "
                    "inbox is looked at again",
                    path, MessageOf(document.status())));
  }
  EachMember(*document, "files",
             [&](std::string name, const json::Value& value) { table.files[name] = EntryFrom(value); });
  EachMember(*document, "toMend", [&](std::string name, const json::Value& value) {
    table.to_mend[name] = {json::TextOr(value, "submission", ""), json::TextOr(value, "of", "")};
  });
  EachMember(*document, "written", [&](std::string folder, const json::Value& files) {
    for (const auto& one : files.as_object()) {
      WrittenFile file;
      file.digest = json::TextOr(one.value(), "digest", "");
      if (const json::Value* stamp = json::Find(one.value(), "stamp"))
        file.stamp = FileStamp::FromJson(*stamp);
      table.written[folder][std::string(one.key().data(), one.key().size())] = file;
    }
  });
  return table;
}

absl::Status InboxTable::Save(const std::string& path) const {
  json::Object entries;
  for (const auto& [name, entry] : files) entries[name] = EntryJson(entry);
  json::Object mends;
  for (const auto& [name, one] : to_mend)
    mends[name] = json::Object{{"submission", one.submission}, {"of", one.of}};
  json::Object folders;
  for (const auto& [folder, names] : written) {
    json::Object list;
    for (const auto& [name, file] : names)
      list[name] = json::Object{{"digest", file.digest}, {"stamp", file.stamp.ToJson()}};
    folders[folder] = std::move(list);
  }
  return WriteFileAtomically(
      path,
      json::Pretty(json::Object{
          {"files", std::move(entries)}, {"toMend", std::move(mends)}, {"written", std::move(folders)}}),
      0600);
}

}  // namespace concordat::flows
