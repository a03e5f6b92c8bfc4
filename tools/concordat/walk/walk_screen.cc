#include "tools/concordat/walk/walk_screen.h"

#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

using Lines = std::vector<std::string>;

constexpr size_t kRowsForMarks = 12;  // fewer: no line with the item's name
constexpr size_t kFewestFacts = 4;    // lines of facts for which anchors give way

bool True(const json::Value& object, std::string_view member) {
  const json::Value& value = Member(object, member);
  return value.is_bool() && value.get_bool();
}

void Append(Lines& lines, std::string_view text, size_t width, Colour colour = Colour::kPlain) {
  for (const std::string& line : Wrapped(text, width)) lines.push_back(Paint(colour, line));
}

// "Theme   ████░░ 7 of 30": the theme gives way when it is narrow.
std::string HeadLine(const WalkView& view, size_t width) {
  const uint64_t answered = CountOf(*view.assessment, "answered");
  const uint64_t items = CountOf(*view.assessment, "items");
  std::string progress = fmt::format("{} of {}", answered, items);
  if (width >= 60)
    progress =
        Bar(items == 0 ? 0 : static_cast<double>(answered) / static_cast<double>(items), 12) + " " + progress;
  const size_t rest = width > Columns(progress) + 2 ? width - Columns(progress) - 2 : 0;
  return PaddedTo(CutTo(ThemeOf(*view.assessment, view.item), rest), rest) + "  " + progress;
}

// One level: where the cursor stands, its name, what speaks for it, what it looks like here.
struct LevelRow {
  std::string head;
  std::string anchor;
  bool chosen = false;
};

std::vector<LevelRow> LevelRows(const WalkView& view, const json::Value& item) {
  const ShownScale scale(*view.assessment);
  const std::optional<int> measured = LevelOf(Member(Member(item, "evidence"), "level"));
  const std::optional<int> carried = LevelOf(Member(Member(item, "carriedOver"), "level"));
  const std::optional<int> claimed = LevelOf(Member(item, "claimed"));
  std::vector<LevelRow> rows;
  for (const ShownLevel& level : scale.levels()) {
    LevelRow row;
    row.chosen = view.level == level.level;
    row.head = fmt::format("{} {}", row.chosen ? "▶" : " ", scale.Named(level.level));
    if (measured == level.level) row.head += "  <- measured";
    if (carried == level.level) row.head += "  <- last time";
    if (claimed == level.level && !True(item, "reviewNeeded")) row.head += "  <- saved";
    row.anchor = Words(Member(item, "anchors"), std::to_string(level.level));
    if (row.anchor.empty()) row.anchor = level.description;
    rows.push_back(std::move(row));
  }
  return rows;
}

// With anchors below each level (2), behind it in one line (1), or without (0).
Lines LevelLines(const std::vector<LevelRow>& rows, size_t width, int anchors) {
  Lines lines;
  for (const LevelRow& row : rows) {
    std::string head = row.head;
    if (anchors == 1 && !row.anchor.empty()) head += ": " + row.anchor;
    head = CutTo(head, width);
    lines.push_back(row.chosen ? Paint(Colour::kBold, head) : head);
    if (anchors < 2 || row.anchor.empty()) continue;
    for (const std::string& line : Wrapped(row.anchor, width > 5 ? width - 4 : 1))
      lines.push_back("    " + Paint(Colour::kFaint, line));
  }
  return lines;
}

// As many of the levels as there are rows for, around the chosen one.
Lines LevelWindow(const std::vector<LevelRow>& rows, size_t width, size_t height) {
  Lines lines = LevelLines(rows, width, 0);
  if (lines.size() <= height) return lines;
  size_t chosen = 0;
  for (size_t i = 0; i < rows.size(); ++i) chosen = rows[i].chosen ? i : chosen;
  const size_t first = std::min(chosen > height / 2 ? chosen - height / 2 : 0, lines.size() - height);
  return {lines.begin() + static_cast<std::ptrdiff_t>(first),
          lines.begin() + static_cast<std::ptrdiff_t>(first + height)};
}

// The fullest form of the levels that leaves some rows for facts.
Lines LevelsFor(const WalkView& view, const json::Value& item, size_t width, size_t height, size_t facts) {
  const std::vector<LevelRow> rows = LevelRows(view, item);
  for (const int anchors : {2, 1}) {
    const Lines lines = LevelLines(rows, width, anchors);
    if (lines.size() + std::min(facts, kFewestFacts) + 1 <= height) return lines;
  }
  return LevelWindow(rows, width, std::max<size_t>(height, 1));
}

