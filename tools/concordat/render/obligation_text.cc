#include "tools/concordat/render/obligation_text.h"

#include "absl/time/time.h"
#include "fmt/format.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"

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

}  // namespace concordat::cli
