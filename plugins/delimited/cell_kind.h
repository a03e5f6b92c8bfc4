// What a cell looks like to a reader who does not know its column.
#pragma once

#include <string_view>

namespace concordat::delimited {

enum class CellKind {
  kOther,
  kNumber,  // or an amount: "1,234.50", "(£12)", "5%"
  kYear,    // a number that can be a heading too: 2011, 2011/12, 2018-19
  kDate,    // or a time: "04-Feb-13", "01/02/2019", "2019-01-31T10:00:00Z"
};

CellKind KindOf(std::string_view cell);

/// At least three letters, and no number or date.
bool LooksLikeWords(std::string_view cell);

}  // namespace concordat::delimited