// The most needed first: as many as fit into one line.
std::string KeyLine(const WalkView& view, size_t width) {
  if (!view.keys.empty()) return CutTo(view.keys, width);
  const ShownScale scale(*view.assessment);
  const auto& levels = scale.levels();
  const std::string digits =
      levels.empty() ? "" : fmt::format("{}-{} level", levels.front().level, levels.back().level);
  std::string line;
  for (const std::string& key :
       {digits, std::string("Enter save"), std::string("q quit"), std::string("? help"),
        std::string("c comment"), std::string("e evidence"), std::string("s skip"), std::string("b back"),
        std::string("o owner"), std::string("g guidance")}) {
    if (Columns(line) + Columns(key) + 2 > width) break;
    line += (line.empty() ? "" : "  ") + key;
  }
  return line;
}

// Facts that fit, and a last line that says that there are more.
Lines FactWindow(const Lines& facts, size_t scroll, size_t height, size_t width) {
  if (facts.size() <= height || height < 2)
    return {facts.begin(), facts.begin() + static_cast<std::ptrdiff_t>(std::min(facts.size(), height))};
  const size_t shown = height - 1;
  const size_t first = std::min(scroll, facts.size() - shown);
  Lines lines(facts.begin() + static_cast<std::ptrdiff_t>(first),
              facts.begin() + static_cast<std::ptrdiff_t>(first + shown));
  const size_t below = facts.size() - first - shown;
  const std::string more =
      below > 0 ? fmt::format("... {} below: PgDn", Counted(below, "line")) : "... end; PgUp";
  lines.push_back(Paint(Colour::kFaint, CutTo(more, width)));
  return lines;
}

Frame HelpFrame(TerminalSize size) {
  constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
      {"digits", "choose a level"},
      {"up, down", "choose a level"},
      {"Enter", "save it at the host and go on; what was saved stays, whatever happens"},
      {"c", "a comment, saved with the level"},
      {"e", "evidence: d a document (only its digest is sent), a your word, l a link"},
      {"o", "who answers this question"},
      {"s", "skip it for now"},
      {"b", "back to the one before"},
      {"g", "fold the guidance away, or show it"},
      {"PgUp, PgDn", "scroll what does not fit"},
      {"q, Ctrl-C", "quit; the walk goes on later where you left it"},
  };
  Frame frame;
  frame.lines.push_back(Paint(Colour::kBold, "Keys"));
  for (const auto& [key, words] : kKeys) {
    std::string text = Indented(words, 13, size.columns, key);
    text.pop_back();
    for (size_t at = 0; at <= text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      frame.lines.push_back(CutTo(text.substr(at, end - at), size.columns));
      at = end + 1;
    }
  }
  if (frame.lines.size() >= size.rows) frame.lines.resize(size.rows - 1);
  frame.lines.push_back(Paint(Colour::kFaint, CutTo("any key goes back", size.columns)));
  return frame;
}

// The tail of what is typed, so that the cursor is always seen.
void AddPrompt(const WalkView& view, size_t width, Frame& frame) {
  std::string line = *view.prompt + " ";
  if (Columns(line) + 8 > width) line = CutTo(line, width > 10 ? width - 10 : 1);
  std::string typed = Harmless(view.typed);
  const size_t room = width > Columns(line) + 1 ? width - Columns(line) - 1 : 1;
  while (Columns(typed) > room) {
    size_t cut = 1;
    while (cut < typed.size() && (static_cast<unsigned char>(typed[cut]) & 0xC0) == 0x80) ++cut;
    typed.erase(0, cut);
  }
  frame.lines.push_back(line + typed);
  frame.cursor = std::pair(frame.lines.size() - 1, Columns(line) + Columns(typed));
}

Lines TopLines(const WalkView& view, const json::Value& item, TerminalSize size) {
  Lines top{Paint(Colour::kBold, HeadLine(view, size.columns))};
  if (size.rows >= kRowsForMarks) {
    const std::string marks = ItemMarks(item);
    top.push_back(
        Paint(Colour::kFaint, CutTo(Words(item, "id") + (marks.empty() ? "" : ": " + marks), size.columns)));
  }
  Lines question = Wrapped(Words(item, "question"), size.columns);
  const size_t most = std::max<size_t>(size.rows / 4, 1);
  if (question.size() > most) {
    question.resize(most);
    question.back() = CutTo(question.back() + " …", size.columns);
  }
  for (const std::string& line : question) top.push_back(Paint(Colour::kBold, line));
  return top;
}

