// Which rows of one batch: one flag a row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace concordat::data {

/// A byte a row, so that loops over it vectorise. Plain value.
class RowSet {
 public:
  RowSet() = default;
  explicit RowSet(size_t rows, bool all = false) : flags_(rows, all ? 1 : 0) {}

  size_t rows() const { return flags_.size(); }
  bool has(size_t row) const { return flags_[row] != 0; }
  void Set(size_t row, bool value = true) { flags_[row] = value ? 1 : 0; }
  size_t count() const { return static_cast<size_t>(std::count(flags_.begin(), flags_.end(), 1)); }
  const uint8_t* data() const { return flags_.data(); }
  uint8_t* data() { return flags_.data(); }

 private:
  std::vector<uint8_t> flags_;
};

}  // namespace concordat::data
