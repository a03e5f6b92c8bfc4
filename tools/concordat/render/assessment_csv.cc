#include "tools/concordat/render/assessment_csv.h"

#include "fmt/format.h"
#include "host/base/csv.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

// A spreadsheet runs what begins like a formula (OWASP, CSV injection); a quote before it makes it text.
std::string Cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
    text.insert(0, 1, '\'');
  return text;
}

std::string Line(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Cell(std::move(cell));
  return CsvLine(cells);
}

// Numbers as they are: a negative one is no formula, but the quote would make it text.
std::string Number(const json::Value& value) { return value.is_number() ? json::Compact(value) : ""; }

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

std::string Yes(const json::Value& object, std::string_view member) {
  const json::Value& value = Member(object, member);
  return value.is_bool() && value.get_bool() ? "yes" : "no";
}

std::string ItemLine(const json::Value& assessment, const ShownScale& scale, const json::Value& theme,
                     const json::Value& item) {
  const std::optional<int> claimed = LevelOf(Member(item, "claimed"));
  const json::Value& moderated = Member(item, "moderated");
  const json::Value& evidence = Member(item, "evidence");
  return Line({Words(assessment, "id"),
               Words(assessment, "partner"),
               Words(assessment, "group"),
               Words(assessment, "cycle"),
               Words(theme, "id"),
               Words(item, "id"),
               Words(item, "question"),
               Yes(item, "mandatory"),
               IsAsked(item) ? "yes" : "no",
               claimed ? std::to_string(*claimed) : "",
               claimed ? scale.Named(claimed) : "",
               Number(Member(moderated, "to")),
               Words(moderated, "reason"),
               Number(Member(item, "standing")),
               Number(Member(item, "target")),
               Number(Member(evidence, "level")),
               Words(evidence, "basis"),
               AssuranceWords(Words(item, "assurance")),
               Number(Member(item, "gap")),
               Number(Member(item, "ageDays")),
               Words(item, "message"),
               Words(item, "owner"),
               Words(item, "comment"),
               PersonOf(json::TextOr(item, "by", "")),
               Words(item, "at"),
               Joined(AttachedLines(item)),
               Words(item, "action")});
}

std::string LevelsLine(const ShownScale& scale) {
  std::string text;
  for (const ShownLevel& level : scale.levels())
    text += (text.empty() ? "" : " | ") + scale.Named(level.level);
  return text;
}

std::string Anchored(const json::Value& item, const ShownScale& scale) {
  std::string text;
  for (const ShownLevel& level : scale.levels()) {
    const std::string anchor = Words(Member(item, "anchors"), std::to_string(level.level));
    text += fmt::format("{}{}{}{}", text.empty() ? "" : " | ", scale.Named(level.level),
                        anchor.empty() ? "" : ": ", anchor);
  }
  return text;
}

// YAML's double-quoted form takes what JSON writes.
std::string Quoted(const std::string& text) { return json::Compact(json::Value(text)); }

constexpr size_t kCommentWidth = 100;

// Every line of it as a comment.
std::string Comments(std::string_view label, const std::string& words) {
  std::string text;
  for (const std::string& line :
       words.empty() ? std::vector<std::string>() : Wrapped(fmt::format("{}{}", label, words), kCommentWidth))
    text += "    # " + line + "\n";
  return text;
}

std::string LevelComments(const json::Value& item, const ShownScale& scale) {
  std::string text;
  for (const ShownLevel& level : scale.levels()) {
    const std::string anchor = Words(Member(item, "anchors"), std::to_string(level.level));
    text += Comments("", fmt::format("{}{}", scale.Named(level.level), anchor.empty() ? "" : ": " + anchor));
  }
  return text;
}

std::string GuidanceOf(const json::Value& item) {
  const std::string condition = Words(item, "notAskedBecause");
  return condition.empty() ? Words(item, "guidance")
                           : fmt::format("({}) {}", condition, Words(item, "guidance"));
}

std::string ItemYaml(const json::Value& assessment, const json::Value& item, const ShownScale& scale) {
  std::string text = fmt::format("\n  - id: {}\n", Words(item, "id"));
  text += Comments("", Words(item, "question")) + Comments("", Words(item, "notAskedBecause")) +
          Comments("why: ", Words(item, "why")) + Comments("guidance: ", Words(item, "guidance")) +
          LevelComments(item, scale);
  for (const std::string& line : MeasuredLines(item, assessment)) text += Comments("measured: ", line);
  for (const std::string& line : AttachedLines(item)) text += Comments("attached: ", line);
  text += Comments("last time ", CarriedLine(item, assessment));
  const std::optional<int> claimed = LevelOf(Member(item, "claimed"));
  const json::Value& review = Member(item, "reviewNeeded");
  if (review.is_bool() && review.get_bool())
    text += "    # carried over: take the # away if it still holds\n";
  const bool stands = claimed && !(review.is_bool() && review.get_bool());
  text += fmt::format("    {}level:{}\n", stands ? "" : "# ", claimed ? fmt::format(" {}", *claimed) : "");
  const std::string comment = json::TextOr(item, "comment", "");
  text += comment.empty() ? "    # comment:\n"
                          : fmt::format("    {}comment: {}\n", stands ? "" : "# ", Quoted(comment));
  if (const std::string owner = json::TextOr(item, "owner", ""); !owner.empty())
    text += fmt::format("    owner: {}\n", Quoted(owner));
  return text;
}

