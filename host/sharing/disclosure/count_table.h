// A table of counts with its totals: what a release of aggregates prints.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::sharing {

/// Stands in a key for "all values of this dimension".
inline constexpr std::string_view kTotal = "[total]";

/// One count. `primary`: it must not be printed by itself; `suppressed`: it is not printed, for itself or for
/// others.
struct CountCell {
  std::vector<std::string> key;  // one value per dimension; kTotal for a margin
  int64_t count = 0;
  bool suppressed = false;
  bool primary = false;
};

/// Inner cells and, when made by WithMargins, all margins. An inner cell that is not listed counts 0, and
/// everybody knows it; a margin that is not listed is not printed.
struct CountTable {
  std::vector<std::string> dimensions;
  std::vector<CountCell> cells;
};

/// Adds every combination of totals over the inner cells (one dimension: the total; two: rows, columns and
/// the grand total), behind them and in the order in which they first occur. Margins that `inner` has already
/// are made anew, and so a value of the data that reads like kTotal would be lost: refuse it before.
CountTable WithMargins(CountTable inner);

/// "month=2024-01, ward=[total]", for messages.
std::string KeyText(const std::vector<std::string>& dimensions, const std::vector<std::string>& key);

}  // namespace concordat::sharing
