// The shape of a quality rule, which depends on its type and on whether it names a metric.
#include "fmt/format.h"
#include "host/policy/odcs_model.h"
#include "host/policy/odcs_notation.h"

namespace concordat::policy {
namespace {

using namespace odcs;  // the notation of the tables

const Words kDimensions = {"accuracy", "completeness", "conformity", "consistency",
                           "coverage", "timeliness",   "uniqueness"};
const Words kQualityTypes = {"text", "library", "sql", "custom"};
const Words kMetrics = {"nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"};

const Keys& Quality() {
  static const Keys keys = {
      {"id", kId},
      {"name", kText},
      {"description", kText},
      {"type", OneOf(kQualityTypes)},
      {"dimension", OneOf(kDimensions)},
      {"severity", kText},
      {"businessImpact", kText},
      {"method", kText},
      {"unit", kText},
      {"schedule", kText},
      {"scheduler", kText},
      {"tags", ListOf(Form::kText)},
      {"authoritativeDefinitions", ListOf(Shape::kDefinition)},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& LibraryQuality() {
  static const Keys keys = {{"metric", OneOf(kMetrics), kRequired}, {"rule", kText}, {"arguments", kMap}};
  return keys;
}

const Keys& SqlQuality() {
  static const Keys keys = {{"query", kText, kRequired}};
  return keys;
}

const Keys& CustomQuality() {
  static const Keys keys = {{"engine", kText, kRequired}, {"implementation", {Form::kTextOrMap}, kRequired}};
  return keys;
}

const Keys& Operators() {
  static const Keys keys = {
      {"mustBe", kAny},
      {"mustNotBe", kAny},
      {"mustBeGreaterThan", kNumber},
      {"mustBeGreaterOrEqualTo", kNumber},
      {"mustBeLessThan", kNumber},
      {"mustBeLessOrEqualTo", kNumber},
      {"mustBeBetween", {Form::kBounds}},
      {"mustNotBeBetween", {Form::kBounds}},
  };
  return keys;
}

}  // namespace

const std::vector<std::string>& OperatorNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Key& key : Operators()) all.emplace_back(key.name);
    return all;
  }();
  return names;
}

// Any text under `metric` makes a rule a library one, whatever its type says.
MapModel QualityModel(const Node& map) {
  const std::string type = WordOf(map, "type", kQualityTypes);
  const json::Value metric = map["metric"].ToJson();
  const bool library = type == "library" || metric.is_string();
  MapModel model{type.empty() ? "quality rule" : fmt::format("quality rule of type {}", type), {&Quality()}};
  if (library) model.groups.push_back(&LibraryQuality());
  if (type == "sql") model.groups.push_back(&SqlQuality());
  if (type == "custom") model.groups.push_back(&CustomQuality());
  model.one_operator = library || type == "sql";
  if (model.one_operator) model.groups.push_back(&Operators());
  return model;
}

}  // namespace concordat::policy
