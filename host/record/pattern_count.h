// How often the findings of a rule have one pattern of value.
#pragma once

#include <cstdint>
#include <string>

namespace concordat::record {

/// Plain value.
struct PatternCount {
  std::string rule;
  std::string column;
  std::string pattern;  // as flows::PatternOf has it
  uint64_t count = 0;
  std::string example;  // a value, masked where the column is confidential
  uint64_t first_line = 0;
};

}  // namespace concordat::record
