#include "plugins/delimited/sample.h"

#include <algorithm>

#include "plugins/delimited/cutter.h"

namespace concordat::delimited {
namespace {

constexpr uint64_t kMostLines = 200;  // of one row: beyond it, a quote is missing rather than a cell long

// Cuts the line at `from` on its own, whatever its quotes say.
void CutLine(std::string_view text, size_t from, const Dialect& dialect, Cut& cut) {
  const size_t next = NextLine(text, from);
  CutRow(text.substr(0, next), from, dialect, cut);
  cut.next = next;
}

SampleRow RowOf(std::string_view text, size_t from, uint64_t line, char quote, const Cut& cut) {
  SampleRow row = {from, cut.next, line, {}};
  for (const Cell& cell : cut.cells) {
    std::string& value = row.cells.emplace_back(cell.length, '\0');
    value.resize(WriteCell(text, cell, quote, value.data()));
  }
  return row;
}

}  // namespace

size_t SampleRow::filled() const {
  return static_cast<size_t>(
      std::count_if(cells.begin(), cells.end(), [](const std::string& cell) { return !cell.empty(); }));
}

std::vector<SampleRow> TakeSample(std::string_view text, bool whole, const Dialect& dialect, size_t limit) {
  std::vector<SampleRow> rows;
  Cut cut;
  uint64_t line = 1;
  size_t filled = 0;
  for (size_t at = 0; at < text.size() && filled < limit;) {
    CutRow(text, at, dialect, cut);
    const bool far = CountBreaks(text, at, cut.next) > kMostLines;
    if (!cut.complete && !whole && !far && !rows.empty()) break;
    if (!cut.complete || far || cut.fault != QuoteFault::kNone) CutLine(text, at, dialect, cut);
    if (cut.next == text.size() && !whole) break;
    rows.push_back(RowOf(text, at, line, dialect.quote, cut));
    filled += rows.back().filled() > 0;
    line += CountBreaks(text, at, cut.next);
    at = cut.next;
  }
  return rows;
}

}  // namespace concordat::delimited
