#include "tools/concordat/render/html_report.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "tools/concordat/render/html_style.h"
#include "tools/concordat/render/html_text.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/person.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

// The bare value: escaped text of a member.
std::string Text(const json::Value& object, std::string_view member) {
  return Escaped(json::TextOr(object, member, ""));
}

struct Heading {
  std::string_view words;
  bool numbers = false;  // right-aligned
};

// A table in a region that scrolls by itself where a phone is too narrow for it.
std::string TableHtml(std::string_view caption, std::initializer_list<Heading> headings,
                      const std::string& rows) {
  std::string html = fmt::format("<table><caption>{}</caption><thead><tr>", Escaped(caption));
  for (const Heading& heading : headings)
    html += fmt::format("<th scope=\"col\"{}>{}</th>", heading.numbers ? " class=\"n\"" : "",
                        Escaped(heading.words));
  return ScrollRegion(caption, html + "</tr></thead><tbody>\n" + rows + "</tbody></table>\n");
}

std::string ShownDimension(const json::Value& object) {
  const std::string name = json::TextOr(object, "dimension", "");
  return Escaped(name == "conformity" ? "validity" : name);
}

std::string DecisionHtml(const json::Value& result) {
  const std::string decision = json::TextOr(result, "decision", "");
  std::string_view style = "bad";
  std::string_view words = "Rejected";
  if (decision == "accept") style = "good", words = "Accepted";
  if (decision == "accept_with_quarantine") style = "warn", words = "Accepted, some records held back";
  std::string html = fmt::format("<p class=\"decision {}\">{}</p>\n<ul>\n", style, words);
  for (const json::Value& reason : ItemsOf(result, "reasons")) {
    html += fmt::format("<li><code>{}</code>: {}</li>\n", Text(reason, "rule"), Text(reason, "message"));
  }
  return html + "</ul>\n";
}

std::string HeadHtml(const json::Value& result) {
  const json::Value& source = Member(result, "source");
  const json::Value& period = Member(result, "period");
  std::string html = fmt::format("<h1>Data quality of {}</h1>\n<p class=\"faint\">feed {}, dataset {}",
                                 Text(source, "name"), Text(result, "feed"), Text(result, "dataset"));
  if (!json::TextOr(period, "id", "").empty())
    html +=
        fmt::format(", period {} ({} to {})", Text(period, "id"), Text(period, "from"), Text(period, "to"));
  return html + fmt::format(", judged as of {}</p>\n", Text(result, "asOf"));
}

std::string RecordsHtml(const json::Value& result) {
  const json::Value& records = Member(result, "records");
  std::string row;
  for (const char* member : {"total", "accepted", "quarantined", "unreadable", "blank"}) {
    row += fmt::format("<td class=\"n\">{}</td>", Grouped(CountOf(records, member)));
  }
  return TableHtml("Records",
                   {{"in the file", true},
                    {"accepted", true},
                    {"held back", true},
                    {"unreadable", true},
                    {"blank rows", true}},
                   "<tr>" + row + "</tr>\n");
}

std::string ScoresHtml(const json::Value& result) {
  const json::Value& score = Member(result, "score");
  std::string html = "<h2>Score per dimension</h2>\n";
  if (!score.is_number()) return html + "<p>Not measured.</p>\n";
  html += fmt::format(
      "<p>Score <strong>{:.1f}</strong> of 100, grade <strong>{}</strong>. {:.1f}% of what applies could be "
      "evaluated.</p>\n",
      NumberOf(score), Text(result, "grade"), 100 * NumberOf(Member(result, "evaluatedShare")));
  std::string rows;
  for (const json::Value& dimension : ItemsOf(result, "dimensions")) {
    const json::Value& value = Member(dimension, "score");
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
        ShownDimension(dimension),
        value.is_number() ? fmt::format("{:.1f}", NumberOf(value)) : "not measured",
        value.is_number() ? HtmlBar(NumberOf(value) / 100) : "", CountOf(dimension, "rules"));
  }
  return html +
         TableHtml("Scores", {{"dimension"}, {"score", true}, {"of 100"}, {"rules measured", true}}, rows);
}

double PassShare(const json::Value& rule) {
  const auto measured = static_cast<double>(CountOf(rule, "pass") + CountOf(rule, "fail"));
  return measured == 0 ? 0 : static_cast<double>(CountOf(rule, "pass")) / measured;
}

std::string_view AcceptedWords(const json::Value& acceptance) {
  if (!acceptance.is_object()) return "";
  const json::Value& expired = Member(acceptance, "expired");
  return expired.is_bool() && expired.get_bool() ? ", acceptance expired" : ", accepted";
}

