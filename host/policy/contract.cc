#include "host/policy/contract.h"

#include <utility>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/policy/odcs_custom.h"
#include "host/policy/odcs_fields.h"
#include "host/policy/odcs_meaning.h"
#include "host/policy/odcs_retention.h"
#include "host/policy/odcs_rules.h"
#include "host/policy/odcs_structure.h"

namespace concordat::policy {
namespace {

std::string TextOf(const Node& node) { return node.AsText().value_or(""); }

void ReadPropertyRules(RuleHome home, std::vector<RuleDraft>& rules, Issues& issues) {
  for (const Node& property : home.object["properties"].items()) {
    if (!property.is_map()) continue;
    home.property = property;
    home.field_name = TextOf(property["name"]);
    const bool in_key = property["primaryKey"].AsBool().value_or(false);
    AddPropertyRules(home, in_key, rules, issues);
    AddQualityRules(home, rules, issues);
  }
}

ContractObject ReadObject(const Node& document, const Node& node, const std::string& contract_name,
                          Issues& issues) {
  ContractObject object;
  object.name = TextOf(node["name"]);
  const bool alone = document["schema"].items().size() <= 1;
  object.schema = std::make_shared<const data::Schema>(
      ReadFields(node, alone ? contract_name : fmt::format("{}/{}", contract_name, object.name), issues));
  object.primary_key = ReadPrimaryKey(node);
  object.quasi_identifiers = ReadQuasiIdentifiers(node);
  const RuleHome home{document, node, contract_name, object.name, {}, ""};
  std::vector<RuleDraft> rules;
  ReadPropertyRules(home, rules, issues);
  AddObjectRules(home, object.primary_key, rules, issues);
  AddQualityRules(home, rules, issues);
  object.rules = SettleIds(std::move(rules), issues);
  return object;
}

std::vector<std::pair<record::Dimension, double>> ReadDimensionWeights(const Node& document, Issues& issues) {
  std::vector<std::pair<record::Dimension, double>> weights;
  const Node map = CustomProperty(document, "dimensionWeights");
  if (map.present() && !map.is_map()) {
    issues.Error(map.place(), "wrong-type", "dimensionWeights must be a map of dimension to weight",
                 "write it as {completeness: 2, conformity: 1}");
  }
  for (const Node::Member& member : map.members()) {
    const auto dimension = record::DimensionFrom(member.key);
    const std::optional<double> weight = member.value.AsNumber();
    if (!dimension) {
      issues.Error(member.key_place, "unknown-dimension",
                   fmt::format("\"{}\" is not a dimension", member.key),
                   DidYouMean(member.key, {"accuracy", "completeness", "conformity", "consistency",
                                           "coverage", "timeliness", "uniqueness"}));
    } else if (!weight || *weight < 0) {
      issues.Error(member.value.place(), "bad-weight",
                   "the weight of a dimension must be a number from 0 up");
    } else {
      weights.emplace_back(*dimension, *weight);
    }
  }
  return weights;
}

// The schema lists 2.2 among its versions, but documents of 2.2 are built otherwise.
void WarnOfOldVersion(const Node& document, Issues& issues) {
  const Node version = document["apiVersion"];
  if (!version.is_scalar() || !version.text().starts_with("v2.")) return;
  issues.Warn(version.place(), "old-version", fmt::format("{} is read as if it were v3.1", version.text()),
              "write apiVersion: v3.1.0");
}

}  // namespace

const ContractObject* Contract::FindObject(std::string_view object) const {
  for (const ContractObject& candidate : objects) {
    if (candidate.name == object) return &candidate;
  }
  return nullptr;
}

Contract ReadContract(const Node& document, Issues& issues) {
  CheckStructure(document, issues);
  CheckMeaning(document, issues);
  WarnOfOldVersion(document, issues);
  Contract contract;
  contract.id = TextOf(document["id"]);
  contract.name = TextOf(document["name"]);
  contract.version = TextOf(document["version"]);
  contract.status = TextOf(document["status"]);
  contract.title = TextOf(document["description"]["purpose"]);
  contract.digest = DigestOf(json::Canonical(document.ToJson()));
  contract.dimension_weights = ReadDimensionWeights(document, issues);
  contract.retention = ReadRetention(document, issues);
  contract.place = document.place();
  if (contract.place.source) contract.path = contract.place.source->name;
  for (const Node& object : document["schema"].items()) {
    if (object.is_map()) contract.objects.push_back(ReadObject(document, object, contract.name, issues));
  }
  return contract;
}

bool LooksLikeContract(const Node& document, std::string_view path) {
  if (path.ends_with(".odcs.yaml") || path.ends_with(".odcs.yml")) return true;
  if (TextOf(document["kind"]) == "DataContract") return true;
  const std::string version = TextOf(document["apiVersion"]);
  return version.starts_with("v3.") || version.starts_with("v2.2.");
}

}  // namespace concordat::policy
