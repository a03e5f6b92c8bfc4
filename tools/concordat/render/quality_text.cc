#include "tools/concordat/render/quality_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fmt/format.h"
#include "host/base/csv.h"
#include "tools/concordat/render/html_chart.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

std::vector<std::optional<double>> ValuesOf(const json::Value& line) {
  std::vector<std::optional<double>> values;
  for (const json::Value& value : ItemsOf(line, "values"))
    values.push_back(value.is_number() ? std::optional<double>(NumberOf(value)) : std::nullopt);
  return values;
}

int64_t DaysOf(const json::Value& point) {
  const json::Value& days = Member(point, "daysLate");
  return days.is_number() ? static_cast<int64_t>(NumberOf(days)) : 0;
}

std::string Days(int64_t days) { return fmt::format("{} day{}", days, days == 1 ? "" : "s"); }

// The scale of a line's sparkline: a move of a point in the nineties must show.
double LowOf(const std::vector<std::optional<double>>& values) {
  double low = 100;
  for (const std::optional<double>& value : values) low = std::min(low, value.value_or(100));
  return std::min(90.0, std::floor(low / 10) * 10);
}

std::string LineName(const json::Value& line) {
  const std::string kind = json::TextOr(line, "kind", "");
  if (kind == "score") return "overall score";
  if (kind == "dimension") return DimensionText(json::TextOr(line, "id", ""));
  return fmt::format("  rule {}", json::TextOr(line, "id", ""));
}

std::string LinesText(const json::Value& series) {
  Table table({"measure", "over time", "latest", "change", ""});
  for (const json::Value& line : ItemsOf(series, "lines")) {
    const auto values = ValuesOf(line);
    const bool comparable = Member(line, "comparable").is_bool() && Member(line, "comparable").get_bool();
    const double low = LowOf(values);
    table.Add({LineName(line), Sparkline(values, low, 100), ScoreText(Member(line, "latest")),
               ChangeText(Member(line, "change")),
               Member(line, "change").is_null() || comparable ? fmt::format("scale {:.0f} to 100", low)
                                                              : "not comparable: the measure changed"});
  }
  return table.str();
}

std::string PointsText(const json::Value& series) {
  Table table({"period", "what came", "score", "grade", "records", "submission"});
  for (const json::Value& point : ItemsOf(series, "points")) {
    const json::Value& records = Member(point, "records");
    table.Add({json::TextOr(point, "period", ""), PeriodStateText(point),
               Member(point, "submission").is_null() ? "-" : ScoreText(Member(point, "score")),
               json::TextOr(point, "grade", "-"),
               records.is_object() ? Grouped(CountOf(records, "total")) : "-",
               json::TextOr(point, "submission", "-")});
  }
  return table.str();
}

std::string NotesText(const json::Value& series) {
  std::string text;
  for (const json::Value& point : ItemsOf(series, "points")) {
    const json::Value& change = Member(point, "change");
    if (change.is_object())
      text +=
          fmt::format("  ! {}: {}\n", json::TextOr(point, "period", ""), json::TextOr(change, "message", ""));
    std::string others;
    for (const json::Value& attempt : ItemsOf(point, "attempts")) {
      if (json::TextOr(attempt, "submission", "") == json::TextOr(point, "submission", "")) continue;
      others += fmt::format("{}attempt {} {} at {}", others.empty() ? "" : ", ", CountOf(attempt, "attempt"),
                            json::TextOr(attempt, "state", ""), ScoreText(Member(attempt, "score")));
    }
    if (!others.empty()) text += fmt::format("  {} also: {}\n", json::TextOr(point, "period", ""), others);
  }
  return text;
}

// "1 late, 1 missing of 6 periods".
std::string CountsText(const json::Value& series) {
  const json::Value& counts = Member(series, "periods");
  std::string text = fmt::format("{} period{}: {} on time", CountOf(counts, "total"),
                                 CountOf(counts, "total") == 1 ? "" : "s", CountOf(counts, "onTime"));
  for (const char* member : {"late", "missing", "rejected"}) {
    if (CountOf(counts, member) > 0) text += fmt::format(", {} {}", CountOf(counts, member), member);
  }
  if (CountOf(series, "leftOut") > 0)
    text += fmt::format("; {} earlier ones left out (--from shows them)", CountOf(series, "leftOut"));
  return text;
}

