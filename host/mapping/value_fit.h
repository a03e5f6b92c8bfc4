// Which reading makes a column's values those of a field: date patterns, number styles, booleans, codes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/mapping/propose.h"

namespace concordat::mapping {

/// What a contract expects of a text field, as far as its rules tell.
struct TextExpectation {
  std::vector<std::string> values;  // of in_list rules
  std::string pattern;              // of a regex rule
};
TextExpectation ExpectationOf(const policy::ContractObject& object, const std::string& field);

struct ValueFit {
  double share = 0;              // of the sampled values that fit
  bool telling = false;          // whether a fit says something: any text fits a text field
  policy::FieldMapping reading;  // dates, numbers, booleans, codes and missing tokens
  std::vector<std::string> reasons;
  std::vector<std::string> doubts;
};
ValueFit FitOf(const SampledColumn& column, const data::Field& field, const TextExpectation& expectation);

}  // namespace concordat::mapping
