#include "plugins/json/cursor.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "plugins/json/mistake.h"

namespace concordat::json {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\x1E'; }
bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsBlank(c); });
}

constexpr size_t kBegins = 200;  // bytes of a value that is too long, to show them

}  // namespace

std::string PlaceWords(uint64_t line, uint64_t column) {
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

void CountLines(std::string_view text, uint64_t& line, uint64_t& column) {
  const auto breaks = std::count(text.begin(), text.end(), '\n');
  if (breaks > 0) {
    line += static_cast<uint64_t>(breaks);
    text.remove_prefix(text.rfind('\n') + 1);
    column = 1;
  }
  column += static_cast<uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

Cursor::Cursor(tree::Source* source, const Options& options)
    : options_(options),
      stream_(source, options.encoding, options.chunk_bytes, std::numeric_limits<uint64_t>::max()) {}

bool Cursor::Fill() {
  if (stream_.Fill()) return true;
  status_ = sdk::Status::Failed("the source could not be read");
  return false;
}

void Cursor::Advance(size_t bytes) {
  CountLines(stream_.text().substr(0, bytes), line_, column_);
  stream_.Discard(bytes);
}

bool Cursor::Refuse(const std::string& what) { return RefuseAt(0, what); }

bool Cursor::RefuseAt(size_t offset, const std::string& what) {
  uint64_t line = line_;
  uint64_t column = column_;
  CountLines(stream_.text().substr(0, offset), line, column);
  status_ = sdk::Status::SourceUnreadable(PlaceWords(line, column) + ": " + what);
  return false;
}

int Cursor::Peek() {
  if (taken_ > 0) Advance(std::exchange(taken_, 0));
  while (true) {
    const std::string_view text = stream_.text();
    size_t blank = 0;
    while (blank < text.size() && IsBlank(text[blank])) ++blank;
    if (blank > 0) Advance(blank);
    if (!stream_.text().empty()) return static_cast<unsigned char>(stream_.text()[0]);
    if (stream_.at_end() || !Fill()) return kEnd;
    if (stream_.text().empty() && stream_.at_end()) return kEnd;
  }
}

bool Cursor::Broken(const Extent& extent, Extent::State state) {
  if (state == Extent::State::kTooDeep)
    return RefuseAt(extent.size(), "more than 100 levels of brackets in each other");
  std::string what;
  if (state == Extent::State::kMismatch) {
    what = std::string("\"") + stream_.text()[extent.size()] + "\" closes " +
           (extent.open().empty() ? "nothing" : std::string("a \"") + extent.open().back() + "\"") +
           ": a bracket or a quote before it is missing";
  } else if (extent.in_text()) {
    what =
        "the file ends within a text: it was cut off, or a closing quote is missing; export or send it again";
  } else {
    what = "the file ends before " + std::to_string(extent.open().size()) +
           " brackets are closed: it was cut off; export or send it again";
  }
  if (extent.suspect() != Extent::kNone) {
    uint64_t line = line_;
    uint64_t column = column_;
    CountLines(stream_.text().substr(0, std::min(extent.suspect(), stream_.text().size())), line, column);
    what += "; the text that begins at " + PlaceWords(line, column) + " runs over the end of its line";
  }
  return RefuseAt(std::min(extent.size(), stream_.text().size()), what);
}

bool Cursor::Take(std::string_view& value, bool& too_long) {
  too_long = false;
  if (Peek() == kEnd)
    return status_.ok() ? Refuse("the file ends where a value should stand: it was cut off") : false;
  Extent extent;
  while (true) {
    const Extent::State state = extent.Follow(stream_.text(), stream_.at_end());
    if (state == Extent::State::kComplete) {
      value = stream_.text().substr(0, extent.size());
      taken_ = extent.size();
      if (!value.empty()) return true;
      return Refuse(NotAValue(stream_.text()));
    }
    if (state != Extent::State::kOpen || stream_.at_end()) return Broken(extent, state);
    if (stream_.text().size() >= options_.record_bytes) {
      too_long = true;
      return StepOver(value, extent);
    }
    if (!Fill()) return false;
  }
}

// Goes on behind a value that is too long to be held.
bool Cursor::StepOver(std::string_view& value, Extent& extent) {
  begins_ = std::string(stream_.text().substr(0, kBegins));
  value = begins_;
  while (true) {
    const size_t seen = extent.Release();
    Advance(seen);
    if (!Fill()) return false;
    const Extent::State state = extent.Follow(stream_.text(), stream_.at_end());
    if (state == Extent::State::kComplete) {
      taken_ = extent.size();
      return true;
    }
    if (state != Extent::State::kOpen || stream_.at_end()) return Broken(extent, state);
  }
}

bool Cursor::Skip() {
  std::string_view value;
  bool too_long = false;
  return Take(value, too_long);
}

bool Cursor::TakeName(std::string& name) {
  const int next = Peek();
  if (next == kEnd && !status_.ok()) return false;
  if (next != '"') {
    return Refuse(next == kEnd
                      ? "the file ends where a name should stand: it was cut off; export or send it again"
                      : "a name should stand here in double quotes, not " + NotAValue(stream_.text()));
  }
  std::string_view raw;
  bool too_long = false;
  if (!Take(raw, too_long)) return false;
  if (const auto mistake = FirstMistake(raw)) return RefuseAt(mistake->at, mistake->what);
  name = too_long ? std::string() : Unescaped(raw.substr(1, raw.size() - 2));
  if (Peek() == ':') return Step(), true;
  return status_.ok() ? Refuse("a : is missing between a name and its value") : false;
}

bool Cursor::PeekLine(std::string_view& line, bool& another) {
  another = false;
  if (Peek() == kEnd) return false;
  while (true) {
    const std::string_view text = stream_.text();
    const size_t end = text.find('\n');
    if (end != std::string_view::npos) {
      if (!IsBlank(text.substr(end)) || stream_.at_end() || text.size() > options_.record_bytes) {
        line = text.substr(0, end);
        another = !IsBlank(text.substr(end));
        return true;
      }
    } else if (stream_.at_end() || text.size() > options_.record_bytes) {
      line = text;
      return true;
    }
    if (!Fill()) return false;
  }
}

bool Cursor::TakeLine(std::string_view& line, bool& too_long, bool& more) {
  too_long = false;
  more = true;
  if (taken_ > 0) Advance(std::exchange(taken_, 0));
  size_t from = 0;
  while (true) {
    const std::string_view text = stream_.text();
    const size_t end = text.find('\n', from);
    if (end != std::string_view::npos || (stream_.at_end() && !text.empty())) {
      line = text.substr(0, end);
      taken_ = std::min(line.size() + 1, text.size());
      if (!too_long && IsBlank(line)) {
        ++blank_lines_;
        Advance(std::exchange(taken_, 0));
        from = 0;
        continue;
      }
      if (too_long) line = begins_;
      while (!line.empty() && IsBlank(line.back())) line.remove_suffix(1);
      return true;
    }
    if (stream_.at_end()) {
      more = too_long;
      line = begins_;
      return true;
    }
    from = text.size();
    if (text.size() >= options_.record_bytes) {
      if (!too_long) begins_ = std::string(text.substr(0, kBegins));
      too_long = true;
      Advance(text.size());
      from = 0;
    }
    if (!Fill()) return false;
  }
}

}  // namespace concordat::json
