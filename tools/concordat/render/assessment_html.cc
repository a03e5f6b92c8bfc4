#include "tools/concordat/render/assessment_html.h"

#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/html_heatmap.h"
#include "tools/concordat/render/html_style.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/partnership_assessment_text.h"

namespace concordat::cli {
namespace {

std::string Text(const json::Value& object, std::string_view member) {
  return Escaped(Words(object, member));
}

std::string Person(const json::Value& object, std::string_view member) {
  return Escaped(PersonOf(json::TextOr(object, member, "")));
}

bool True(const json::Value& object, std::string_view member) {
  const json::Value& value = Member(object, member);
  return value.is_bool() && value.get_bool();
}

std::string HeadHtml(const json::Value& document) {
  const std::string name = Words(document, "partnerName");
  std::string html = fmt::format(
      "<h1>{}: {}</h1>\n<p class=\"faint\">{}cycle {}, template {} {}, <code>{}</code></p>\n",
      Text(document, "title"), Escaped(name.empty() ? Words(document, "partner") : name),
      Words(document, "group").empty() ? "" : fmt::format("group {}, ", Text(document, "group")),
      Text(document, "cycle"), Text(document, "template"), Text(document, "version"), Text(document, "id"));
  if (!Words(document, "subject").empty())
    html += fmt::format("<p>Subject: {}</p>\n", Text(document, "subject"));
  return html;
}

std::string Fact(std::string_view name, std::string_view html) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html);
}

std::string StateHtml(const json::Value& document) {
  std::string html = Escaped(StateWords(Words(document, "state")));
  const std::string due = DayOf(document, "due");
  if (json::TextOr(document, "state", "") != "open" || due.empty()) return html;
  const double left = NumberOf(Member(document, "daysLeft"));
  if (left < 0)
    return html + fmt::format(", <span class=\"bad late\">! late, was due {}</span>", Escaped(due));
  return html + fmt::format(", due {}", Escaped(due));
}

std::string FactsHtml(const json::Value& document, const ShownScale& scale) {
  const std::optional<int> level = LevelOf(Member(document, "level"));
  std::string html = "<dl class=\"facts\">\n" + Fact("State", StateHtml(document));
  html +=
      Fact("Answered", fmt::format("{} of {}{}", CountOf(document, "answered"), CountOf(document, "items"),
                                   HtmlBar(NumberOf(Member(document, "completion")))));
  if (const json::Value& status = Member(document, "status"); status.is_object()) {
    const std::string colour = json::TextOr(status, "colour", "");
    html += Fact("Status", fmt::format("<span class=\"lv {}\"><span aria-hidden=\"true\">{}</span> {}</span>",
                                       Escaped(colour), ColourSign(colour), Text(status, "name")));
  }
  const std::optional<int> target = LevelOf(Member(document, "target"));
  if (level || target || Member(document, "status").is_null())
    html += Fact("Level", HeatMark(scale, level, "not complete yet"));
  if (target) html += Fact("Target", Escaped(scale.Named(target)));
  html += "</dl>\n";
  if (!Words(document, "why").empty()) html += fmt::format("<p>Why: {}.</p>\n", Text(document, "why"));
  return html;
}

std::string WhoHtml(const json::Value& document) {
  std::string html;
  const auto line = [&](std::string_view what, const std::string& at, const std::string& by,
                        const std::string& words) {
    if (at.empty() && by.empty()) return;
    html += fmt::format("<li>{} {}{}{}{}{}</li>\n", what, Escaped(at), by.empty() ? "" : " by ", by,
                        words.empty() ? "" : ": ", words);
  };
  line("Started", DayOf(document, "started"), Person(document, "startedBy"), "");
  line("Submitted", DayOf(document, "submitted"), Person(document, "submittedBy"), "");
  const json::Value& sign = Member(document, "signedOff");
  line("Signed off", DayOf(sign, "at"), Person(sign, "by"), Text(sign, "comment"));
  const json::Value& done = Member(document, "moderation");
  line("Moderated", DayOf(done, "at"), Person(done, "by"), Text(done, "summary"));
  line("Published", DayOf(document, "published"), "", "");
  return html.empty() ? "" : "<ul class=\"faint\">\n" + html + "</ul>\n";
}

