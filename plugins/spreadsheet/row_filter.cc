#include "plugins/spreadsheet/row_filter.h"

#include <algorithm>
#include <cctype>

#include "plugins/spreadsheet/words.h"

namespace concordat::spreadsheet {
namespace {

constexpr size_t kMostWaiting = 500;
constexpr size_t kMostTold = 20;
constexpr size_t kLongText = 40;  // bytes: no name of a place or a group is so long

// How people begin a footnote.
bool BeginsLikeNote(std::string_view text) {
  const std::string lower = Lower(Trimmed(text));
  if (lower.empty()) return false;
  for (const std::string_view word :
       {"note",         "source",      "footnote", "contact",      "produced",   "published",
        "last updated", "copyright",   "\xC2\xA9", "\xE2\x80\xA0", "*",          "(1)",
        "[1]",          "(a)",         "[a]",      "n/a =",        "disclaimer", "data as at",
        "please note",  "for further", "http://",  "https://"}) {
    if (lower.compare(0, word.size(), word) == 0) return true;
  }
  const bool numbered = std::isdigit(static_cast<unsigned char>(lower[0])) != 0 && lower.size() > 2 &&
                        (lower[1] == '.' || lower[1] == ')') && lower[2] == ' ';
  return numbered;
}

std::string Described(const Row& row) {
  std::string text;
  for (size_t i = 0; i < row.cells.size() && i < 4; ++i)
    text += (i == 0 ? "" : " | ") + std::string(row.TextOf(row.cells[i]));
  return "row " + std::to_string(row.number) + " (\"" + Short(text) + "\")";
}

std::string Joined(const std::vector<std::string>& rows) {
  std::string text;
  for (size_t i = 0; i < rows.size() && i < 5; ++i) text += (i == 0 ? "" : ", ") + rows[i];
  return rows.size() > 5 ? text + " and " + std::to_string(rows.size() - 5) +
                               (rows.size() >= kMostTold ? " or more" : " more")
                         : text;
}

}  // namespace

RowFilter::RowFilter(const Options& options, const TableShape& shape)
    : options_(options),
      first_column_(shape.columns.empty() ? 0 : shape.columns.front().column),
      columns_(shape.columns.size()),
      last_row_(shape.header_row > 0  ? shape.header_row
                : shape.first_row > 0 ? shape.first_row - 1
                                      : 0),
      last_seen_(last_row_) {}

bool RowFilter::IsTotal(const Row& row) const {
  bool has_number = false, has_word = false;
  for (const Cell& cell : row.cells) has_number = has_number || cell.kind == CellKind::kNumber;
  for (const Cell& cell : row.cells) {
    if (cell.kind != CellKind::kText || cell.column > first_column_ + 2) continue;
    std::string text = Lower(OneLine(row.TextOf(cell)));
    while (!text.empty() && (text.back() == ':' || text.back() == ' ')) text.pop_back();
    const auto& words = options_.total_words;
    has_word = std::find(words.begin(), words.end(), text) != words.end();
    break;
  }
  return has_number && has_word;
}

// One text alone in a row of a table that has more columns.
bool RowFilter::MayBeNote(const Row& row) const {
  if (columns_ < 2 || row.cells.size() > 2 || row.cells[0].kind != CellKind::kText) return false;
  if (row.cells.size() == 1) return true;
  return columns_ >= 4 && row.cells[1].kind == CellKind::kText && BeginsLikeNote(row.TextOf(row.cells[0]));
}

RowFilter::Guess RowFilter::GuessOf(const Row& row) const {
  if (options_.totals != Options::Totals::kKeep && IsTotal(row)) return Guess::kTotal;
  return options_.skip_footnotes && MayBeNote(row) ? Guess::kNote : Guess::kRecord;
}

void RowFilter::Add(Row row) {
  Waiting waiting{std::move(row), Guess::kRecord, false};
  waiting.guess = GuessOf(waiting.row);
  waiting.after_gap = waiting.row.number > last_seen_ + 1;
  last_seen_ = waiting.row.number;
  if (waiting.guess == Guess::kTotal && options_.totals == Options::Totals::kSkip) return LeaveOut(waiting);
  if (waiting.guess == Guess::kRecord) {
    Flush(waiting_.size());
    return Emit(std::move(waiting.row));
  }
  waiting_.push_back(std::move(waiting));
  if (waiting_.size() > kMostWaiting) Flush(1);
}

// The end of the table is the first row that waits and is a total, or a note in its words or behind a gap;
// what follows it is none of the table either.
void RowFilter::AddEnd() {
  const auto ends = [](const Waiting& waiting) {
    const Row& row = waiting.row;
    return waiting.guess == Guess::kTotal || waiting.after_gap || BeginsLikeNote(row.TextOf(row.cells[0])) ||
           row.cells[0].size >= kLongText;
  };
  const auto end = std::find_if(waiting_.begin(), waiting_.end(), ends);
  Flush(static_cast<size_t>(end - waiting_.begin()));
  for (const Waiting& waiting : waiting_) LeaveOut(waiting);
  waiting_.clear();
}

void RowFilter::LeaveOut(const Waiting& waiting) {
  std::vector<std::string>& list = waiting.guess == Guess::kTotal ? totals_ : footnotes_;
  if (list.size() < kMostTold) list.push_back(Described(waiting.row));
}

void RowFilter::Emit(Row row) {
  if (row.number > last_row_ + 1) blank_ += row.number - last_row_ - 1;
  last_row_ = row.number;
  ready_.push_back(std::move(row));
}

void RowFilter::Flush(size_t count) {
  for (; count > 0; --count) {
    const Waiting& first = waiting_.front();
    if (first.guess == Guess::kTotal && kept_totals_.size() < kMostTold)
      kept_totals_.push_back(Described(first.row));
    Emit(std::move(waiting_.front().row));
    waiting_.pop_front();
  }
}

bool RowFilter::Take(Row& row) {
  if (ready_.empty()) return false;
  row = std::move(ready_.front());
  ready_.pop_front();
  return true;
}

std::vector<std::string> RowFilter::notes() const {
  std::vector<std::string> notes;
  if (!totals_.empty())
    notes.push_back("left out as " + std::string(totals_.size() == 1 ? "a total: " : "totals: ") +
                    Joined(totals_));
  if (!kept_totals_.empty())
    notes.push_back("within the table, and so read as records though they look like totals: " +
                    Joined(kept_totals_) + "; to leave them out, say so in the feed (totals: skip)");
  if (!footnotes_.empty())
    notes.push_back("left out as " + std::string(footnotes_.size() == 1 ? "a footnote: " : "footnotes: ") +
                    Joined(footnotes_));
  return notes;
}

}  // namespace concordat::spreadsheet
