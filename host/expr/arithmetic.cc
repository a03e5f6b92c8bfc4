// + - * / % and the sign: nothing overflows in silence.
#include <cmath>
#include <limits>

#include "host/expr/functions.h"
#include "host/expr/times.h"

namespace concordat::expr {
namespace {

absl::Status Overflow() { return absl::OutOfRangeError("a number grows beyond 64 bits"); }
absl::Status ByZero() { return absl::InvalidArgumentError("a number is divided by zero"); }

template <typename T>
Result Add(Arguments a, Budget&) {
  T sum;
  if (__builtin_add_overflow(std::get<T>(a[0].v), std::get<T>(a[1].v), &sum)) return Overflow();
  return Datum{sum};
}
template <typename T>
Result Subtract(Arguments a, Budget&) {
  T difference;
  if (__builtin_sub_overflow(std::get<T>(a[0].v), std::get<T>(a[1].v), &difference)) return Overflow();
  return Datum{difference};
}
template <typename T>
Result Multiply(Arguments a, Budget&) {
  T product;
  if (__builtin_mul_overflow(std::get<T>(a[0].v), std::get<T>(a[1].v), &product)) return Overflow();
  return Datum{product};
}

// The least integer by -1 has no result in 64 bits.
bool Overflows(int64_t a, int64_t b) { return a == std::numeric_limits<int64_t>::min() && b == -1; }
bool Overflows(uint64_t, uint64_t) { return false; }

template <typename T>
Result Divide(Arguments a, Budget&) {
  const T by = std::get<T>(a[1].v);
  if (by == 0) return ByZero();
  if (Overflows(std::get<T>(a[0].v), by)) return Overflow();
  return Datum{std::get<T>(a[0].v) / by};
}
template <typename T>
Result Modulo(Arguments a, Budget&) {
  const T by = std::get<T>(a[1].v);
  if (by == 0) return ByZero();
  if (Overflows(std::get<T>(a[0].v), by)) return Overflow();
  return Datum{std::get<T>(a[0].v) % by};
}

Result Negate(Arguments a, Budget&) {
  const int64_t value = std::get<int64_t>(a[0].v);
  if (value == std::numeric_limits<int64_t>::min()) return Overflow();
  return Datum{-value};
}

double NumberOf(const Datum& datum) { return std::get<double>(datum.v); }
Result AddDoubles(Arguments a, Budget&) { return Datum{NumberOf(a[0]) + NumberOf(a[1])}; }
Result SubtractDoubles(Arguments a, Budget&) { return Datum{NumberOf(a[0]) - NumberOf(a[1])}; }
Result MultiplyDoubles(Arguments a, Budget&) { return Datum{NumberOf(a[0]) * NumberOf(a[1])}; }
Result DivideDoubles(Arguments a, Budget&) { return Datum{NumberOf(a[0]) / NumberOf(a[1])}; }
Result NegateDouble(Arguments a, Budget&) { return Datum{-NumberOf(a[0])}; }

std::string Joined(std::string_view a, std::string_view b) {
  std::string joined;
  joined.reserve(a.size() + b.size());
  joined.append(a).append(b);
  return joined;
}

Result AddTexts(Arguments a, Budget& budget) {
  if (!budget.Take(a[0].text().size() + a[1].text().size())) return Budget::Spent();
  return TextDatum(Joined(a[0].text(), a[1].text()));
}
Result AddBytes(Arguments a, Budget& budget) {
  if (!budget.Take(a[0].bytes().size() + a[1].bytes().size())) return Budget::Spent();
  return BytesDatum(Joined(a[0].bytes(), a[1].bytes()));
}
Result AddLists(Arguments a, Budget& budget) {
  const List& left = a[0].list();
  const List& right = a[1].list();
  const size_t size = left.size() + right.size();
  if (!budget.Take(size * sizeof(Datum)) || !budget.Step(size)) return Budget::Spent();
  List list;
  list.reserve(size);
  list.insert(list.end(), left.begin(), left.end());
  list.insert(list.end(), right.begin(), right.end());
  return ListDatum(std::move(list));
}

absl::Time TimeOf(const Datum& datum) { return std::get<absl::Time>(datum.v); }
int64_t NanosOf(const Datum& datum) { return std::get<Span>(datum.v).nanos; }
Result AddSpanToTime(Arguments a, Budget&) {
  return TimeDatum(TimeOf(a[0]) + absl::Nanoseconds(NanosOf(a[1])));
}
Result AddTimeToSpan(Arguments a, Budget&) {
  return TimeDatum(TimeOf(a[1]) + absl::Nanoseconds(NanosOf(a[0])));
}
Result SubtractSpanFromTime(Arguments a, Budget&) {
  return TimeDatum(TimeOf(a[0]) - absl::Nanoseconds(NanosOf(a[1])));
}
Result SubtractTimes(Arguments a, Budget&) { return SpanDatum(TimeOf(a[0]) - TimeOf(a[1])); }
Result AddSpans(Arguments a, Budget&) {
  int64_t sum = 0;
  if (__builtin_add_overflow(NanosOf(a[0]), NanosOf(a[1]), &sum)) return SpanDatum(std::nullopt);
  return SpanDatum(std::optional(sum));
}
Result SubtractSpans(Arguments a, Budget&) {
  int64_t difference = 0;
  if (__builtin_sub_overflow(NanosOf(a[0]), NanosOf(a[1]), &difference)) return SpanDatum(std::nullopt);
  return SpanDatum(std::optional(difference));
}

template <typename T>
void AddWholeNumbers(FunctionTable& table, Type type) {
  table.Global("+", {type, type}, type, Add<T>);
  table.Global("-", {type, type}, type, Subtract<T>);
  table.Global("*", {type, type}, type, Multiply<T>);
  table.Global("/", {type, type}, type, Divide<T>);
  table.Global("%", {type, type}, type, Modulo<T>);
}

}  // namespace

void AddArithmetic(FunctionTable& table) {
  using enum Type;
  AddWholeNumbers<int64_t>(table, kInt);
  table.Global("+", {kDouble, kDouble}, kDouble, AddDoubles);
  table.Global("-", {kDouble, kDouble}, kDouble, SubtractDoubles);
  table.Global("*", {kDouble, kDouble}, kDouble, MultiplyDoubles);
  table.Global("/", {kDouble, kDouble}, kDouble, DivideDoubles);
  AddWholeNumbers<uint64_t>(table, kUint);
  table.Global("-", {kInt}, kInt, Negate);
  table.Global("-", {kDouble}, kDouble, NegateDouble);
  table.Global("+", {kText, kText}, kText, AddTexts);
  table.Global("+", {kBytes, kBytes}, kBytes, AddBytes);
  table.Global("+", {kList, kList}, kList, AddLists);
  table.Global("+", {kTimestamp, kDuration}, kTimestamp, AddSpanToTime);
  table.Global("+", {kDuration, kTimestamp}, kTimestamp, AddTimeToSpan);
  table.Global("+", {kDuration, kDuration}, kDuration, AddSpans);
  table.Global("-", {kTimestamp, kDuration}, kTimestamp, SubtractSpanFromTime);
  table.Global("-", {kTimestamp, kTimestamp}, kDuration, SubtractTimes);
  table.Global("-", {kDuration, kDuration}, kDuration, SubtractSpans);
}

}  // namespace concordat::expr
