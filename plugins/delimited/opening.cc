#include "plugins/delimited/opening.h"

#include "plugins/delimited/careful.h"
#include "plugins/delimited/cutter.h"
#include "plugins/delimited/delimiter.h"
#include "plugins/delimited/signature.h"

namespace concordat::delimited {
namespace {

constexpr size_t kSampleRows = 1000;

bool OnlyNul(std::string_view text) {
  return text.find_first_not_of(std::string_view("\0\r\n", 3)) == text.npos;
}

}  // namespace

Opening::Opening(Source* source, TextStream* stream, const Options& options)
    : source_(source), stream_(stream), options_(options) {
  dialect_.quote = options.quote;
  dialect_.quoting = options.quoting;
}

Outcome Opening::Stop(Outcome outcome, std::string message) {
  message_ = std::move(message);
  return outcome;
}

Outcome Opening::Run() {
  if (auto message = ForeignFormat(*source_)) return Stop(Outcome::kUnreadable, *message);
  if (const Outcome filled = FillSample(); filled != Outcome::kOk) return filled;
  if (stream_->saw_nul() && OnlyNul(stream_->text())) {
    return Stop(Outcome::kUnreadable,
                "the file holds nothing but NUL bytes: it was damaged on its way, send it again");
  }
  if (stream_->text().empty()) notes_.push_back("the file is empty");
  ChooseDelimiter();
  return FindLayout();
}

// Reads on until the text is long enough and holds a whole line.
Outcome Opening::FillSample() {
  for (;;) {
    if (!stream_->Fill()) return Stop(Outcome::kFailed, "the source could not be read");
    const std::string_view text = stream_->text();
    const bool enough = text.size() >= options_.sample_bytes && NextLine(text, 0) < text.size();
    if (stream_->at_end() || enough) return Outcome::kOk;
    if (text.size() > kRowLimit) {
      return Stop(Outcome::kUnreadable, "its first line is longer than 16 MB: this is no file of records");
    }
  }
}

void Opening::ChooseDelimiter() {
  const std::string_view text = stream_->text();
  const char named = SeparatorLine(text);
  if (named != 0) Discard(NextLine(text, 0));
  if (options_.delimiter) {
    dialect_.delimiter = *options_.delimiter;
  } else if (named != 0) {
    dialect_.delimiter = named;
  } else {
    dialect_.delimiter = DetectDelimiter(
        [this](char delimiter) {
          Dialect candidate = dialect_;
          candidate.delimiter = delimiter;
          return Sample(candidate);
        },
        text.substr(0, options_.sample_bytes));
  }
}

// Longer than was asked when a single row is.
std::vector<SampleRow> Opening::Sample(const Dialect& dialect) const {
  const std::string_view text = stream_->text();
  for (size_t size = options_.sample_bytes;; size *= 2) {
    const bool all = size >= text.size();
    std::vector<SampleRow> rows =
        TakeSample(text.substr(0, size), all && stream_->at_end(), dialect, kSampleRows);
    if (!rows.empty() || all) return rows;
  }
}

Outcome Opening::FindLayout() {
  if (options_.header == Options::Header::kNone) {
    TakeLayout(Sample(dialect_), {});
    return Outcome::kOk;
  }
  if (options_.header == Options::Header::kLine) {
    if (const Outcome skipped = SkipToLine(options_.header_line); skipped != Outcome::kOk) return skipped;
    if (const Outcome filled = FillSample(); filled != Outcome::kOk) return filled;
    TakeLayout(Sample(dialect_), {0, 0});
    return Outcome::kOk;
  }
  const std::vector<SampleRow> rows = Sample(dialect_);
  TakeLayout(rows, FindHeader(rows));
  return Outcome::kOk;
}

// The stream then stands at this physical line.
Outcome Opening::SkipToLine(uint64_t line) {
  while (line_ < line) {
    const std::string_view text = stream_->text();
    const size_t next = NextLine(text, 0);
    if (next < text.size()) {
      Discard(next);
    } else if (stream_->at_end()) {
      break;
    } else if (!stream_->Fill()) {
      return Stop(Outcome::kFailed, "the source could not be read");
    }
  }
  const std::string_view text = stream_->text();
  const bool blank = text.empty() || text[0] == '\n' || text[0] == '\r';
  if (line_ == line && !blank) return Outcome::kOk;
  return Stop(Outcome::kUnreadable, "the header should stand on line " + std::to_string(line) +
                                        ", as the feed says, but there is nothing on that line");
}

void Opening::TakeLayout(const std::vector<SampleRow>& rows, const HeaderPlace& place) {
  const size_t below = place.header ? *place.header + 1 : place.first;
  std::vector<std::string> header;
  if (place.header && *place.header < rows.size()) {
    for (const std::string& cell : rows[*place.header].cells)
      header.push_back(ForPeople(cell, cell.size() * 3));
  }
  layout_ = MakeLayout(header, rows, below, notes_);
  const uint64_t first_line = line_;
  if (!header.empty()) {
    layout_.header_line = first_line + rows[*place.header].line - 1;
    Discard(rows[*place.header].next);
  } else if (place.first > 0) {
    Discard(rows[place.first].begin);
  }
  const uint64_t skipped = (header.empty() ? line_ : layout_.header_line) - 1;
  if (skipped > 0) {
    notes_.push_back(std::to_string(skipped) + (skipped == 1 ? " line" : " lines") + " above the " +
                     (header.empty() ? "first record was" : "header was") + " skipped");
    if (skipped > 1) notes_.back().replace(notes_.back().rfind("was"), 3, "were");
  }
}

void Opening::Discard(size_t bytes) {
  line_ += CountBreaks(stream_->text(), 0, bytes);
  stream_->Discard(bytes);
}

}  // namespace concordat::delimited
