#include "plugins/delimited/cutter.h"

#include <cstring>

namespace concordat::delimited {
namespace {

bool IsBreak(char c) { return c == '\n' || c == '\r'; }

size_t BreakLength(std::string_view text, size_t at) {
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

bool EndsCell(char c, const Dialect& dialect) { return c == dialect.delimiter || IsBreak(c); }

// The place of the quote that closes the cell whose content starts at `at`, or text.size().
size_t ClosingQuote(std::string_view text, size_t at, char quote, bool& doubled) {
  for (;;) {
    at = text.find(quote, at);
    if (at == std::string_view::npos) return text.size();
    if (at + 1 >= text.size() || text[at + 1] != quote) return at;
    doubled = true;
    at += 2;
  }
}

// The place where an unquoted cell, or what follows a closing quote, ends.
size_t PlainEnd(std::string_view text, size_t at, const Dialect& dialect, bool& stray_quote) {
  for (; at < text.size() && !EndsCell(text[at], dialect); ++at) {
    stray_quote |= dialect.quoting && text[at] == dialect.quote;
  }
  return at;
}

void SetFault(Cut& cut, QuoteFault fault) {
  if (cut.fault != QuoteFault::kNone) return;
  cut.fault = fault;
  cut.fault_cell = cut.cells.size();
}

// Adds the quoted cell that starts at `at`; returns the place after it.
size_t CutQuoted(std::string_view text, size_t at, const Dialect& dialect, Cut& cut) {
  Cell cell = {at + 1, 0, true, false};
  const size_t close = ClosingQuote(text, at + 1, dialect.quote, cell.doubled);
  cell.length = close - cell.begin;
  size_t after = close;
  if (close == text.size()) {
    SetFault(cut, QuoteFault::kUnclosed);
  } else if (++after < text.size() && !EndsCell(text[after], dialect)) {
    SetFault(cut, QuoteFault::kTextAfterQuote);
    bool ignored = false;
    after = PlainEnd(text, after, dialect, ignored);
  }
  cut.cells.push_back(cell);
  return after;
}

}  // namespace

void CutRow(std::string_view text, size_t from, const Dialect& dialect, Cut& cut) {
  cut.cells.clear();
  cut.complete = cut.stray_quote = false;
  cut.fault = QuoteFault::kNone;
  size_t at = from;
  for (;;) {
    if (dialect.quoting && at < text.size() && text[at] == dialect.quote) {
      at = CutQuoted(text, at, dialect, cut);
    } else {
      const size_t end = PlainEnd(text, at, dialect, cut.stray_quote);
      cut.cells.push_back({at, end - at, false, false});
      at = end;
    }
    if (at >= text.size() || IsBreak(text[at])) break;
    ++at;  // the delimiter
  }
  cut.end = at;
  cut.complete = at < text.size();
  cut.next = cut.complete ? at + BreakLength(text, at) : at;
}

size_t NextLine(std::string_view text, size_t from) {
  const size_t at = text.find_first_of("\r\n", from);
  return at == std::string_view::npos ? text.size() : at + BreakLength(text, at);
}

uint64_t CountBreaks(std::string_view text, size_t from, size_t to) {
  uint64_t breaks = 0;
  for (size_t i = from; i < to; ++i) {
    const bool pair = text[i] == '\r' && i + 1 < to && text[i + 1] == '\n';
    breaks += IsBreak(text[i]) && !pair;
  }
  return breaks;
}

size_t WriteCell(std::string_view text, const Cell& cell, char quote, char* to) {
  const char* at = text.data() + cell.begin;
  const char* const end = at + cell.length;
  char* out = to;
  while (cell.doubled && at < end) {
    const void* found = std::memchr(at, quote, static_cast<size_t>(end - at));
    if (found == nullptr) break;
    const char* const after =
        static_cast<const char*>(found) + 1;  // keep this quote, drop the one that follows
    std::memcpy(out, at, static_cast<size_t>(after - at));
    out += after - at;
    at = after + 1 < end ? after + 1 : end;
  }
  if (at < end) std::memcpy(out, at, static_cast<size_t>(end - at));
  return static_cast<size_t>(out + (end - at) - to);
}

}  // namespace concordat::delimited
