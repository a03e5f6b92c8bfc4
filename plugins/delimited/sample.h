// The first rows of a file, cut with one delimiter, for those who have to guess.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/delimited/dialect.h"

namespace concordat::delimited {

struct SampleRow {
  size_t begin = 0;   // within the sampled text
  size_t next = 0;    // where the row after it begins
  uint64_t line = 1;  // physical line
  std::vector<std::string> cells;

  size_t filled() const;  // cells that are not empty
};

/// At most `limit` rows, and the blank ones between them. `whole`: the text ends where the file does;
/// otherwise a row that the text cuts off is left out. A row with a broken quote is taken to end with its
/// line.
std::vector<SampleRow> TakeSample(std::string_view text, bool whole, const Dialect& dialect, size_t limit);

}  // namespace concordat::delimited
