// What a record of a dataset looks like: fields with types and classification. Knows no YAML and no SQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::data {

/// ODCS v3.1 logicalType, as far as a flat record has it.
enum class LogicalType { kString, kInteger, kNumber, kBoolean, kDate, kTimestamp, kTime };

/// How carefully a value must be kept; later is stricter. Unset counts as internal, unknown words as
/// restricted.
enum class Classification { kPublic, kInternal, kConfidential, kRestricted };

std::string_view LogicalTypeName(LogicalType type);
std::string_view ClassificationName(Classification classification);

/// A cell text that stands for "why there is no value", e.g. {"c", "suppressed"}.
struct Marker {
  std::string token;
  std::string meaning;
};

/// One field of a record. Plain value.
struct Field {
  std::string name;
  LogicalType type = LogicalType::kString;
  /// For dates, timestamps and times: the pattern of the text in the contract's own form (JDK letters:
  /// yyyy-MM-dd). Empty means the type's ISO 8601 form.
  std::string format;
  Classification classification = Classification::kInternal;
  std::vector<std::string> missing_tokens;  // besides the empty cell
  std::vector<Marker> markers;
  bool trim = false;
};

/// The fields of one dataset in contract order. Immutable once built.
struct Schema {
  std::string dataset;
  std::vector<Field> fields;

  /// Index of the field, or nothing.
  std::optional<size_t> Find(std::string_view name) const;
};

/// True for fields classified confidential or above.
bool IsConfidential(const Field& field);
/// Whether any field of it is.
bool AnyConfidential(const Schema& schema);

}  // namespace concordat::data
