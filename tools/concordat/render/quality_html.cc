#include "tools/concordat/render/quality_html.h"

#include <vector>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/html_chart.h"
#include "tools/concordat/render/html_style.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/quality_text.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

std::string Text(const json::Value& object, std::string_view member) {
  return Escaped(json::TextOr(object, member, ""));
}

std::optional<double> ValueAt(const json::Value& line, size_t i) {
  const json::Array& values = ItemsOf(line, "values");
  if (i >= values.size() || !values[i].is_number()) return std::nullopt;
  return NumberOf(values[i]);
}

std::string LineTitle(const json::Value& line) {
  const std::string kind = json::TextOr(line, "kind", "");
  if (kind == "score") return "Overall score";
  if (kind == "dimension") return DimensionText(json::TextOr(line, "id", ""));
  return "rule " + json::TextOr(line, "id", "");
}

// The drawing in words, for those who do not see it.
std::string Described(const json::Value& series, const json::Value& line) {
  const json::Array& points = ItemsOf(series, "points");
  std::string words = fmt::format("{} periods, oldest first.", points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    const auto value = ValueAt(line, i);
    words += fmt::format(" {}: {}, {}.", json::TextOr(points[i], "period", ""),
                         value ? fmt::format("{:.1f}", *value) : "no score", PeriodStateText(points[i]));
  }
  return words;
}

Chart ChartOf(const json::Value& series, const json::Value& line) {
  Chart chart;
  chart.title = fmt::format("{} of {} over time", LineTitle(line), json::TextOr(series, "feed", ""));
  chart.description = Described(series, line);
  const json::Array& points = ItemsOf(series, "points");
  for (size_t i = 0; i < points.size(); ++i) {
    ChartPoint point;
    point.label = json::TextOr(points[i], "period", "");
    point.value = ValueAt(line, i);
    point.mark = PeriodMark(points[i]);
    // A rejected period without a score, its file unreadable, still has a sign: at the foot.
    point.change = Member(points[i], "change").is_object();
    point.words =
        fmt::format("{}: {}, {}", point.label, point.value ? fmt::format("{:.1f}", *point.value) : "no score",
                    PeriodStateText(points[i]));
    chart.points.push_back(std::move(point));
  }
  return chart;
}

std::string StateHtml(const json::Value& point) {
  const std::string mark = PeriodMark(point);
  const std::string_view style = mark == "late" ? "warn" : mark.empty() ? "good" : "bad";
  const std::string_view sign = mark == "late"       ? "▲ "
                                : mark == "missing"  ? "✕ "
                                : mark == "rejected" ? "■ "
                                                     : "● ";
  return fmt::format("<span class=\"{}\"><span aria-hidden=\"true\">{}</span>{}</span>", style, sign,
                     Escaped(PeriodStateText(point)));
}

std::string ScoreCell(const json::Value& score) {
  return score.is_number() ? fmt::format("<td class=\"n\">{:.1f}</td>", NumberOf(score))
                           : "<td class=\"n\">-</td>";
}

std::string DimensionNames(const json::Value& series, std::vector<const json::Value*>& lines) {
  std::string header;
  for (const json::Value& line : ItemsOf(series, "lines")) {
    if (json::TextOr(line, "kind", "") != "dimension") continue;
    lines.push_back(&line);
    header += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", Escaped(LineTitle(line)));
  }
  return header;
}

std::string OtherAttempts(const json::Value& point) {
  std::string text;
  for (const json::Value& attempt : ItemsOf(point, "attempts")) {
    if (json::TextOr(attempt, "submission", "") == json::TextOr(point, "submission", "")) continue;
    text +=
        fmt::format("<br><span class=\"faint\">attempt {} {}, score {}</span>", CountOf(attempt, "attempt"),
                    Text(attempt, "state"), Escaped(ScoreText(Member(attempt, "score"))));
  }
  return text;
}

std::string PeriodsTable(const json::Value& series) {
  std::vector<const json::Value*> dimensions;
  std::string html = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Periods of "
      "{}\"><table><caption>Every period, oldest "
      "first; scores of 100</caption><thead><tr><th scope=\"col\">period</th><th scope=\"col\">what "
      "came</th><th "
      "scope=\"col\" class=\"n\">score</th><th scope=\"col\">grade</th>{}<th scope=\"col\" "
      "class=\"n\">records</th></tr></thead><tbody>\n",
      Text(series, "feed"), DimensionNames(series, dimensions));
  const json::Array& points = ItemsOf(series, "points");
  for (size_t i = 0; i < points.size(); ++i) {
    const json::Value& point = points[i];
    const json::Value& records = Member(point, "records");
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}{}", Text(point, "period"), StateHtml(point),
                        OtherAttempts(point));
    if (Member(point, "change").is_object())
      html += fmt::format("<br><strong>Changed:</strong> {}", Text(Member(point, "change"), "message"));
    html += fmt::format("</td>{}<td>{}</td>", ScoreCell(Member(point, "score")),
                        Escaped(json::TextOr(point, "grade", "-")));
    for (const json::Value* line : dimensions) {
      const auto value = ValueAt(*line, i);
      html += value ? fmt::format("<td class=\"n\">{:.1f}</td>", *value) : "<td class=\"n\">-</td>";
    }
    html += fmt::format("<td class=\"n\">{}</td></tr>\n",
                        records.is_object() ? Grouped(CountOf(records, "total")) : std::string("-"));
  }
  return html + "</tbody></table></div>\n";
}

