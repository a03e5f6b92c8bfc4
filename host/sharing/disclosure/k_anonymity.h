// How many rows share the same values in the quasi-identifiers (k-anonymity: Samarati & Sweeney 1998).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace concordat::sharing {

/// Counts equivalence classes: Add every row, then ask which rows stand in a class that is too small. Exact,
/// no two tuples are ever taken for one. Memory: every different value once, and per class 4 bytes a column
/// and some 20 more; nothing per row. One thread at a time.
class EquivalenceClasses {
 public:
  using Tuple = std::span<const std::string_view>;

  /// `columns`: how many quasi-identifiers a tuple has.
  explicit EquivalenceClasses(size_t columns);

  /// Counts a row. A tuple of another width is not counted, so that its row stands in a class of 0.
  void Add(Tuple tuple);

  /// Rows with exactly this tuple; 0 when there is none.
  uint64_t SizeOf(Tuple tuple) const;

  uint64_t rows() const { return rows_; }
  size_t classes() const { return sizes_.size(); }

  /// Rows of the smallest class; 0 when there are no rows.
  uint64_t Smallest() const;

  /// Rows that stand in classes of fewer than `k`.
  uint64_t RowsBelow(uint64_t k) const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Dictionary = std::unordered_map<std::string, uint32_t, TextHash, std::equal_to<>>;

  bool Encode(Tuple tuple) const;                          // into code_; false: some value never occurred
  size_t SlotOf(const std::vector<uint32_t>& code) const;  // of its class, or the empty one where it belongs
  void Grow();

  std::vector<Dictionary> dictionaries_;  // per column: value to number
  std::vector<uint32_t> codes_;           // per class: the numbers of its values
  std::vector<uint64_t> sizes_;           // per class: rows
  std::vector<uint64_t> slots_;           // open addressing: class + 1, 0 is empty
  mutable std::vector<uint32_t> code_;    // of the tuple in hand
  uint64_t rows_ = 0;
};

}  // namespace concordat::sharing
