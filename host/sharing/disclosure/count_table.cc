#include "host/sharing/disclosure/count_table.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "fmt/format.h"

namespace concordat::sharing {
namespace {

bool IsMargin(const CountCell& cell) {
  return std::find(cell.key.begin(), cell.key.end(), kTotal) != cell.key.end();
}

// The key with the dimensions of `totals` (a bit each) replaced by the total.
std::vector<std::string> Collapsed(const std::vector<std::string>& key, size_t totals) {
  std::vector<std::string> collapsed = key;
  for (size_t i = 0; i < key.size(); ++i) {
    if ((totals >> i & 1) != 0) collapsed[i] = kTotal;
  }
  return collapsed;
}

}  // namespace

CountTable WithMargins(CountTable inner) {
  std::erase_if(inner.cells, IsMargin);
  const size_t inner_cells = inner.cells.size();
  for (size_t totals = 1; totals < size_t{1} << inner.dimensions.size(); ++totals) {
    std::map<std::vector<std::string>, size_t> places;
    for (size_t i = 0; i < inner_cells; ++i) {
      const auto [place, is_new] =
          places.try_emplace(Collapsed(inner.cells[i].key, totals), inner.cells.size());
      if (is_new) inner.cells.push_back({.key = place->first});
      inner.cells[place->second].count += inner.cells[i].count;
    }
  }
  return inner;
}

std::string KeyText(const std::vector<std::string>& dimensions, const std::vector<std::string>& key) {
  if (dimensions.empty()) return "the only count";
  std::string text;
  for (size_t i = 0; i < key.size() && i < dimensions.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{}{}={}", i == 0 ? "" : ", ", dimensions[i], key[i]);
  }
  return text;
}

}  // namespace concordat::sharing
