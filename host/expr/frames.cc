#include "host/expr/frames.h"

#include "fmt/format.h"

namespace concordat::expr {
namespace {

absl::Status NotKnown(const Term& name) {
  return absl::InvalidArgumentError(fmt::format("{} is not known", name.name));
}

// A whole number may stand for a number, and any moment for another; else the declared type binds.
bool Stands(Type declared, Type given) {
  if (declared == Type::kAny || declared == given) return true;
  return (IsNumber(declared) && IsNumber(given)) || (IsMoment(declared) && IsMoment(given));
}

Datum CellOf(const data::Column& column, size_t row) {
  switch (column.field->type) {
    case data::LogicalType::kString:
      return {Text::Borrowed(column.text->at(row))};
    case data::LogicalType::kInteger:
      return {column.integers[row]};
    case data::LogicalType::kNumber:
      return {column.numbers[row]};
    case data::LogicalType::kBoolean:
      return {column.integers[row] != 0};
    case data::LogicalType::kDate:
      return {absl::UnixEpoch() + absl::Hours(24 * column.integers[row])};
    case data::LogicalType::kTimestamp:
    case data::LogicalType::kTime:
      return {absl::FromUnixMicros(column.integers[row])};
  }
  return {};
}

}  // namespace

Result BatchFrame::ValueOf(const Term& name) const {
  if (name.kind != TermKind::kField) return NotKnown(name);
  const data::Column& column = batch_.columns[name.index];
  switch (column.states[row_]) {
    case data::CellState::kValue:
      return CellOf(column, row_);
    case data::CellState::kUnparseable: {
      static const absl::Status kUnparseable =
          absl::InvalidArgumentError("a value does not parse as the type of its field");
      return kUnparseable;
    }
    default:
      return name.status;
  }
}

absl::StatusOr<bool> BatchFrame::Has(const Term& name) const {
  if (name.kind != TermKind::kField) return NotKnown(name);
  return batch_.columns[name.index].present(row_);
}

Result AttributeFrame::ValueOf(const Term& name) const {
  const auto found = attributes_.find(name.name);
  if (found == attributes_.end()) return NotKnown(name);
  if (found->second.is_null()) return name.kind == TermKind::kField ? name.status : NotKnown(name);
  Datum value = DatumOf(found->second);
  if (!Stands(name.type, value.type())) {
    return absl::InvalidArgumentError(fmt::format("{} must be {}, but is {}", name.name,
                                                  TypeForPeople(name.type), TypeForPeople(value.type())));
  }
  if (name.type == Type::kDouble && value.type() == Type::kInt)
    return Datum{static_cast<double>(std::get<int64_t>(value.v))};
  return value;
}

absl::StatusOr<bool> AttributeFrame::Has(const Term& name) const {
  const auto found = attributes_.find(name.name);
  return found != attributes_.end() && !found->second.is_null();
}

}  // namespace concordat::expr
