#include "tools/concordat/render/partnership_text.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "fmt/format.h"
#include "tools/concordat/render/html_chart.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/quality_text.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

// As wide as the terminal; lines longer than 100 columns are hard to read.
size_t Width() {
  const size_t columns = TerminalColumns();
  return columns == 0 ? 100 : std::min<size_t>(columns, 100);
}

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
    text +=
        Indented(json::TextOr(row, "words", ""), 4, Width(), major ? "  " + Paint(Colour::kBad, "!") : "");
  }
  return text;
}

std::string SectionText(const json::Value& report, std::string_view name, std::string_view title,
                        const std::vector<std::string_view>& lists) {
  const json::Value& section = Member(report, name);
  std::string text = Heading(title) + Indented(json::TextOr(section, "message", ""), 0, Width());
  for (const std::string_view list : lists) text += RowsText(section, list);
  return text + LeftOut(section);
}

std::string QualityText(const json::Value& report) {
  const json::Value& section = Member(report, "quality");
  Table table({"dataset", "score", "change", "over time", "confidence"});
  for (const json::Value& row : ItemsOf(section, "rows")) {
    std::vector<std::optional<double>> trend;
    for (const json::Value& value : ItemsOf(row, "trend"))
      trend.push_back(value.is_number() ? std::optional<double>(NumberOf(value)) : std::nullopt);
    const json::Value& comparable = Member(row, "comparable");
    const std::string change = ChangeText(Member(row, "change"));
    const bool same = change.empty() || !comparable.is_bool() || comparable.get_bool();
    table.Add({json::TextOr(row, "dataset", ""),
               Member(row, "score").is_number() ? ScoreText(Member(row, "score")) : "none",
               same ? change : change + " (rules changed)", Sparkline(trend, 50, 100),
               json::TextOr(row, "confidence", "")});
  }
  std::string text =
      Heading("How good the data is") + Indented(json::TextOr(section, "message", ""), 0, Width());
  if (table.empty()) return text + LeftOut(section);
  // Below each row whose it is, and what holds its grade: no table of 80 columns has room for them.
  std::istringstream lines(table.str());
  std::string line;
  std::getline(lines, line);
  text += line + "\n";
  for (const json::Value& row : ItemsOf(section, "rows")) {
    std::getline(lines, line);
    const std::string why = json::TextOr(row, "confidenceWhy", "");
    text += line + "\n" +
            Indented(json::TextOr(row, "partnerName", "") + (why.empty() ? "" : "; " + why), 4, Width());
  }
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
    text += Indented(json::TextOr(major, "words", ""), 4, Width(), "  " + Paint(Colour::kBad, "!"));
  if (CountOf(report, "majorsLeftOut") > 0)
    text +=
        fmt::format("  and {} more: marked ! below, or left out there\n", CountOf(report, "majorsLeftOut"));
  text += SectionText(report, "timeliness", "On time", {"rows"}) + QualityText(report) +
          SectionText(report, "sharing", "What was shared and refused", {"flows", "refused"}) +
          SectionText(report, "agreements", "Agreements", {"rows"}) +
          SectionText(report, "assessments", "What partners claim and promised", {"rows"}) +
          SectionText(report, "signOff", "Warnings accepted, periods signed off", {"rows"});
  text += Heading("What is major (marked !)");
  for (const json::Value& rule : ItemsOf(report, "rules"))
    text += Indented(fmt::format("{}: {}", json::TextOr(rule, "what", ""), json::TextOr(rule, "why", "")), 2,
                     Width());
  return text;
}

}  // namespace concordat::cli