std::string TargetHtml(std::optional<int> level, std::optional<int> target) {
  if (!target) return "-";
  if (!level) return std::to_string(*target);
  return *level < *target ? fmt::format("{}, <strong>{} below</strong>", *target, *target - *level)
                          : fmt::format("{}, met", *target);
}

std::string ThemesHtml(const json::Value& document, const ShownScale& scale) {
  std::string table =
      "<table><caption>Level of each theme beside its target, and why</caption><thead><tr><th "
      "scope=\"col\">theme</th><th "
      "scope=\"col\">level</th><th scope=\"col\">target</th><th scope=\"col\" class=\"n\">answered</th><th "
      "scope=\"col\">why</th></tr></thead><tbody>\n";
  for (const json::Value& theme : ItemsOf(document, "themes")) {
    const std::optional<int> level = LevelOf(Member(theme, "level"));
    table += fmt::format(
        "<tr><th scope=\"row\">{}</th>{}<td>{}</td><td class=\"n\">{} of {}</td><td "
        "class=\"words\">{}</td></tr>\n",
        Text(theme, "title"), HeatCell(scale, level, "not complete"),
        TargetHtml(level, LevelOf(Member(theme, "target"))), CountOf(theme, "answered"),
        CountOf(theme, "asked"), Text(theme, "why"));
  }
  return "<h2>Themes</h2>\n" + ScaleLegend(scale) +
         ScrollRegion("Levels of themes", table + "</tbody></table>\n");
}

std::string CountsHtml(const json::Value& document) {
  std::string html = "<ul class=\"legend\" aria-label=\"Claims beside evidence\">\n";
  for (const char* assurance :
       {"supported", "understated", "overstated", "unevidenced", "stale", "not_bound"})
    html += fmt::format("<li>{}: <strong>{}</strong></li>\n", AssuranceMark(assurance),
                        CountOf(Member(document, "counts"), assurance));
  return html + "</ul>\n";
}

std::string GapRow(const json::Value& document, const json::Value& gap, const ShownScale& scale) {
  const json::Value* item = FindItem(document, json::TextOr(gap, "item", ""));
  static const json::Value none;
  const std::optional<int> claimed = item == nullptr ? std::nullopt : LevelOf(Member(*item, "standing"));
  const std::optional<int> evidenced =
      item == nullptr ? std::nullopt : LevelOf(Member(Member(*item, "evidence"), "level"));
  const std::string question = Words(gap, "question");
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"words\">{}</td><td class=\"n\">{}</td><td "
      "class=\"n\">{}</td><td>{}</td></tr>\n",
      Escaped(question.empty() ? Words(gap, "item") : question),
      AssuranceMark(json::TextOr(gap, "assurance", "")), Text(gap, "message"),
      claimed ? std::to_string(*claimed) : "-", evidenced ? std::to_string(*evidenced) : "-",
      GapDrawing(scale, claimed, evidenced));
}

std::string GapsHtml(const json::Value& document, const ShownScale& scale) {
  std::string html = "<h2>Claims beside evidence</h2>\n" + CountsHtml(document);
  const json::Array& gaps = ItemsOf(document, "gaps");
  if (gaps.empty()) return html + "<p>No gap between what is claimed and what is known.</p>\n";
  std::string table = fmt::format(
      "<table class=\"wide\"><caption>Gaps, overstated ones first. In the drawing the scale runs from {} to "
      "{}: a "
      "filled square is the "
      "claim, a ring the evidence.</caption><thead><tr><th scope=\"col\">question</th><th "
      "scope=\"col\">gap</th><th scope=\"col\">what was found</th><th scope=\"col\" "
      "class=\"n\">claimed</th><th scope=\"col\" class=\"n\">evidence</th><th "
      "scope=\"col\">drawn</th></tr></thead><tbody>\n",
      scale.levels().empty() ? 0 : scale.levels().front().level,
      scale.levels().empty() ? 0 : scale.levels().back().level);
  for (const json::Value& gap : gaps) table += GapRow(document, gap, scale);
  return html + ScrollRegion("Gaps between claim and evidence", table + "</tbody></table>\n");
}

