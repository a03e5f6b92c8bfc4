#include "tools/concordat/render/partnership_assessment_html.h"

#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_html.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/html_heatmap.h"
#include "tools/concordat/render/html_style.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

std::string Text(const json::Value& object, std::string_view member) {
  return Escaped(Words(object, member));
}

bool True(const json::Value& object, std::string_view member) {
  const json::Value& value = Member(object, member);
  return value.is_bool() && value.get_bool();
}

std::string HeadHtml(const json::Value& view) {
  std::string html =
      fmt::format("<h1>{}: the partnership</h1>\n<p class=\"faint\">template {} {}, cycle {}, as of {}</p>\n",
                  Text(view, "title"), Text(view, "template"), Text(view, "version"), Text(view, "cycle"),
                  Escaped(DayOf(view, "asOf")));
  if (!Words(view, "subject").empty()) html += fmt::format("<p>Subject: {}</p>\n", Text(view, "subject"));
  if (!Words(view, "why").empty()) html += fmt::format("<p>{}</p>\n", Text(view, "why"));
  return html;
}

std::string RowName(const json::Value& row) {
  std::string name = Words(row, "partnerName");
  if (name.empty()) name = Words(row, "partner");
  if (const std::string group = Words(row, "group"); !group.empty()) name += ", " + group;
  return Escaped(name) + (True(row, "you") ? " (you)" : "");
}

std::string StatusCell(const json::Value& row, const ShownScale& scale) {
  const json::Value& status = Member(row, "status");
  if (!status.is_object()) return HeatCell(scale, LevelOf(Member(row, "level")));
  const std::string colour = json::TextOr(status, "colour", "");
  return fmt::format("<td class=\"lv {}\"><span aria-hidden=\"true\">{}</span> {}</td>", Escaped(colour),
                     ColourSign(colour), Text(status, "name"));
}

std::string HeatHtml(const json::Value& view, const ShownScale& scale) {
  const json::Array& rows = ItemsOf(view, "rows");
  std::string html = "<h2>Partners and themes</h2>\n" + ScaleLegend(scale);
  if (rows.empty()) return html + "<p>No partner has started yet, or none may be named to you.</p>\n";
  std::string table =
      "<table class=\"wide\"><caption>Standing level of each partner in each theme</caption><thead><tr><th "
      "scope=\"col\">partner</th>";
  for (const json::Value& theme : ItemsOf(view, "themes"))
    table += fmt::format("<th scope=\"col\">{}</th>", Text(theme, "title"));
  table +=
      "<th scope=\"col\">all together</th><th scope=\"col\">state</th><th scope=\"col\" class=\"n\">overdue "
      "actions</th></tr></thead><tbody>\n";
  for (const json::Value& row : rows) {
    table += fmt::format("<tr><th scope=\"row\">{}</th>", RowName(row));
    for (const json::Value& theme : ItemsOf(view, "themes"))
      table += HeatCell(scale, LevelOf(Member(Member(row, "themes"), json::TextOr(theme, "id", ""))));
    const uint64_t overdue = CountOf(row, "overdueActions");
    table += fmt::format("{}<td>{}, {:.0f}% answered</td><td class=\"n{}\">{}{}</td></tr>\n",
                         StatusCell(row, scale), Escaped(StateWords(Words(row, "state"))),
                         100 * NumberOf(Member(row, "completion")), overdue > 0 ? " bad late" : "",
                         overdue > 0 ? "! " : "", overdue);
  }
  return html + ScrollRegion("Partners and themes", table + "</tbody></table>\n");
}

std::string SpreadCells(const ShownScale& scale, const json::Value& counts, uint64_t most) {
  std::string cells;
  for (const ShownLevel& level : scale.levels()) {
    const uint64_t count = CountOf(counts, std::to_string(level.level));
    cells += fmt::format("<td class=\"n\">{}{}</td>", count,
                         HtmlBar(most == 0 ? 0 : static_cast<double>(count) / static_cast<double>(most)));
  }
  return cells;
}

