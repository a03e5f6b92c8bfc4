#include "host/mapping/code_table.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/csv_reader.h"
#include "host/base/source.h"

namespace concordat::mapping {

absl::StatusOr<CodeTable> CodeTable::Create(const policy::CodeMap& map, const CodeLookup& lookup) {
  CodeTable table;
  table.otherwise_ = map.otherwise;
  const bool inline_codes = map.file.empty() && map.dataset.empty();
  CodePairs pairs = map.pairs;
  if (!inline_codes) {
    if (!lookup) return absl::UnavailableError("nothing can look up codes here");
    ASSIGN_OR_RETURN(pairs, lookup(map));
  }
  for (auto& [code, becomes] : pairs) {
    const auto [at, is_new] = table.codes_.emplace(code, becomes);
    if (is_new || at->second == becomes) continue;
    return absl::InvalidArgumentError(fmt::format("the code \"{}\" becomes both \"{}\" and \"{}\" ({})", code,
                                                  at->second, becomes,
                                                  map.file.empty() ? map.dataset : map.file));
  }
  constexpr size_t kShown = 8;
  if (inline_codes && pairs.size() <= kShown) {
    table.words_ = "one of the codes ";
    for (size_t i = 0; i < pairs.size(); ++i) table.words_ += (i == 0 ? "" : ", ") + pairs[i].first;
  } else {
    table.words_ = fmt::format("one of the {} codes of {}", table.codes_.size(),
                               inline_codes       ? std::string("the feed")
                               : map.file.empty() ? "dataset " + map.dataset
                                                  : map.file);
  }
  return table;
}

const std::string* CodeTable::Find(std::string_view code) const {
  const auto found = codes_.find(code);
  return found == codes_.end() ? nullptr : &found->second;
}

std::string CodeTable::NearestTo(std::string_view code) const {
  constexpr size_t kMostCompared = 5000;
  const auto folded = [](std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
  };
  std::vector<std::string> known;
  for (const auto& [from, to] : codes_) {
    if (folded(from) == folded(code)) return from;
    if (known.size() < kMostCompared) known.push_back(from);
  }
  std::sort(known.begin(), known.end());
  return Nearest(code, known);
}

absl::StatusOr<CodePairs> PairsOfCsv(std::string_view bytes, const std::string& name, const std::string& from,
                                     const std::string& to) {
  CsvReader reader(bytes, name);
  if (reader.done()) return absl::InvalidArgumentError(fmt::format("{} is empty", name));
  ASSIGN_OR_RETURN(const std::vector<CsvCellAt> header, reader.Next());
  std::vector<std::string> columns;
  for (const CsvCellAt& cell : header) columns.push_back(cell.text);
  const auto index = [&](const std::string& column) -> absl::StatusOr<size_t> {
    const auto at = std::find(columns.begin(), columns.end(), column);
    if (at != columns.end()) return static_cast<size_t>(at - columns.begin());
    return absl::InvalidArgumentError(
        fmt::format("{} has no column \"{}\"; {}", name, column, DidYouMean(column, columns)));
  };
  ASSIGN_OR_RETURN(const size_t code, index(from));
  ASSIGN_OR_RETURN(const size_t becomes, index(to));
  CodePairs pairs;
  while (!reader.done()) {
    ASSIGN_OR_RETURN(const std::vector<CsvCellAt> row, reader.Next());
    if (row.size() == 1 && row[0].text.empty()) continue;
    if (row.size() <= std::max(code, becomes))
      return reader.Mistake("the row has fewer cells than the header");
    if (!row[code].text.empty()) pairs.emplace_back(row[code].text, row[becomes].text);
  }
  return pairs;
}

}  // namespace concordat::mapping
