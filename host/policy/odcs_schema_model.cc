// The shapes of a contract's schema: objects, properties and their options, relationships.
#include "fmt/format.h"
#include "host/policy/odcs_model.h"
#include "host/policy/odcs_notation.h"

namespace concordat::policy {
namespace {

using namespace odcs;  // the notation of the tables

const Words kObjectType = {"object"};
const Words kLogicalTypes = {"string",  "date",   "timestamp", "time",   "number",
                             "integer", "object", "array",     "boolean"};
const Words kIntegerFormats = {"i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128"};
const Words kNumberFormats = {"f32", "f64"};
const Words kRelationshipTypes = {"foreignKey"};

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
      {"object",
       {{"logicalTypeOptions", Of(Shape::kObjectOptions)}, {"properties", ListOf(Shape::kProperty)}}},
      {"array", {{"logicalTypeOptions", Of(Shape::kArrayOptions)}, {"items", Of(Shape::kItem)}}},
  };
  // Without a logicalType the schema's conditions all hold at once: parts of every type are welcome, but no
  // option is allowed by all of them.
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
  static const Keys keys = {
      {"minLength", kCount}, {"maxLength", kCount}, {"pattern", kText}, {"format", kText}};
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
  static const Keys keys = {
      {"maxProperties", kCount}, {"minProperties", kCount}, {"required", {Form::kUniqueTexts}}};
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

MapModel PropertyModel(Shape shape, const Node& map) {
  const std::string type = WordOf(map, "logicalType", kLogicalTypes);
  const std::string_view noun = shape == Shape::kItem ? "items" : "property";
  return {type.empty() ? std::string(noun) : fmt::format("{} of logicalType {}", noun, type),
          {&NameOf(shape), &Element(), &Property(), &KeysOfLogicalType(map)}};
}

}  // namespace

MapModel SchemaModel(Shape shape, const Node& map) {
  switch (shape) {
    case Shape::kObject:
      return {"object", {&Object(), &Element()}};
    case Shape::kProperty:
    case Shape::kItem:
      return PropertyModel(shape, map);
    case Shape::kObjectRelationship:
      return {"relationship of an object", {&Relationship(), &RelationshipStart()}};
    case Shape::kPropertyRelationship:
      return {"relationship of a property", {&Relationship()}};
    case Shape::kTextOptions:
      return {"logicalTypeOptions of a string", {&TextOptions()}};
    case Shape::kDateOptions:
      return {"logicalTypeOptions of a date", {&DateOptions()}};
    case Shape::kTimeOptions:
      return {"logicalTypeOptions of a time", {&DateOptions(), &ZoneOptions()}};
    case Shape::kIntegerOptions:
    case Shape::kNumberOptions:
      return {"logicalTypeOptions of a number", {&NumericOptions(), &NumericFormat(shape)}};
    case Shape::kObjectOptions:
      return {"logicalTypeOptions of an object", {&ObjectOptions()}};
    case Shape::kArrayOptions:
      return {"logicalTypeOptions of an array", {&ArrayOptions()}};
    default:
      return {"logicalTypeOptions of a property without logicalType", {}};
  }
}

}  // namespace concordat::policy
