#include "plugins/delimited/delimiter.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace concordat::delimited {
namespace {

constexpr char kCandidates[] = {',', ';', '\t', '|'};

struct Trial {
  char delimiter;
  size_t width = 1;  // cells of most rows that it cuts at all
  double share = 0;  // of the rows that have this width
  double score() const { return share * std::log2(static_cast<double>(width)); }
};

Trial Try(char delimiter, const std::vector<SampleRow>& sample) {
  std::map<size_t, size_t> widths;
  size_t rows = 0;
  for (const SampleRow& row : sample) {
    if (row.cells.size() == 1 && row.cells[0].empty()) continue;
    ++rows;
    if (row.cells.size() > 1) ++widths[row.cells.size()];
  }
  Trial trial = {delimiter};
  for (const auto& [width, count] : widths) {
    const double share = static_cast<double>(count) / static_cast<double>(rows);
    if (share > trial.share) trial = {delimiter, width, share};
  }
  return trial;
}

// Every comma that stands between digits may be a decimal one.
bool CommasAreDecimal(std::string_view text) {
  size_t commas = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ',') continue;
    ++commas;
    const auto digit = [&](size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    if (i == 0 || !digit(i - 1) || !digit(i + 1)) return false;
  }
  return commas > 0;
}

}  // namespace

char DetectDelimiter(const std::function<std::vector<SampleRow>(char)>& cut, std::string_view text) {
  Trial best = {','};
  Trial best_other = {','};
  for (const char candidate : kCandidates) {
    const Trial trial = Try(candidate, cut(candidate));
    if (trial.score() > best.score()) best = trial;
    if (candidate != ',' && trial.share > best_other.share) best_other = trial;
  }
  const bool decimal = best.delimiter == ',' && best_other.share >= 0.8 && CommasAreDecimal(text);
  return decimal ? best_other.delimiter : best.delimiter;
}

char SeparatorLine(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  return line.size() == 5 && line.substr(0, 4) == "sep=" ? line[4] : 0;
}

}  // namespace concordat::delimited
