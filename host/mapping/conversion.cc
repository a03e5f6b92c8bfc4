#include "host/mapping/conversion.h"

#include "fmt/format.h"
#include "host/mapping/number_style.h"

namespace concordat::mapping {
namespace {

using data::LogicalType;

constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

bool IsTemporal(LogicalType type) {
  return type == LogicalType::kDate || type == LogicalType::kTimestamp || type == LogicalType::kTime;
}

bool IsNumeric(LogicalType type) { return type == LogicalType::kInteger || type == LogicalType::kNumber; }

absl::Status DoesNotFit(std::string_view what, const data::Field& field) {
  return absl::InvalidArgumentError(
      fmt::format("{}, but the contract's field is a {}", what, data::LogicalTypeName(field.type)));
}

}  // namespace

absl::StatusOr<Conversion> Conversion::Create(const data::Field& field, const policy::FieldMapping& mapping) {
  Conversion conversion;
  if (!mapping.parse.empty()) RETURN_IF_ERROR(conversion.SetDates(field, mapping.parse));
  if (mapping.numbers && !IsNumeric(field.type))
    return DoesNotFit("parse says how numbers are written", field);
  conversion.numbers_ = mapping.numbers;
  return conversion;
}

absl::Status Conversion::SetDates(const data::Field& field, const std::string& pattern) {
  if (!IsTemporal(field.type)) return DoesNotFit("parse is a date pattern", field);
  ASSIGN_OR_RETURN(data::TimePattern source, data::TimePattern::Compile(pattern));
  ASSIGN_OR_RETURN(data::TimePattern own, data::PatternOf(field));
  if (source.text() == own.text()) return absl::OkStatus();
  if (field.type != LogicalType::kTime && !source.has_year()) {
    return absl::InvalidArgumentError(
        fmt::format("date pattern \"{}\": a date needs a year (yyyy)", pattern));
  }
  whole_days_ = field.type == LogicalType::kDate;
  from_ = std::move(source);
  to_ = std::move(own);
  return absl::OkStatus();
}

bool Conversion::Rewrite(std::string_view text, std::string& out) const {
  if (numbers_) return AppendCanonicalNumber(text, *numbers_, out);
  const std::optional<int64_t> moment = whole_days_ ? from_->ParseDays(text) : from_->ParseMicros(text);
  if (!moment) return false;
  to_->AppendMicros(whole_days_ ? *moment * kMicrosPerDay : *moment, out);
  return true;
}

}  // namespace concordat::mapping
