// The numbers of integer and number fields alike, for kinds that calculate.
#pragma once

#include <optional>

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

/// A sum that loses no small terms beside great ones (A. Neumaier, 1974): the same for any way to cut records
/// into batches, because it is taken in record order.
class ExactSum {
 public:
  void Add(double value) {
    const double sum = sum_ + value;
    lost_ += (sum_ < 0 ? -sum_ : sum_) >= (value < 0 ? -value : value) ? (sum_ - sum) + value
                                                                       : (value - sum) + sum_;
    sum_ = sum;
  }
  double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace concordat::quality
