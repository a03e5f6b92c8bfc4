#include "tools/concordat/render/partnership_text.h"

#include <vector>

#include "fmt/format.h"
#include "tools/concordat/render/html_chart.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/quality_text.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

std::string LeftOut(const json::Value& section) {
  const uint64_t count = CountOf(section, "leftOut");
  if (count == 0) return "";
  return fmt::format("  and {} more: {}\n", count, json::TextOr(section, "where", ""));
}

std::string Heading(std::string_view title) { return fmt::format("\n{}\n", Paint(Colour::kBold, title)); }

std::string RowsText(const json::Value& section, std::string_view member) {
  std::string text;
  for (const json::Value& row : ItemsOf(section, member)) {
    const bool major = !json::TextOr(row, "major", "").empty();
    text += fmt::format("  {} {}\n", major ? Paint(Colour::kBad, "!") : " ", json::TextOr(row, "words", ""));
  }
  return text;
}

std::string SectionText(const json::Value& report, std::string_view name, std::string_view title,
                        const std::vector<std::string_view>& lists) {
  const json::Value& section = Member(report, name);
  std::string text = Heading(title) + fmt::format("{}\n", json::TextOr(section, "message", ""));
  for (const std::string_view list : lists) text += RowsText(section, list);
  return text + LeftOut(section);
}

std::string QualityText(const json::Value& report) {
  const json::Value& section = Member(report, "quality");
  Table table({"partner", "dataset", "score", "change", "over time", "confidence", "because of"});
  for (const json::Value& row : ItemsOf(section, "rows")) {
    std::vector<std::optional<double>> trend;
    for (const json::Value& value : ItemsOf(row, "trend"))
      trend.push_back(value.is_number() ? std::optional<double>(NumberOf(value)) : std::nullopt);
    const json::Value& comparable = Member(row, "comparable");
    const std::string change = ChangeText(Member(row, "change"));
    const bool same = change.empty() || !comparable.is_bool() || comparable.get_bool();
    table.Add({json::TextOr(row, "partnerName", ""), json::TextOr(row, "dataset", ""),
               ScoreText(Member(row, "score")), same ? change : change + " (rules changed)",
               Sparkline(trend, 50, 100), json::TextOr(row, "confidence", ""),
               json::TextOr(row, "confidenceWhy", "")});
  }
  std::string text = Heading("How good the data is") + json::TextOr(section, "message", "") + "\n";
  if (!table.empty()) text += table.str();
  return text + LeftOut(section);
}

}  // namespace

std::string PartnershipText(const json::Value& report) {
  const json::Value& period = Member(report, "period");
  std::string text =
      fmt::format("{}\n{}, as of {}\n\n{}\n",
                  Paint(Colour::kBold, json::TextOr(Member(report, "partnership"), "name", "")),
                  json::TextOr(period, "inWords", ""), json::TextOr(report, "asOf", "").substr(0, 10),
                  json::TextOr(report, "headline", ""));
  for (const json::Value& major : ItemsOf(report, "majors"))
    text += fmt::format("  {} {}\n", Paint(Colour::kBad, "!"), json::TextOr(major, "words", ""));
  if (CountOf(report, "majorsLeftOut") > 0)
    text += fmt::format("  and {} more, below\n", CountOf(report, "majorsLeftOut"));
  text += SectionText(report, "timeliness", "On time", {"rows"}) + QualityText(report) +
          SectionText(report, "sharing", "What was shared and refused", {"flows", "refused"}) +
          SectionText(report, "agreements", "Agreements", {"rows"}) +
          SectionText(report, "assessments", "What partners claim and promised", {"rows"}) +
          SectionText(report, "signOff", "Warnings accepted, periods signed off", {"rows"});
  text += Heading("What is major (marked !)");
  for (const json::Value& rule : ItemsOf(report, "rules"))
    text += fmt::format("  {}: {}\n", json::TextOr(rule, "what", ""), json::TextOr(rule, "why", ""));
  return text;
}

}  // namespace concordat::cli
