// The cells of one record of a nested document, on their way into a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/sdk/batch_builder.h"

namespace concordat::tree {

/// Values of one record by column: several for one column are joined, and the elements of one list may become
/// records of their own, with all the other cells repeated. Keeps its memory. Not thread-safe.
class Row {
 public:
  Row(size_t columns, std::string separator) : cells_(columns), separator_(std::move(separator)) {}

  void Begin();
  /// `text` is copied. A column that has a value already gets the separator and this one behind it.
  void Add(int column, std::string_view text);
  /// Between them Add fills one element of the list that becomes records. Never nested.
  void BeginElement();
  void EndElement() { in_element_ = false; }

  /// Appends the record, or one record an element, all starting on `line`.
  void Emit(sdk::BatchBuilder& batch, uint64_t line);

  /// Joined values that hold the separator themselves: nobody can take them apart again.
  uint64_t ambiguous() const { return ambiguous_; }
  /// Bytes of the record at hand.
  size_t bytes() const { return bytes_; }

 private:
  struct Cell {
    std::string text;
    size_t values = 0;
  };
  void AddTo(Cell& cell, std::string_view text);
  void EmitOne(sdk::BatchBuilder& batch, uint64_t line);

  std::vector<Cell> cells_;
  std::vector<int> touched_;
  std::vector<std::vector<std::pair<int, std::string>>> elements_;
  bool in_element_ = false;
  const std::string separator_;
  uint64_t ambiguous_ = 0;
  size_t bytes_ = 0;
};

}  // namespace concordat::tree
