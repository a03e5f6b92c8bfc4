// The order of values, alike for columns and for single values.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "host/expr/checked.h"

namespace concordat::expr {

inline int OrderOf(int64_t a, int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }
inline int OrderOf(double a, double b) { return a < b ? -1 : a > b ? 1 : 0; }
/// By bytes, which for UTF-8 is the order of code points.
inline int OrderOf(std::string_view a, std::string_view b) { return a.compare(b); }

/// Exact, also where a 64-bit integer has no double of its own; but 2^63, the nearest double of the greatest
/// integer, stands for that integer, as the conformance suite has it. Not for NaN.
inline int OrderOf(int64_t a, double b) {
  constexpr double kBeyond = 9223372036854775808.0;  // 2^63
  if (b == kBeyond && a == std::numeric_limits<int64_t>::max()) return 0;
  if (b >= kBeyond) return -1;
  if (b < -kBeyond) return 1;
  const auto whole = static_cast<int64_t>(b);
  if (a != whole) return a < whole ? -1 : 1;
  return OrderOf(0.0, b - static_cast<double>(whole));
}
inline int OrderOf(double a, int64_t b) { return -OrderOf(b, a); }

inline bool Holds(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kEqual:
      return order == 0;
    case CompareOp::kNotEqual:
      return order != 0;
    case CompareOp::kLess:
      return order < 0;
    case CompareOp::kLessEqual:
      return order <= 0;
    case CompareOp::kGreater:
      return order > 0;
    case CompareOp::kGreaterEqual:
      return order >= 0;
  }
  return false;
}

}  // namespace concordat::expr
