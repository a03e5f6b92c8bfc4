#include "host/flows/policy_diff.h"

#include <map>

#include "fmt/format.h"
#include "host/quality/threshold.h"

namespace concordat::flows {
namespace {

using policy::RuleSpec;

std::string DayText(const std::optional<absl::CivilDay>& day) {
  return day ? absl::FormatCivilTime(*day) : "";
}

std::string HandlingText(policy::Handling handling) {
  constexpr std::string_view kWords[] = {"default", "skip", "fail", "unresolved"};
  return std::string(kWords[static_cast<size_t>(handling)]);
}

// Everything about a rule that can change what it says of a record or counts for, by name.
std::vector<std::pair<std::string, std::string>> AspectsOf(const RuleSpec& rule) {
  return {{"rule", rule.kind},
          {"with", json::Canonical(rule.with.ToJson())},
          {"when", rule.when},
          {"field", rule.field},
          {"dimension", std::string(record::DimensionName(rule.dimension))},
          {"severity", std::string(record::SeverityName(rule.severity))},
          {"weight", fmt::format("{}", rule.weight)},
          {"threshold", quality::ThresholdText(rule)},
          {"onMissing", HandlingText(rule.on_missing)},
          {"onUnparseable", HandlingText(rule.on_unparseable)},
          {"state", std::string(record::RuleLifeName(rule.lifetime.state))},
          {"effective", DayText(rule.lifetime.effective)},
          {"until", DayText(rule.lifetime.until)}};
}

std::map<std::string, const RuleSpec*> RulesOf(const policy::Contract& contract) {
  std::map<std::string, const RuleSpec*> rules;
  for (const policy::ContractObject& object : contract.objects) {
    for (const RuleSpec& rule : object.rules) rules[rule.id] = &rule;
  }
  return rules;
}

std::string InShort(const RuleSpec& rule) {
  return fmt::format("{} {} ({}, {})", rule.kind, json::Canonical(rule.with.ToJson()),
                     record::DimensionName(rule.dimension), record::SeverityName(rule.severity));
}

void DiffRules(const std::string& file, const policy::Contract& before, const policy::Contract& after,
               std::vector<PolicyChange>& changes) {
  const auto old_rules = RulesOf(before);
  const auto new_rules = RulesOf(after);
  for (const auto& [id, rule] : old_rules) {
    if (!new_rules.contains(id)) changes.push_back({file, "rule", id, "removed", "", InShort(*rule), ""});
  }
  for (const auto& [id, rule] : new_rules) {
    const auto old = old_rules.find(id);
    if (old == old_rules.end()) {
      changes.push_back({file, "rule", id, "added", "", "", InShort(*rule)});
      continue;
    }
    const auto was = AspectsOf(*old->second);
    const auto is = AspectsOf(*rule);
    for (size_t i = 0; i < is.size(); ++i) {
      if (was[i].second != is[i].second)
        changes.push_back({file, "rule", id, "changed", is[i].first, was[i].second, is[i].second});
    }
  }
}

const policy::Contract* ContractAt(const policy::PolicySet& set, const std::string& path) {
  for (const policy::Contract& contract : set.contracts) {
    if (contract.path == path) return &contract;
  }
  return nullptr;
}

}  // namespace

std::vector<PolicyChange> DiffPolicies(const policy::PolicySet& before, const policy::PolicySet& after) {
  std::vector<PolicyChange> changes;
  for (const auto& [path, digest] : before.digests) {
    if (!after.digests.contains(path)) changes.push_back({path, "document", "", "removed", "", digest, ""});
  }
  for (const auto& [path, digest] : after.digests) {
    const auto old = before.digests.find(path);
    if (old == before.digests.end()) {
      changes.push_back({path, "document", "", "added", "", "", digest});
    } else if (old->second != digest) {
      changes.push_back({path, "document", "", "changed", "", old->second, digest});
      const policy::Contract* was = ContractAt(before, path);
      const policy::Contract* is = ContractAt(after, path);
      if (was != nullptr && is != nullptr) DiffRules(path, *was, *is, changes);
    }
  }
  return changes;
}

}  // namespace concordat::flows
