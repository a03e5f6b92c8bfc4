// Bounds and constants written in YAML, read as values of a field's type.
#pragma once

#include <optional>
#include <string>

#include "host/data/schema.h"
#include "host/quality/rule_reader.h"

namespace concordat::quality {

/// How a field's typed values lie in a column: whole numbers (integers, booleans, dates, times) or doubles.
bool HasIntegers(data::LogicalType type);
bool HasOrder(data::LogicalType type);  // all but strings and booleans
/// "number", "date", ... grouped so that only values of one
/// group compare: integers with numbers, dates with timestamps.
std::string_view ComparableGroup(data::LogicalType type);

/// A constant of a field's type: `whole` where HasIntegers, else `number`.
struct Constant {
  int64_t whole = 0;
  double number = 0;
  std::string text;  // as written
};
/// A date, time or timestamp may be written in the field's own
/// format or as ISO 8601. Nothing after a reported mistake.
std::optional<Constant> ReadConstant(RuleReader& reader, std::string_view key, const data::Field& field);

}  // namespace concordat::quality
