// optional.of(), optional.none(), optional.ofNonZeroValue(), value(), or(), orValue(), hasValue().
#include "host/expr/functions.h"

namespace concordat::expr {
namespace {

const Maybe& MaybeOf(const Datum& datum) { return std::get<Maybe>(datum.v); }

bool IsZero(const Datum& value) {
  switch (value.type()) {
    case Type::kNull:
      return true;
    case Type::kBool:
      return !std::get<bool>(value.v);
    case Type::kInt:
      return std::get<int64_t>(value.v) == 0;
    case Type::kUint:
      return std::get<uint64_t>(value.v) == 0;
    case Type::kDouble:
      return std::get<double>(value.v) == 0;
    case Type::kText:
      return value.text().empty();
    case Type::kBytes:
      return value.bytes().empty();
    case Type::kDuration:
      return std::get<Span>(value.v).nanos == 0;
    case Type::kTimestamp:
      return std::get<absl::Time>(value.v) == absl::UnixEpoch();
    case Type::kList:
      return value.list().empty();
    case Type::kMap:
      return value.map().size() == 0;
    case Type::kOptional:
      return !MaybeOf(value).value;
    default:
      return false;
  }
}

Result Of(Arguments a, Budget&) { return SomeDatum(a[0]); }
Result OfNonZero(Arguments a, Budget&) { return IsZero(a[0]) ? NoneDatum() : SomeDatum(a[0]); }
Result None(Arguments, Budget&) { return NoneDatum(); }
Result HasValue(Arguments a, Budget&) { return Datum{MaybeOf(a[0]).value != nullptr}; }
Result ValueOfIt(Arguments a, Budget&) {
  if (!MaybeOf(a[0]).value) return absl::InvalidArgumentError("the optional has no value");
  return *MaybeOf(a[0]).value;
}
Result Or(Arguments a, Budget&) { return MaybeOf(a[0]).value ? a[0] : a[1]; }
Result OrValue(Arguments a, Budget&) { return MaybeOf(a[0]).value ? *MaybeOf(a[0]).value : a[1]; }

Result Unwrap(Arguments a, Budget& budget) {
  List values;
  for (const Datum& member : a[0].list()) {
    if (!budget.Step() || !budget.Take(sizeof(Datum))) return Budget::Spent();
    if (member.type() != Type::kOptional)
      return absl::InvalidArgumentError("unwrap needs a list of optionals");
    if (MaybeOf(member).value) values.push_back(*MaybeOf(member).value);
  }
  return ListDatum(std::move(values));
}

Result First(Arguments a, Budget&) {
  return a[0].list().empty() ? NoneDatum() : SomeDatum(a[0].list().front());
}
Result Last(Arguments a, Budget&) {
  return a[0].list().empty() ? NoneDatum() : SomeDatum(a[0].list().back());
}

}  // namespace

void AddOptionalFunctions(FunctionTable& table) {
  using enum Type;
  table.Global("optional.of", {kAny}, kOptional, Of);
  table.Global("optional.ofNonZeroValue", {kAny}, kOptional, OfNonZero);
  table.Global("optional.none", {}, kOptional, None);
  table.Global("optional.unwrap", {kList}, kList, Unwrap);
  table.Member("unwrapOpt", {kList}, kList, Unwrap);
  table.Member("hasValue", {kOptional}, kBool, HasValue);
  table.Member("value", {kOptional}, kAny, ValueOfIt);
  table.Member("or", {kOptional, kOptional}, kOptional, Or);
  table.Member("orValue", {kOptional, kAny}, kAny, OrValue);
  table.Member("first", {kList}, kOptional, First);
  table.Member("last", {kList}, kOptional, Last);
}

}  // namespace concordat::expr
