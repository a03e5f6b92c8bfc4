#include "host/base/source.h"

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/utf8.h"

namespace concordat {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Damerau-Levenshtein with adjacent swaps.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

// Messages quote what people wrote, which may be endless or hold what a terminal would obey.
std::string OneLine(std::string_view text) {
  constexpr size_t kLongest = 600;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (out.size() >= kLongest && (byte & 0xC0) != 0x80) return out + "...";
    const bool second_of_c1 = i > 0 && text[i - 1] == '\xC2' && byte < 0xA0;
    if (second_of_c1) out.pop_back();
    out += byte < 0x20 || byte == 0x7F || second_of_c1 ? ' ' : text[i];
  }
  return out;
}

// At most kWidest characters of a line, those around the caret: {text, column of the caret in it}.
std::pair<std::string, int> Window(std::string_view line, int column) {
  constexpr size_t kWidest = 160;
  constexpr std::string_view kCut = "...";
  if (line.size() <= kWidest) return {std::string(line), column};
  std::vector<size_t> starts;  // of characters
  for (size_t i = 0; i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  if (starts.size() <= kWidest) return {std::string(line), column};
  const size_t caret = std::min(static_cast<size_t>(std::max(column, 1)) - 1, starts.size());
  const size_t first = std::min(caret > kWidest / 2 ? caret - kWidest / 2 : 0, starts.size() - kWidest);
  const size_t last = first + kWidest;
  std::string text(first == 0 ? "" : kCut);
  text += line.substr(starts[first], (last < starts.size() ? starts[last] : line.size()) - starts[first]);
  if (last < starts.size()) text += kCut;
  return {text, static_cast<int>(caret - first + (first == 0 ? 0 : kCut.size())) + 1};
}

// What stands left of the caret, tabs kept so that the caret lines up.
std::string CaretIndent(std::string_view line, int column) {
  std::string indent;
  int seen = 1;
  for (size_t i = 0; i < line.size() && seen < column; ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) == 0x80) continue;
    indent += line[i] == '\t' ? '\t' : ' ';
    ++seen;
  }
  return indent;
}

std::string_view SourceName(const Place& place) {
  return place.source ? std::string_view(place.source->name) : std::string_view();
}

}  // namespace

std::string_view SourceText::Line(int line) const {
  if (line < 1) return {};
  size_t start = 0;
  for (int i = 1; i < line; ++i) {
    start = text.find('\n', start);
    if (start == std::string::npos) return {};
    ++start;
  }
  const size_t end = std::min(text.find('\n', start), text.size());
  std::string_view found = std::string_view(text).substr(start, end - start);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

std::string Place::str() const {
  std::string out(SourceName(*this));
  if (line > 0) out += fmt::format(":{}", line);
  if (line > 0 && column > 0) out += fmt::format(":{}", column);
  return out;
}

void Issues::Error(Place place, std::string code, std::string message, std::string hint) {
  Add({IssueSeverity::kError, std::move(place), std::move(code), std::move(message), std::move(hint)});
}

void Issues::Warn(Place place, std::string code, std::string message, std::string hint) {
  Add({IssueSeverity::kWarning, std::move(place), std::move(code), std::move(message), std::move(hint)});
}

void Issues::Add(Issue issue) {
  issue.message = OneLine(issue.message);
  issue.hint = OneLine(issue.hint);
  list_.push_back(std::move(issue));
}

size_t Issues::error_count() const {
  return static_cast<size_t>(std::count_if(list_.begin(), list_.end(), [](const Issue& issue) {
    return issue.severity == IssueSeverity::kError;
  }));
}

bool Issues::has_errors() const { return error_count() > 0; }

void Issues::SortAndDeduplicate() {
  const auto key = [](const Issue& i) {
    return std::tuple(SourceName(i.place), i.place.line, i.place.column, std::string_view(i.code),
                      std::string_view(i.message));
  };
  std::stable_sort(list_.begin(), list_.end(), [&](const Issue& a, const Issue& b) { return key(a) < key(b); });
  list_.erase(std::unique(list_.begin(), list_.end(), [&](const Issue& a, const Issue& b) { return key(a) == key(b); }),
              list_.end());
}

std::string RenderIssue(const Issue& issue) {
  const char* word = issue.severity == IssueSeverity::kError ? "error" : "warning";
  const std::string where = issue.place.str();
  std::string out = fmt::format("{}{}{}: {} [{}]\n", where, where.empty() ? "" : ": ", word, issue.message, issue.code);
  if (issue.place.source && issue.place.line > 0) {
    const auto [line, column] = Window(issue.place.source->Line(issue.place.line), issue.place.column);
    out += fmt::format("  {}\n", line);
    if (issue.place.column > 0) out += fmt::format("  {}^\n", CaretIndent(line, column));
  }
  if (!issue.hint.empty()) out += fmt::format("  mend: {}\n", issue.hint);
  return out;
}

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string lower = Lower(word);
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    // At least the difference in length must be typed; this also keeps a hostile, endless word cheap.
    if (std::max(lower.size(), candidate.size()) - std::min(lower.size(), candidate.size()) >= best) continue;
    const size_t distance = EditDistance(lower, Lower(candidate));
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  if (!nearest.empty()) return fmt::format("did you mean \"{}\"?", nearest);
  if (candidates.empty() || candidates.size() > 12) return "";
  return fmt::format("one of: {}", fmt::join(candidates, ", "));
}

}  // namespace concordat
