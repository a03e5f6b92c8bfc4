#include "tools/concordat/render/partnership_assessment_text.h"

#include <algorithm>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

// A table whose cells may be painted: widths count columns, not bytes.
class Grid {
 public:
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // The first column is cut so that a row fits into `width`.
  std::string str(size_t width) const {
    std::vector<size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Columns(row[i]));
    }
    size_t others = 0;
    for (size_t i = 1; i < widths.size(); ++i) others += widths[i] + 2;
    if (!widths.empty()) widths[0] = std::min(widths[0], width > others + 12 ? width - others : size_t{12});
    std::string text;
    for (const auto& row : rows_) {
      std::string line;
      for (size_t i = 0; i < row.size(); ++i)
        line += PaddedTo(i == 0 ? CutTo(row[i], widths[0]) : row[i], widths[i]) + "  ";
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

// "▼1": the level with its colour's sign.
std::string Cell(const ShownScale& scale, std::optional<int> level) {
  if (!level) return "-";
  const std::string colour = scale.ColourOf(level);
  return Paint(PaintOf(colour), fmt::format("{}{}", ColourSign(colour), *level));
}

// Letters for the columns of a heat map, spelt out below it.
std::string Letter(size_t index) { return std::string(1, static_cast<char>('A' + index % 26)); }

std::string RowName(const json::Value& row) {
  std::string name = Words(row, "partnerName");
  if (name.empty()) name = Words(row, "partner");
  if (const std::string group = Words(row, "group"); !group.empty()) name += "/" + group;
  if (Member(row, "you").is_bool() && Member(row, "you").get_bool()) name += " (you)";
  return name;
}

std::string ScaleLine(const ShownScale& scale, size_t width) {
  std::string text;
  for (const ShownLevel& level : scale.levels())
    text +=
        fmt::format("{}{}{}", text.empty() ? "" : ", ", ColourSign(level.colour), scale.Named(level.level));
  return Indented("levels: " + text, 0, width);
}

std::string HeatText(const json::Value& view, const ShownScale& scale, size_t width) {
  const json::Array& rows = ItemsOf(view, "rows");
  const json::Array& themes = ItemsOf(view, "themes");
  if (rows.empty()) return "";
  Grid grid;
  std::vector<std::string> head{"partner"};
  for (size_t i = 0; i < themes.size(); ++i) head.push_back(Letter(i));
  head.insert(head.end(), {"all", "answered", "state", "overdue"});
  grid.Add(head);
  for (const json::Value& row : rows) {
    std::vector<std::string> cells{RowName(row)};
    for (const json::Value& theme : themes)
      cells.push_back(Cell(scale, LevelOf(Member(Member(row, "themes"), json::TextOr(theme, "id", "")))));
    cells.push_back(Cell(scale, LevelOf(Member(row, "level"))));
    cells.push_back(fmt::format("{:.0f}%", 100 * NumberOf(Member(row, "completion"))));
    cells.push_back(StateWords(Words(row, "state")));
    const uint64_t overdue = CountOf(row, "overdueActions");
    cells.push_back(overdue == 0 ? "" : Paint(Colour::kBad, fmt::format("! {}", overdue)));
    grid.Add(std::move(cells));
  }
  std::string text = fmt::format("\n{}\n", grid.str(width));
  for (size_t i = 0; i < themes.size(); ++i)
    text += Indented(Words(themes[i], "title"), 4, width, fmt::format("  {}", Letter(i)));
  return text;
}

std::string SpreadRow(const ShownScale& scale, const json::Value& counts) {
  std::string text;
  for (const ShownLevel& level : scale.levels()) {
    const uint64_t count = CountOf(counts, std::to_string(level.level));
    if (count > 0)
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", scale.Named(level.level), count);
  }
  return text.empty() ? "nobody yet" : text;
}

std::string SpreadText(const json::Value& view, const ShownScale& scale, size_t width) {
  const json::Value& spread = Member(view, "spread");
  const json::Value& themes = Member(spread, "themes");
  if (!themes.is_object() || themes.get_object().empty()) return "";
  std::string text = Heading(
      fmt::format("Levels, and how many of {} stand there", Counted(CountOf(spread, "partners"), "partner")));
  for (const json::Value& theme : ItemsOf(view, "themes")) {
    text += Indented(
        fmt::format("{}: {}", Words(theme, "title"),
                    SpreadRow(scale, Member(Member(spread, "themes"), json::TextOr(theme, "id", "")))),
        2, width);
  }
  if (const json::Value& level = Member(spread, "level"); level.is_object() && !level.get_object().empty())
    text += Indented("all together: " + SpreadRow(scale, level), 2, width);
  return text;
}

std::string TotalsText(const json::Value& view, size_t width) {
  std::string counts;
  for (const char* assurance :
       {"supported", "understated", "overstated", "unevidenced", "stale", "not_bound"}) {
    const uint64_t count = CountOf(Member(view, "gaps"), assurance);
    if (count > 0)
      counts += fmt::format("{}{} {} {}", counts.empty() ? "" : ", ", AssuranceSign(assurance), count,
                            AssuranceWords(assurance));
  }
  std::string text =
      counts.empty() ? "" : fmt::format("\n{}", Indented("claims beside evidence: " + counts, 0, width));
  if (const json::Value& actions = Member(view, "actions"); actions.is_object()) {
    text += fmt::format("actions: {} open, {}, {} closed\n", CountOf(actions, "open"),
                        Paint(CountOf(actions, "overdue") > 0 ? Colour::kBad : Colour::kPlain,
                              fmt::format("{} overdue", CountOf(actions, "overdue"))),
                        CountOf(actions, "closed"));
  }
  return text;
}

std::string TrendText(const json::Value& view, size_t width) {
  const json::Array& cycles = ItemsOf(view, "cycles");
  if (cycles.size() < 2) return "";
  Grid grid;
  std::vector<std::string> head{"mean level"};
  for (const json::Value& cycle : cycles) head.push_back(Words(cycle, "cycle"));
  head.emplace_back("");
  grid.Add(head);
  for (const json::Value& theme : ItemsOf(view, "themes")) {
    std::vector<std::string> cells{Words(theme, "title")};
    double before = 0;
    double now = 0;
    for (const json::Value& cycle : cycles) {
      const json::Value& mean = Member(Member(cycle, "mean"), json::TextOr(theme, "id", ""));
      cells.push_back(mean.is_number() ? fmt::format("{:.1f}", NumberOf(mean)) : "-");
      if (mean.is_number()) before = now, now = NumberOf(mean);
    }
    cells.emplace_back(before == 0 ? "" : now > before ? "↑ better" : now < before ? "↓ worse" : "= same");
    grid.Add(std::move(cells));
  }
  return Heading("Trend") + grid.str(width);
}

std::string EachLevel(const ShownScale& scale, const json::Array& levels, size_t index) {
  return index < levels.size() ? Cell(scale, LevelOf(levels[index])) : "-";
}

// The change from the first column to the last.
std::string RowChange(const json::Array& levels) {
  if (levels.size() < 2) return "";
  const std::optional<int> from = LevelOf(levels.front());
  const std::optional<int> to = LevelOf(levels.back());
  return fmt::format("{} {}", ChangeSign(from, to), ChangeWords(from, to));
}

// Changes tell a story over cycles; between partners or groups a better or worse would mean nothing.
bool OverTime(const json::Value& comparison) {
  const ColumnWords words = WordsFor(comparison);
  return words.cycle && !words.partner;
}

void AddRow(Grid& grid, const ShownScale& scale, std::string name, const json::Array& levels, size_t columns,
            bool over_time) {
  std::vector<std::string> cells{std::move(name)};
  for (size_t i = 0; i < columns; ++i) cells.push_back(EachLevel(scale, levels, i));
  if (over_time) cells.push_back(RowChange(levels));
  grid.Add(std::move(cells));
}

std::string StageMark(const json::Value& stage) {
  const auto holds = [&](std::string_view member) {
    const json::Value& value = Member(stage, member);
    return value.is_bool() && value.get_bool();
  };
  if (holds("agreedRed")) return Paint(Colour::kBad, "▼ AGREED RED");
  if (holds("contested")) return Paint(Colour::kWarn, "↕ CONTESTED");
  if (holds("exact")) return "= agreed";
  const uint64_t distance = CountOf(stage, "distance");
  return distance == 0 ? "" : fmt::format("{} apart", distance);
}

}  // namespace

