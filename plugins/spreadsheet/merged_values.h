// Merged cells hold one value; here it is given to each of them.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "plugins/spreadsheet/row.h"

namespace concordat::spreadsheet {

class MergedValues {
 public:
  MergedValues() = default;
  explicit MergedValues(std::vector<Area> areas);

  bool empty() const { return areas_.empty(); }
  /// Rows in order. Cells that have a value of their own keep it.
  void Fill(Row& row);

 private:
  struct Active {
    Area area;
    Cell cell;
    std::string text;
  };
  std::vector<Area> areas_;  // by their first row
  size_t next_ = 0;
  std::vector<Active> active_;
};

}  // namespace concordat::spreadsheet
