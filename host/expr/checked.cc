#include "host/expr/checked.h"

#include <algorithm>

#include "host/expr/compare.h"

namespace concordat::expr {

std::string_view TypeForPeople(Type type) {
  switch (type) {
    case Type::kAny:
      return "a value";
    case Type::kNull:
      return "null";
    case Type::kBool:
      return "true or false";
    case Type::kInt:
    case Type::kUint:
    case Type::kDouble:
      return "a number";
    case Type::kText:
      return "a text";
    case Type::kDate:
      return "a date";
    case Type::kTimestamp:
      return "a point in time";
    case Type::kTime:
      return "a time of day";
    case Type::kBytes:
      return "a row of bytes";
    case Type::kDuration:
      return "a duration";
    case Type::kList:
      return "a list";
    case Type::kMap:
      return "a map";
    case Type::kType:
      return "a type";
    case Type::kOptional:
      return "an optional";
  }
  return "a value";
}

Type TypeOf(data::LogicalType type) {
  switch (type) {
    case data::LogicalType::kString:
      return Type::kText;
    case data::LogicalType::kInteger:
      return Type::kInt;
    case data::LogicalType::kNumber:
      return Type::kDouble;
    case data::LogicalType::kBoolean:
      return Type::kBool;
    case data::LogicalType::kDate:
      return Type::kDate;
    case data::LogicalType::kTimestamp:
      return Type::kTimestamp;
    case data::LogicalType::kTime:
      return Type::kTime;
  }
  return Type::kAny;
}

Type TypeOf(const Value& value) {
  constexpr Type kTypes[] = {Type::kNull, Type::kBool,      Type::kInt, Type::kDouble,
                             Type::kText, Type::kTimestamp, Type::kList};
  return kTypes[value.v.index()];
}

std::optional<CompareOp> CompareOpOf(std::string_view sign) {
  if (sign == "==") return CompareOp::kEqual;
  if (sign == "!=") return CompareOp::kNotEqual;
  if (sign == "<") return CompareOp::kLess;
  if (sign == "<=") return CompareOp::kLessEqual;
  if (sign == ">") return CompareOp::kGreater;
  if (sign == ">=") return CompareOp::kGreaterEqual;
  return std::nullopt;
}

bool Comparable(Type a, Type b) {
  if (a == Type::kAny || b == Type::kAny) return true;
  if (IsMoment(a) && IsMoment(b)) return (a == Type::kTime) == (b == Type::kTime);
  return a == b || (IsNumber(a) && IsNumber(b));
}

CompareOp Flipped(CompareOp op) {
  switch (op) {
    case CompareOp::kLess:
      return CompareOp::kGreater;
    case CompareOp::kLessEqual:
      return CompareOp::kGreaterEqual;
    case CompareOp::kGreater:
      return CompareOp::kLess;
    case CompareOp::kGreaterEqual:
      return CompareOp::kLessEqual;
    default:
      return op;
  }
}

bool ValueSet::has(int64_t integer) const {
  if (std::binary_search(integers.begin(), integers.end(), integer)) return true;
  return std::any_of(doubles.begin(), doubles.end(),
                     [&](double number) { return OrderOf(integer, number) == 0; });
}

bool ValueSet::has(double number) const {
  if (std::binary_search(doubles.begin(), doubles.end(), number)) return true;
  return std::any_of(integers.begin(), integers.end(),
                     [&](int64_t integer) { return OrderOf(integer, number) == 0; });
}

ValueSet MakeSet(const std::vector<Value>& members) {
  ValueSet set;
  for (const Value& member : members) {
    if (const auto* text = std::get_if<std::string>(&member.v)) set.texts.insert(*text);
    if (const auto* integer = std::get_if<int64_t>(&member.v)) set.integers.push_back(*integer);
    if (const auto* flag = std::get_if<bool>(&member.v)) set.integers.push_back(*flag ? 1 : 0);
    if (const auto* moment = std::get_if<Value::Timestamp>(&member.v)) set.integers.push_back(moment->micros);
    if (const auto* number = std::get_if<double>(&member.v)) set.doubles.push_back(*number);
  }
  std::sort(set.integers.begin(), set.integers.end());
  std::sort(set.doubles.begin(), set.doubles.end());
  return set;
}

Checked MakeChecked(CheckedKind kind, Type type, size_t offset) {
  Checked checked;
  checked.kind = kind;
  checked.type = type;
  checked.offset = offset;
  return checked;
}

Checked UnknownAt(size_t offset) { return MakeChecked(CheckedKind::kAttribute, Type::kAny, offset); }

}  // namespace concordat::expr
