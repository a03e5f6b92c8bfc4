#include "plugins/delimited/careful.h"

#include <algorithm>

#include "plugins/delimited/encoding.h"

namespace concordat::delimited {
namespace {

constexpr uint64_t kLinesToTry = 64;   // after a broken quote, for the next record
constexpr size_t kLinesToCompare = 8;  // of a cell that spans lines

std::string Count(size_t count, const char* one, const char* many) {
  return std::to_string(count) + (count == 1 ? one : many);
}

bool IsBlank(const Cut& cut) {
  return std::all_of(cut.cells.begin(), cut.cells.end(), [](const Cell& cell) { return cell.length == 0; });
}

// The cell with the first line break in it.
size_t SpanningCell(std::string_view text, const Cut& cut) {
  for (size_t i = 0; i < cut.cells.size(); ++i) {
    const Cell& cell = cut.cells[i];
    if (text.substr(cell.begin, cell.length).find_first_of("\r\n") != std::string_view::npos) return i;
  }
  return 0;
}

}  // namespace

void CarefulReader::Read(std::string_view text, size_t from, uint64_t line, Row& row) {
  row.reason.clear();
  CutRow(text, from, dialect_, row.cut);
  row.end = row.cut.end;
  row.next = row.cut.next;
  const bool too_long = (row.cut.complete ? row.end : text.size()) - from > kRowLimit;
  if (!row.cut.complete && !stream_.at_end() && !too_long) {
    row.kind = RowKind::kNeedMore;
    return;
  }
  if (!row.cut.complete || too_long || row.cut.fault != QuoteFault::kNone) {
    Recover(text, from, line, row);
  } else if (IsBlank(row.cut)) {
    row.kind = RowKind::kBlank;
  } else if (!FitsColumns(row.cut) && SwallowedRecords(text, from, row.cut)) {
    row.cut.fault = QuoteFault::kUnclosed;
    row.cut.fault_cell = SpanningCell(text, row.cut);
    Recover(text, from, line, row);
  } else {
    JudgeWidth(row);
  }
  const bool damaged = text.substr(from, row.end - from).find(kUndecodable) != std::string_view::npos;
  if (row.kind == RowKind::kRecord && damaged) {
    row.kind = RowKind::kUnreadable;
    row.reason =
        std::string("it holds bytes that are not ") + NameOf(stream_.encoding()) + "; save the file as UTF-8";
  }
}

bool CarefulReader::FitsColumns(const Cut& cut) const {
  if (cut.cells.size() < layout_.least_cells) return false;
  for (size_t i = layout_.columns(); i < cut.cells.size(); ++i) {
    if (cut.cells[i].length > 0) return false;
  }
  return true;
}

void CarefulReader::JudgeWidth(Row& row) const {
  if (FitsColumns(row.cut)) {
    row.kind = RowKind::kRecord;
    return;
  }
  row.kind = RowKind::kUnreadable;
  const std::string width = "it has " + Count(row.cut.cells.size(), " cell", " cells") + ", the header has " +
                            Count(layout_.columns(), " column", " columns");
  if (row.cut.cells.size() < layout_.least_cells) {
    row.reason = width + ": add the missing delimiters, or the part that was cut off";
  } else {
    row.reason = width + ": a cell that contains the delimiter must stand in quotes";
  }
}

// A row that stands on its own beyond doubt.
bool CarefulReader::LooksLikeRecord(std::string_view text, size_t from) {
  CutRow(text, from, dialect_, trial_);
  if (layout_.columns() == 1) return true;
  return trial_.complete && trial_.fault == QuoteFault::kNone && !trial_.stray_quote && !IsBlank(trial_) &&
         FitsColumns(trial_);
}

// The quotes are in order, yet the row has too few or too many cells and a cell spans lines that are records
// themselves: somewhere a quote is missing.
bool CarefulReader::SwallowedRecords(std::string_view text, size_t from, const Cut& cut) {
  if (layout_.columns() == 1) return false;
  size_t compared = 0;
  size_t at = NextLine(text, from);
  for (; compared < kLinesToCompare && NextLine(text, at) < cut.next; ++compared) {
    if (!LooksLikeRecord(text, at)) return false;
    at = NextLine(text, at);
  }
  return compared >= 2;
}

// Sets row.next to the next line that is a record on its own; false when the text ends too early to tell.
bool CarefulReader::FindNext(std::string_view text, size_t from, uint64_t line, Row& row) {
  const size_t second = NextLine(text, from);
  const bool may_grow = !stream_.at_end() && text.size() - from <= kRowLimit;
  size_t at = second;
  uint64_t candidate = line + 1;
  if (barren_.first_line <= candidate && candidate < barren_.end_line) {
    candidate = barren_.end_line;
    at = static_cast<size_t>(barren_.end - stream_.position());
  } else {
    barren_.first_line = candidate;
  }
  for (; candidate <= line + kLinesToTry && at < text.size(); ++candidate) {
    if (LooksLikeRecord(text, at)) {
      row.next = at;
      return true;
    }
    if (!trial_.complete && may_grow) return false;
    at = NextLine(text, at);
    barren_.end_line = candidate + 1;
    barren_.end = stream_.position() + at;
  }
  if (candidate > line + kLinesToTry) {
    row.next = second;
    return true;
  }
  if (may_grow) return false;
  // The file ends: what most readers take for the row's end, if that makes a row of it.
  row.next = row.cut.complete && FitsColumns(row.cut) ? row.cut.next : second;
  return true;
}

void CarefulReader::Recover(std::string_view text, size_t from, uint64_t line, Row& row) {
  const size_t second = NextLine(text, from);
  const bool line_ends = second > from && (text[second - 1] == '\n' || text[second - 1] == '\r');
  if (!line_ends && !stream_.at_end()) {  // one line, and longer than any row may be
    row.kind = RowKind::kUnreadableLine;
    row.next = row.end = second;
    row.reason = "it is longer than 16 MB: this is no record";
    return;
  }
  const bool ends_on_its_line = row.cut.complete && row.cut.next == second;
  if (!ends_on_its_line && !FindNext(text, from, line, row)) {
    row.kind = RowKind::kNeedMore;
    return;
  }
  row.kind = RowKind::kUnreadable;
  row.end = row.next;
  while (row.end > from && (text[row.end - 1] == '\n' || text[row.end - 1] == '\r')) --row.end;
  if (row.cut.complete && row.cut.fault == QuoteFault::kNone) {
    row.reason = "it is longer than 16 MB: this is no record";
    return;
  }
  row.reason = QuoteReason(row.cut);
  const uint64_t lines = CountBreaks(text, from, row.next);
  if (lines > 1) row.reason += "; reading goes on at line " + std::to_string(line + lines);
}

std::string CarefulReader::Column(size_t cell) const {
  const std::string number = "column " + std::to_string(cell + 1);
  if (cell >= layout_.columns() || layout_.names[cell] == number) return number;
  return number + " (\"" + ForPeople(layout_.names[cell], 80) + "\")";
}

std::string CarefulReader::QuoteReason(const Cut& cut) const {
  const std::string column = Column(cut.fault_cell);
  if (cut.fault == QuoteFault::kTextAfterQuote) {
    return "in " + column + " text follows the closing quote: double a quote that is part of the text";
  }
  return "in " + column +
         " a quote is opened and not closed: close it, or double it if it is part of the text";
}

}  // namespace concordat::delimited
