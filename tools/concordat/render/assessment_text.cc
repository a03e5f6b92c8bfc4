#include "tools/concordat/render/assessment_text.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

constexpr size_t kBarWidth = 20;
constexpr size_t kLabel = 10;  // columns before what is labelled

bool True(const json::Value& object, std::string_view member) {
  const json::Value& value = Member(object, member);
  return value.is_bool() && value.get_bool();
}

std::string PartnerName(const json::Value& document) {
  const std::string name = Words(document, "partnerName");
  return name.empty() ? Words(document, "partner") : name;
}

std::string DueWords(const json::Value& document) {
  const std::string due = DayOf(document, "due");
  if (due.empty()) return "";
  const json::Value& left = Member(document, "daysLeft");
  if (!left.is_number() || json::TextOr(document, "state", "") != "open") return ", due " + due;
  const auto days = static_cast<int64_t>(NumberOf(left));
  if (days < 0)
    return ", " + Paint(Colour::kBad,
                        fmt::format("{} late (due {})", Counted(static_cast<uint64_t>(-days), "day"), due));
  return fmt::format(", due {} ({} left)", due, Counted(static_cast<uint64_t>(days), "day"));
}

std::string HeadText(const json::Value& document, size_t width) {
  std::string head = fmt::format("{} {}  {}\n", Paint(Colour::kBold, Words(document, "title")),
                                 Words(document, "version"), Words(document, "id"));
  std::string who = PartnerName(document);
  if (const std::string group = Words(document, "group"); !group.empty()) who += ", group " + group;
  head += Indented(fmt::format("{}, cycle {}: {}{}", who, Words(document, "cycle"),
                               StateWords(Words(document, "state")), DueWords(document)),
                   0, width);
  if (const std::string subject = Words(document, "subject"); !subject.empty())
    head += Indented("subject: " + subject, 0, width);
  return head;
}

std::string WhoText(const json::Value& document, size_t width) {
  std::string text;
  if (const std::string by = PersonOf(json::TextOr(document, "submittedBy", "")); !by.empty())
    text += Indented(fmt::format("submitted {} by {}", DayOf(document, "submitted"), by), 0, width);
  if (const json::Value& sign = Member(document, "signedOff"); sign.is_object())
    text += Indented(
        fmt::format("signed off {} by {}{}{}", DayOf(sign, "at"), PersonOf(json::TextOr(sign, "by", "")),
                    Words(sign, "comment").empty() ? "" : ": ", Words(sign, "comment")),
        0, width);
  if (const json::Value& done = Member(document, "moderation"); done.is_object())
    text += Indented(
        fmt::format("moderated {} by {}{}{}", DayOf(done, "at"), PersonOf(json::TextOr(done, "by", "")),
                    Words(done, "summary").empty() ? "" : ": ", Words(done, "summary")),
        0, width);
  return text;
}

std::string ProgressText(const json::Value& document, const ShownScale& scale, size_t width) {
  const double share = NumberOf(Member(document, "completion"));
  std::string text = fmt::format("{}  {} of {}", Bar(share, kBarWidth), CountOf(document, "answered"),
                                 CountOf(document, "items"));
  if (const size_t open = ItemsOf(document, "mandatoryOpen").size(); open > 0)
    text += fmt::format(", {} mandatory open", open);
  if (const size_t missing = ItemsOf(document, "missingEvidence").size(); missing > 0)
    text += fmt::format(", {} without {} evidence", missing, missing == 1 ? "its" : "their");
  text = Indented(text, kLabel, width, "answered");
  const std::optional<int> level = LevelOf(Member(document, "level"));
  const std::optional<int> target = LevelOf(Member(document, "target"));
  if (level || target) {
    const std::string shown =
        level ? Paint(PaintOf(scale.ColourOf(level)), scale.Named(level)) : "not complete yet";
    text += Indented(target ? fmt::format("{} (target {})", shown, scale.Named(target)) : shown, kLabel,
                     width, "level");
  }
  if (const json::Value& status = Member(document, "status"); status.is_object()) {
    const std::string colour = json::TextOr(status, "colour", "");
    text +=
        fmt::format("status    {}\n",
                    Paint(PaintOf(colour), fmt::format("{} {}", ColourSign(colour), Words(status, "name"))));
  }
  if (const std::string why = Words(document, "why"); !why.empty()) text += Indented(why, kLabel, width);
  return text;
}

// "below target" or "at target": what the number beside it means.
std::string TargetWords(std::optional<int> level, std::optional<int> target) {
  if (!target) return "-";
  if (!level) return std::to_string(*target);
  return fmt::format("{} {}", *target, *level < *target ? "below" : "met");
}

