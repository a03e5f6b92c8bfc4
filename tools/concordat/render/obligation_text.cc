#include "tools/concordat/render/obligation_text.h"

#include <map>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

std::string KindText(const std::string& kind) {
  if (kind == "deletion_certificate") return "deletion certificate";
  if (kind == "emergency_review") return "emergency review";
  return kind;
}

std::string SpanText(uint64_t seconds) {
  const uint64_t hours = seconds / 3600;
  if (hours >= 48) return fmt::format("{} days", hours / 24);
  if (hours >= 1) return fmt::format("{} hour{}", hours, hours == 1 ? "" : "s");
  return seconds < 60 ? "under a minute" : fmt::format("{} min", seconds / 60);
}

std::string SubjectLine(const json::Value& obligation) {
  std::string text = json::TextOr(obligation, "dataset", "");
  for (const auto& [member, word] : {std::pair("protocol", "under"),
                                     {"disclosure", "disclosure"},
                                     {"submission", "submission"},
                                     {"field", "field"},
                                     {"record", "record"}}) {
    const std::string value = json::TextOr(obligation, member, "");
    if (!value.empty()) text += fmt::format(", {} {}", word, value);
  }
  if (const std::string asked_by = json::TextOr(obligation, "askedBy", ""); !asked_by.empty())
    text += ", asked by " + asked_by;
  return text;
}

std::string HowToClose(const json::Value& obligation) {
  const std::string kind = json::TextOr(obligation, "kind", "");
  std::string command =
      fmt::format("concordat due close {} --evidence \"...\"", json::TextOr(obligation, "id", ""));
  if (kind == "dispute") command += " --outcome upheld (or rejected)";
  if (kind == "emergency_review") command += " --outcome justified (or unjustified)";
  return command;
}

std::string TimesLine(const json::Value& obligation) {
  std::string text;
  if (Member(obligation, "secondsToNotify").is_number())
    text +=
        fmt::format("    told {} after the correction\n", SpanText(CountOf(obligation, "secondsToNotify")));
  if (Member(obligation, "secondsToClose").is_number())
    text += fmt::format("    closed after {}\n", SpanText(CountOf(obligation, "secondsToClose")));
  return text;
}

}  // namespace

std::string DueText(const json::Value& item) {
  const auto late = CountOf(item, "daysLate");
  return late > 0 ? Paint(Colour::kBad, fmt::format("{} day{} late", late, late == 1 ? "" : "s"))
                  : fmt::format("due {}", json::TextOr(item, "due", ""));
}

namespace {

std::string AssessmentDueText(const json::Value& item) {
  const std::string group = json::TextOr(item, "group", "");
  const std::string subject = json::TextOr(item, "subject", "");
  return fmt::format(
      "  {:<32} {}\n    self-assessment of {}{}{}: {}, {}\n    {}: {}\n", json::TextOr(item, "id", ""),
      DueText(item), json::TextOr(item, "partner", ""), group.empty() ? "" : ", group " + group,
      subject.empty() ? "" : fmt::format(", \"{}\"", subject), json::TextOr(item, "title", ""),
      json::TextOr(item, "cycle", ""), Member(item, "assessment").is_null() ? "begin" : "hand it in",
      json::TextOr(item, "closeWith", ""));
}

std::string ActionDueText(const json::Value& item) {
  const std::string about = json::TextOr(item, "item", "");
  const std::string resource = json::TextOr(item, "resource", "");
  return fmt::format("  {:<32} {}\n    action of {}: {}\n    owner: {}{}; for {}{}\n    close it: {}\n",
                     json::TextOr(item, "id", ""), DueText(item), json::TextOr(item, "partner", ""),
                     json::TextOr(item, "title", ""), json::TextOr(item, "owner", ""),
                     resource.empty() ? "" : fmt::format(" ({})", resource),
                     about.empty() ? "" : about + " in ", json::TextOr(item, "assessment", ""),
                     json::TextOr(item, "closeWith", ""));
}

}  // namespace

std::string ObligationText(const json::Value& obligation) {
  const std::string kind = json::TextOr(obligation, "kind", "");
  if (kind == "assessment") return AssessmentDueText(obligation);
  if (kind == "action") return ActionDueText(obligation);
  const bool open = json::TextOr(obligation, "state", "") == "open";
  const std::string outcome = json::TextOr(obligation, "outcome", "");
  const std::string state = open ? DueText(obligation) : outcome.empty() ? "closed" : "closed: " + outcome;
  std::string text =
      fmt::format("  {:<32} {}\n    {} by {}: {}\n", json::TextOr(obligation, "id", ""), state,
                  KindText(kind), json::TextOr(obligation, "partner", ""), SubjectLine(obligation));
  for (const char* member : {"reason", "evidence"}) {
    const std::string words = json::TextOr(obligation, member, "");
    if (!words.empty()) text += fmt::format("    {}: {}\n", member, words);
  }
  text += TimesLine(obligation);
  if (open) text += fmt::format("    close it: {}\n", HowToClose(obligation));
  return text;
}

std::string OwedText(const json::Value& item) {
  if (json::TextOr(item, "kind", "submission") != "submission") return ObligationText(item);
  const std::string last = json::TextOr(item, "lastReceived", "");
  return fmt::format("  {:<32} {}\n    {}, due {}; last received {}\n", json::TextOr(item, "feed", ""),
                     DueText(item), json::TextOr(item, "periodInWords", ""), json::TextOr(item, "due", ""),
                     last.empty() ? "never" : last.substr(0, 10));
}

namespace {

// Of a feed with many missing periods the first ones and the last are named.
constexpr size_t kMostPeriods = 5;
constexpr size_t kDueWidth = 80;

std::string LateFeed(const std::vector<const json::Value*>& late) {
  const json::Value& oldest = *late.front();
  std::string periods;
  for (size_t i = 0; i < late.size() && i < kMostPeriods; ++i)
    periods += (i == 0 ? "" : ", ") + json::TextOr(Member(*late[i], "period"), "id", "");
  if (late.size() > kMostPeriods)
    periods += fmt::format(" ... {}", json::TextOr(Member(*late.back(), "period"), "id", ""));
  const std::string last = json::TextOr(oldest, "lastReceived", "");
  return fmt::format("  {:<32} {}\n{}", json::TextOr(oldest, "feed", ""), DueText(oldest),
                     Indented(fmt::format("{} periods missing: {}; last received {}", late.size(), periods,
                                          last.empty() ? "never" : last.substr(0, 10)),
                              4, kDueWidth));
}

}  // namespace

std::vector<std::string> OwedEntries(const json::Array& owed) {
  std::map<std::string, std::vector<const json::Value*>> late;
  for (const json::Value& item : owed) {
    if (json::TextOr(item, "kind", "submission") == "submission" && CountOf(item, "daysLate") > 0)
      late[json::TextOr(item, "feed", "")].push_back(&item);
  }
  std::vector<std::string> entries;
  for (const json::Value& item : owed) {
    const auto feed = json::TextOr(item, "kind", "submission") == "submission"
                          ? late.find(json::TextOr(item, "feed", ""))
                          : late.end();
    if (feed == late.end() || CountOf(item, "daysLate") == 0 || feed->second.size() == 1) {
      entries.push_back(OwedText(item));
    } else if (feed->second.front() == &item) {
      entries.push_back(LateFeed(feed->second));
    }
  }
  return entries;
}

}  // namespace concordat::cli