std::string BoolText(const json::Value& value) {
  return value.is_bool() ? (value.get_bool() ? "true" : "false") : "";
}

std::string NumberText(const json::Value& value) {
  return value.is_number() ? fmt::format("{}", NumberOf(value)) : "";
}

// One a side of a comparison.
std::string SideText(const json::Value& side) {
  const std::string label = json::TextOr(side, "label", "");
  const std::string period = json::TextOr(side, "period", "");
  std::string text = period.empty() || period == label ? label : fmt::format("{} ({})", label, period);
  if (ItemsOf(side, "feeds").empty()) return text + ": nothing sent";
  const std::string state = json::TextOr(side, "state", "");
  if (state == "rejected" || state == "missing" || state == "withdrawn") text += ": " + state;
  if (Member(side, "late").is_bool() && Member(side, "late").get_bool()) text += ", late";
  if (ItemsOf(side, "feeds").size() > 1)
    text += fmt::format(", mean of {} feeds", ItemsOf(side, "feeds").size());
  return text;
}

std::string RuleCell(const json::Value& value) {
  if (value.is_null()) return "-";
  std::string text = ScoreText(Member(value, "share"));
  const json::Value& interval = Member(value, "interval");
  if (interval.is_array() && interval.get_array().size() == 2)
    text += fmt::format(" ({:.1f} to {:.1f}, {} records)", NumberOf(interval.get_array()[0]),
                        NumberOf(interval.get_array()[1]), CountOf(value, "measured"));
  return text;
}

std::string ComparisonText(const json::Value& comparison) {
  std::vector<std::string> header = {"measure"};
  for (const json::Value& side : ItemsOf(comparison, "sides")) header.push_back(SideText(side));
  header.insert(header.end(), {"change", ""});
  Table table(header);
  const auto add = [&table](const std::string& name, const json::Value& row) {
    std::vector<std::string> cells = {name};
    for (const json::Value& value : ItemsOf(row, "values"))
      cells.push_back(value.is_object() || value.is_null() ? (value.is_object() ? RuleCell(value) : "-")
                                                           : ScoreText(value));
    cells.push_back(ChangeText(Member(row, "change")));
    std::string verdict = json::TextOr(row, "verdict", "");
    if (const size_t comma = verdict.find(", "); comma != std::string::npos) {
      verdict = verdict.substr(comma + 2);
    } else {
      verdict.clear();
    }
    const json::Value& comparable = Member(row, "comparable");
    if (comparable.is_bool() && !comparable.get_bool()) verdict = "not comparable: the measure changed";
    cells.push_back(verdict);
    table.Add(std::move(cells));
  };
  add("overall score", Member(comparison, "score"));
  for (const json::Value& row : ItemsOf(comparison, "dimensions"))
    add(DimensionText(json::TextOr(row, "dimension", "")), row);
  for (const json::Value& row : ItemsOf(comparison, "rules"))
    add("  rule " + json::TextOr(row, "id", ""), row);
  std::string text = Paint(Colour::kBold, json::TextOr(comparison, "title", "")) + "\n" + table.str();
  for (const json::Value& note : ItemsOf(comparison, "notes")) text += fmt::format("  ! {}\n", TextOf(note));
  return text;
}

Colour ColourOf(std::string_view grade) {
  if (grade == "A" || grade == "B") return Colour::kGood;
  return grade == "C" ? Colour::kWarn : Colour::kBad;
}

}  // namespace

std::string DimensionText(std::string_view dimension) {
  return dimension == "conformity" ? "validity" : std::string(dimension);
}

std::string ScoreText(const json::Value& score) {
  return score.is_number() ? fmt::format("{:.1f}", NumberOf(score)) : "not measured";
}

std::string ChangeText(const json::Value& change) {
  if (!change.is_number()) return "";
  const double by = NumberOf(change);
  if (std::abs(by) < 0.05) return "unchanged";
  return fmt::format("{} {:.1f}", by > 0 ? "up" : "down", std::abs(by));
}

std::string PeriodStateText(const json::Value& point) {
  const std::string state = json::TextOr(point, "state", "");
  const int64_t days = DaysOf(point);
  const std::string owed = days > 0 ? fmt::format(", overdue by {}", Days(days)) : "";
  if (state == "missing") return "missing" + owed;
  if (state == "withdrawn") return "withdrawn" + owed;
  if (state == "rejected") return "rejected" + owed;
  std::string text =
      days > 0 ? "late by " + Days(days) : (Member(point, "due").is_null() ? "received" : "on time");
  if (state == "accepted_with_quarantine") text += ", some records held back";
  if (state == "erased") text += ", erased since";
  return text;
}