// On a narrow screen a theme takes lines of its own.
std::string NarrowThemesText(const json::Value& document, const ShownScale& scale, size_t width) {
  std::string text = "\n";
  for (const json::Value& theme : ItemsOf(document, "themes")) {
    const std::optional<int> level = LevelOf(Member(theme, "level"));
    const std::optional<int> target = LevelOf(Member(theme, "target"));
    text += Indented(Words(theme, "title"), 0, width);
    text += fmt::format("  {}\n",
                        Paint(PaintOf(scale.ColourOf(level)), scale.Steps(level) + " " + scale.Named(level)));
    text += Indented(fmt::format("{} of {} answered{}", CountOf(theme, "answered"), CountOf(theme, "asked"),
                                 target ? ", target " + TargetWords(level, target) : ""),
                     2, width);
  }
  return text;
}

std::string ThemesText(const json::Value& document, const ShownScale& scale, size_t width) {
  constexpr size_t kTarget = 9;
  constexpr size_t kAnswered = 8;
  constexpr size_t kNarrowestTitle = 16;
  size_t title = 5;
  size_t name = 5;
  for (const json::Value& theme : ItemsOf(document, "themes"))
    title = std::max(title, Columns(Words(theme, "title")));
  for (const ShownLevel& level : scale.levels()) name = std::max(name, Columns(scale.Named(level.level)));
  const size_t level_width = scale.levels().size() + 1 + name;
  const size_t rest = level_width + kTarget + kAnswered + 6;
  if (width < rest + kNarrowestTitle) return NarrowThemesText(document, scale, width);
  title = std::min(title, width - rest);
  std::string text = fmt::format("\n{}  {}  {}  answered\n", PaddedTo("theme", title),
                                 PaddedTo("level", level_width), PaddedTo("target", kTarget));
  for (const json::Value& theme : ItemsOf(document, "themes")) {
    const std::optional<int> level = LevelOf(Member(theme, "level"));
    const std::optional<int> target = LevelOf(Member(theme, "target"));
    const std::string shown = PaddedTo(scale.Steps(level) + " " + scale.Named(level), level_width);
    text += fmt::format("{}  {}  {}  {} of {}\n", PaddedTo(CutTo(Words(theme, "title"), title), title),
                        Paint(PaintOf(scale.ColourOf(level)), shown),
                        PaddedTo(TargetWords(level, target), kTarget), CountOf(theme, "answered"),
                        CountOf(theme, "asked"));
    if (const std::string why = Words(theme, "why"); !why.empty()) text += Indented(why, title + 2, width);
  }
  return text;
}

std::string CountsText(const json::Value& document, size_t width) {
  std::string text;
  const json::Value& counts = Member(document, "counts");
  for (const char* assurance :
       {"supported", "understated", "overstated", "unevidenced", "stale", "not_bound"}) {
    const uint64_t count = CountOf(counts, assurance);
    if (count == 0) continue;
    text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", AssuranceSign(assurance), count,
                        AssuranceWords(assurance));
  }
  return text.empty() ? "" : Indented("claims beside evidence: " + text, 0, width);
}

constexpr size_t kMostGaps = 12;

std::string GapsText(const json::Value& document, size_t width) {
  const json::Array& gaps = ItemsOf(document, "gaps");
  if (gaps.empty()) return "";
  std::string text = Heading("Gaps, overstated ones first");
  size_t shown = 0;
  for (const json::Value& gap : gaps) {
    if (++shown > kMostGaps) continue;
    const std::string assurance = json::TextOr(gap, "assurance", "");
    text += fmt::format("  {} {}\n",
                        Paint(AssuranceColour(assurance),
                              fmt::format("{} {}", AssuranceSign(assurance), AssuranceWords(assurance))),
                        Words(gap, "item"));
    text += Indented(Words(gap, "message"), 4, width);
  }
  if (shown > kMostGaps) text += fmt::format("  ... and {} more (--items shows all)\n", shown - kMostGaps);
  return text;
}

bool Later(const json::Value& a, const json::Value& b) {
  const double late_a = NumberOf(Member(a, "daysLate"));
  const double late_b = NumberOf(Member(b, "daysLate"));
  const bool open_a = json::TextOr(a, "state", "") == "open";
  const bool open_b = json::TextOr(b, "state", "") == "open";
  if (open_a != open_b) return open_a;
  if (open_a && late_a != late_b) return late_a > late_b;
  return json::TextOr(a, "due", "") < json::TextOr(b, "due", "");
}

