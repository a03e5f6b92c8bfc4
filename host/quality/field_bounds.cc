#include "host/quality/field_bounds.h"

#include "fmt/format.h"
#include "host/data/parse.h"

namespace concordat::quality {
namespace {

using data::LogicalType;

std::optional<int64_t> ParseBy(const data::Field& field, std::string_view text) {
  const absl::StatusOr<data::TimePattern> pattern = data::PatternOf(field);
  if (!pattern.ok()) return std::nullopt;  // the contract's own mistake, reported where it stands
  return field.type == LogicalType::kDate ? pattern->ParseDays(text) : pattern->ParseMicros(text);
}

std::optional<int64_t> ParseWhole(const data::Field& field, const std::string& text) {
  switch (field.type) {
    case LogicalType::kInteger:
      return data::ParseInteger(text);
    case LogicalType::kBoolean:
      return data::ParseBoolean(text);
    default:
      break;
  }
  if (const std::optional<int64_t> own = ParseBy(field, text)) return own;
  data::Field iso = field;
  iso.format.clear();
  return ParseBy(iso, text);
}

std::string_view WantedForm(const data::Field& field) {
  switch (field.type) {
    case LogicalType::kInteger:
      return "a whole number";
    case LogicalType::kNumber:
      return "a number";
    case LogicalType::kBoolean:
      return "true or false";
    case LogicalType::kDate:
      return "a date such as 2026-04-01";
    case LogicalType::kTimestamp:
      return "a date with time such as 2026-04-01T00:00:00Z";
    case LogicalType::kTime:
      return "a time such as 09:30:00";
    case LogicalType::kString:
      return "a text";
  }
  return "a text";
}

}  // namespace

bool HasIntegers(LogicalType type) { return type != LogicalType::kString && type != LogicalType::kNumber; }
bool HasOrder(LogicalType type) { return type != LogicalType::kString && type != LogicalType::kBoolean; }

std::string_view ComparableGroup(LogicalType type) {
  switch (type) {
    case LogicalType::kInteger:
    case LogicalType::kNumber:
      return "number";
    case LogicalType::kDate:
    case LogicalType::kTimestamp:
      return "date";
    case LogicalType::kTime:
      return "time";
    case LogicalType::kBoolean:
      return "boolean";
    case LogicalType::kString:
      return "string";
  }
  return "string";
}

std::optional<Constant> ReadConstant(RuleReader& reader, std::string_view key, const data::Field& field) {
  const policy::Node node = reader.with().Any(key);
  if (!node.is_scalar()) {
    reader.with().Error(key, "wrong-type",
                        fmt::format("rule {}: \"{}\" must be {}", reader.spec().id, key, WantedForm(field)));
    return std::nullopt;
  }
  Constant constant;
  constant.text = node.text();
  if (field.type == LogicalType::kString) return constant;
  bool good = true;
  if (field.type == LogicalType::kNumber) {
    const std::optional<double> number = data::ParseNumber(node.text());
    good = number.has_value();
    constant.number = number.value_or(0);
  } else {
    const std::optional<int64_t> whole = ParseWhole(field, node.text());
    good = whole.has_value();
    constant.whole = whole.value_or(0);
    constant.number = static_cast<double>(constant.whole);
  }
  if (good) return constant;
  reader.with().Error(
      key, "wrong-type",
      fmt::format("rule {}: \"{}\" is {}, so \"{}\" must be {}, not {}", reader.spec().id, field.name,
                  data::LogicalTypeName(field.type), key, WantedForm(field), Shown(node.text())));
  return std::nullopt;
}

}  // namespace concordat::quality
