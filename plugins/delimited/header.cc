#include "plugins/delimited/header.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "plugins/delimited/cell_kind.h"

namespace concordat::delimited {
namespace {

bool IsBlankText(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

const std::string& CellOf(const SampleRow& row, size_t column) {
  static const std::string kNone;
  return column < row.cells.size() ? row.cells[column] : kNone;
}

// A column of numbers, years or dates.
struct TypedColumn {
  size_t column;
  CellKind kind;
};

// What the rows of the table, as opposed to what stands above it, have in common.
struct Table {
  std::vector<size_t> rows;  // of the sample: those with enough cells filled
  std::vector<TypedColumn> typed;
  size_t width = 0;
};

size_t UsualFill(const std::vector<SampleRow>& rows) {
  std::vector<size_t> fills;
  for (const SampleRow& row : rows) {
    if (row.filled() >= 2) fills.push_back(row.filled());
  }
  if (fills.empty()) return 1;
  std::nth_element(fills.begin(), fills.begin() + fills.size() / 2, fills.end());
  return fills[fills.size() / 2];
}

// The first row may be the header, so it has no say in what a column holds.
void FindTypedColumns(const std::vector<SampleRow>& rows, Table& table) {
  for (size_t column = 0; column < table.width; ++column) {
    size_t filled = 0;
    std::map<CellKind, size_t> kinds;
    for (size_t i = 1; i < table.rows.size(); ++i) {
      const std::string& cell = CellOf(rows[table.rows[i]], column);
      filled += !cell.empty();
      if (const CellKind kind = KindOf(cell); kind != CellKind::kOther) ++kinds[kind];
    }
    if (filled == 0 || 2 * filled < table.rows.size() - 1) continue;
    const size_t typed = kinds[CellKind::kNumber] + kinds[CellKind::kYear] + kinds[CellKind::kDate];
    if (3 * typed <= 2 * filled) continue;
    const auto usual = std::max_element(kinds.begin(), kinds.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
    table.typed.push_back({column, usual->first});
  }
}

Table FindTable(const std::vector<SampleRow>& rows) {
  Table table;
  const size_t usual = UsualFill(rows);
  const size_t enough = usual >= 3 ? std::max<size_t>(2, (usual + 1) / 2) : usual;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].filled() < enough || rows[i].filled() == 0) continue;
    table.rows.push_back(i);
    table.width = std::max(table.width, rows[i].cells.size());
  }
  FindTypedColumns(rows, table);
  return table;
}

// 1, 2, 3 ... or 0, 5, 10 ... : headings of a table that runs across, not values.
bool IsSequence(const std::vector<std::string>& cells) {
  if (cells.size() < 3) return false;
  const auto number = [](const std::string& cell) { return std::strtoll(cell.c_str(), nullptr, 10); };
  const long long step = number(cells[1]) - number(cells[0]);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].find_first_not_of("0123456789") != std::string::npos) return false;
    if (i > 0 && number(cells[i]) - number(cells[i - 1]) != step) return false;
  }
  return step > 0;
}

// Numbers stand where the table has numbers, and dates where it has dates.
bool IsData(const SampleRow& row, const Table& table) {
  std::vector<std::string> values;
  for (const TypedColumn& typed : table.typed) {
    const std::string& cell = CellOf(row, typed.column);
    if (KindOf(cell) == typed.kind) values.push_back(cell);
  }
  return 2 * values.size() >= table.typed.size() && !IsSequence(values);
}

// Words where the table has numbers, and no value that comes again below.
bool IsHeading(const std::vector<SampleRow>& rows, const Table& table, size_t candidate) {
  const SampleRow& row = rows[candidate];
  for (const TypedColumn& typed : table.typed) {
    if (!LooksLikeWords(CellOf(row, typed.column))) return false;
  }
  for (const size_t other : table.rows) {
    if (other <= candidate) continue;
    for (size_t column = 0; column < row.cells.size(); ++column) {
      if (!row.cells[column].empty() && CellOf(rows[other], column) == row.cells[column]) return false;
    }
  }
  return true;
}

