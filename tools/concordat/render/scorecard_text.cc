#include "tools/concordat/render/scorecard_text.h"

#include <algorithm>
#include <vector>

#include "fmt/format.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

constexpr size_t kSamplesShown = 3;
constexpr size_t kRulesShown = 12;

// Nothing at all when there is nothing to tell.
std::string Section(std::string_view title, const std::string& text) {
  return text.empty() ? "" : fmt::format("\n{}\n{}", title, text);
}

std::string DecisionLine(const json::Value& result) {
  const std::string decision = json::TextOr(result, "decision", "");
  if (decision == "accept") return Paint(Colour::kGood, "ACCEPT") + ": every record can go in";
  if (decision == "reject") return Paint(Colour::kBad, "REJECT") + ": nothing of this file can go in";
  const json::Value& records = Member(result, "records");
  return fmt::format("{}: {} records can go in, {} are held back to be mended",
                     Paint(Colour::kWarn, "ACCEPT WITH QUARANTINE"), Grouped(CountOf(records, "accepted")),
                     Grouped(CountOf(records, "quarantined") + CountOf(records, "unreadable")));
}

std::string HeadLines(const json::Value& result) {
  const json::Value& source = Member(result, "source");
  const json::Value& period = Member(result, "period");
  std::string text =
      fmt::format("{}  for feed {}", json::TextOr(source, "name", ""), json::TextOr(result, "feed", ""));
  if (!json::TextOr(period, "id", "").empty()) {
    text += fmt::format(", period {} ({} to {})", json::TextOr(period, "id", ""),
                        json::TextOr(period, "from", ""), json::TextOr(period, "to", ""));
  }
  text += fmt::format("\njudged as of {}\n", json::TextOr(result, "asOf", ""));
  return text;
}

std::string CountLine(const json::Value& result) {
  const json::Value& records = Member(result, "records");
  std::string text =
      fmt::format("{} records: {} accepted, {} quarantined, {} unreadable",
                  Grouped(CountOf(records, "total")), Grouped(CountOf(records, "accepted")),
                  Grouped(CountOf(records, "quarantined")), Grouped(CountOf(records, "unreadable")));
  if (CountOf(records, "blank") > 0)
    text += fmt::format(" ({} blank rows left out)", Grouped(CountOf(records, "blank")));
  return text + "\n";
}

std::string ScoreLines(const json::Value& result) {
  const json::Value& score = Member(result, "score");
  if (!score.is_number()) return "score: not measured\n";
  std::string text =
      fmt::format("score {:.1f}  grade {}  evaluated {:.1f}%\n", NumberOf(score),
                  json::TextOr(result, "grade", "-"), 100 * NumberOf(Member(result, "evaluatedShare")));
  for (const json::Value& dimension : ItemsOf(result, "dimensions")) {
    const json::Value& value = Member(dimension, "score");
    std::string name = json::TextOr(dimension, "dimension", "");
    if (name == "conformity") name = "validity";
    text += value.is_number()
                ? fmt::format("  {:<22} {:>5.1f} {}\n", name, NumberOf(value), Bar(NumberOf(value) / 100, 20))
                : fmt::format("  {:<22}     -\n", name);
  }
  return text;
}

bool IsShadow(const json::Value& rule) { return json::TextOr(rule, "state", "") == "shadow"; }

bool NeedsAttention(const json::Value& rule) {
  return !IsShadow(rule) && CountOf(rule, "fail") + CountOf(rule, "unresolved") + CountOf(rule, "error") > 0;
}

int Urgency(const json::Value& rule) {
  const std::string severity = json::TextOr(rule, "severity", "");
  if (severity == "critical") return 0;
  if (severity == "error") return 1;
  return severity == "warning" ? 2 : 3;
}

std::string SampleLines(const json::Value& rule, const std::string& source) {
  std::string text;
  size_t shown = 0;
  for (const json::Value& sample : ItemsOf(rule, "samples")) {
    if (shown++ == kSamplesShown) break;
    const uint64_t line = CountOf(sample, "line");
    const std::string where =
        line > 0 ? fmt::format("{}:{}: record {}, ", source, line, CountOf(sample, "record")) : "";
    text += fmt::format("    {}{}\n", where, json::TextOr(sample, "message", ""));
  }
  return text;
}