std::string ChangeWords(std::optional<int> from, std::optional<int> to) {
  if (!from && !to) return "";
  if (!from) return "new";
  if (!to) return "no longer answered";
  if (*from == *to) return "same";
  return *to > *from ? fmt::format("better by {}", *to - *from) : fmt::format("worse by {}", *from - *to);
}

std::string_view ChangeSign(std::optional<int> from, std::optional<int> to) {
  if (!from || !to) return " ";
  return *to == *from ? "=" : *to > *from ? "↑" : "↓";
}

ColumnWords WordsFor(const json::Value& comparison) {
  ColumnWords words;
  const json::Array& columns = ItemsOf(comparison, "columns");
  for (const json::Value& column : columns) {
    words.cycle = words.cycle || Words(column, "cycle") != Words(columns.front(), "cycle");
    words.partner = words.partner || Words(column, "partner") + Words(column, "group") !=
                                         Words(columns.front(), "partner") + Words(columns.front(), "group");
  }
  return words;
}

std::string ColumnName(const json::Value& column, bool with_partner, bool with_cycle) {
  std::string name;
  if (with_partner) {
    const std::string group = Words(column, "group");
    name = group.empty() ? Words(column, "partner") : group;
  }
  if (with_cycle) name += fmt::format("{}{}", name.empty() ? "" : " ", Words(column, "cycle"));
  return name.empty() ? Words(column, "assessment") : name;
}

