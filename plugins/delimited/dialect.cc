#include "plugins/delimited/dialect.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "plugins/delimited/sample.h"

namespace concordat::delimited {
namespace {

constexpr char kCandidates[] = {',', ';', '\t', '|'};
constexpr size_t kRows = 500;

struct Trial {
  char delimiter;
  size_t width = 1;    // cells of most rows that it cuts at all
  double share = 0;    // of the rows that have this width
  double score() const { return share * std::log2(static_cast<double>(width)); }
};

Trial Try(char delimiter, std::string_view sample, bool whole, Dialect dialect) {
  dialect.delimiter = delimiter;
  std::map<size_t, size_t> widths;
  size_t rows = 0;
  for (const SampleRow& row : TakeSample(sample, whole, dialect, kRows)) {
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
bool CommasAreDecimal(std::string_view sample) {
  size_t commas = 0;
  for (size_t i = 0; i < sample.size(); ++i) {
    if (sample[i] != ',') continue;
    ++commas;
    const auto digit = [&](size_t at) { return at < sample.size() && sample[at] >= '0' && sample[at] <= '9'; };
    if (i == 0 || !digit(i - 1) || !digit(i + 1)) return false;
  }
  return commas > 0;
}

}  // namespace

char DetectDelimiter(std::string_view sample, bool whole, const Dialect& quoting) {
  Trial best = {','};
  double best_other = 0;  // share
  for (const char candidate : kCandidates) {
    const Trial trial = Try(candidate, sample, whole, quoting);
    if (trial.score() > best.score()) best = trial;
    if (candidate != ',') best_other = std::max(best_other, trial.share);
  }
  if (best.delimiter != ',' || best_other < 0.8 || !CommasAreDecimal(sample)) return best.delimiter;
  for (const char candidate : {';', '\t', '|'}) {
    if (Try(candidate, sample, whole, quoting).share == best_other) return candidate;
  }
  return best.delimiter;
}

char SeparatorLine(std::string_view sample) {
  const std::string_view line = sample.substr(0, sample.find_first_of("\r\n"));
  return line.size() == 5 && line.substr(0, 4) == "sep=" ? line[4] : 0;
}

}  // namespace concordat::delimited