std::string ActionState(const json::Value& action) {
  const std::string state = Words(action, "state");
  const auto late = static_cast<int64_t>(NumberOf(Member(action, "daysLate")));
  if (state == "open" && late > 0)
    return Paint(Colour::kBad, fmt::format("! {} late", Counted(static_cast<uint64_t>(late), "day")));
  if (state == "open") return "due " + DayOf(action, "due");
  return fmt::format("{} {}", state, DayOf(action, "closedAt"));
}

std::string ActionText(const json::Value& action, size_t width) {
  std::string text = fmt::format("  {}  {}\n", Words(action, "id"), ActionState(action));
  std::string line = Words(action, "title");
  if (const std::string item = Words(action, "item"); !item.empty()) line += fmt::format(" ({})", item);
  const std::string owner = PersonOf(json::TextOr(action, "owner", ""));
  line += owner.empty() ? "; nobody owns it" : "; " + owner;
  if (const std::string resource = Words(action, "resource"); !resource.empty()) line += ", " + resource;
  text += Indented(line, 4, width);
  if (const std::string evidence = Words(action, "evidence"); !evidence.empty())
    text += Indented(evidence, 4, width);
  return text;
}

std::string NextText(const json::Value& document, size_t width) {
  const std::vector<NextStep> steps = NextSteps(document);
  if (steps.empty()) return "";
  std::string text = Heading("What to do next");
  for (const NextStep& step : steps) text += Indented(step.what, 2, width) + "    " + step.command + "\n";
  return text;
}

std::string Listed(const std::vector<std::string>& lines, std::string_view lead, size_t width) {
  std::string text;
  for (const std::string& line : lines) text += Indented(line, 14, width, text.empty() ? lead : "");
  return text;
}

std::string ClaimText(const json::Value& item, const ShownScale& scale, size_t width) {
  const std::optional<int> claimed = LevelOf(Member(item, "claimed"));
  std::string claim = claimed ? scale.Named(claimed) : "no answer yet";
  if (True(item, "reviewNeeded")) claim += " (carried over: confirm or change it)";
  if (const json::Value& moderated = Member(item, "moderated"); moderated.is_object())
    claim += fmt::format("; moderated to {} by {}: {}", scale.Named(LevelOf(Member(moderated, "to"))),
                         PersonOf(json::TextOr(moderated, "by", "")), Words(moderated, "reason"));
  if (const std::optional<int> target = LevelOf(Member(item, "target")))
    claim += fmt::format("; target {}", *target);
  std::string text = Indented(claim, 14, width, "    claimed");
  if (const std::string comment = Words(item, "comment"); !comment.empty())
    text += Indented(comment, 14, width, "    comment");
  return text;
}

std::string RemarksText(const json::Value& item, size_t width) {
  std::vector<std::string> lines;
  for (const json::Value& remark : ItemsOf(item, "comments"))
    lines.push_back(fmt::format("{} {}: {}", DayOf(remark, "at"), PersonOf(json::TextOr(remark, "by", "")),
                                Words(remark, "text")));
  return Listed(lines, "    remarks", width);
}

std::string ItemMarks(const json::Value& item) {
  std::string marks;
  if (True(item, "mandatory")) marks += ", mandatory";
  if (True(item, "evidenceRequired")) marks += ", evidence required";
  if (const std::string owner = PersonOf(json::TextOr(item, "owner", "")); !owner.empty())
    marks += ", owner " + owner;
  return marks;
}

}  // namespace

const json::Value* FindItem(const json::Value& assessment, std::string_view item) {
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    for (const json::Value& found : ItemsOf(theme, "items")) {
      if (json::TextOr(found, "id", "") == item) return &found;
    }
  }
  return nullptr;
}

std::string AssuranceLine(const json::Value& item) {
  const std::string assurance = json::TextOr(item, "assurance", "");
  if (assurance.empty()) return "";
  std::string line = fmt::format("{} {}", AssuranceSign(assurance), AssuranceWords(assurance));
  if (const std::string message = Words(item, "message"); !message.empty()) line += ": " + message;
  return line;
}

