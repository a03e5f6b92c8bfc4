#include "host/base/source.h"

#include <algorithm>
#include <cctype>
#include <tuple>

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
  list_.push_back({IssueSeverity::kError, std::move(place), std::move(code), std::move(message), std::move(hint)});
}

void Issues::Warn(Place place, std::string code, std::string message, std::string hint) {
  list_.push_back({IssueSeverity::kWarning, std::move(place), std::move(code), std::move(message), std::move(hint)});
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
    const std::string_view line = issue.place.source->Line(issue.place.line);
    out += fmt::format("  {}\n", line);
    if (issue.place.column > 0) out += fmt::format("  {}^\n", CaretIndent(line, issue.place.column));
  }
  if (!issue.hint.empty()) out += fmt::format("  mend: {}\n", issue.hint);
  return out;
}

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string lower = Lower(word);
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
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
