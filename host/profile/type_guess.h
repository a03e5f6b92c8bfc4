// Guesses a column's type from its values.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/data/parse.h"
#include "host/profile/column_profile.h"
#include "host/profile/number_sample.h"

namespace concordat::profile {

/// Every value is tried as each type and date pattern that still may be the column's. The type is the
/// narrowest that at least 95% of the values have; else it is text. Digits with a leading zero are a code,
/// not a number.
class TypeGuess {
 public:
  TypeGuess();
  ~TypeGuess();
  TypeGuess(TypeGuess&&) noexcept;

  void Add(uint64_t record, std::string_view text);
  /// Fills type, format, styles, fits, misfits, numbers, first and last.
  void Finish(ColumnProfile& profile);

 private:
  struct Candidate;
  std::vector<Candidate> candidates_;
  NumberSample numbers_;
  uint64_t values_ = 0;
  uint64_t leading_zeros_ = 0;
  std::string currency_;
  bool parentheses_ = false;
  bool thousands_ = false;
};

}  // namespace concordat::profile