std::string NextHtml(const json::Value& document) {
  std::string html;
  for (const NextStep& step : NextSteps(document))
    html += fmt::format("<li>{}: <code>{}</code></li>\n", Escaped(step.what), Escaped(step.command));
  return html.empty() ? "" : "<h2>What to do next</h2>\n<ul>\n" + html + "</ul>\n";
}

std::string ListItem(std::string_view label, const std::string& words) {
  return words.empty() ? ""
                       : fmt::format("<li><span class=\"faint\">{}</span> {}</li>\n", label, Escaped(words));
}

std::string AnswerLines(const json::Value& document, const json::Value& item, const ShownScale& scale) {
  std::string html = ListItem("comment:", Words(item, "comment"));
  if (const std::string by = PersonOf(json::TextOr(item, "by", "")); !by.empty())
    html += ListItem("answered by", fmt::format("{}, {}", by, DayOf(item, "at")));
  if (const json::Value& moderated = Member(item, "moderated"); moderated.is_object()) {
    html += ListItem("moderated:",
                     fmt::format("from {} to {} by {}: {}", scale.Named(LevelOf(Member(moderated, "from"))),
                                 scale.Named(LevelOf(Member(moderated, "to"))),
                                 PersonOf(json::TextOr(moderated, "by", "")), Words(moderated, "reason")));
  }
  for (const std::string& line : MeasuredLines(item, document)) html += ListItem("measured:", line);
  for (const std::string& line : AttachedLines(item)) html += ListItem("attached:", line);
  html += ListItem("last time:", CarriedLine(item, document));
  for (const json::Value& remark : ItemsOf(item, "comments"))
    html += ListItem("remark:", fmt::format("{} ({}, {})", Words(remark, "text"),
                                            PersonOf(json::TextOr(remark, "by", "")), DayOf(remark, "at")));
  return html.empty() ? "" : "<ul>\n" + html + "</ul>\n";
}

std::string ItemHtml(const json::Value& document, const json::Value& item, const ShownScale& scale) {
  std::string html =
      fmt::format("<section class=\"item\"><h4>{}</h4>\n<p class=\"faint\"><code>{}</code>{}{}{}</p>\n",
                  Text(item, "question"), Text(item, "id"), True(item, "mandatory") ? ", mandatory" : "",
                  True(item, "evidenceRequired") ? ", evidence required" : "",
                  Words(item, "owner").empty() ? "" : ", owner " + Person(item, "owner"));
  if (!IsAsked(item))
    return html + fmt::format("<p>Not asked{}{}</p></section>\n",
                              Words(item, "notAskedBecause").empty() ? "" : ": ",
                              Text(item, "notAskedBecause"));
  html += fmt::format("<p>Claimed {}", HeatMark(scale, LevelOf(Member(item, "claimed")), "no answer yet"));
  if (True(item, "reviewNeeded")) html += ", carried over and not confirmed yet";
  if (const std::optional<int> target = LevelOf(Member(item, "target")))
    html += fmt::format(", target {}", *target);
  html += "</p>\n";
  const std::string assurance = json::TextOr(item, "assurance", "");
  if (!assurance.empty())
    html += fmt::format("<p>{}: {}</p>\n", AssuranceMark(assurance), Text(item, "message"));
  return html + AnswerLines(document, item, scale) + "</section>\n";
}

std::string ItemsHtml(const json::Value& document, const ShownScale& scale) {
  std::string html = "<h2>All questions</h2>\n";
  for (const json::Value& theme : ItemsOf(document, "themes")) {
    html += fmt::format("<h3>{}</h3>\n", Text(theme, "title"));
    if (!Words(theme, "description").empty()) html += fmt::format("<p>{}</p>\n", Text(theme, "description"));
    for (const json::Value& item : ItemsOf(theme, "items")) html += ItemHtml(document, item, scale);
  }
  return html;
}

