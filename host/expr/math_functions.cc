// math.greatest(), least(), abs(), sign(), round() and its kin, tests of doubles, bits: CEL's extension
// "math" as cel-go has it (https://pkg.go.dev/github.com/google/cel-go/ext#Math).
#include <cmath>
#include <limits>

#include "host/expr/functions.h"

namespace concordat::expr {
namespace {

template <bool kGreatest>
Result Extreme(Arguments a, Budget& budget) {
  const List& members = a[0].list();
  if (members.empty()) return absl::InvalidArgumentError("of no numbers none is the greatest or the least");
  const Datum* extreme = nullptr;
  for (const Datum& member : members) {
    if (!budget.Step()) return Budget::Spent();
    if (!IsNumber(member.type()))
      return absl::InvalidArgumentError("math.greatest() and math.least() take numbers only");
    if (extreme == nullptr) {
      extreme = &member;
      continue;
    }
    const auto order = Order(member, *extreme);
    if (order && (kGreatest ? *order > 0 : *order < 0)) extreme = &member;
  }
  return *extreme;
}

double NumberOf(Arguments a) { return std::get<double>(a[0].v); }
Result Ceil(Arguments a, Budget&) { return Datum{std::ceil(NumberOf(a))}; }
Result Floor(Arguments a, Budget&) { return Datum{std::floor(NumberOf(a))}; }
Result Round(Arguments a, Budget&) { return Datum{std::round(NumberOf(a))}; }  // halves away from zero
Result Trunc(Arguments a, Budget&) { return Datum{std::trunc(NumberOf(a))}; }
Result IsNan(Arguments a, Budget&) { return Datum{std::isnan(NumberOf(a))}; }
Result IsInf(Arguments a, Budget&) { return Datum{std::isinf(NumberOf(a))}; }
Result IsFinite(Arguments a, Budget&) { return Datum{std::isfinite(NumberOf(a))}; }

template <typename T>
Result Root(Arguments a, Budget&) {
  return Datum{std::sqrt(static_cast<double>(std::get<T>(a[0].v)))};
}

Result AbsOfInt(Arguments a, Budget&) {
  const int64_t value = std::get<int64_t>(a[0].v);
  if (value == std::numeric_limits<int64_t>::min())
    return absl::OutOfRangeError("a number grows beyond 64 bits");
  return Datum{value < 0 ? -value : value};
}
Result Same(Arguments a, Budget&) { return a[0]; }
Result AbsOfDouble(Arguments a, Budget&) { return Datum{std::fabs(NumberOf(a))}; }

template <typename T>
Result SignOf(Arguments a, Budget&) {
  const T value = std::get<T>(a[0].v);
  if constexpr (std::is_same_v<T, double>) {
    if (std::isnan(value)) return Datum{value};
  }
  return Datum{static_cast<T>((value > T{0} ? 1 : 0) - (value < T{0} ? 1 : 0))};
}

template <typename T>
Result And(Arguments a, Budget&) {
  return Datum{static_cast<T>(std::get<T>(a[0].v) & std::get<T>(a[1].v))};
}
template <typename T>
Result Or(Arguments a, Budget&) {
  return Datum{static_cast<T>(std::get<T>(a[0].v) | std::get<T>(a[1].v))};
}
template <typename T>
Result Xor(Arguments a, Budget&) {
  return Datum{static_cast<T>(std::get<T>(a[0].v) ^ std::get<T>(a[1].v))};
}
template <typename T>
Result Not(Arguments a, Budget&) {
  return Datum{static_cast<T>(~std::get<T>(a[0].v))};
}

// Bits that are shifted in are 0 on both sides, of negative numbers too.
template <typename T, bool kLeft>
Result Shift(Arguments a, Budget&) {
  const int64_t by = std::get<int64_t>(a[1].v);
  if (by < 0) return absl::InvalidArgumentError("bits are shifted by a negative number");
  const auto bits = static_cast<uint64_t>(std::get<T>(a[0].v));
  if (by >= 64) return Datum{T{0}};
  return Datum{static_cast<T>(kLeft ? bits << by : bits >> by)};
}

template <typename T>
void AddBits(FunctionTable& table, Type type) {
  table.Global("math.bitAnd", {type, type}, type, And<T>);
  table.Global("math.bitOr", {type, type}, type, Or<T>);
  table.Global("math.bitXor", {type, type}, type, Xor<T>);
  table.Global("math.bitNot", {type}, type, Not<T>);
  table.Global("math.bitShiftLeft", {type, Type::kInt}, type, Shift<T, true>);
  table.Global("math.bitShiftRight", {type, Type::kInt}, type, Shift<T, false>);
}

}  // namespace

void AddMathFunctions(FunctionTable& table) {
  using enum Type;
  table.Global("math.greatest", {kList}, kAny, Extreme<true>);
  table.Global("math.least", {kList}, kAny, Extreme<false>);
  table.Global("math.abs", {kInt}, kInt, AbsOfInt);
  table.Global("math.abs", {kUint}, kUint, Same);
  table.Global("math.abs", {kDouble}, kDouble, AbsOfDouble);
  table.Global("math.sign", {kInt}, kInt, SignOf<int64_t>);
  table.Global("math.sign", {kUint}, kUint, SignOf<uint64_t>);
  table.Global("math.sign", {kDouble}, kDouble, SignOf<double>);
  table.Global("math.ceil", {kDouble}, kDouble, Ceil);
  table.Global("math.floor", {kDouble}, kDouble, Floor);
  table.Global("math.round", {kDouble}, kDouble, Round);
  table.Global("math.trunc", {kDouble}, kDouble, Trunc);
  table.Global("math.isNaN", {kDouble}, kBool, IsNan);
  table.Global("math.isInf", {kDouble}, kBool, IsInf);
  table.Global("math.isFinite", {kDouble}, kBool, IsFinite);
  table.Global("math.sqrt", {kInt}, kDouble, Root<int64_t>);
  table.Global("math.sqrt", {kUint}, kDouble, Root<uint64_t>);
  table.Global("math.sqrt", {kDouble}, kDouble, Root<double>);
  AddBits<int64_t>(table, kInt);
  AddBits<uint64_t>(table, kUint);
}

}  // namespace concordat::expr
