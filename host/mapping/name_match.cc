#include "host/mapping/name_match.h"

#include <algorithm>

#include "host/base/source.h"

namespace concordat::mapping {
namespace {

// What spreadsheets and exports leave in headers, besides ASCII: blanks, byte order mark, dashes, curly
// apostrophes, currency signs, and the sign for a character that was lost.
constexpr std::string_view kInvisible[] = {"\xC2\xA0",     "\xE2\x80\xAF", "\xEF\xBB\xBF", "\xE2\x80\x93",
                                           "\xE2\x80\x94", "\xE2\x80\x98", "\xE2\x80\x99", "\xC2\xA3",
                                           "\xE2\x82\xAC", "\xEF\xBF\xBD"};

bool IsNameCharacter(char c) {
  const bool ascii = static_cast<unsigned char>(c) < 0x80;
  return !ascii || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// 3 for "#3"; 0 for all else.
size_t PlaceWritten(std::string_view name) {
  size_t place = 0;
  if (name.size() < 2 || name.size() > 6 || name.front() != '#') return 0;
  for (const char c : name.substr(1)) {
    if (c < '0' || c > '9') return 0;
    place = place * 10 + static_cast<size_t>(c - '0');
  }
  return place;
}

}  // namespace

std::string FoldedName(std::string_view name) {
  std::string folded;
  while (!name.empty()) {
    size_t skip = 0;
    for (const std::string_view invisible : kInvisible) {
      if (name.starts_with(invisible)) skip = invisible.size();
    }
    if (skip == 0) {
      const char c = name.front();
      if (IsNameCharacter(c)) folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      skip = 1;
    }
    name.remove_prefix(skip);
  }
  return folded;
}

std::vector<size_t> ColumnsNamed(std::string_view name, const std::vector<std::string>& columns) {
  if (const size_t place = PlaceWritten(name);
      place > 0 && place <= columns.size() &&
      std::find(columns.begin(), columns.end(), name) == columns.end())
    return {place - 1};
  std::vector<size_t> exact;
  std::vector<size_t> folded;
  const std::string wanted = FoldedName(name);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == name)
      exact.push_back(i);
    else if (!wanted.empty() && FoldedName(columns[i]) == wanted)
      folded.push_back(i);
  }
  return exact.empty() ? folded : exact;
}

namespace {

// "Net amount (GBP)" as amount gbp net.
std::vector<std::string> SortedWords(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (IsNameCharacter(c)) {
      words.back() += FoldedName(std::string_view(&c, 1));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

std::string LooksLike(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string folded = FoldedName(name);
  if (folded.empty()) return "";
  std::vector<std::string> folds;
  for (const std::string& candidate : candidates) folds.push_back(FoldedName(candidate));
  const std::string near = Nearest(folded, folds);
  if (!near.empty())
    return candidates[static_cast<size_t>(std::find(folds.begin(), folds.end(), near) - folds.begin())];
  const std::vector<std::string> words = SortedWords(name);
  constexpr size_t kTelling = 5;  // shorter names stand in too many others
  for (size_t i = 0; i < candidates.size(); ++i) {
    const std::string& other = folds[i];
    if (words.size() > 1 && SortedWords(candidates[i]) == words) return candidates[i];
    const size_t shorter = std::min(folded.size(), other.size());
    if (shorter < kTelling || shorter * 2 < std::max(folded.size(), other.size())) continue;
    if (folded.find(other) != std::string::npos || other.find(folded) != std::string::npos)
      return candidates[i];
  }
  return "";
}

}  // namespace concordat::mapping