std::vector<std::string> MeasuredLines(const json::Value& item, const json::Value& assessment) {
  const ShownScale scale(assessment);
  std::vector<std::string> lines;
  for (const json::Value& evidence : ItemsOf(item, "measured")) {
    const std::optional<int> level = LevelOf(Member(evidence, "level"));
    std::string line = Words(evidence, "basis");
    if (level) line += fmt::format("; supports {}", scale.Named(level));
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> AttachedLines(const json::Value& item) {
  std::vector<std::string> lines;
  for (const json::Value& attached : ItemsOf(item, "attached")) {
    const json::Value& withdrawn = Member(attached, "withdrawn");
    if (withdrawn.is_object() || withdrawn.is_string() || True(attached, "withdrawn")) continue;
    const std::string title = Words(attached, "title");
    const std::string reference = Words(attached, "reference");
    const std::string expires = DayOf(attached, "expires");
    lines.push_back(fmt::format(
        "{} {}: {}{}{}", Words(attached, "id"), Words(attached, "kind"), title,
        reference.empty() || reference == title ? "" : fmt::format(" ({})", reference),
        expires.empty() ? ""
                        : fmt::format(", {} {}", True(attached, "expired") ? "EXPIRED" : "until", expires)));
  }
  return lines;
}

std::string CarriedLine(const json::Value& item, const json::Value& assessment) {
  const json::Value& carried = Member(item, "carriedOver");
  if (!carried.is_object()) return "";
  const std::string comment = Words(carried, "comment");
  return fmt::format("{}: {}{}", Words(carried, "cycle"),
                     ShownScale(assessment).Named(LevelOf(Member(carried, "level"))),
                     comment.empty() ? "" : fmt::format(", \"{}\"", comment));
}

std::string ItemText(const json::Value& assessment, const json::Value& item, size_t width) {
  const ShownScale scale(assessment);
  std::string text = fmt::format("  {}{}\n", Paint(Colour::kBold, Words(item, "id")), ItemMarks(item));
  text += Indented(Words(item, "question"), 4, width);
  if (!IsAsked(item)) {
    const std::string because = Words(item, "notAskedBecause");
    return text + Indented("not asked" + (because.empty() ? "" : ": " + because), 4, width);
  }
  text += ClaimText(item, scale, width);
  text += Listed(MeasuredLines(item, assessment), "    measured", width);
  text += Listed(AttachedLines(item), "    attached", width);
  if (const std::string carried = CarriedLine(item, assessment); !carried.empty())
    text += Indented(carried, 14, width, "    last time");
  text += RemarksText(item, width);
  const std::string assurance = AssuranceLine(item);
  if (assurance.empty()) return text;
  std::string shown = Indented(assurance, 4, width);
  shown.pop_back();
  return text + Paint(AssuranceColour(json::TextOr(item, "assurance", "")), shown) + "\n";
}

std::string ItemsText(const json::Value& assessment, size_t width) {
  std::string text = HeadText(assessment, width);
  const ShownScale scale(assessment);
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    const std::optional<int> level = LevelOf(Member(theme, "level"));
    const std::string at = level ? fmt::format("  level {}", scale.Named(level)) : "";
    text += fmt::format("\n{}", Indented(Paint(Colour::kBold, Words(theme, "title")) + at, 0, width));
    for (const json::Value& item : ItemsOf(theme, "items")) text += ItemText(assessment, item, width);
  }
  return text;
}

std::string AnsweredText(const json::Value& assessment, std::string_view item, size_t width) {
  const json::Value* found = FindItem(assessment, item);
  std::string text = found == nullptr ? "" : ItemText(assessment, *found, width);
  return text + fmt::format("{}: {} of {} answered\n", Words(assessment, "id"),
                            CountOf(assessment, "answered"), CountOf(assessment, "items"));
}

std::string DashboardText(const json::Value& assessment, size_t width) {
  const ShownScale scale(assessment);
  std::string text = HeadText(assessment, width) + WhoText(assessment, width) + "\n" +
                     ProgressText(assessment, scale, width) + ThemesText(assessment, scale, width);
  if (const std::string counts = CountsText(assessment, width); !counts.empty())
    text += fmt::format("\n{}", counts);
  text += GapsText(assessment, width);
  if (!ItemsOf(assessment, "actions").empty()) {
    text += Heading("Actions") + ActionsText(Member(assessment, "actions"), width);
  }
  return text + NextText(assessment, width);
}

std::string ActionsText(const json::Value& list, size_t width) {
  if (!list.is_array() || list.get_array().empty()) return "no actions\n";
  std::vector<const json::Value*> actions;
  for (const json::Value& action : list.get_array()) actions.push_back(&action);
  std::stable_sort(actions.begin(), actions.end(),
                   [](const json::Value* a, const json::Value* b) { return Later(*a, *b); });
  std::string text;
  for (const json::Value* action : actions) text += ActionText(*action, width);
  return text;
}

}  // namespace concordat::cli
