// Which source column is meant by a name: exactly, else ignoring case, blanks and punctuation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::mapping {

/// Lower case without blanks, no-break spaces, byte order marks and ASCII punctuation: "LSOA code" and
/// lsoa_code are one.
std::string FoldedName(std::string_view name);

/// All columns that `name` may mean: those of exactly that name, else the n-th for "#n", else those that fold
/// to the same. Empty: none.
std::vector<size_t> ColumnsNamed(std::string_view name, const std::vector<std::string>& columns);

/// The candidate that looks most like `name`: by spelling, by the same words in another order, or one name
/// within the other. Empty: none does.
std::string LooksLike(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace concordat::mapping
