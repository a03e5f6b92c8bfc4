// ODCS keys that are rules in themselves: required, logicalType, unique, primaryKey, logicalTypeOptions,
// relationships.
#include <cmath>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/odcs_fields.h"
#include "host/policy/odcs_pattern.h"
#include "host/policy/odcs_references.h"
#include "host/policy/odcs_rules.h"

namespace concordat::policy {
namespace {

using data::LogicalType;

Node TextNode(const std::string& text, const Place& place) { return Node::Scalar(text, true, place); }

Node TextsNode(const std::vector<std::string>& texts, const Place& place) {
  std::vector<Node> items;
  for (const std::string& text : texts) items.push_back(TextNode(text, place));
  return Node::Sequence(std::move(items), place);
}

RuleDraft Native(const RuleHome& home, std::string id, std::string kind, std::vector<Node::Member> with,
                 Place place) {
  RuleDraft draft;
  RuleSpec& spec = draft.spec;
  spec.id = std::move(id);
  spec.kind = std::move(kind);
  spec.with = Node::Map(std::move(with), place);
  spec.object = home.object_name;
  spec.field = home.field_name;
  spec.dimension = DefaultDimension(spec.kind);
  spec.weight = record::DefaultWeight(spec.severity);
  spec.native = true;
  spec.place = place;
  draft.id_place = std::move(place);
  return draft;
}

// A rule "<field>_<suffix>" of one field.
RuleDraft FieldRule(const RuleHome& home, std::string_view suffix, std::string kind, const Place& place,
                    std::vector<Node::Member> more = {}) {
  std::vector<Node::Member> with = {{"field", place, TextNode(home.field_name, place)}};
  for (Node::Member& member : more) with.push_back(std::move(member));
  return Native(home, fmt::format("{}_{}", home.field_name, suffix), std::move(kind), std::move(with), place);
}

bool IsTrue(const Node& node) { return node.AsBool().value_or(false); }

// "9.0" is a whole number to JSON Schema; rule kinds want it written as one.
Node WithoutFraction(const Node& node) {
  const json::Value value = node.ToJson();
  if (node.AsInteger() || !value.is_double() || std::abs(value.get_double()) > 1e15) return node;
  const double number = value.get_double();
  return std::floor(number) == number ? Node::Scalar(fmt::format("{:.0f}", number), false, node.place())
                                      : node;
}

// The options that are present, under the names that rule kinds give them.
std::vector<Node::Member> Bounds(const Node& options,
                                 std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
  std::vector<Node::Member> bounds;
  for (const auto& [option, name] : names) {
    const Node value = options[option];
    if (value.is_scalar())
      bounds.push_back({std::string(name), options.KeyPlace(option), WithoutFraction(value)});
  }
  return bounds;
}

void AddType(const RuleHome& home, LogicalType type, std::vector<RuleDraft>& rules) {
  RuleDraft draft = FieldRule(home, "type", "type", home.property.KeyPlace("logicalType"));
  const std::string format = home.property["logicalTypeOptions"]["format"].AsText().value_or("");
  const bool timed =
      type == LogicalType::kDate || type == LogicalType::kTime || type == LogicalType::kTimestamp;
  draft.spec.description =
      fmt::format("{} is written as {}{}", home.field_name, data::LogicalTypeName(type),
                  timed && !format.empty() ? fmt::format(" in the form {}", format) : "");
  rules.push_back(std::move(draft));
}

void AddPattern(const RuleHome& home, const Node& options, std::vector<RuleDraft>& rules, Issues& issues) {
  const Node pattern = options["pattern"];
  if (!pattern.is_scalar()) return;
  const std::string problem = PatternProblem(pattern.text());
  if (!problem.empty()) {
    issues.Error(pattern.place(), "pattern-not-supported",
                 fmt::format("this pattern cannot be run: {}", problem), "write it within the syntax of RE2");
  }
  const Place place = options.KeyPlace("pattern");
  rules.push_back(FieldRule(home, "pattern", "pattern", place, {{"pattern", place, pattern}}));
}

void AddTextOptions(const RuleHome& home, const Node& options, std::vector<RuleDraft>& rules,
                    Issues& issues) {
  AddPattern(home, options, rules, issues);
  std::vector<Node::Member> length = Bounds(options, {{"minLength", "min"}, {"maxLength", "max"}});
  if (!length.empty()) {
    const Place place = length.front().key_place;
    rules.push_back(FieldRule(home, "length", "length", place, std::move(length)));
  }
  if (options["format"].present()) {
    issues.Warn(options.KeyPlace("format"), "not-checked",
                fmt::format("the format of \"{}\" is noted but not checked", home.field_name),
                "say it as a pattern, or add a rule with engine: concordat");
  }
}

void AddRange(const RuleHome& home, const Node& options, std::vector<RuleDraft>& rules, Issues& issues) {
  std::vector<Node::Member> range = Bounds(options, {{"minimum", "min"},
                                                     {"maximum", "max"},
                                                     {"exclusiveMinimum", "exclusive_min"},
                                                     {"exclusiveMaximum", "exclusive_max"}});
  if (!range.empty()) {
    const Place place = range.front().key_place;
    rules.push_back(FieldRule(home, "range", "range", place, std::move(range)));
  }
  if (options["multipleOf"].present()) {
    issues.Warn(options.KeyPlace("multipleOf"), "not-checked",
                fmt::format("multipleOf of \"{}\" is noted but not checked", home.field_name),
                "use rule decimal_places or expression with engine: concordat");
  }
}

std::string RelationshipId(const std::vector<std::string>& fields) {
  return fmt::format("{}_reference", fmt::join(fields, "_"));
}

// Names of the properties that the references mean, all of one object; the reason when they do not.
std::string ResolveAll(const RuleHome& home, const std::vector<Node>& references, std::string& object,
                       std::vector<std::string>& properties) {
  for (const Node& reference : references) {
    const Reference found = FindReference(home.document, reference.text());
    if (found.outcome == Reference::Outcome::kExternal)
      return fmt::format("{} is in another document", reference.text());
    if (found.outcome != Reference::Outcome::kProperty)
      return fmt::format("{} is not in this document", reference.text());
    if (!object.empty() && object != found.object)
      return fmt::format("{} is of another object", reference.text());
    object = found.object;
    properties.push_back(found.property);
  }
  return "";
}

std::string DatasetOf(const RuleHome& home, const std::string& object) {
  if (home.document["schema"].items().size() <= 1) return home.contract_name;
  return fmt::format("{}/{}", home.contract_name, object);
}

// `from` holds the names of this object's fields.
void AddReference(const RuleHome& home, const Node& relationship, std::vector<std::string> from,
                  std::string problem, std::vector<RuleDraft>& rules) {
  const Place& place = relationship.place();
  std::string target;
  std::vector<std::string> key;
  if (problem.empty()) problem = ResolveAll(home, ReferenceList(relationship["to"]), target, key);
  RuleDraft draft = Native(home, RelationshipId(from), "in_reference",
                           {{"fields", place, TextsNode(from, place)},
                            {"dataset", place, TextNode(DatasetOf(home, target), place)},
                            {"key", place, TextsNode(key, place)}},
                           place);
  draft.id_may_change = true;
  draft.spec.not_evaluated = std::move(problem);  // CheckMeaning has warned of what is not in the document
  rules.push_back(std::move(draft));
}

}  // namespace

void AddPropertyRules(const RuleHome& home, bool in_primary_key, std::vector<RuleDraft>& rules,
                      Issues& issues) {
  const Node& property = home.property;
  const LogicalType type = ReadLogicalType(property);
  const Node options = property["logicalTypeOptions"];
  if (in_primary_key || IsTrue(property["required"])) {
    const char* key = IsTrue(property["required"]) ? "required" : "primaryKey";
    rules.push_back(FieldRule(home, "required", "required", property.KeyPlace(key)));
  }
  if (type != LogicalType::kString) {
    AddType(home, type, rules);
  }
  if (IsTrue(property["unique"])) {
    const Place place = property.KeyPlace("unique");
    rules.push_back(Native(home, home.field_name + "_unique", "unique",
                           {{"fields", place, TextsNode({home.field_name}, place)}}, place));
  }
  if (type == LogicalType::kString && property["logicalType"].AsText() == "string") {
    AddTextOptions(home, options, rules, issues);
  } else if (type != LogicalType::kString) {
    AddRange(home, options, rules, issues);
  }
  for (const Node& relationship : property["relationships"].items()) {
    AddReference(home, relationship, {home.field_name}, "", rules);
  }
}

void AddObjectRules(const RuleHome& home, const std::vector<std::string>& primary_key,
                    std::vector<RuleDraft>& rules, Issues& issues) {
  if (!primary_key.empty()) {
    const Place place = home.object.KeyPlace("properties");
    rules.push_back(Native(home, home.object_name + "_primary_key", "unique",
                           {{"fields", place, TextsNode(primary_key, place)}}, place));
  }
  for (const Node& relationship : home.object["relationships"].items()) {
    std::string object;
    std::vector<std::string> from;
    std::string problem = ResolveAll(home, ReferenceList(relationship["from"]), object, from);
    if (problem.empty() && object != home.object_name) {
      problem = fmt::format("it starts from the object \"{}\"", object);
      issues.Warn(relationship.KeyPlace("from"), "not-evaluated",
                  fmt::format("this relationship is listed but not run: {}", problem),
                  fmt::format("move it to \"{}\"", object));
    }
    AddReference(home, relationship, std::move(from), std::move(problem), rules);
  }
}

}  // namespace concordat::policy
