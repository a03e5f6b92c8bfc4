// Looks at the cells of one column, in record order.
#pragma once

#include <string>
#include <string_view>

#include "host/profile/column_profile.h"
#include "host/profile/distinct_texts.h"
#include "host/profile/frequent_texts.h"
#include "host/profile/type_guess.h"

namespace concordat::profile {

/// A few megabytes at most, whatever the file. One thread.
class ColumnProfiler {
 public:
  explicit ColumnProfiler(std::string name);
  void Add(uint64_t record, std::string_view cell);
  ColumnProfile Finish();

 private:
  ColumnProfile profile_;
  TypeGuess type_;
  DistinctTexts distinct_;
  FrequentTexts top_;
  FrequentTexts forms_;
  FrequentTexts tokens_;
};

}  // namespace concordat::profile