std::string SpreadHtml(const json::Value& view, const ShownScale& scale) {
  const json::Value& spread = Member(view, "spread");
  // Too few to be shown without names: the page says so above.
  const json::Value& themes = Member(spread, "themes");
  if (!themes.is_object() || themes.get_object().empty()) return "";
  const uint64_t partners = CountOf(spread, "partners");
  std::string html = fmt::format("<h2>Spread of levels</h2>\n{}",
                                 Member(view, "named").is_bool() && !True(view, "named")
                                     ? "<p>Other partners have no names here, as the charter has it.</p>\n"
                                     : "");
  std::string table = fmt::format(
      "<table class=\"wide\"><caption>How many of {} stand at each level</caption><thead><tr><th "
      "scope=\"col\">theme</th>",
      Counted(partners, "partner"));
  for (const ShownLevel& level : scale.levels())
    table += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", Escaped(scale.Named(level.level)));
  table += "</tr></thead><tbody>\n";
  for (const json::Value& theme : ItemsOf(view, "themes")) {
    table += fmt::format(
        "<tr><th scope=\"row\">{}</th>{}</tr>\n", Text(theme, "title"),
        SpreadCells(scale, Member(Member(spread, "themes"), json::TextOr(theme, "id", "")), partners));
  }
  table += fmt::format("<tr><th scope=\"row\">all together</th>{}</tr>\n",
                       SpreadCells(scale, Member(spread, "level"), partners));
  return html + ScrollRegion("Spread of levels", table + "</tbody></table>\n");
}

std::string GapsHtml(const json::Value& view) {
  if (!Member(view, "gaps").is_object()) return "";
  constexpr const char* kAssurances[] = {"supported",   "understated", "overstated",
                                         "unevidenced", "stale",       "not_bound"};
  uint64_t most = 1;
  for (const char* assurance : kAssurances) most = std::max(most, CountOf(Member(view, "gaps"), assurance));
  std::string table =
      "<table><caption>Answers of all partners. Stale ones count among the unevidenced, too.</caption>"
      "<thead><tr><th scope=\"col\">claims that are</th><th scope=\"col\" class=\"n\">answers</th>"
      "<th scope=\"col\"><span class=\"faint\">drawn</span></th></tr></thead><tbody>\n";
  for (const char* assurance : kAssurances) {
    const uint64_t count = CountOf(Member(view, "gaps"), assurance);
    table += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td></tr>\n",
                         AssuranceMark(assurance), count,
                         HtmlBar(static_cast<double>(count) / static_cast<double>(most)));
  }
  return "<h2>Claims beside evidence</h2>\n" +
         ScrollRegion("Claims beside evidence", table + "</tbody></table>\n");
}

// A bar from 0 to the scale's highest level.
std::string MeanCell(const json::Value& mean, const ShownScale& scale) {
  if (!mean.is_number()) return "<td>-</td>";
  const int highest = scale.levels().empty() ? 1 : scale.levels().back().level;
  return fmt::format("<td class=\"n\">{:.1f}{}</td>", NumberOf(mean),
                     HtmlBar(NumberOf(mean) / std::max(highest, 1)));
}

std::string TrendTable(const json::Value& view, const ShownScale& scale) {
  const json::Array& cycles = ItemsOf(view, "cycles");
  if (cycles.size() < 2) return "";
  std::string table =
      "<table class=\"wide\"><caption>Mean level of each theme over all partners, cycle by "
      "cycle</caption><thead><tr><th "
      "scope=\"col\">theme</th>";
  for (const json::Value& cycle : cycles)
    table += fmt::format("<th scope=\"col\" class=\"n\">{}</th>", Text(cycle, "cycle"));
  table += "<th scope=\"col\">since the first</th></tr></thead><tbody>\n";
  for (const json::Value& theme : ItemsOf(view, "themes")) {
    const std::string id = json::TextOr(theme, "id", "");
    table += fmt::format("<tr><th scope=\"row\">{}</th>", Text(theme, "title"));
    for (const json::Value& cycle : cycles) table += MeanCell(Member(Member(cycle, "mean"), id), scale);
    const json::Value& first = Member(Member(cycles.front(), "mean"), id);
    const json::Value& last = Member(Member(cycles.back(), "mean"), id);
    const double change = NumberOf(last) - NumberOf(first);
    table += fmt::format("<td>{}</td></tr>\n", !first.is_number() || !last.is_number() ? ""
                                               : change > 0.05  ? fmt::format("↑ better by {:.1f}", change)
                                               : change < -0.05 ? fmt::format("↓ worse by {:.1f}", -change)
                                                                : std::string("= same"));
  }
  return "<h2>Trend over cycles</h2>\n" + ScrollRegion("Trend over cycles", table + "</tbody></table>\n");
}