std::string ActionRow(const json::Value& action, bool whose) {
  const double late = NumberOf(Member(action, "daysLate"));
  const std::string state = json::TextOr(action, "state", "");
  std::string shown = Escaped(StateWords(state));
  if (state == "open" && late > 0)
    shown = fmt::format("<span class=\"bad late\">! overdue by {}</span>",
                        Counted(static_cast<uint64_t>(late), "day"));
  std::string what = Text(action, "title");
  if (!Words(action, "evidence").empty())
    what += fmt::format("<br><span class=\"faint\">{}</span>", Text(action, "evidence"));
  return fmt::format(
      "<tr><th scope=\"row\">{}</th>{}<td>{}</td><td>{}</td><td class=\"d\">{}</td><td>{}</td></tr>\n", what,
      whose ? fmt::format("<td>{}</td>", Text(action, "partner")) : "", Text(action, "item"),
      Person(action, "owner"), Escaped(DayOf(action, "due")), shown);
}

}  // namespace

std::string ActionsHtml(const json::Array& actions, std::string_view caption) {
  if (actions.empty()) return "";
  std::vector<const json::Value*> sorted;
  for (const json::Value& action : actions) sorted.push_back(&action);
  std::stable_sort(sorted.begin(), sorted.end(), [](const json::Value* a, const json::Value* b) {
    const bool open_a = json::TextOr(*a, "state", "") == "open";
    const bool open_b = json::TextOr(*b, "state", "") == "open";
    return open_a != open_b ? open_a : json::TextOr(*a, "due", "") < json::TextOr(*b, "due", "");
  });
  const bool whose = std::any_of(sorted.begin(), sorted.end(), [&](const json::Value* action) {
    return json::TextOr(*action, "partner", "") != json::TextOr(*sorted.front(), "partner", "");
  });
  std::string table = fmt::format(
      "<table><caption>{}</caption><thead><tr><th scope=\"col\">action</th>{}<th "
      "scope=\"col\">question</th><th "
      "scope=\"col\">owner</th><th scope=\"col\">due</th><th scope=\"col\">state</th></tr></thead><tbody>\n",
      Escaped(caption), whose ? "<th scope=\"col\">partner</th>" : "");
  for (const json::Value* action : sorted) table += ActionRow(*action, whose);
  return "<h2>Actions</h2>\n" + ScrollRegion("Actions", table + "</tbody></table>\n");
}

std::string TrendHtml(const json::Value& comparison, const json::Value& assessment) {
  const json::Array& columns = ItemsOf(comparison, "columns");
  if (columns.size() < 2) return "";
  const ShownScale scale(assessment);
  std::string table =
      "<table class=\"wide\"><caption>Level of each theme, cycle by cycle</caption><thead><tr><th "
      "scope=\"col\">theme</th>";
  for (const json::Value& column : columns)
    table += fmt::format("<th scope=\"col\">{}</th>", Text(column, "cycle"));
  table += "<th scope=\"col\">since the first</th></tr></thead><tbody>\n";
  const auto row = [&](const std::string& name, const json::Array& levels) {
    table += fmt::format("<tr><th scope=\"row\">{}</th>", name);
    for (const json::Value& level : levels) table += HeatCell(scale, LevelOf(level));
    const std::optional<int> from = levels.empty() ? std::nullopt : LevelOf(levels.front());
    const std::optional<int> to = levels.empty() ? std::nullopt : LevelOf(levels.back());
    table += fmt::format("<td>{} {}</td></tr>\n", ChangeSign(from, to), ChangeWords(from, to));
  };
  for (const json::Value& theme : ItemsOf(comparison, "themes"))
    row(Text(theme, "title"), ItemsOf(theme, "levels"));
  if (!ItemsOf(comparison, "level").empty()) row("all together", ItemsOf(comparison, "level"));
  return "<h2>Trend over cycles</h2>\n" + ScrollRegion("Trend over cycles", table + "</tbody></table>\n");
}

std::string AssessmentHtml(const json::Value& assessment, const json::Value& trend) {
  const ShownScale scale(assessment);
  return HtmlHead(fmt::format("{}: {}", Words(assessment, "title"), Words(assessment, "partnerName")),
                  HeatmapStyle()) +
         HeadHtml(assessment) + FactsHtml(assessment, scale) + WhoHtml(assessment) +
         ThemesHtml(assessment, scale) + GapsHtml(assessment, scale) +
         ActionsHtml(ItemsOf(assessment, "actions"), "Open ones first, by date") +
         TrendHtml(trend, assessment) + NextHtml(assessment) + ItemsHtml(assessment, scale) +
         std::string(HtmlFoot());
}

}  // namespace concordat::cli