Lines BottomLines(const WalkView& view, TerminalSize size) {
  Lines bottom;
  if (view.message.empty()) return bottom;
  Append(bottom, Harmless(view.message), size.columns, view.trouble ? Colour::kBad : Colour::kFaint);
  const size_t most = view.trouble ? std::max<size_t>(size.rows / 3, 1) : 1;
  if (bottom.size() > most) bottom.resize(most);
  return bottom;
}

}  // namespace

std::string ThemeOf(const json::Value& assessment, std::string_view item) {
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    for (const json::Value& found : ItemsOf(theme, "items")) {
      if (json::TextOr(found, "id", "") == item) return Words(theme, "title");
    }
  }
  return "";
}

std::string ItemMarks(const json::Value& item) {
  std::string marks;
  const auto add = [&](const std::string& mark) { marks += (marks.empty() ? "" : ", ") + mark; };
  if (True(item, "mandatory")) add("mandatory");
  if (True(item, "evidenceRequired")) add("evidence required");
  if (const std::optional<int> target = LevelOf(Member(item, "target")))
    add(fmt::format("target {}", *target));
  if (const std::string owner = PersonOf(json::TextOr(item, "owner", "")); !owner.empty())
    add("owner " + owner);
  return marks;
}

std::vector<std::string> ItemFacts(const json::Value& assessment, const json::Value& item, bool guidance,
                                   size_t width) {
  Lines facts;
  if (guidance) {
    if (const std::string why = Words(item, "why"); !why.empty()) Append(facts, "Why: " + why, width);
    if (const std::string words = Words(item, "guidance"); !words.empty())
      Append(facts, "Guidance: " + words, width);
  }
  for (const std::string& line : MeasuredLines(item, assessment)) Append(facts, "Measured: " + line, width);
  const std::string assurance = json::TextOr(item, "assurance", "");
  if (!Member(item, "claimed").is_null() && !assurance.empty())
    Append(facts, AssuranceLine(item), width, AssuranceColour(assurance));
  if (const std::string carried = CarriedLine(item, assessment); !carried.empty())
    Append(facts, "Last time, " + carried, width);
  for (const std::string& line : AttachedLines(item)) Append(facts, "Attached: " + line, width);
  for (const json::Value& remark : ItemsOf(item, "comments"))
    Append(facts,
           fmt::format("Remark of {}: {}", PersonOf(json::TextOr(remark, "by", "")), Words(remark, "text")),
           width);
  return facts;
}

Frame WalkFrame(const WalkView& view, TerminalSize size) {
  size.columns = std::max<size_t>(size.columns, 10);
  size.rows = std::max<size_t>(size.rows, 4);
  if (view.help) return HelpFrame(size);
  const json::Value* found = FindItem(*view.assessment, view.item);
  static const json::Value none;
  const json::Value& item = found == nullptr ? none : *found;
  Lines top = TopLines(view, item, size);
  Lines bottom = BottomLines(view, size);
  Lines facts = ItemFacts(*view.assessment, item, view.guidance, size.columns);
  if (!view.comment.empty())
    Append(facts,
           fmt::format("Comment{}: {}", view.comment_unsaved ? " (saved with Enter)" : "",
                       Harmless(view.comment)),
           size.columns);
  const size_t fixed = top.size() + bottom.size() + 1;
  const size_t room = size.rows > fixed ? size.rows - fixed : 1;
  const Lines levels = LevelsFor(view, item, size.columns, room, facts.size());
  // A blank line before the levels where there is one to spare.
  const size_t left = room > levels.size() ? room - levels.size() : 0;
  const Lines shown = FactWindow(facts, view.scroll, left > 1 ? left - 1 : left, size.columns);
  Frame frame;
  frame.lines = std::move(top);
  frame.lines.insert(frame.lines.end(), shown.begin(), shown.end());
  if (shown.size() < left) frame.lines.emplace_back();
  frame.lines.insert(frame.lines.end(), levels.begin(), levels.end());
  while (frame.lines.size() + bottom.size() + 1 < size.rows) frame.lines.emplace_back();
  frame.lines.insert(frame.lines.end(), bottom.begin(), bottom.end());
  if (frame.lines.size() >= size.rows) frame.lines.resize(size.rows - 1);
  if (view.prompt) {
    AddPrompt(view, size.columns, frame);
  } else {
    frame.lines.push_back(Paint(Colour::kFaint, KeyLine(view, size.columns)));
  }
  return frame;
}

}  // namespace concordat::cli
