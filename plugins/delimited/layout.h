// What the columns of a file are, and where its records begin.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace concordat::delimited {

struct Layout {
  std::vector<std::string> names;    // distinct and never blank
  std::vector<std::string> written;  // the same as they stand in the file
  size_t least_cells = 0;    // fewer, and a row cannot be cut: those beyond are columns without a name
  uint64_t header_line = 0;  // physical line; 0: there is no header

  size_t columns() const { return names.size(); }
};

}  // namespace concordat::delimited
