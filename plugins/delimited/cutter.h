// Cuts one row byte by byte: the reference that the fast scan must agree with, and the one that knows what is
// wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "plugins/delimited/dialect.h"

namespace concordat::delimited {

/// One cell's content within the text, outer quotes left out.
struct Cell {
  size_t begin = 0;
  size_t length = 0;
  bool quoted = false;
  bool doubled = false;  // holds doubled quotes, each of which means one
};

enum class QuoteFault { kNone, kTextAfterQuote, kUnclosed };

/// One row, from a row's start to its line break outside quotes.
struct Cut {
  std::vector<Cell> cells;
  size_t end = 0;            // where its line break begins
  size_t next = 0;           // where the next row begins
  bool complete = false;     // false: the text ended before the row did
  bool stray_quote = false;  // a quote within an unquoted cell: taken literally
  QuoteFault fault = QuoteFault::kNone;
  size_t fault_cell = 0;
};

/// Cuts the row at `from`. After a faulty quote it goes on as most readers do, so that `end` has a meaning.
void CutRow(std::string_view text, size_t from, const Dialect& dialect, Cut& cut);

/// Where the line that starts at `from` is over: the start of the next line, or text.size().
size_t NextLine(std::string_view text, size_t from);

/// The line breaks (LF, CR LF, CR) in text[from, to).
uint64_t CountBreaks(std::string_view text, size_t from, size_t to);

/// Writes the cell's value, doubled quotes as single ones, to `to`, which has room for cell.length bytes;
/// returns how many it took.
size_t WriteCell(std::string_view text, const Cell& cell, char quote, char* to);

}  // namespace concordat::delimited
