// A rule met a bad record or a bad dataset: a value, never an error.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "host/record/words.h"

namespace concordat::record {

/// One failing (or unresolved) record of one rule, or one failing dataset rule (record 0).
/// Values are as in the source; whoever shows them masks what is confidential (see `masked_columns`).
struct Finding {
  uint64_t record = 0;  // 1-based; 0 for the dataset as a whole
  uint64_t line = 0;    // physical line; 0 when there is none
  std::string rule;
  Dimension dimension = Dimension::kConformity;
  Severity severity = Severity::kError;
  bool unresolved = false;
  bool from_adapter = false;  // `values` and `message` are the adapter's own: source columns, any text
  std::vector<std::pair<std::string, std::string>> values;  // contract field -> text
  std::string message;                                      // what is wrong, with the value
  std::string mend;                                         // how to mend it; may be empty
};

}  // namespace concordat::record