// How many partners stand at each level, a line a level: all that is told of peers without names.
std::string SpreadLines(const json::Value& view) {
  const json::Value& spread = Member(view, "spread");
  const json::Value& named = Member(view, "named");
  const json::Value& counted = Member(spread, "themes");
  if (!named.is_bool() || named.get_bool() || !counted.is_object() || counted.get_object().empty()) return "";
  std::string csv;
  const ShownScale scale(view);
  for (const ShownLevel& level : scale.levels()) {
    const std::string key = std::to_string(level.level);
    std::vector<std::string> cells{"", fmt::format("partners at {}", scale.Named(level.level)),
                                   "", Words(view, "cycle"),
                                   "", std::to_string(CountOf(Member(spread, "level"), key))};
    for (const json::Value& theme : ItemsOf(view, "themes"))
      cells.push_back(std::to_string(CountOf(Member(counted, json::TextOr(theme, "id", "")), key)));
    cells.resize(cells.size() + 3);
    csv += Line(std::move(cells));
  }
  return csv;
}

}  // namespace

std::string AssessmentItemsCsv(const json::Value& assessment) {
  const ShownScale scale(assessment);
  std::string csv = CsvLine({"assessment",
                             "partner",
                             "group",
                             "cycle",
                             "theme",
                             "item",
                             "question",
                             "mandatory",
                             "asked",
                             "level",
                             "level_name",
                             "moderated",
                             "moderation_reason",
                             "standing",
                             "target",
                             "evidence_level",
                             "measured",
                             "assurance",
                             "gap",
                             "age_days",
                             "message",
                             "owner",
                             "comment",
                             "answered_by",
                             "answered_at",
                             "attached",
                             "action"});
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) csv += ItemLine(assessment, scale, theme, item);
  }
  return csv;
}

std::string PartnershipMatrixCsv(const json::Value& view) {
  std::vector<std::string> head{"partner", "name", "group", "cycle", "state", "level"};
  for (const json::Value& theme : ItemsOf(view, "themes")) head.push_back(Words(theme, "id"));
  head.insert(head.end(), {"completion", "overstated", "overdue_actions"});
  std::string csv = Line(head);
  for (const json::Value& row : ItemsOf(view, "rows")) {
    std::vector<std::string> cells{
        Words(row, "partner"), Words(row, "partnerName"),       Words(row, "group"),
        Words(view, "cycle"),  StateWords(Words(row, "state")), Number(Member(row, "level"))};
    for (const json::Value& theme : ItemsOf(view, "themes"))
      cells.push_back(Number(Member(Member(row, "themes"), json::TextOr(theme, "id", ""))));
    cells.insert(cells.end(),
                 {Number(Member(row, "completion")), Number(Member(Member(row, "counts"), "overstated")),
                  Number(Member(row, "overdueActions"))});
    csv += Line(std::move(cells));
  }
  return csv + SpreadLines(view);
}

std::string AnswersCsv(const json::Value& assessment) {
  const ShownScale scale(assessment);
  std::string csv = CsvLine({"item", "level", "comment", "owner", "evidence_kind", "evidence_title",
                             "evidence_reference", "evidence_digest", "evidence_expires", "theme", "question",
                             "guidance", "levels", "measured", "last_time"});
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) {
      // What is asked only after another answer stands here, too: both may be filled in at once.
      if (!Applies(item)) continue;
      // A carried-over answer is left blank: writing it down again is what confirms it.
      const std::optional<int> claimed = IsOpen(item) ? std::nullopt : LevelOf(Member(item, "claimed"));
      csv += Line({Words(item, "id"), claimed ? std::to_string(*claimed) : "",
                   claimed ? json::TextOr(item, "comment", "") : "", Words(item, "owner"), "", "", "", "", "",
                   Words(theme, "title"), Words(item, "question"), GuidanceOf(item), Anchored(item, scale),
                   Joined(MeasuredLines(item, assessment)), CarriedLine(item, assessment)});
    }
  }
  return csv;
}

std::string AnswersYaml(const json::Value& assessment) {
  const ShownScale scale(assessment);
  std::string yaml = fmt::format(
      "# {} {}, {}, cycle {}.\n# Take the # away before `level:` and write a level behind it: {}.\n"
      "# Then: concordat assess import {} THIS-FILE (first with --dry-run). What stays a comment changes "
      "nothing.\n"
      "# Evidence of an item: evidence: [{{kind: document, title: \"...\", reference: \"...\", digest: "
      "\"sha256:...\", expires: "
      "2027-03-31}}]\n",
      Words(assessment, "title"), Words(assessment, "version"), Words(assessment, "partner"),
      Words(assessment, "cycle"), LevelsLine(scale), Words(assessment, "id"));
  yaml += fmt::format("assessment: {}\ntemplate: {}\nversion: {}\nitems:\n", Words(assessment, "id"),
                      Words(assessment, "template"), Quoted(Words(assessment, "version")));
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    yaml += fmt::format("\n  # {}\n", Words(theme, "title"));
    for (const json::Value& item : ItemsOf(theme, "items")) {
      if (Applies(item)) yaml += ItemYaml(assessment, item, scale);
    }
  }
  return yaml;
}

}  // namespace concordat::cli
