// What a cell looks like to a reader who does not know its column.
#pragma once

#include <string_view>

namespace concordat::delimited {

/// A number, an amount, a date or a time: "1,234.50", "(£12)", "04-Feb-13", "2019-01-31T10:00:00Z".
bool LooksTyped(std::string_view cell);

/// A number that can be a heading too: 2011, 2011/12, 2018-19.
bool LooksLikeYear(std::string_view cell);

/// At least three letters, and no number or date.
bool LooksLikeWords(std::string_view cell);

}  // namespace concordat::delimited
