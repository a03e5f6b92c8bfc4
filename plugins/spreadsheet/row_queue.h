// Rows that a piece of XML made, until they are asked for; their memory is used again.
#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "plugins/spreadsheet/row.h"

namespace concordat::spreadsheet {

class RowQueue {
 public:
  bool empty() const { return rows_.empty(); }
  void Push(Row&& row) {
    rows_.push_back(std::move(row));
    if (spare_.empty()) {
      row = Row();
    } else {
      row = std::move(spare_.back());
      spare_.pop_back();
    }
    row.Clear();
  }
  void Pop(Row& row) {
    std::swap(row, rows_.front());
    if (spare_.size() < kMostSpare) spare_.push_back(std::move(rows_.front()));
    rows_.pop_front();
  }

 private:
  static constexpr size_t kMostSpare = 1024;
  std::deque<Row> rows_;
  std::vector<Row> spare_;
};

}  // namespace concordat::spreadsheet