std::string StatusHtml(const json::Value& result, const json::Value& rule) {
  const std::string status = json::TextOr(rule, "status", "");
  std::string_view style = "faint";
  if (status == "met") style = "good";
  if (status == "warned") style = "warn";
  if (status == "breached") style = "bad";
  const std::string_view trial =
      json::TextOr(rule, "state", "") == "shadow" ? " (on trial, not counted)" : "";
  return fmt::format("<span class=\"{}\">{}{}{}</span>", style,
                     status == "not_evaluated" ? "not evaluated" : Escaped(status), trial,
                     AcceptedWords(AcceptanceOf(result, rule)));
}

std::string RulesHtml(const json::Value& result) {
  std::string rows;
  for (const json::Value& rule : ItemsOf(result, "rules")) {
    const bool measured = CountOf(rule, "pass") + CountOf(rule, "fail") > 0;
    rows += fmt::format("<tr><th scope=\"row\"><code>{}</code>{}</th><td>{}</td><td>{}</td><td>{}</td>",
                        Text(rule, "id"), json::TextOr(rule, "origin", "") == "adapter" ? " (adapter)" : "",
                        ShownDimension(rule), Text(rule, "severity"), StatusHtml(result, rule));
    for (const char* member : {"pass", "fail", "skip", "unresolved"})
      rows += fmt::format("<td class=\"n\">{}</td>", Grouped(CountOf(rule, member)));
    rows += fmt::format("<td>{}</td></tr>\n", measured ? HtmlBar(PassShare(rule)) : Text(rule, "note"));
  }
  return "<h2>Rules</h2>\n" + TableHtml("What each rule found",
                                        {{"rule"},
                                         {"dimension"},
                                         {"severity"},
                                         {"status"},
                                         {"passed", true},
                                         {"failed", true},
                                         {"not applicable", true},
                                         {"cannot be told", true},
                                         {"passed, share"}},
                                        rows);
}

int Urgency(const json::Value& rule) {
  const std::string severity = json::TextOr(rule, "severity", "");
  if (severity == "critical") return 0;
  if (severity == "error") return 1;
  return severity == "warning" ? 2 : 3;
}

std::string PatternsHtml(const std::string& rule, const std::vector<flows::PatternCount>& patterns) {
  std::string rows;
  for (const flows::PatternCount& pattern : patterns) {
    if (pattern.rule != rule) continue;
    rows += fmt::format(
        "<tr><td>{}</td><td><code>{}</code></td><td class=\"n\">{}</td><td><code>{}</code></td><td "
        "class=\"n\">{}</td></tr>\n",
        Escaped(pattern.column), Escaped(pattern.pattern), Grouped(pattern.count), Escaped(pattern.example),
        pattern.first_line);
  }
  if (rows.empty()) return "";
  return TableHtml(fmt::format("{} by column and pattern of value (A, a: letters; 9: digits)", rule),
                   {{"column"}, {"pattern"}, {"findings", true}, {"for example"}, {"first on line", true}},
                   rows);
}

std::string SamplesHtml(const json::Value& rule) {
  std::string rows;
  for (const json::Value& sample : ItemsOf(rule, "samples")) {
    rows += fmt::format("<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
                        CountOf(sample, "line"), CountOf(sample, "record"), Text(sample, "message"));
  }
  if (rows.empty()) return "";
  return TableHtml("The first findings of " + json::TextOr(rule, "id", ""),
                   {{"line", true}, {"record", true}, {"what"}}, rows);
}

// Why the rule is there, and what people said of its warning here.
std::string WhyHtml(const json::Value& result, const json::Value& rule) {
  std::string html;
  if (const std::string clause = ClauseText(rule); !clause.empty())
    html += fmt::format("<p>Why: {} <span class=\"faint\">(quality policy)</span></p>\n", Escaped(clause));
  if (const std::string accepted = AcceptanceText(AcceptanceOf(result, rule)); !accepted.empty())
    html += fmt::format("<p class=\"mend\">{}</p>\n", Escaped(accepted));
  return html;
}

std::string MendHtml(const json::Value& result, const std::vector<flows::PatternCount>& patterns) {
  std::vector<const json::Value*> bad;
  for (const json::Value& rule : ItemsOf(result, "rules")) {
    if (json::TextOr(rule, "state", "") == "shadow") continue;
    if (CountOf(rule, "fail") + CountOf(rule, "unresolved") + CountOf(rule, "error") > 0)
      bad.push_back(&rule);
  }
  if (bad.empty()) return "<h2>What to mend</h2>\n<p>Nothing.</p>\n";
  std::stable_sort(bad.begin(), bad.end(), [](const json::Value* a, const json::Value* b) {
    return Urgency(*a) != Urgency(*b) ? Urgency(*a) < Urgency(*b) : CountOf(*a, "fail") > CountOf(*b, "fail");
  });
  std::string html = "<h2>What to mend, most urgent first</h2>\n";
  for (const json::Value* rule : bad) {
    html += fmt::format("<section><h3><code>{}</code>: {} of {} records fail</h3>\n<p>{}</p>\n",
                        Text(*rule, "id"), Grouped(CountOf(*rule, "fail")),
                        Grouped(CountOf(*rule, "pass") + CountOf(*rule, "fail")), Text(*rule, "description"));
    html += WhyHtml(result, *rule);
    if (!json::TextOr(*rule, "mend", "").empty())
      html += fmt::format("<p class=\"mend\">How to mend: {}</p>\n", Text(*rule, "mend"));
    html += PatternsHtml(json::TextOr(*rule, "id", ""), patterns) + SamplesHtml(*rule) + "</section>\n";
  }
  return html;
}

