// Which rows of a sheet are its header.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "plugins/spreadsheet/table_shape.h"
#include "plugins/spreadsheet/words.h"

namespace concordat::spreadsheet {
namespace {

constexpr size_t kMostAuto = 3;     // rows of a header that nobody announced
constexpr size_t kSearchRows = 60;  // for a header below a block of other things

// A month may head a column, as a date, where the rows below have none.
bool HeadsAsDate(const std::vector<Row>& rows, size_t at, const Cell& cell) {
  if (cell.kind != CellKind::kDate || at + 1 >= rows.size()) return false;
  for (size_t below = at + 1; below < std::min(rows.size(), at + 6); ++below) {
    const Cell* const other = rows[below].At(cell.column);
    if (other != nullptr && other->kind == CellKind::kDate) return false;
  }
  return true;
}

bool AllHeadings(const std::vector<Row>& rows, size_t at) {
  return std::all_of(rows[at].cells.begin(), rows[at].cells.end(), [&](const Cell& cell) {
    return IsHeading(rows[at], cell) || HeadsAsDate(rows, at, cell);
  });
}

// Like the rows below it: a number or a date where they have one, in some column.
bool LooksLikeRecord(const std::vector<Row>& rows, size_t at) {
  for (const Cell& cell : rows[at].cells) {
    if (IsHeading(rows[at], cell)) continue;
    for (size_t below = at + 1; below < std::min(rows.size(), at + 6); ++below) {
      const Cell* const other = rows[below].At(cell.column);
      if (other != nullptr && other->kind == cell.kind) return true;
    }
  }
  return false;
}

bool Adjacent(const Row& above, const Row& below) { return above.number + 1 == below.number; }

bool HasNamesTwice(const Row& row) {
  std::set<std::string> names;
  for (const Cell& cell : row.cells) {
    if (!names.insert(Lower(OneLine(row.TextOf(cell)))).second) return true;
  }
  return false;
}

// Has `row` a cell where the other has none, between the other's first and last?
bool FillsGap(const Row& row, const Row& other) {
  if (other.cells.empty()) return false;
  return std::any_of(row.cells.begin(), row.cells.end(), [&](const Cell& cell) {
    return other.At(cell.column) == nullptr && cell.column > other.cells.front().column;
  });
}

// Above the names stand groups of them: "2019/20" over "Q1" to "Q4".
bool IsGroupRow(const std::vector<Row>& rows, size_t at) {
  const Row &above = rows[at], &names = rows[at + 1];
  if (!Adjacent(above, names) || !AllHeadings(rows, at)) return false;
  const bool beyond_first = above.cells.back().column > names.cells.front().column;
  return beyond_first && HasNamesTwice(names);
}

// The row below goes on where this one has gaps, and the records look different.
bool GoesOnBelow(const std::vector<Row>& rows, size_t at) {
  if (at + 2 >= rows.size() || !Adjacent(rows[at], rows[at + 1])) return false;
  const Row& below = rows[at + 1];
  if (!AllHeadings(rows, at + 1) || !FillsGap(below, rows[at])) return false;
  for (const Cell& cell : below.cells) {
    for (size_t record = at + 2; record < std::min(rows.size(), at + 12); ++record) {
      const Cell* const other = rows[record].At(cell.column);
      if (other != nullptr && !IsHeading(rows[record], *other)) return true;
    }
  }
  return false;
}

std::optional<size_t> FindFirst(const std::vector<Row>& rows) {
  const size_t width = UsualWidth(rows);
  const size_t least = width >= 2 ? std::max<size_t>(2, (width + 1) / 2) : 1;
  std::optional<size_t> full;
  for (size_t i = 0; i < std::min(rows.size(), kSearchRows); ++i) {
    if (rows[i].cells.size() < least) continue;
    if (AllHeadings(rows, i) && !(full && rows[i].cells.size() < width)) return i;
    if (full) continue;
    full = i;
    if (LooksLikeRecord(rows, i)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

bool IsHeading(const Row& row, const Cell& cell) {
  if (cell.kind == CellKind::kText) return !cell.no_result;
  if (cell.kind != CellKind::kNumber) return false;
  const std::string_view text = row.TextOf(cell);
  uint32_t year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  return error == std::errc() && end == text.data() + text.size() && year >= 1900 && year <= 2100;
}

size_t UsualWidth(const std::vector<Row>& rows) {
  std::map<size_t, size_t> cells;  // width -> cells in rows of that width
  size_t all = 0;
  for (const Row& row : rows) {
    cells[row.cells.size()] += row.cells.size();
    all += row.cells.size();
  }
  size_t sum = 0;
  for (const auto& [width, count] : cells) {
    sum += count;
    if (2 * sum >= all) return width;
  }
  return 0;
}

std::optional<HeaderRows> FindHeader(const std::vector<Row>& rows, const Options& options) {
  const std::optional<size_t> found = FindFirst(rows);
  if (!found) return std::nullopt;
  HeaderRows header = {*found, *found};
  const size_t most = options.header_rows == 0 ? kMostAuto : options.header_rows;
  const bool told = options.header_rows > 0;
  const auto size = [&] { return header.last - header.first + 1; };
  while (size() < most &&
         (told ? header.last + 1 < rows.size() && Adjacent(rows[header.last], rows[header.last + 1]) &&
                     AllHeadings(rows, header.last + 1) && FillsGap(rows[header.last + 1], rows[header.last])
               : GoesOnBelow(rows, header.last)))
    ++header.last;
  while (size() < most && header.first > 0 &&
         (told ? Adjacent(rows[header.first - 1], rows[header.first]) : IsGroupRow(rows, header.first - 1)))
    --header.first;
  return header;
}

}  // namespace concordat::spreadsheet