std::string AgreementText(const json::Value& agreement, const json::Value& scale_of, size_t width) {
  if (!agreement.is_object()) return "";
  const ShownScale scale(scale_of);
  const json::Array& groups = ItemsOf(agreement, "groups");
  Grid grid;
  std::vector<std::string> head{"stage"};
  for (const json::Value& group : groups) head.push_back(Harmless(TextOf(group)));
  head.emplace_back("");
  grid.Add(head);
  for (const json::Value& stage : ItemsOf(agreement, "stages")) {
    std::vector<std::string> cells{Words(stage, "question").empty() ? Words(stage, "item")
                                                                    : Words(stage, "question")};
    for (const json::Value& group : groups)
      cells.push_back(Cell(scale, LevelOf(Member(Member(stage, "ratings"), TextOf(group)))));
    cells.push_back(StageMark(stage));
    grid.Add(std::move(cells));
  }
  std::string text = Heading("Stages and groups") + grid.str(width);
  const json::Value& kappa = Member(agreement, "kappa");
  text += Indented(
      fmt::format(
          "{} rated by all groups: {:.0f}% exactly alike, mean distance {:.1f}{}",
          Counted(CountOf(agreement, "ratedByAll"), "stage"), 100 * NumberOf(Member(agreement, "exactShare")),
          NumberOf(Member(agreement, "meanDistance")),
          kappa.is_number()
              ? fmt::format(", weighted kappa {:.2f} (1 full agreement, 0 as by chance)", NumberOf(kappa))
              : ""),
      0, width);
  return text;
}

std::string PartnershipText(const json::Value& view, size_t width) {
  const ShownScale scale(view);
  std::string text = fmt::format("{} {}, cycle {}\n", Paint(Colour::kBold, Words(view, "title")),
                                 Words(view, "version"), Words(view, "cycle"));
  if (const std::string subject = Words(view, "subject"); !subject.empty())
    text += Indented("subject: " + subject, 0, width);
  if (const std::string why = Words(view, "why"); !why.empty()) text += Indented(why, 0, width);
  text += ScaleLine(scale, width);
  text += HeatText(view, scale, width);
  const json::Value& named = Member(view, "named");
  if (named.is_bool() && !named.get_bool())
    text += Indented("Other partners are shown as a spread without names, as the charter has it.", 0, width);
  text += SpreadText(view, scale, width) + TotalsText(view, width) + TrendText(view, width);
  return text + AgreementText(Member(view, "agreement"), view, width);
}

std::string ComparisonText(const json::Value& comparison, size_t width) {
  const ShownScale scale(comparison);
  const json::Array& columns = ItemsOf(comparison, "columns");
  const ColumnWords words = WordsFor(comparison);
  const bool over_time = OverTime(comparison);
  Grid grid;
  std::vector<std::string> head{Words(comparison, "template")};
  for (const json::Value& column : columns) head.push_back(ColumnName(column, words.partner, words.cycle));
  if (over_time) head.emplace_back("change");
  grid.Add(head);
  AddRow(grid, scale, "all together", ItemsOf(comparison, "level"), columns.size(), over_time);
  for (const json::Value& theme : ItemsOf(comparison, "themes")) {
    AddRow(grid, scale, Words(theme, "title"), ItemsOf(theme, "levels"), columns.size(), over_time);
    for (const json::Value& item : ItemsOf(comparison, "items")) {
      if (Words(item, "theme") != Words(theme, "id")) continue;
      AddRow(grid, scale, fmt::format("  {}", Words(item, "question")), ItemsOf(item, "levels"),
             columns.size(), over_time);
    }
  }
  return grid.str(width) + AgreementText(Member(comparison, "agreement"), comparison, width);
}

}  // namespace concordat::cli