// Which of the full rows above the first data row. Below junk it is the last that reads like one (a query's
// own column list may stand above it); at the top of the file the first row is the header, as nearly
// everywhere.
size_t ChooseHeader(const std::vector<SampleRow>& rows, const Table& table,
                    const std::vector<size_t>& candidates) {
  const bool junk_above = std::any_of(rows.begin(), rows.begin() + candidates.front(),
                                      [](const SampleRow& row) { return row.filled() > 0; });
  if (!junk_above) return candidates.front();
  for (auto it = candidates.rbegin(); it != candidates.rend(); ++it) {
    if (IsHeading(rows, table, *it)) return *it;
  }
  return candidates.front();
}

std::string NumberedName(size_t column) { return "column " + std::to_string(column + 1); }

// Columns up to the last that has a name or, in one of the sampled rows, a value.
size_t UsedColumns(size_t named, size_t width, const std::vector<SampleRow>& rows, size_t first) {
  size_t used = named;
  for (size_t i = first; i < rows.size(); ++i) {
    const auto& cells = rows[i].cells;
    for (size_t column = used; column < std::min(width, cells.size()); ++column) {
      if (!cells[column].empty()) used = column + 1;
    }
  }
  return used;
}

size_t UsualWidth(const std::vector<SampleRow>& rows, size_t first) {
  std::map<size_t, size_t> widths;
  for (size_t i = first; i < rows.size(); ++i) {
    if (rows[i].filled() > 0) ++widths[rows[i].cells.size()];
  }
  size_t best = 0;
  for (const auto& [width, count] : widths) {
    if (best == 0 || count >= widths[best]) best = width;
  }
  return best;
}

// "Amount", "Amount (2)": the first name in this series that no column has.
std::string DistinctName(const std::string& name, const std::set<std::string>& taken) {
  for (size_t i = 2;; ++i) {
    std::string next = name + " (" + std::to_string(i) + ")";
    if (!taken.count(next)) return next;
  }
}

void NameColumns(const std::vector<std::string>& header, size_t count, Layout& layout,
                 std::vector<std::string>& notes) {
  std::set<std::string> taken(header.begin(), header.end());  // a later "Amount (2)" keeps its name
  std::set<std::string> used;
  for (size_t i = 0; i < count; ++i) {
    layout.written.push_back(i < header.size() ? header[i] : "");
    const bool blank = IsBlankText(layout.written[i]);
    std::string name = blank ? NumberedName(i) : layout.written[i];
    if (blank && !header.empty()) notes.push_back(NumberedName(i) + " has no name in the header");
    if (used.count(name) || (blank && taken.count(name))) {
      const std::string distinct = DistinctName(name, taken);
      notes.push_back("column " + std::to_string(i + 1) + " has the name \"" + name +
                      "\" of an earlier column: it is called \"" + distinct + "\" here");
      name = distinct;
    }
    taken.insert(name);
    used.insert(name);
    layout.names.push_back(name);
  }
}

}  // namespace

HeaderPlace FindHeader(const std::vector<SampleRow>& rows) {
  const Table table = FindTable(rows);
  if (table.rows.empty()) return {};
  const auto data = std::find_if(table.rows.begin(), table.rows.end(),
                                 [&](size_t i) { return !table.typed.empty() && IsData(rows[i], table); });
  if (data == table.rows.end()) return {table.rows[0], table.rows[0]};
  const std::vector<size_t> candidates(table.rows.begin(), data);
  if (!candidates.empty()) {
    const size_t header = ChooseHeader(rows, table, candidates);
    return {header, header};
  }
  // A row of two names above wider data is still a header; a lone title is not.
  const size_t first_data = *data;
  if (first_data > 0 && rows[first_data - 1].filled() >= 2) return {first_data - 1, first_data - 1};
  return {std::nullopt, first_data};
}

Layout MakeLayout(const std::vector<std::string>& header, const std::vector<SampleRow>& rows, size_t first,
                  std::vector<std::string>& notes) {
  const size_t width = header.empty() ? UsualWidth(rows, first) : header.size();
  size_t named = header.empty() ? width : 0;
  for (size_t i = 0; i < header.size(); ++i) {
    if (!IsBlankText(header[i])) named = i + 1;
  }
  Layout layout;
  const size_t used = UsedColumns(named, width, rows, first);
  NameColumns(header, used, layout, notes);
  layout.least_cells = named;
  if (used < width) {
    notes.push_back("columns at the end without name and value, which were left out: " +
                    std::to_string(width - used));
  }
  return layout;
}

}  // namespace concordat::delimited