// Empty for a check, which nobody can have said anything of.
std::string PeopleHtml(const json::Value& result) {
  std::string rows;
  for (const json::Value& acceptance : ItemsOf(result, "acceptances")) {
    const json::Value& expired = Member(acceptance, "expired");
    rows += fmt::format(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        Text(acceptance, "rule"), Text(acceptance, "reason"),
        Escaped(PersonText(json::TextOr(acceptance, "by", ""))), Text(acceptance, "until"),
        expired.is_bool() && expired.get_bool() ? "expired" : "stands");
  }
  std::string html;
  if (!rows.empty()) {
    html += fmt::format(
        "<table><caption>Warnings that a second person accepted: {}; no score changes by "
        "it</caption><thead><tr>"
        "<th scope=\"col\">rule</th><th scope=\"col\">why</th><th scope=\"col\">by</th><th "
        "scope=\"col\">until</th>"
        "<th scope=\"col\">state</th></tr></thead><tbody>\n{}</tbody></table>\n",
        ItemsOf(result, "acceptances").size(), rows);
  }
  std::string steps;
  for (const json::Value& step : ItemsOf(result, "signOffs")) {
    const bool reopened = json::TextOr(step, "action", "") == "reopened";
    std::string assurance = json::TextOr(step, "assurance", "");
    std::replace(assurance.begin(), assurance.end(), '_', ' ');
    steps += fmt::format("<li>{} by {} on {}{}{}</li>\n", reopened ? "Reopened" : "Signed off",
                         Escaped(PersonText(json::TextOr(step, "by", ""))), Text(step, "at"),
                         reopened ? "" : fmt::format(", assurance: {}", Escaped(assurance)),
                         json::TextOr(step, "comment", "").empty() ? "" : ": " + Text(step, "comment"));
  }
  if (!steps.empty()) html += fmt::format("<ul>\n{}</ul>\n", steps);
  return html.empty() ? "" : "<h2>What people said of it</h2>\n" + html;
}

// Empty when the partnership has none.
std::string QualityPolicyHtml(const json::Value& result) {
  const json::Value& policy = Member(result, "qualityPolicy");
  if (!policy.is_object()) return "";
  std::string partners;
  for (const json::Value& partner : ItemsOf(policy, "notSignedBy"))
    partners += (partners.empty() ? "" : ", ") + Escaped(TextOf(partner));
  return fmt::format("<p class=\"faint\">quality policy {} {} <code>{}</code>{}</p>\n", Text(policy, "id"),
                     Text(policy, "version"), Text(policy, "digest"),
                     partners.empty() ? "" : "<br>not signed by " + partners);
}

// What was noted while the file was read: likely columns, rows that the feed leaves out.
std::string NotesHtml(const json::Value& result) {
  std::string items;
  for (const char* member : {"warnings", "notes"}) {
    for (const json::Value& note : ItemsOf(result, member)) items += fmt::format("<li>{}</li>\n", Escaped(TextOf(note)));
  }
  for (const json::Value& column : ItemsOf(Member(result, "columns"), "absent"))
    items += fmt::format("<li>no column for the field <code>{}</code></li>\n", Escaped(TextOf(column)));
  return items.empty() ? "" : "<h2>How the file was read</h2>\n<ul>\n" + items + "</ul>\n";
}

std::string FootHtml(const json::Value& result) {
  return fmt::format(
      "<h2>Under which rules</h2>\n<p class=\"faint\">contract {} {} <code>{}</code><br>policies "
      "<code>{}</code><br>adapter {} {}</p>\n",
      Text(Member(result, "contract"), "id"), Text(Member(result, "contract"), "version"),
      Text(Member(result, "contract"), "digest"), Text(result, "policyDigest"),
      Text(Member(result, "adapter"), "name"), Text(Member(result, "adapter"), "version"));
}

}  // namespace

std::string HtmlReport(const json::Value& result, const std::vector<flows::PatternCount>& patterns) {
  return HtmlHead("Data quality of " + json::TextOr(Member(result, "source"), "name", "")) +
         HeadHtml(result) + DecisionHtml(result) + RecordsHtml(result) + NotesHtml(result) + MendHtml(result, patterns) +
         PeopleHtml(result) + ScoresHtml(result) + RulesHtml(result) + FootHtml(result) +
         QualityPolicyHtml(result) + std::string(HtmlFoot());
}

}  // namespace concordat::cli
