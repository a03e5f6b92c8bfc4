#include "plugins/delimited/reader.h"

#include <algorithm>
#include <cstring>

namespace concordat::delimited {
namespace {

constexpr size_t kWidestWindow = 4u << 20;
constexpr size_t kRawLimit = 4096;
constexpr uint64_t kManyLines = 100;

bool IsCrLf(std::string_view text, size_t at) {
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
}

}  // namespace

Reader::Reader(Source* source, const Options& options)
    : source_(source),
      options_(options),
      stream_(source, options.encoding, options.chunk_bytes, options.ahead_from),
      opening_(source, &stream_, options_),
      careful_(opening_.dialect(), opening_.layout(), stream_),
      scan_(options.scan != nullptr ? options.scan : BestScan()),
      window_(options.window_bytes) {}

Outcome Reader::Open() {
  const Outcome outcome = opening_.Run();
  message_ = opening_.message();
  line_ = opening_.line();
  stream_.ScanRows({scan_, opening_.dialect(), options_.window_bytes});
  return outcome;
}

Outcome Reader::Next(sdk::BatchBuilder& batch) {
  while (!batch.full()) {
    const std::string_view text = Settled();
    size_t used = 0;
    if (skip_line_ && !text.empty()) {
      SkipRestOfLine(text);
      continue;
    }
    if (!text.empty()) {
      used = ReadScanned(text, batch);
      if (used == 0 && ReadCarefully(text, 0, batch)) used = row_.next;
      stream_.Discard(used);
    }
    if (used > 0) continue;
    if (stream_.at_end()) return Outcome::kEnd;
    if (const Outcome filled = Fill(); filled != Outcome::kOk) return filled;
  }
  return Outcome::kOk;
}

// What of the text can be judged: a CR at its end may turn out to be half of a line break.
std::string_view Reader::Settled() const {
  std::string_view text = stream_.text();
  if (!stream_.at_end() && !text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

Outcome Reader::Fill() {
  if (stream_.Fill()) return Outcome::kOk;
  message_ = "the source could not be read";
  return Outcome::kFailed;
}

size_t Reader::ScanLimit(std::string_view text) const {
  const size_t limit = std::min(text.size(), window_);
  if (!stream_.damaged()) return limit;
  const void* mark = std::memchr(text.data(), kUndecodable, limit);
  return mark == nullptr ? limit : static_cast<size_t>(static_cast<const char*>(mark) - text.data());
}

// Takes what rows the scan is sure of; returns how much of the text they cover.
size_t Reader::ReadScanned(std::string_view text, sdk::BatchBuilder& batch) {
  if (const RowIndex* const ahead = stream_.RowsAhead()) return TakeRows(text, *ahead, batch);
  const size_t limit = ScanLimit(text);
  if (limit == 0) return 0;
  scan_(text.data(), limit, opening_.dialect(), index_);
  if (index_.rows.size() > 0) return TakeRows(text, index_, batch);
  if (index_.stop == window_ && window_ < kWidestWindow) window_ *= 2;  // rows are longer than that
  return 0;
}

size_t Reader::TakeRows(std::string_view text, const RowIndex& index, sdk::BatchBuilder& batch) {
  starts_.Reserve(index.rows.size());
  RowRun run = {text.data(), starts_.data(), nullptr,       0,
                0,           index.quoted,   index.doubled, opening_.dialect().quote};
  size_t start = 0;
  size_t first = 0;  // of the row's cells within index.ends
  for (size_t i = 0; i < index.rows.size(); ++i) {
    const uint32_t* ends = index.ends.data() + first;
    const size_t cells = index.rows[i] + 1 - first;
    const size_t end = ends[cells - 1];
    const size_t next = end + (IsCrLf(text, end) ? 2 : 1);
    if (IsRecord(text, start, ends, cells)) {
      if (cells != run.stride) TakeRun(text, index, run, batch);
      if (run.rows == 0) {
        run.ends = ends;
        run.stride = cells;
      }
      starts_[run.rows++] = static_cast<uint32_t>(start);
    } else {
      TakeRun(text, index, run, batch);
      if (end - start == cells - 1) {  // nothing but delimiters
        ++facts_.blank;
        ++line_;
      } else if (!ReadCarefully(text, start, batch)) {
        return start;
      } else if (row_.next != next) {
        return row_.next;
      }
    }
    start = next;
    first += cells;
  }
  TakeRun(text, index, run, batch);
  return start;
}

// Beyond doubt: all columns are there, no more than empty cells beside them, and something is in them.
bool Reader::IsRecord(std::string_view text, size_t start, const uint32_t* ends, size_t cells) const {
  const size_t columns = layout().columns();
  if (columns == 0 || cells < columns || ends[cells - 1] - ends[columns - 1] != cells - columns) return false;
  const Dialect& dialect = opening_.dialect();
  for (size_t i = 0; i < columns; ++i) {
    const size_t length = ends[i] - start;
    const bool empty = length == 0 || (dialect.quoting && length == 2 && text[start] == dialect.quote);
    if (!empty) return true;
    start = ends[i] + 1;
  }
  return false;
}

// Appends the run and empties it.
void Reader::TakeRun(std::string_view text, const RowIndex& index, RowRun& run, sdk::BatchBuilder& batch) {
  AppendRun(run, batch);
  for (size_t i = 0; i < run.rows; ++i) {
    uint64_t breaks = 0;
    if (index.inner_breaks)
      breaks = CountBreaks(text, run.starts[i], run.ends[i * run.stride + run.stride - 1]);
    EndRecord(breaks, batch);
  }
  run.rows = 0;
}

void Reader::EndRecord(uint64_t inner_breaks, sdk::BatchBuilder& batch) {
  batch.EndRecord(line_);
  ++facts_.records;
  if (inner_breaks > kManyLines && long_record_.empty()) {
    long_record_ = "record " + std::to_string(facts_.records) + " (line " + std::to_string(line_) +
                   ") spans " + std::to_string(inner_breaks + 1) + " lines: look whether a quote is missing";
  }
  line_ += inner_breaks + 1;
}

// Judges the row at `from` into row_; false when the text ends too early to tell.
bool Reader::ReadCarefully(std::string_view text, size_t from, sdk::BatchBuilder& batch) {
  careful_.Read(text, from, line_, row_);
  if (row_.kind == RowKind::kNeedMore) return false;
  if (row_.kind == RowKind::kRecord) {
    const size_t columns = layout().columns();
    for (size_t i = 0; i < columns; ++i) {
      const Cell cell = i < row_.cut.cells.size() ? row_.cut.cells[i] : Cell{};
      sdk::TextBuilder& column = batch.column(i);
      column.Commit(WriteCell(text, cell, opening_.dialect().quote, column.Room(cell.length)));
    }
    EndRecord(CountBreaks(text, from, row_.end), batch);
    return true;
  }
  if (row_.kind == RowKind::kBlank) {
    ++facts_.blank;
  } else {
    batch.AddUnreadable(line_, row_.reason, ForPeople(text.substr(from, row_.end - from), kRawLimit));
    ++facts_.records;
    ++facts_.unreadable;
  }
  skip_line_ = row_.kind == RowKind::kUnreadableLine;
  line_ += CountBreaks(text, from, row_.next);
  return true;
}

void Reader::SkipRestOfLine(std::string_view text) {
  const size_t next = NextLine(text, 0);
  const bool over = text[next - 1] == '\n' || text[next - 1] == '\r';
  skip_line_ = !over;
  line_ += over;
  stream_.Discard(next);
}

Facts Reader::facts() const {
  Facts facts = facts_;
  facts.encoding = NameOf(stream_.encoding());
  facts.delimiter = opening_.dialect().delimiter;
  facts.notes = opening_.notes();
  if (!stream_.remark().empty()) facts.notes.push_back(stream_.remark());
  if (stream_.saw_nul()) facts.notes.push_back("there are NUL bytes in it; they were kept as they are");
  if (!long_record_.empty()) facts.notes.push_back(long_record_);
  return facts;
}

}  // namespace concordat::delimited