std::string RulesTable(const json::Value& series) {
  std::string rows;
  for (const json::Value& line : ItemsOf(series, "lines")) {
    if (json::TextOr(line, "kind", "") != "rule") continue;
    std::vector<std::optional<double>> values;
    std::string numbers;
    for (size_t i = 0; i < ItemsOf(line, "values").size(); ++i) {
      values.push_back(ValueAt(line, i));
      numbers +=
          fmt::format("{}{}", i == 0 ? "" : " ", values.back() ? fmt::format("{:.1f}", *values.back()) : "-");
    }
    const std::string note = json::TextOr(line, "note", "");
    rows += fmt::format(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}<br><span "
        "class=\"faint\">{}</span></td>{}"
        "<td>{}{}</td></tr>\n",
        Text(line, "id"), Escaped(DimensionText(json::TextOr(line, "dimension", ""))), Text(line, "severity"),
        HtmlSparkline(values), numbers, ScoreCell(Member(line, "latest")),
        Escaped(ChangeText(Member(line, "change"))),
        note.empty() || Member(line, "change").is_null()
            ? ""
            : "<br><span class=\"warn\">! not comparable: the measure changed</span>");
  }
  if (rows.empty()) {
    const json::Value& shown = Member(series, "rulesShown");
    return shown.is_bool() && !shown.get_bool()
               ? "<p class=\"faint\">Its rules are shown to the partner itself.</p>\n"
               : "";
  }
  return fmt::format(
      "<h3>Rules</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Rules of "
      "{}\"><table><caption>Share of "
      "records that pass, of 100</caption><thead><tr><th scope=\"col\">rule</th><th "
      "scope=\"col\">dimension</th><th "
      "scope=\"col\">severity</th><th scope=\"col\">over time</th><th scope=\"col\" "
      "class=\"n\">latest</th><th "
      "scope=\"col\">change</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
      Text(series, "feed"), rows);
}

std::string CountsHtml(const json::Value& series) {
  const json::Value& counts = Member(series, "periods");
  return fmt::format("<p>{}: {} on time, {} late, {} missing, {} rejected.</p>\n",
                     Counted(CountOf(counts, "total"), "period"), CountOf(counts, "onTime"),
                     CountOf(counts, "late"), CountOf(counts, "missing"), CountOf(counts, "rejected"));
}

// The whole first; a dimension only when it says something else.
std::string ChartsHtml(const json::Value& series, size_t number) {
  std::string html;
  size_t count = 0;
  for (const json::Value& line : ItemsOf(series, "lines")) {
    const std::string kind = json::TextOr(line, "kind", "");
    if (kind == "rule" && !(ItemsOf(series, "lines").size() == 1)) continue;
    const std::string title = LineTitle(line);
    html += fmt::format(
        "<figure><figcaption><strong>{}</strong>: latest {}{}</figcaption>{}</figure>\n", Escaped(title),
        Escaped(ScoreText(Member(line, "latest"))),
        Member(line, "change").is_null() ? std::string() : ", " + Escaped(ChangeText(Member(line, "change"))),
        TrendChart(ChartOf(series, line), fmt::format("c{}-{}", number, ++count)));
  }
  return html;
}

}  // namespace

std::string QualityHistoryHtml(const json::Value& history) {
  static constexpr std::string_view kOwnStyle =
      "figure{margin:.5rem "
      "0}figcaption{margin:0}.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,"
      "26rem),1fr));gap:.5rem 1.5rem}";
  std::string html = HtmlHead("Data quality over time", fmt::format("{}{}", ChartStyle(), kOwnStyle));
  html += fmt::format("<h1>Data quality over time</h1>\n<p class=\"faint\">as of {}</p>\n{}",
                      Text(history, "asOf"), ChartLegend());
  size_t number = 0;
  for (const json::Value& series : ItemsOf(history, "series")) {
    if (ItemsOf(series, "points").empty()) continue;
    html += fmt::format("<h2>{}</h2>\n<p>{}, from {}</p>\n{}<div class=\"charts\">\n{}</div>\n{}{}",
                        Text(series, "feed"), Text(series, "title"), Text(series, "partnerName"),
                        CountsHtml(series), ChartsHtml(series, ++number), PeriodsTable(series),
                        RulesTable(series));
  }
  if (number == 0) html += "<p>Nothing was sent or due in these periods.</p>\n";
  return html + std::string(HtmlFoot());
}

}  // namespace concordat::cli
