// The shapes of a contract around its schema: servers, people, prices, promises.
#include "host/policy/odcs_model.h"

#include "fmt/format.h"
#include "host/policy/odcs_notation.h"

namespace concordat::policy {
namespace {

using namespace odcs;  // the notation of the tables

const Words kKinds = {"DataContract"};
const Words kApiVersions = {"v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0", "v2.2.2", "v2.2.1", "v2.2.0"};

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

const Keys& Definition() {
  static const Keys keys = {
      {"id", kId}, {"url", kText, kRequired}, {"type", kText, kRequired}, {"description", kText}};
  return keys;
}

const Keys& CustomProperty() {
  static const Keys keys = {
      {"id", kId}, {"property", kText, kRequired}, {"value", kAny, kRequired}, {"description", kText}};
  return keys;
}

const Keys& Support() {
  static const Keys keys = {
      {"id", kId},      {"channel", kText, kRequired},
      {"url", kText},   {"description", kText},
      {"tool", kText},  {"invitationUrl", kText},
      {"scope", kText}, {"customProperties", ListOf(Shape::kCustomProperty)},
  };
  return keys;
}

const Keys& Price() {
  static const Keys keys = {
      {"id", kId}, {"priceAmount", kNumber}, {"priceCurrency", kText}, {"priceUnit", kText}};
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
      {"username", kText, kRequired}, {"role", kText}, {"dateIn", {Form::kDate}}, {"dateOut", {Form::kDate}},
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

MapModel ServerModel(const Node& map) {
  const std::string type = WordOf(map, "type", ServerTypes());
  const Keys* keys = ServerKeys(type);
  if (keys == nullptr) return {"server", {&Server()}, true};  // without its type nobody knows its keys
  return {fmt::format("server of type {}", type), {&Server(), keys}};
}

}  // namespace

MapModel ModelOf(Shape shape, const Node& map) {
  switch (shape) {
    case Shape::kContract:
      return {"contract", {&Contract()}};
    case Shape::kDescription:
      return {"description", {&Description()}, true};
    case Shape::kServer:
      return ServerModel(map);
    case Shape::kDefinition:
      return {"authoritative definition", {&Definition()}};
    case Shape::kCustomProperty:
      return {"custom property", {&CustomProperty()}};
    case Shape::kSupport:
      return {"support channel", {&Support()}};
    case Shape::kPrice:
      return {"price", {&Price()}};
    case Shape::kTeam:
      return {"team", {&TeamCommon(), &Team()}};
    case Shape::kMember:
      return {"team member", {&TeamCommon(), &Member()}};
    case Shape::kRole:
      return {"role", {&Role()}};
    case Shape::kSla:
      return {"SLA property", {&Sla()}};
    case Shape::kQuality:
      return QualityModel(map);
    default:
      return SchemaModel(shape, map);
  }
}

}  // namespace concordat::policy
