#include "host/worker/arrow_schema.h"

#include <string_view>

#include "fmt/format.h"

namespace concordat::worker {
namespace {

struct Format {
  std::string_view text;
  ArrowType type;
};

// https://arrow.apache.org/docs/format/CDataInterface.html, "Data type description -- format strings".
constexpr Format kFormats[] = {
    {"u", ArrowType::kUtf8},    {"U", ArrowType::kLargeUtf8}, {"b", ArrowType::kBool},
    {"c", ArrowType::kInt8},    {"s", ArrowType::kInt16},     {"i", ArrowType::kInt32},
    {"l", ArrowType::kInt64},   {"C", ArrowType::kUint8},     {"S", ArrowType::kUint16},
    {"I", ArrowType::kUint32},  {"L", ArrowType::kUint64},    {"f", ArrowType::kFloat32},
    {"g", ArrowType::kFloat64}, {"tdD", ArrowType::kDate32}};

std::optional<ArrowType> PlainType(std::string_view format) {
  for (const Format& known : kFormats) {
    if (known.text == format) return known.type;
  }
  return std::nullopt;
}

bool IsInteger(ArrowType type) { return type >= ArrowType::kInt8 && type <= ArrowType::kUint64; }

// "tsu:Europe/London": Arrow keeps the instant in UTC whatever the zone; without one the text is taken as
// UTC, too.
std::optional<int64_t> TimestampUnits(std::string_view format) {
  if (format.size() < 4 || format.substr(0, 2) != "ts" || format[3] != ':') return std::nullopt;
  switch (format[2]) {
    case 's':
      return 1;
    case 'm':
      return 1'000;
    case 'u':
      return 1'000'000;
    case 'n':
      return 1'000'000'000;
    default:
      return std::nullopt;
  }
}

absl::Status Refuse(std::string_view name, std::string_view format) {
  return absl::AbortedError(fmt::format(
      "column \"{}\" has the Arrow format \"{}\", which is not supported: use utf8, bool, integers, "
      "floats, date32, timestamp or a dictionary of utf8",
      name, format));
}

absl::StatusOr<ArrowColumn> ReadColumn(const ArrowSchema& child, size_t index) {
  const std::string_view format = child.format == nullptr ? "" : child.format;
  ArrowColumn column;
  column.name = child.name == nullptr ? "" : child.name;
  column.child = index;
  const auto units = TimestampUnits(format);
  const auto plain = PlainType(format);
  if (!units && !plain) return Refuse(column.name, format);
  column.type = units ? ArrowType::kTimestamp : *plain;
  column.units_per_second = units.value_or(1);
  column.dictionary = child.dictionary != nullptr;
  if (column.dictionary && (!IsInteger(column.type) || child.dictionary->format == nullptr ||
                            std::string_view(child.dictionary->format) != "u")) {
    return Refuse(column.name, "dictionary of another type than utf8");
  }
  return column;
}

absl::StatusOr<bool> TakeSpecial(BatchSchema& schema, const ArrowColumn& column) {
  struct Special {
    std::string_view name;
    std::optional<size_t>* child;
    ArrowType type;
  };
  const Special specials[] = {{CONCORDAT_RECORD, &schema.record, ArrowType::kUint64},
                              {CONCORDAT_LINE, &schema.line, ArrowType::kUint64},
                              {CONCORDAT_UNREADABLE, &schema.unreadable, ArrowType::kUtf8},
                              {CONCORDAT_RAW, &schema.raw, ArrowType::kUtf8}};
  for (const Special& special : specials) {
    if (special.name != column.name) continue;
    if (special.child->has_value())
      return absl::AbortedError(fmt::format("two columns are named {}", special.name));
    if (special.type != column.type || column.dictionary) {
      return absl::AbortedError(fmt::format("column {} must be {}", special.name,
                                            special.type == ArrowType::kUint64 ? "uint64" : "utf8"));
    }
    *special.child = column.child;
    return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> BatchSchema::Names() const {
  std::vector<std::string> names;
  for (const ArrowColumn& column : columns) names.push_back(column.name);
  return names;
}

absl::StatusOr<BatchSchema> ReadSchema(const ArrowSchema& schema) {
  if (schema.format == nullptr || std::string_view(schema.format) != "+s" || schema.n_children < 0 ||
      (schema.n_children > 0 && schema.children == nullptr)) {
    return absl::AbortedError("its stream is not one of structs: the schema's format must be \"+s\"");
  }
  BatchSchema out;
  out.children = static_cast<size_t>(schema.n_children);
  for (size_t i = 0; i < out.children; ++i) {
    if (schema.children[i] == nullptr) return absl::AbortedError("its schema has a child that is null");
    ASSIGN_OR_RETURN(ArrowColumn column, ReadColumn(*schema.children[i], i));
    ASSIGN_OR_RETURN(const bool special, TakeSpecial(out, column));
    if (!special) out.columns.push_back(std::move(column));
  }
  return out;
}

}  // namespace concordat::worker
