#include "host/policy/odcs_fields.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "fmt/format.h"
#include "host/policy/odcs_custom.h"

namespace concordat::policy {
namespace {

using data::Classification;
using data::LogicalType;

constexpr std::pair<std::string_view, LogicalType> kTypes[] = {
    {"string", LogicalType::kString}, {"integer", LogicalType::kInteger},
    {"number", LogicalType::kNumber}, {"boolean", LogicalType::kBoolean},
    {"date", LogicalType::kDate},     {"timestamp", LogicalType::kTimestamp},
    {"time", LogicalType::kTime},
};

constexpr std::pair<std::string_view, Classification> kClassifications[] = {
    {"public", Classification::kPublic},
    {"internal", Classification::kInternal},
    {"confidential", Classification::kConfidential},
    {"restricted", Classification::kRestricted},
    {"personal", Classification::kRestricted},
    {"special-category", Classification::kRestricted},
    {"criminal-offence", Classification::kRestricted},
};

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

Classification ReadClassification(const Node& word, Issues& issues) {
  const std::string lower = LowerCase(word.text());
  std::vector<std::string> words;
  for (const auto& [name, classification] : kClassifications) {
    if (lower == name) return classification;
    words.emplace_back(name);
  }
  issues.Warn(word.place(), "unknown-classification",
              fmt::format("classification \"{}\" is not known here and counts as restricted", word.text()),
              DidYouMean(word.text(), words));
  return Classification::kRestricted;
}

std::vector<data::Marker> ReadMarkers(const Node& markers, Issues& issues) {
  std::vector<data::Marker> read;
  if (!markers.present()) return read;
  if (!markers.is_map()) {
    issues.Error(markers.place(), "wrong-type",
                 "markers must be a map of the text in the file to its meaning",
                 "write it as {c: suppressed, z: not_applicable}");
    return read;
  }
  for (const Node::Member& member : markers.members()) {
    if (member.value.is_scalar()) {
      read.push_back({member.key, member.value.text()});
    } else {
      issues.Error(member.key_place, "wrong-type", fmt::format("marker \"{}\" needs a meaning", member.key));
    }
  }
  return read;
}

bool ReadTrim(const Node& trim, Issues& issues) {
  if (!trim.present()) return false;
  const std::optional<bool> value = trim.AsBool();
  if (!value) issues.Error(trim.place(), "wrong-type", "trim must be true or false");
  return value.value_or(false);
}

bool IsNested(const Node& property) {
  const Node type = property["logicalType"];
  return type.is_scalar() && (type.text() == "object" || type.text() == "array");
}

data::Field ReadField(const Node& property, Issues& issues) {
  data::Field field;
  field.name = property["name"].AsText().value_or("");
  field.type = ReadLogicalType(property);
  const bool timed = field.type == LogicalType::kDate || field.type == LogicalType::kTimestamp ||
                     field.type == LogicalType::kTime;
  if (timed) field.format = property["logicalTypeOptions"]["format"].AsText().value_or("");
  const Node classification = property["classification"];
  if (classification.is_scalar()) field.classification = ReadClassification(classification, issues);
  field.missing_tokens = TextList(CustomProperty(property, "missingTokens"), "missingTokens", issues);
  field.markers = ReadMarkers(CustomProperty(property, "markers"), issues);
  field.trim = ReadTrim(CustomProperty(property, "trim"), issues);
  return field;
}

// One warning for all fields of an object that have the same fault.
void WarnOfFields(const std::vector<std::string>& names, const Node& object, std::string code,
                  std::string_view fault, std::string hint, Issues& issues) {
  if (names.empty()) return;
  issues.Warn(object.KeyPlace("properties"), std::move(code),
              fmt::format("of the fields of \"{}\", {} {}: {}", object["name"].text(), names.size(), fault,
                          NamesInWords(names)),
              std::move(hint));
}

}  // namespace

LogicalType ReadLogicalType(const Node& property) {
  const Node word = property["logicalType"];
  if (!word.is_scalar()) return LogicalType::kString;
  for (const auto& [name, type] : kTypes) {
    if (word.text() == name) return type;
  }
  return LogicalType::kString;
}

data::Schema ReadFields(const Node& object, std::string dataset, Issues& issues) {
  data::Schema schema;
  schema.dataset = std::move(dataset);
  std::vector<std::string> unclassified;
  std::vector<std::string> nested;
  for (const Node& property : object["properties"].items()) {
    if (!property.is_map()) continue;
    schema.fields.push_back(ReadField(property, issues));
    const std::string& name = schema.fields.back().name;
    if (!property["classification"].present()) unclassified.push_back(name);
    if (IsNested(property)) nested.push_back(name);
  }
  WarnOfFields(unclassified, object, "no-classification", "without classification, taken as internal",
               "give each a classification: public, internal, confidential or restricted", issues);
  WarnOfFields(nested, object, "nested-field", "nested (object or array), kept as text and not looked into",
               "records are flat: give each nested value a property of its own", issues);
  return schema;
}

std::vector<std::string> ReadQuasiIdentifiers(const Node& object) {
  std::vector<std::string> fields;
  for (const Node& property : object["properties"].items()) {
    for (const Node& tag : property["tags"].items()) {
      if (tag.text() != "quasi-identifier") continue;
      fields.push_back(property["name"].text());
      break;
    }
  }
  return fields;
}

std::vector<std::string> ReadPrimaryKey(const Node& object) {
  std::vector<std::pair<int64_t, std::string>> parts;
  for (const Node& property : object["properties"].items()) {
    if (!property["primaryKey"].AsBool().value_or(false)) continue;
    parts.emplace_back(property["primaryKeyPosition"].AsInteger().value_or(0),
                       property["name"].AsText().value_or(""));
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (auto& [position, name] : parts) names.push_back(std::move(name));
  return names;
}

}  // namespace concordat::policy
