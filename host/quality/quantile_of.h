// Quantiles of numbers at hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace concordat::quality {

/// The number below which the share `at` (0..1) of them lies, interpolated (R. J. Hyndman, Y. Fan: "Sample
/// quantiles in statistical packages", 1996, definition 7). Reorders `numbers`, which must not be empty.
inline double QuantileOf(std::vector<double>& numbers, double at) {
  const double place = at * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
  std::nth_element(numbers.begin(), numbers.begin() + below, numbers.end());
  const double low = numbers[static_cast<size_t>(below)];
  const double part = place - std::floor(place);
  if (part == 0) return low;
  const double high = *std::min_element(numbers.begin() + below + 1, numbers.end());
  return low + part * (high - low);
}

}  // namespace concordat::quality
