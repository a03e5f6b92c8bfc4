// Units of measure and their exact factors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"

namespace concordat::mapping {

/// From one unit to another of the same kind. The factor is numerator / denominator * 10^exponent, exactly.
struct UnitFactor {
  int64_t numerator = 1;
  int64_t denominator = 1;
  int exponent = 0;
};

/// InvalidArgument, with "did you mean", when a unit is not known or the two measure different things.
absl::StatusOr<UnitFactor> FactorBetween(std::string_view from, std::string_view to);

/// The number (canonical text, without exponent) in the other unit: exact for powers of ten, else to 15
/// significant digits. False when `text` is no such number.
bool AppendInUnit(std::string_view text, const UnitFactor& factor, std::string& out);

/// Moves the decimal point of digits with an optional sign and point: ("45.5", -2) is "0.455".
std::string ShiftedPoint(std::string_view number, int places);

}  // namespace concordat::mapping
