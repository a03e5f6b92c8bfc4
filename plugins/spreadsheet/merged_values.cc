#include "plugins/spreadsheet/merged_values.h"

#include <algorithm>

namespace concordat::spreadsheet {
namespace {

constexpr uint32_t kMostWide = 1024;  // a title merged over all columns is no value of each

}  // namespace

MergedValues::MergedValues(std::vector<Area> areas) : areas_(std::move(areas)) {
  areas_.erase(
      std::remove_if(areas_.begin(), areas_.end(),
                     [](const Area& area) { return area.last_column - area.first_column > kMostWide; }),
      areas_.end());
  std::stable_sort(areas_.begin(), areas_.end(),
                   [](const Area& a, const Area& b) { return a.first_row < b.first_row; });
}

void MergedValues::Fill(Row& row) {
  for (; next_ < areas_.size() && areas_[next_].first_row <= row.number; ++next_) {
    const Cell* const cell =
        areas_[next_].first_row == row.number ? row.At(areas_[next_].first_column) : nullptr;
    if (cell != nullptr) active_.push_back({areas_[next_], *cell, std::string(row.TextOf(*cell))});
  }
  active_.erase(std::remove_if(active_.begin(), active_.end(),
                               [&](const Active& one) { return one.area.last_row < row.number; }),
                active_.end());
  for (const Active& one : active_) {
    for (uint32_t column = one.area.first_column; column <= one.area.last_column; ++column) {
      if (row.At(column) != nullptr) continue;
      Cell cell = one.cell;
      cell.column = column;
      row.Add(cell, one.text);
      std::sort(row.cells.begin(), row.cells.end(),
                [](const Cell& a, const Cell& b) { return a.column < b.column; });
    }
  }
}

}  // namespace concordat::spreadsheet
