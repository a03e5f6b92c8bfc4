#include "host/policy/odcs_model.h"

#include "fmt/format.h"

namespace concordat::policy {
namespace {

using Words = std::vector<std::string>;

Type Of(Shape shape) { return {Form::kShape, shape}; }
Type ListOf(Shape shape) { return {Form::kShape, shape, nullptr, true}; }
Type ListOf(Form form) { return {form, Shape::kContract, nullptr, true}; }
Type OneOf(const Words& words) { return {Form::kWord, Shape::kContract, &words}; }

constexpr Type kAny{Form::kAny};
constexpr Type kText{Form::kText};
constexpr Type kBoolean{Form::kBoolean};
constexpr Type kNumber{Form::kNumber};
constexpr Type kInteger{Form::kInteger};
constexpr Type kCount{Form::kCount};
constexpr Type kId{Form::kId};
constexpr Type kMap{Form::kMap};
constexpr bool kRequired = true;

const Words kKinds = {"DataContract"};
const Words kApiVersions = {"v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0", "v2.2.2", "v2.2.1", "v2.2.0"};
const Words kObjectType = {"object"};
const Words kLogicalTypes = {"string",  "date",   "timestamp", "time",   "number",
                             "integer", "object", "array",     "boolean"};
const Words kIntegerFormats = {"i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128"};
const Words kNumberFormats = {"f32", "f64"};
const Words kDimensions = {"accuracy", "completeness", "conformity", "consistency",
                           "coverage", "timeliness",   "uniqueness"};
const Words kQualityTypes = {"text", "library", "sql", "custom"};
const Words kMetrics = {"nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"};
const Words kRelationshipTypes = {"foreignKey"};

const Keys& Contract() {
  static const Keys keys = {
      {"version", kText, kRequired},
      {"kind", OneOf(kKinds), kRequired},
      {"apiVersion", OneOf(kApiVersions), kRequired},
      {"id", kText, kRequired},
      {"status", kText, kRequired},
      {"name", kText},
      {"tenant", kText},
      {"domain", kText},
      {"dataProduct", kText},
      {"tags", ListOf(Form::kText)},
      {"description", Of(Shape::kDescription)},
      {"servers", ListOf(Shape::kServer)},
      {"schema", ListOf(Shape::kObject)},
      {"support", ListOf(Shape::kSupport)},
      {"price", Of(Shape::kPrice)},
      {"team", {Form::kTeam}},
      {"roles", ListOf(Shape::kRole)},
      {"slaDefaultElement", kText},
      {"slaProperties", ListOf(Shape::kSla)},
      {"authoritativeDefinitions", ListOf(Shape::kDefinition)},
      {"customProperties", ListOf(Shape::kCustomProperty)},
      {"contractCreatedTs", {Form::kDateTime}},
  };
  return keys;
}

const Keys& Description() {
  static const Keys keys = {
      {"usage", kText},
      {"purpose", kText},
      {"limitations", kText},
      {"authoritativeDefinitions", ListOf(Shape::kDefinition)},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& Server() {
  static const Keys keys = {
      {"id", kId},
      {"server", kText, kRequired},
      {"type", OneOf(ServerTypes()), kRequired},
      {"description", kText},
      {"environment", kText},
      {"roles", ListOf(Shape::kRole)},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

// Objects, properties and items alike.
const Keys& Element() {
  static const Keys keys = {
      {"id", kId},
      {"physicalType", kText},
      {"physicalName", kText},
      {"description", kText},
      {"businessName", kText},
      {"tags", ListOf(Form::kText)},
      {"quality", ListOf(Shape::kQuality)},
      {"authoritativeDefinitions", ListOf(Shape::kDefinition)},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& Object() {
  static const Keys keys = {
      {"name", kText, kRequired},
      {"logicalType", OneOf(kObjectType)},
      {"dataGranularityDescription", kText},
      {"properties", ListOf(Shape::kProperty)},
      {"relationships", ListOf(Shape::kObjectRelationship)},
  };
  return keys;
}

const Keys& Property() {
  static const Keys keys = {
      {"primaryKey", kBoolean},
      {"primaryKeyPosition", kInteger},
      {"logicalType", OneOf(kLogicalTypes)},
      {"required", kBoolean},
      {"unique", kBoolean},
      {"partitioned", kBoolean},
      {"partitionKeyPosition", kInteger},
      {"classification", kText},
      {"encryptedName", kText},
      {"transformSourceObjects", ListOf(Form::kText)},
      {"transformLogic", kText},
      {"transformDescription", kText},
      {"examples", ListOf(Form::kAny)},
      {"criticalDataElement", kBoolean},
      {"relationships", ListOf(Shape::kPropertyRelationship)},
  };
  return keys;
}

const Keys& NameOf(Shape shape) {
  static const Keys property = {{"name", kText, kRequired}};
  static const Keys item = {{"name", kText}};
  return shape == Shape::kItem ? item : property;
}

// What the logicalType of a property adds to it.
struct LogicalKeys {
  std::string_view type;
  Keys keys;
};

const Keys& KeysOfLogicalType(const Node& property) {
  static const std::vector<LogicalKeys> all = {
      {"string", {{"logicalTypeOptions", Of(Shape::kTextOptions)}}},
      {"date", {{"logicalTypeOptions", Of(Shape::kDateOptions)}}},
      {"timestamp", {{"logicalTypeOptions", Of(Shape::kTimeOptions)}}},
      {"time", {{"logicalTypeOptions", Of(Shape::kTimeOptions)}}},
      {"integer", {{"logicalTypeOptions", Of(Shape::kIntegerOptions)}}},
      {"number", {{"logicalTypeOptions", Of(Shape::kNumberOptions)}}},
      {"boolean", {{"logicalTypeOptions", kMap}}},
      {"object", {{"logicalTypeOptions", Of(Shape::kObjectOptions)}, {"properties", ListOf(Shape::kProperty)}}},
      {"array", {{"logicalTypeOptions", Of(Shape::kArrayOptions)}, {"items", Of(Shape::kItem)}}},
  };
  // Without a logicalType the schema's conditions all hold at once: parts of every type are welcome, but no option is
  // allowed by all of them.
  static const Keys untyped = {{"logicalTypeOptions", Of(Shape::kNoOptions)},
                               {"properties", ListOf(Shape::kProperty)},
                               {"items", Of(Shape::kItem)}};
  static const Keys unknown = {{"logicalTypeOptions", kAny}, {"properties", kAny}, {"items", kAny}};
  const Node type = property["logicalType"];
  if (!type.present()) return untyped;
  for (const LogicalKeys& entry : all) {
    if (type.is_scalar() && type.text() == entry.type) return entry.keys;
  }
  return unknown;  // the word itself is the mistake to report
}

const Keys& TextOptions() {
  static const Keys keys = {{"minLength", kCount}, {"maxLength", kCount}, {"pattern", kText}, {"format", kText}};
  return keys;
}

const Keys& DateOptions() {
  static const Keys keys = {{"format", kText},
                            {"minimum", kText},
                            {"maximum", kText},
                            {"exclusiveMinimum", kText},
                            {"exclusiveMaximum", kText}};
  return keys;
}

const Keys& ZoneOptions() {
  static const Keys keys = {{"timezone", kBoolean}, {"defaultTimezone", kText}};
  return keys;
}

const Keys& NumericOptions() {
  static const Keys keys = {{"multipleOf", {Form::kPositive}},
                            {"minimum", kNumber},
                            {"maximum", kNumber},
                            {"exclusiveMinimum", kNumber},
                            {"exclusiveMaximum", kNumber}};
  return keys;
}

const Keys& NumericFormat(Shape shape) {
  static const Keys integer = {{"format", OneOf(kIntegerFormats)}};
  static const Keys number = {{"format", OneOf(kNumberFormats)}};
  return shape == Shape::kIntegerOptions ? integer : number;
}

const Keys& ObjectOptions() {
  static const Keys keys = {{"maxProperties", kCount}, {"minProperties", kCount}, {"required", {Form::kUniqueTexts}}};
  return keys;
}

const Keys& ArrayOptions() {
  static const Keys keys = {{"maxItems", kCount}, {"minItems", kCount}, {"uniqueItems", kBoolean}};
  return keys;
}

const Keys& Relationship() {
  static const Keys keys = {
      {"type", OneOf(kRelationshipTypes)},
      {"to", {Form::kReferences}, kRequired},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

// Only of an object's relationship; a property is itself where its relationships start.
const Keys& RelationshipStart() {
  static const Keys keys = {{"from", {Form::kReferences}, kRequired}};
  return keys;
}

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

const Keys& Definition() {
  static const Keys keys = {{"id", kId}, {"url", kText, kRequired}, {"type", kText, kRequired}, {"description", kText}};
  return keys;
}

const Keys& CustomProperty() {
  static const Keys keys = {
      {"id", kId}, {"property", kText, kRequired}, {"value", kAny, kRequired}, {"description", kText}};
  return keys;
}

const Keys& Support() {
  static const Keys keys = {
      {"id", kId},     {"channel", kText, kRequired}, {"url", kText},   {"description", kText},
      {"tool", kText}, {"invitationUrl", kText},      {"scope", kText}, {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& Price() {
  static const Keys keys = {{"id", kId}, {"priceAmount", kNumber}, {"priceCurrency", kText}, {"priceUnit", kText}};
  return keys;
}

const Keys& TeamCommon() {
  static const Keys keys = {
      {"id", kId},
      {"name", kText},
      {"description", kText},
      {"tags", ListOf(Form::kText)},
      {"authoritativeDefinitions", ListOf(Shape::kDefinition)},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& Team() {
  static const Keys keys = {{"members", ListOf(Shape::kMember)}};
  return keys;
}

const Keys& Member() {
  static const Keys keys = {
      {"username", kText, kRequired}, {"role", kText},
      {"dateIn", {Form::kDate}},      {"dateOut", {Form::kDate}},
      {"replacedByUsername", kText},
  };
  return keys;
}

const Keys& Role() {
  static const Keys keys = {
      {"id", kId},
      {"role", kText, kRequired},
      {"description", kText},
      {"access", kText},
      {"firstLevelApprovers", kText},
      {"secondLevelApprovers", kText},
      {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& Sla() {
  static const Keys keys = {
      {"id", kId},
      {"property", kText, kRequired},
      {"value", {Form::kScalar}, kRequired},
      {"valueExt", {Form::kScalar}},
      {"unit", kText},
      {"element", kText},
      {"driver", kText},
      {"description", kText},
      {"scheduler", kText},
      {"schedule", kText},
  };
  return keys;
}

std::string WordOf(const Node& map, std::string_view key) {
  const Node word = map[key];
  return word.is_scalar() ? word.text() : "";
}

MapModel ServerModel(const Node& map) {
  const std::string type = WordOf(map, "type");
  const Keys* keys = ServerKeys(type);
  if (keys == nullptr) return {"server", {&Server()}, true};  // without its type nobody knows its keys
  return {fmt::format("server of type {}", type), {&Server(), keys}};
}

MapModel PropertyModel(Shape shape, const Node& map) {
  const std::string type = WordOf(map, "logicalType");
  const std::string_view noun = shape == Shape::kItem ? "items" : "property";
  return {type.empty() ? std::string(noun) : fmt::format("{} of logicalType {}", noun, type),
          {&NameOf(shape), &Element(), &Property(), &KeysOfLogicalType(map)}};
}

// Any text under `metric` makes a rule a library one, whatever its type says.
MapModel QualityModel(const Node& map) {
  const std::string type = WordOf(map, "type");
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

}  // namespace

const std::vector<std::string>& OperatorNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Key& key : Operators()) all.emplace_back(key.name);
    return all;
  }();
  return names;
}

MapModel ModelOf(Shape shape, const Node& map) {
  switch (shape) {
    case Shape::kContract: return {"contract", {&Contract()}};
    case Shape::kDescription: return {"description", {&Description()}, true};
    case Shape::kServer: return ServerModel(map);
    case Shape::kObject: return {"object", {&Object(), &Element()}};
    case Shape::kProperty:
    case Shape::kItem: return PropertyModel(shape, map);
    case Shape::kObjectRelationship: return {"relationship of an object", {&Relationship(), &RelationshipStart()}};
    case Shape::kPropertyRelationship: return {"relationship of a property", {&Relationship()}};
    case Shape::kQuality: return QualityModel(map);
    case Shape::kDefinition: return {"authoritative definition", {&Definition()}};
    case Shape::kCustomProperty: return {"custom property", {&CustomProperty()}};
    case Shape::kSupport: return {"support channel", {&Support()}};
    case Shape::kPrice: return {"price", {&Price()}};
    case Shape::kTeam: return {"team", {&TeamCommon(), &Team()}};
    case Shape::kMember: return {"team member", {&TeamCommon(), &Member()}};
    case Shape::kRole: return {"role", {&Role()}};
    case Shape::kSla: return {"SLA property", {&Sla()}};
    case Shape::kTextOptions: return {"logicalTypeOptions of a string", {&TextOptions()}};
    case Shape::kDateOptions: return {"logicalTypeOptions of a date", {&DateOptions()}};
    case Shape::kTimeOptions: return {"logicalTypeOptions of a time", {&DateOptions(), &ZoneOptions()}};
    case Shape::kIntegerOptions:
    case Shape::kNumberOptions: return {"logicalTypeOptions of a number", {&NumericOptions(), &NumericFormat(shape)}};
    case Shape::kObjectOptions: return {"logicalTypeOptions of an object", {&ObjectOptions()}};
    case Shape::kArrayOptions: return {"logicalTypeOptions of an array", {&ArrayOptions()}};
    case Shape::kNoOptions: return {"logicalTypeOptions of a property without logicalType", {}};
  }
  return {};
}

}  // namespace concordat::policy