std::string PeriodMark(const json::Value& point) {
  const std::string state = json::TextOr(point, "state", "");
  if (state == "missing" || state == "withdrawn") return "missing";
  if (state == "rejected") return "rejected";
  return DaysOf(point) > 0 ? "late" : "";
}

std::string QualityHistoryText(const json::Value& history) {
  std::string text;
  for (const json::Value& series : ItemsOf(history, "series")) {
    if (ItemsOf(series, "points").empty()) continue;
    text += fmt::format("{}{}: {} of {}\n{}\n", text.empty() ? "" : "\n",
                        Paint(Colour::kBold, json::TextOr(series, "feed", "")),
                        json::TextOr(series, "dataset", ""), json::TextOr(series, "partnerName", ""),
                        CountsText(series));
    text += PointsText(series) + NotesText(series) + LinesText(series);
  }
  if (text.empty()) return "nothing was sent or due in these periods\n";
  return text + "Over time: oldest first, x is a period without a score.\n";
}

std::string QualityHistoryCsv(const json::Value& history) {
  std::string csv =
      CsvLine({"feed", "partner", "dataset", "period", "state", "due", "received", "days_late", "submission",
               "decision", "contract_version", "kind", "id", "dimension", "severity", "value", "changed"});
  for (const json::Value& series : ItemsOf(history, "series")) {
    const json::Array& points = ItemsOf(series, "points");
    for (const json::Value& line : ItemsOf(series, "lines")) {
      const json::Array& values = ItemsOf(line, "values");
      for (size_t i = 0; i < points.size() && i < values.size(); ++i) {
        const json::Value& point = points[i];
        csv += CsvLine({json::TextOr(series, "feed", ""), json::TextOr(series, "partner", ""),
                        json::TextOr(series, "dataset", ""), json::TextOr(point, "period", ""),
                        json::TextOr(point, "state", ""), json::TextOr(point, "due", ""),
                        json::TextOr(point, "received", ""), NumberText(Member(point, "daysLate")),
                        json::TextOr(point, "submission", ""), json::TextOr(point, "decision", ""),
                        json::TextOr(Member(point, "contract"), "version", ""),
                        json::TextOr(line, "kind", ""), json::TextOr(line, "id", ""),
                        json::TextOr(line, "dimension", ""), json::TextOr(line, "severity", ""),
                        NumberText(values[i]), BoolText(json::Value(Member(point, "change").is_object()))});
      }
    }
  }
  return csv;
}

std::string QualityCompareText(const json::Value& comparison) {
  std::string text;
  for (const json::Value& one : ItemsOf(comparison, "comparisons"))
    text += fmt::format("{}{}", text.empty() ? "" : "\n", ComparisonText(one));
  if (text.empty()) return json::TextOr(comparison, "message", "") + "\n";
  return text +
         "Biggest fall first. Ranges in brackets: 95% (Wilson), where fewer than 30 records were measured.\n";
}

std::string ConfidenceText(const json::Value& confidence) {
  std::string text;
  for (const json::Value& one : ItemsOf(confidence, "grades")) {
    const std::string grade = json::TextOr(one, "grade", "");
    text += fmt::format("{} {} of {}\n", Paint(ColourOf(grade), "confidence " + grade),
                        json::TextOr(one, "dataset", ""), json::TextOr(one, "partnerName", ""));
    for (const json::Value& part : ItemsOf(one, "components")) {
      text += fmt::format("    {:<1} {:<17} {}\n", json::TextOr(part, "grade", "-"),
                          json::TextOr(part, "name", ""), json::TextOr(part, "reason", ""));
    }
    if (!json::TextOr(one, "cappedBy", "").empty())
      text += fmt::format("    {}\n", json::TextOr(one, "why", ""));
  }
  if (text.empty()) return "no partner supplies such a dataset\n";
  text += "How it is reckoned:\n";
  for (const json::Value& line : ItemsOf(confidence, "method")) text += fmt::format("  {}\n", TextOf(line));
  return text;
}

}  // namespace concordat::cli