std::string RuleBlock(const json::Value& result, const json::Value& rule, const std::string& source) {
  const Colour colour = Urgency(rule) <= 1 ? Colour::kBad : Colour::kWarn;
  std::string text =
      fmt::format("  {} ({}, {}): {} of {} records", Paint(colour, json::TextOr(rule, "id", "")),
                  json::TextOr(rule, "dimension", ""), json::TextOr(rule, "severity", ""),
                  Grouped(CountOf(rule, "fail")), Grouped(CountOf(rule, "pass") + CountOf(rule, "fail")));
  if (CountOf(rule, "unresolved") > 0)
    text += fmt::format(", {} cannot be told", Grouped(CountOf(rule, "unresolved")));
  if (const json::Array& interval = ItemsOf(rule, "interval"); interval.size() == 2) {
    text += fmt::format(" (few records: between {:.0f}% and {:.0f}% pass, at 95% confidence)",
                        100 * NumberOf(interval[0]), 100 * NumberOf(interval[1]));
  }
  if (json::TextOr(rule, "origin", "") == "adapter") text += " [said by the adapter]";
  text += "\n";
  if (const std::string description = json::TextOr(rule, "description", ""); !description.empty())
    text += fmt::format("    {}\n", description);
  if (const std::string clause = ClauseText(rule); !clause.empty())
    text += fmt::format("    why: {}\n", clause);
  if (const std::string accepted = AcceptanceText(AcceptanceOf(result, rule)); !accepted.empty())
    text += fmt::format("    {}\n", accepted);
  text += SampleLines(rule, source);
  if (const std::string mend = json::TextOr(rule, "mend", ""); !mend.empty())
    text += fmt::format("    mend: {}\n", mend);
  return text;
}

std::string RuleLines(const json::Value& result) {
  std::vector<const json::Value*> bad;
  for (const json::Value& rule : ItemsOf(result, "rules")) {
    if (NeedsAttention(rule)) bad.push_back(&rule);
  }
  if (bad.empty()) return "";
  std::stable_sort(bad.begin(), bad.end(), [](const json::Value* a, const json::Value* b) {
    if (Urgency(*a) != Urgency(*b)) return Urgency(*a) < Urgency(*b);
    return CountOf(*a, "fail") > CountOf(*b, "fail");
  });
  const std::string source = json::TextOr(Member(result, "source"), "name", "");
  std::string text = "\nwhat to mend, most urgent first\n";
  for (size_t i = 0; i < bad.size() && i < kRulesShown; ++i) text += RuleBlock(result, *bad[i], source);
  if (bad.size() > kRulesShown)
    text += fmt::format("  ... and {} more rules (--json or --html shows all)\n", bad.size() - kRulesShown);
  return text;
}

std::string NotEvaluatedLines(const json::Value& result) {
  std::string text;
  for (const json::Value& rule : ItemsOf(result, "rules")) {
    const std::string note = json::TextOr(rule, "note", "");
    if (json::TextOr(rule, "status", "") == "not_evaluated" && !note.empty()) {
      text += fmt::format("  {}: {}\n", json::TextOr(rule, "id", ""), note);
    }
  }
  return Section("not evaluated here", text);
}

std::string AcceptedLine(const json::Value& result) {
  uint64_t standing = 0;
  uint64_t expired = 0;
  for (const json::Value& acceptance : ItemsOf(result, "acceptances")) {
    const json::Value& over = Member(acceptance, "expired");
    ++(over.is_bool() && over.get_bool() ? expired : standing);
  }
  if (standing + expired == 0) return "";
  return fmt::format("\nwarnings accepted by a second person: {}{}; no score changes by it\n", standing,
                     expired == 0 ? "" : fmt::format(" (and {} expired)", expired));
}

// Rules on trial: what they would find, without effect on anything above.
std::string ShadowLines(const json::Value& result) {
  std::string text;
  for (const json::Value& rule : ItemsOf(result, "rules")) {
    if (!IsShadow(rule)) continue;
    const uint64_t fail = CountOf(rule, "fail");
    text += fmt::format("  {} ({}, {}): {} of {} records would fail\n", json::TextOr(rule, "id", ""),
                        json::TextOr(rule, "dimension", ""), json::TextOr(rule, "severity", ""),
                        Grouped(fail), Grouped(CountOf(rule, "pass") + fail));
    text += SampleLines(rule, json::TextOr(Member(result, "source"), "name", ""));
  }
  return Section("on trial (shadow rules: they count for nothing yet)", text);
}

std::string NoteLines(const json::Value& result) {
  std::string text;
  for (const char* member : {"warnings", "notes"}) {
    for (const json::Value& note : ItemsOf(result, member)) text += fmt::format("  {}\n", TextOf(note));
  }
  return Section("note", text);
}

}  // namespace

std::string ScorecardText(const json::Value& result) {
  std::string text = HeadLines(result) + "\n" + DecisionLine(result) + "\n";
  for (const json::Value& reason : ItemsOf(result, "reasons")) {
    text += fmt::format("  {}: {}\n", json::TextOr(reason, "rule", ""), json::TextOr(reason, "message", ""));
  }
  text += '\n';
  for (const auto part :
       {CountLine, ScoreLines, RuleLines, AcceptedLine, ShadowLines, NotEvaluatedLines, NoteLines})
    text += part(result);
  return HarmlessPage(text);
}

}  // namespace concordat::cli
