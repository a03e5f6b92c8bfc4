// A plain table for terminals: columns as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"

namespace concordat::cli {

class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}
  /// What strangers wrote into a cell cannot move the cursor, nor begin a line.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string str() const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// A JSON array of objects as a table of these members; absent and null ones are empty.
Table TableOf(const json::Value& list, const std::vector<std::string>& members);

}  // namespace concordat::cli
