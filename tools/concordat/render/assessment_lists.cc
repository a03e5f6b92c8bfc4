// Lists around self-assessments: which there are, from which templates, in which cycles, and who did what.
#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

const json::Array& ArrayOf(const json::Value& list) {
  static const json::Array none;
  return list.is_array() ? list.get_array() : none;
}

// A list says how many, a whole document has them.
std::string HowMany(const json::Value& form, std::string_view member) {
  const json::Value& value = Member(form, member);
  if (value.is_array()) return std::to_string(value.get_array().size());
  return value.is_number() ? json::Compact(value) : "";
}

std::string Percent(const json::Value& share) {
  return share.is_number() ? fmt::format("{:.0f}%", 100 * NumberOf(share)) : "-";
}

std::string ScaleText(const json::Value& form, size_t width) {
  std::string text = "scale\n";
  const ShownScale scale(form);
  for (const ShownLevel& level : scale.levels()) {
    text += Indented(
        fmt::format("{}{}{}{}", level.name, level.colour.empty() ? "" : fmt::format(" ({})", level.colour),
                    level.description.empty() ? "" : ": ", level.description),
        4, width, fmt::format("  {}", level.level));
  }
  return text;
}

std::string AnchorsText(const json::Value& item, size_t width) {
  std::string text;
  const json::Value& anchors = Member(item, "anchors");
  if (!anchors.is_object()) return text;
  for (const auto& anchor : anchors.get_object()) {
    const std::string level(anchor.key().data(), anchor.key().size());
    text += Indented(Harmless(TextOf(anchor.value())), 8, width, "      " + level);
  }
  return text;
}

std::string QuestionText(const json::Value& item, size_t width) {
  std::string text = fmt::format("  {}\n", Words(item, "id")) + Indented(Words(item, "question"), 4, width);
  for (const char* member : {"why", "guidance"}) {
    if (const std::string words = Words(item, member); !words.empty())
      text += Indented(fmt::format("{}: {}", member, words), 6, width);
  }
  return text + AnchorsText(item, width);
}

std::string WhatHappened(const json::Value& event) {
  // Members may stand in the event itself or in its body.
  const json::Value& body = Member(event, "body").is_object() ? Member(event, "body") : event;
  std::string text;
  for (const auto& [member, word] : {std::pair("level", "level "), {"from", "from "}, {"to", "to "}}) {
    const json::Value& value = Member(body, member);
    if (!value.is_null())
      text += fmt::format("{}{}{}", text.empty() ? "" : ", ", word, Harmless(TextOf(value)));
  }
  for (const char* flag : {"withdrawn", "confirmed"}) {
    const json::Value& value = Member(body, flag);
    if (value.is_bool() && value.get_bool()) text += fmt::format("{}{}", text.empty() ? "" : ", ", flag);
  }
  for (const char* member : {"owner", "kind", "title", "reference", "comment", "text", "reason", "summary"}) {
    if (std::string_view(member) == "kind" && &body == &event) continue;
    const std::string words = Words(body, member);
    if (!words.empty()) text += fmt::format("{}{}", text.empty() ? "" : ", ", words);
  }
  return text;
}

}  // namespace

std::string AssessmentsText(const json::Value& list, size_t) {
  if (ArrayOf(list).empty()) return "no assessments yet; begin one: concordat assess start TEMPLATE\n";
  Table table({"id", "template", "cycle", "partner", "group", "state", "answered", "level"});
  for (const json::Value& row : ArrayOf(list)) {
    const json::Value& completion = Member(row, "completion");
    const json::Value& level = Member(row, "level");
    table.Add({Words(row, "id"), Words(row, "template"), Words(row, "cycle"), Words(row, "partner"),
               Words(row, "group"), StateWords(Words(row, "state")),
               completion.is_number() ? Percent(completion) : "",
               level.is_null() ? "" : json::Compact(level)});
  }
  return table.str();
}

std::string TemplatesText(const json::Value& list, size_t) {
  if (ArrayOf(list).empty()) return "no templates\n";
  Table table({"id", "version", "themes", "questions", "title"});
  for (const json::Value& form : ArrayOf(list))
    table.Add({Words(form, "id"), Words(form, "version"), HowMany(form, "themes"), HowMany(form, "items"),
               Words(form, "title")});
  return table.str();
}

std::string TemplateText(const json::Value& form, size_t width) {
  std::string text = fmt::format("{} {} {}\n", Paint(Colour::kBold, Words(form, "title")), Words(form, "id"),
                                 Words(form, "version"));
  for (const char* member : {"framework", "licence", "guidance"}) {
    if (const std::string words = Words(form, member); !words.empty())
      text += Indented(fmt::format("{}: {}", member, words), 0, width);
  }
  text += ScaleText(form, width);
  for (const json::Value& theme : ItemsOf(form, "themes")) {
    text += fmt::format("\n{}\n", Paint(Colour::kBold, Words(theme, "title")));
    if (const std::string words = Words(theme, "description"); !words.empty())
      text += Indented(words, 2, width);
    for (const json::Value& item : ItemsOf(theme, "items")) text += QuestionText(item, width);
  }
  return text;
}

std::string CyclesText(const json::Value& list, size_t width) {
  if (ArrayOf(list).empty())
    return "no cycle was opened yet; a partner may start an assessment all the same\n";
  std::string text;
  for (const json::Value& cycle : ArrayOf(list)) {
    std::string head = fmt::format("{} {}", Words(cycle, "template"), Words(cycle, "cycle"));
    text +=
        fmt::format("{}  {} to {}\n", Paint(Colour::kBold, head), DayOf(cycle, "opens"), DayOf(cycle, "due"));
    if (const std::string subject = Words(cycle, "subject"); !subject.empty())
      text += Indented(subject, 2, width);
    Table table({"  partner", "group", "state", "answered", "assessment"});
    for (const json::Value& row : ItemsOf(cycle, "partners")) {
      const std::string state = Words(row, "state");
      table.Add({"  " + Words(row, "partner"), Words(row, "group"), StateWords(state),
                 Percent(Member(row, "completion")), Words(row, "assessment")});
    }
    if (!table.empty()) text += table.str();
    if (const json::Value& others = Member(cycle, "others");
        others.is_number() && CountOf(cycle, "others") > 0)
      text += fmt::format("  and {}\n", Counted(CountOf(cycle, "others"), "other partner"));
  }
  return text;
}

std::string HistoryText(const json::Value& list, size_t width) {
  if (ArrayOf(list).empty()) return "nothing happened yet\n";
  std::string text;
  for (const json::Value& event : ArrayOf(list)) {
    const std::string item = Words(event, "item");
    text += fmt::format("{}  {}{}  {}\n", Words(event, "at").substr(0, 16), StateWords(Words(event, "kind")),
                        item.empty() ? "" : " " + item, PersonOf(json::TextOr(event, "by", "")));
    if (const std::string what = WhatHappened(event); !what.empty()) text += Indented(what, 4, width);
  }
  return text;
}

}  // namespace concordat::cli