std::string StageMark(const json::Value& stage) {
  if (True(stage, "agreedRed")) return "<span class=\"bad late\">▼ agreed red: act</span>";
  if (True(stage, "contested")) return "<span class=\"warn late\">↕ contested: talk</span>";
  if (True(stage, "exact")) return "= agreed";
  const uint64_t distance = CountOf(stage, "distance");
  return distance == 0 ? "" : fmt::format("{} apart", Counted(distance, "level"));
}

std::string AgreementHtml(const json::Value& view, const ShownScale& scale) {
  const json::Value& agreement = Member(view, "agreement");
  if (!agreement.is_object()) return "";
  const json::Array& groups = ItemsOf(agreement, "groups");
  std::string table =
      "<table class=\"wide\"><caption>How each group rates each stage</caption><thead><tr><th "
      "scope=\"col\">stage</th>";
  for (const json::Value& group : groups)
    table += fmt::format("<th scope=\"col\">{}</th>", Escaped(Harmless(TextOf(group))));
  table += "<th scope=\"col\">agreement</th></tr></thead><tbody>\n";
  for (const json::Value& stage : ItemsOf(agreement, "stages")) {
    const std::string question = Words(stage, "question");
    table += fmt::format("<tr><th scope=\"row\">{}</th>",
                         Escaped(question.empty() ? Words(stage, "item") : question));
    for (const json::Value& group : groups)
      table += HeatCell(scale, LevelOf(Member(Member(stage, "ratings"), TextOf(group))));
    table += fmt::format("<td>{}</td></tr>\n", StageMark(stage));
  }
  const json::Value& kappa = Member(agreement, "kappa");
  const std::string summary = fmt::format(
      "<p>{} rated by all groups: {:.0f}% exactly alike, mean distance {:.1f}{}.</p>\n",
      Counted(CountOf(agreement, "ratedByAll"), "stage"), 100 * NumberOf(Member(agreement, "exactShare")),
      NumberOf(Member(agreement, "meanDistance")),
      kappa.is_number()
          ? fmt::format(", weighted kappa {:.2f} (1 full agreement, 0 as by chance)", NumberOf(kappa))
          : "");
  return "<h2>Stages and groups</h2>\n" + summary +
         ScrollRegion("Stages and groups", table + "</tbody></table>\n");
}

std::string ActionTotals(const json::Value& view) {
  const json::Value& actions = Member(view, "actions");
  if (!actions.is_object()) return "";
  const uint64_t overdue = CountOf(actions, "overdue");
  return fmt::format("<p>Actions: {} open, <span class=\"{}\">{}{} overdue</span>, {} closed.</p>\n",
                     CountOf(actions, "open"), overdue > 0 ? "bad late" : "", overdue > 0 ? "! " : "",
                     overdue, CountOf(actions, "closed"));
}

}  // namespace

std::string PartnershipHtml(const json::Value& view, const json::Value& actions) {
  static const json::Array none;
  const ShownScale scale(view);
  return HtmlHead(fmt::format("{}: the partnership", Words(view, "title")), HeatmapStyle()) + HeadHtml(view) +
         ActionTotals(view) + HeatHtml(view, scale) + AgreementHtml(view, scale) + SpreadHtml(view, scale) +
         GapsHtml(view) + TrendTable(view, scale) +
         ActionsHtml(actions.is_array() ? actions.get_array() : none, "Open ones first, by date") +
         std::string(HtmlFoot());
}

}  // namespace concordat::cli
