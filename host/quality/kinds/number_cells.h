// The numbers of integer and number fields alike, for kinds that calculate.
#pragma once

#include <optional>

#include "host/quality/exact_sum.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {

/// The cell's number; nothing when it is missing, a marker or does not parse.
inline std::optional<double> NumberAt(const data::Column& column, size_t row) {
  if (column.states[row] != data::CellState::kValue) return std::nullopt;
  return column.numbers.empty() ? static_cast<double>(column.integers[row]) : column.numbers[row];
}

/// Reports a field that holds no numbers.
inline bool NeedsNumber(RuleReader& reader, size_t index) {
  const data::Field& field = reader.schema().fields[index];
  if (field.type == data::LogicalType::kNumber || field.type == data::LogicalType::kInteger) return true;
  std::string message = reader.spec().kind;
  message += " needs numbers, but \"";
  message += field.name;
  message += "\" is ";
  message += data::LogicalTypeName(field.type);
  reader.Error("wrong-type", std::move(message));
  return false;
}

}  // namespace concordat::quality
