// Days, amounts and names as councils write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concordat::council_spend {

/// Pence of "1,234.50", "£1,234.5", "-3", "(12.00)" or "12.00-"; what is below a penny is rounded to the even
/// one away from nothing. Nothing for other texts.
std::optional<int64_t> PenceIn(std::string_view text);
/// "1234.50", the minus in front.
std::string PoundsOf(int64_t pence);
/// "2012-10-01" of 2012-10-01, 01/10/2012, 01/10/12, 1.10.2012, 01-Oct-12 and 1 October 2012; empty for other
/// texts. Two digits of a year are of this century up to 79.
std::string IsoDay(std::string_view text);
/// The months that a file's name speaks of, first and last as "2012-10"; empty texts when it speaks of none.
std::pair<std::string, std::string> MonthsInName(std::string_view name);
/// Runs of letters and of digits, in lower case.
std::vector<std::string> Words(std::string_view text);
/// A title in front and nothing of a business behind it: "Mrs A Example".
bool LooksLikePerson(std::string_view supplier);

}  // namespace concordat::council_spend
