#include "tools/concordat/render/partnership_html.h"

#include <algorithm>
#include <vector>

#include "fmt/format.h"
#include "tools/concordat/render/html_chart.h"
#include "tools/concordat/render/html_style.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/quality_text.h"

namespace concordat::cli {
namespace {

// Two sheets, each one printed side whatever is in it: rows are as many as fit, and nothing may push a third
// side.
constexpr std::string_view kOwnStyle = R"(
.sheet{margin:0 0 2rem}.sheet h2{margin:1rem 0 .25rem}.majors{list-style:none;padding:0;margin:.4rem 0}
.majors li{border-left:.3rem solid var(--bad);padding:.1rem 0 .1rem .6rem;margin:.3rem 0}
ul.rows{padding-left:1.1rem;margin:.25rem 0}ul.rows li{margin:.1rem 0}
.mark{font-weight:700}.grade{font-weight:700;border:1px solid var(--line);border-radius:.2rem;padding:0 .35rem}
.small{font-size:.85rem}.board th,.board td{padding:.2rem .4rem}.board th:first-child{min-width:9rem}.board td:last-child{width:45%;min-width:14rem}.board th[scope=row]{white-space:normal}.board th .small{font-weight:400}.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:0 1.5rem}
@media print{@page{size:A4;margin:12mm 14mm}
html,body{background:#fff}body{font-size:8.8pt;line-height:1.28}
:root{--ink:#000;--paper:#fff;--line:#999;--faint:#333;--good:#000;--warn:#000;--bad:#000;--bar:#000;--track:#ddd}
.sheet{height:270mm;overflow:hidden;margin:0;break-inside:avoid}.sheet.first{break-after:page}
h1{font-size:15pt}h2,.sheet h2{font-size:11pt;margin:2.5mm 0 .8mm}.board th,.board td{padding:.4mm 1.2mm}.small{font-size:7.6pt}.decision{font-size:11pt}
.majors li{margin:.7mm 0}.scroll{overflow:visible}}
)";

std::string Text(const json::Value& object, std::string_view member) {
  return Escaped(json::TextOr(object, member, ""));
}

// "street crime" of street_crime.
std::string Spoken(std::string id) {
  std::replace(id.begin(), id.end(), '_', ' ');
  return Escaped(id);
}

std::string LeftOut(const json::Value& section) {
  const uint64_t count = CountOf(section, "leftOut");
  if (count == 0) return "";
  return fmt::format("<p class=\"faint small\">{} more, at the top or left out: <code>{}</code></p>\n", count,
                     Text(section, "where"));
}

// Two lines of a printed page; what is longer stands whole in the JSON.
std::string Shortened(const std::string& words, size_t most = 210) {
  if (words.size() <= most) return Escaped(words);
  size_t end = words.rfind(' ', most);
  if (end == std::string::npos || end == 0) end = most;
  return Escaped(words.substr(0, end)) + "…";
}

bool IsToldAbove(const json::Value& report, const std::string& words) {
  for (const json::Value& major : ItemsOf(report, "majors")) {
    if (json::TextOr(major, "words", "") == words) return true;
  }
  return false;
}

// What the top of the page says already is not said again.
std::string RowsHtml(const json::Value& report, const json::Value& section, std::string_view member) {
  std::string items;
  for (const json::Value& row : ItemsOf(section, member)) {
    const std::string words = json::TextOr(row, "words", "");
    if (IsToldAbove(report, words)) continue;
    const bool major = !json::TextOr(row, "major", "").empty();
    items += fmt::format("<li>{}{}</li>\n", major ? "<span class=\"mark bad\">! major:</span> " : "",
                         Shortened(words));
  }
  return items.empty() ? "" : fmt::format("<ul class=\"rows\">\n{}</ul>\n", items);
}

std::string SectionHtml(const json::Value& report, std::string_view name, std::string_view title,
                        const std::vector<std::string_view>& lists) {
  const json::Value& section = Member(report, name);
  std::string html = fmt::format("<section><h2>{}</h2>\n<p>{}</p>\n", title, Text(section, "message"));
  for (const std::string_view list : lists) html += RowsHtml(report, section, list);
  return html + LeftOut(section) + "</section>\n";
}

std::string ChangeCell(const json::Value& row) {
  const std::string change = ChangeText(Member(row, "change"));
  if (change.empty()) return "<span class=\"faint\">nothing before</span>";
  const json::Value& comparable = Member(row, "comparable");
  if (comparable.is_bool() && !comparable.get_bool())
    return Escaped(change) + " <span class=\"faint\">(rules changed)</span>";
  const std::string_view sign = change.starts_with("up") ? "▲ " : change.starts_with("down") ? "▼ " : "";
  const json::Value& fell = Member(row, "fell");
  const bool bad = fell.is_bool() && fell.get_bool();
  return fmt::format("<span class=\"{}\"><span aria-hidden=\"true\">{}</span>{}{}</span>", bad ? "bad" : "",
                     sign, Escaped(change), bad ? " <span class=\"mark\">! major</span>" : "");
}

std::string_view GradeStyle(std::string_view grade) {
  if (grade == "A" || grade == "B") return "good";
  return grade == "C" ? "warn" : "bad";
}

std::string QualityHtml(const json::Value& report) {
  const json::Value& section = Member(report, "quality");
  std::string html =
      fmt::format("<section><h2>How good the data is</h2>\n<p>{}</p>\n", Text(section, "message"));
  if (ItemsOf(section, "rows").empty()) return html + LeftOut(section) + "</section>\n";
  html +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Quality by partner and "
      "dataset\"><table class=\"board\"><caption "
      "class=\"small\">Score of 100 in the period, against the period before; the line shows the last "
      "periods (x: nothing "
      "accepted). Confidence A to D: how far to trust the figures, and what holds it "
      "there.</caption><thead><tr><th "
      "scope=\"col\">data of</th><th scope=\"col\" class=\"n\">score</th><th "
      "scope=\"col\">change</th><th scope=\"col\">over time</th><th "
      "scope=\"col\">confidence</th></tr></thead><tbody>\n";
  for (const json::Value& row : ItemsOf(section, "rows")) {
    std::vector<std::optional<double>> trend;
    for (const json::Value& value : ItemsOf(row, "trend"))
      trend.push_back(value.is_number() ? std::optional<double>(NumberOf(value)) : std::nullopt);
    const std::string grade = json::TextOr(row, "confidence", "");
    html += fmt::format(
        "<tr><th scope=\"row\">{}<br><span class=\"small faint\">{}</span></th><td "
        "class=\"n\">{}</td><td>{}</td><td>{}</td><td><span "
        "class=\"grade "
        "{}\">{}</span> <span class=\"small\">{}</span></td></tr>\n",
        Spoken(json::TextOr(row, "dataset", "")), Text(row, "partnerName"),
        Member(row, "score").is_number() ? Escaped(ScoreText(Member(row, "score"))) : "none", ChangeCell(row),
        HtmlSparkline(trend), GradeStyle(grade), Escaped(grade),
        Shortened(json::TextOr(row, "confidenceWhy", ""), 120));
  }
  return html + "</tbody></table></div>\n" + LeftOut(section) + "</section>\n";
}

std::string MajorsHtml(const json::Value& report) {
  std::string html =
      fmt::format("<p class=\"decision {}\">{}</p>\n", ItemsOf(report, "majors").empty() ? "good" : "bad",
                  Text(report, "headline"));
  if (ItemsOf(report, "majors").empty()) return html;
  html += "<ul class=\"majors\">\n";
  for (const json::Value& major : ItemsOf(report, "majors"))
    html += fmt::format("<li>{}</li>\n", Shortened(json::TextOr(major, "words", "")));
  html += "</ul>\n";
  if (CountOf(report, "majorsLeftOut") > 0)
    html +=
        fmt::format("<p class=\"faint small\">{} more: marked \"! major\" below, or left out there.</p>\n",
                    CountOf(report, "majorsLeftOut"));
  return html;
}

std::string RulesHtml(const json::Value& report) {
  std::string html = "<section><h2>What counts as major, and why</h2>\n<ul class=\"rows small two\">\n";
  for (const json::Value& rule : ItemsOf(report, "rules"))
    html +=
        fmt::format("<li>{}: <span class=\"faint\">{}</span></li>\n", Text(rule, "what"), Text(rule, "why"));
  return html + "</ul></section>\n";
}

}  // namespace

std::string PartnershipHtml(const json::Value& report) {
  const json::Value& period = Member(report, "period");
  const std::string name = json::TextOr(Member(report, "partnership"), "name", "");
  std::string html = HtmlHead(fmt::format("{}: {}", name, json::TextOr(period, "id", "")),
                              fmt::format("{}{}", ChartStyle(), kOwnStyle));
  html += fmt::format(
      "<div class=\"sheet first\">\n<h1>{}</h1>\n<p class=\"faint\">{}; what stands is as of "
      "{}</p>\n{}{}{}</div>\n",
      Escaped(name), Text(period, "inWords"), Escaped(json::TextOr(report, "asOf", "").substr(0, 10)),
      MajorsHtml(report), SectionHtml(report, "timeliness", "On time", {"rows"}), QualityHtml(report));
  html += fmt::format(
      "<div class=\"sheet\">\n{}{}{}{}{}<p class=\"faint small\">{} further lines are left out below the "
      "sections; each names the command that shows them.</p></div>\n",
      SectionHtml(report, "sharing", "What was shared, what was refused", {"flows", "refused"}),
      SectionHtml(report, "agreements", "Agreements", {"rows"}),
      SectionHtml(report, "assessments", "What partners claim and what they promised", {"rows"}),
      SectionHtml(report, "signOff", "Warnings accepted, deliveries signed off", {"rows"}), RulesHtml(report),
      CountOf(report, "leftOut"));
  return html + std::string(HtmlFoot());
}

}  // namespace concordat::cli
