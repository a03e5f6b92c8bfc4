// What stands in one column of a file: plain values, made by ColumnProfiler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/data/schema.h"

namespace concordat::profile {

/// A text and how many records have it.
struct ValueCount {
  std::string value;
  uint64_t count = 0;
};

/// A value that does not fit the column's type.
struct Misfit {
  uint64_t record = 0;
  std::string value;
};

/// Of the values that are numbers. Quantiles by Hyndman and Fan's definition 7.
struct NumberSummary {
  uint64_t count = 0;
  double min = 0;
  double max = 0;
  double mean = 0;
  double stdev = 0;                                  // of the sample; 0 for a single one
  std::vector<std::pair<double, double>> quantiles;  // {0.25, value}
  bool sampled = false;                              // the quantiles are of a sample
};

struct ColumnProfile {
  std::string name;
  uint64_t records = 0;
  uint64_t empty = 0;                      // nothing between the delimiters
  std::vector<ValueCount> missing_tokens;  // texts such as N/A that stand where a value should
  uint64_t values = 0;                     // all others
  data::LogicalType type = data::LogicalType::kString;
  std::string format;             // of dates and timestamps: "dd/MM/yyyy"
  bool also_month_first = false;  // no value tells dd/MM from MM/dd
  bool thousands = false;         // numbers with commas: "1,234.50"
  std::string currency;           // "£" in front of numbers
  bool parentheses = false;       // negative numbers as (12)
  bool leading_zeros = false;     // digits that are a code, not a number
  uint64_t fits = 0;              // values that are of the type
  std::vector<Misfit> misfits;    // the first few that are not
  uint64_t distinct = 0;
  bool distinct_estimated = false;  // within some 2 per cent
  std::vector<ValueCount> top;      // most frequent first
  bool top_estimated = false;       // counts are lower bounds
  std::vector<ValueCount> forms;    // "AA9 9AA", most frequent first
  bool forms_estimated = false;
  uint64_t min_length = 0;  // in characters, of values
  uint64_t max_length = 0;
  uint64_t blanks_at_ends = 0;           // values with a blank in front or at the end
  std::optional<NumberSummary> numbers;  // when the type is a number's
  std::string first;                     // of dates and timestamps: earliest and latest, as ISO 8601
  std::string last;

  uint64_t missing() const {
    uint64_t tokens = 0;
    for (const ValueCount& token : missing_tokens) tokens += token.count;
    return empty + tokens;
  }
};

}  // namespace concordat::profile
