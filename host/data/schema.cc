#include "host/data/schema.h"

#include <algorithm>

namespace concordat::data {

std::string_view LogicalTypeName(LogicalType type) {
  switch (type) {
    case LogicalType::kString:
      return "string";
    case LogicalType::kInteger:
      return "integer";
    case LogicalType::kNumber:
      return "number";
    case LogicalType::kBoolean:
      return "boolean";
    case LogicalType::kDate:
      return "date";
    case LogicalType::kTimestamp:
      return "timestamp";
    case LogicalType::kTime:
      return "time";
  }
  return "string";
}

std::string_view ClassificationName(Classification classification) {
  switch (classification) {
    case Classification::kPublic:
      return "public";
    case Classification::kInternal:
      return "internal";
    case Classification::kConfidential:
      return "confidential";
    case Classification::kRestricted:
      return "restricted";
  }
  return "restricted";
}

std::optional<size_t> Schema::Find(std::string_view name) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  return std::nullopt;
}

bool IsConfidential(const Field& field) { return field.classification >= Classification::kConfidential; }

bool AnyConfidential(const Schema& schema) {
  return std::any_of(schema.fields.begin(), schema.fields.end(), IsConfidential);
}

}  // namespace concordat::data
