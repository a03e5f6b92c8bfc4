// The shape of an ODCS v3.1 document in our own words: which keys each of its maps has, and what their values
// may be. Equal in verdict to the standard's JSON Schema; tests/host/policy/odcs_schema_test.cc proves it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/policy/node.h"

namespace concordat::policy {

/// What a single value may be.
enum class Form {
  kAny,
  kScalar,  // anything but a list or a map; nothing at all, too
  kText,
  kBoolean,
  kNumber,
  kInteger,
  kCount,     // a whole number from 0 up
  kPositive,  // a number above 0
  kWord,      // one of Type::words
  kId,        // letters, digits, "-", "_"
  kDate,      // RFC 3339
  kDateTime,  // RFC 3339
  kUri,       // RFC 3986
  kSftpUri,   // a URI that begins with sftp://
  kMap,       // any map
  kTextOrMap,
  kBounds,       // two different numbers
  kUniqueTexts,  // at least one text, each once
  kReferences,   // a reference, or a list of at least one
  kTeam,         // a Shape::kTeam, or, as before v3.1, a list of Shape::kMember
  kShape,        // a map of Type::shape
};

/// Every kind of map that has keys of its own.
enum class Shape {
  kContract,
  kDescription,
  kServer,
  kObject,
  kProperty,
  kItem,  // what an array holds
  kObjectRelationship,
  kPropertyRelationship,
  kQuality,
  kDefinition,  // authoritativeDefinitions
  kCustomProperty,
  kSupport,
  kPrice,
  kTeam,
  kMember,
  kRole,
  kSla,
  kTextOptions,  // from here on: logicalTypeOptions
  kDateOptions,
  kTimeOptions,
  kIntegerOptions,
  kNumberOptions,
  kObjectOptions,
  kArrayOptions,
  kNoOptions,
};

struct Type {
  Form form = Form::kAny;
  Shape shape = Shape::kContract;
  const std::vector<std::string>* words = nullptr;
  bool list = false;  // a list of these
};

struct Key {
  std::string_view name;
  Type type;
  bool required = false;
};
using Keys = std::vector<Key>;

/// What holds for one map. Some maps have further keys by what they say of themselves: a server by its type,
/// a property by its logicalType, a quality rule by its type or metric.
struct MapModel {
  std::string what;                 // for messages: "server of type postgres"
  std::vector<const Keys*> groups;  // all of these keys are known; static
  bool open = false;                // other keys are welcome
  bool one_operator = false;        // exactly one of mustBe, mustBeLessThan ...
};

/// The model of `map`, which should be of `shape`.
MapModel ModelOf(Shape shape, const Node& map);

/// odcs_schema_model.cc: of kObject, kProperty, kItem, relationships and options.
MapModel SchemaModel(Shape shape, const Node& map);
/// odcs_quality_model.cc: of kQuality.
MapModel QualityModel(const Node& rule);

/// mustBe, mustNotBe, mustBeGreaterThan ...
const std::vector<std::string>& OperatorNames();

/// odcs_servers.cc: the keys that a server of this type has besides those of all servers; null for an unknown
/// type.
const Keys* ServerKeys(std::string_view type);
const std::vector<std::string>& ServerTypes();

}  // namespace concordat::policy
