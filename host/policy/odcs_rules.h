// The rules of a contract in one uniform list, whichever of ODCS's forms they are written in.
#pragma once

#include <string>
#include <vector>

#include "host/policy/node.h"
#include "host/policy/rule_spec.h"

namespace concordat::policy {

/// A rule on its way into the contract.
struct RuleDraft {
  RuleSpec spec;
  Place id_place;
  bool id_may_change = false;  // made up by us for a rule without one: gives way to written and promised ids
};

/// Where rules stand: an object of the contract's schema, or one of its properties.
struct RuleHome {
  const Node& document;
  const Node& object;
  std::string contract_name;
  std::string object_name;
  Node property;           // absent for a rule of the object
  std::string field_name;  // empty for a rule of the object
};

/// odcs_native_rules.cc: the keys that are rules in themselves, of the home's property: required,
/// logicalType, unique, logicalTypeOptions, relationships.
void AddPropertyRules(const RuleHome& home, bool in_primary_key, std::vector<RuleDraft>& rules,
                      Issues& issues);
/// odcs_native_rules.cc: those of the object: its primary key and its relationships.
void AddObjectRules(const RuleHome& home, const std::vector<std::string>& primary_key,
                    std::vector<RuleDraft>& rules, Issues& issues);
/// odcs_quality_rules.cc: the entries of the home's `quality` list.
void AddQualityRules(const RuleHome& home, std::vector<RuleDraft>& rules, Issues& issues);
/// odcs_library_rules.cc: one entry with a `metric`; `common` carries what all entries have.
void AddLibraryRule(const RuleHome& home, const Node& entry, RuleDraft common, std::vector<RuleDraft>& rules,
                    Issues& issues);

/// The dimension that a rule kind measures unless its author says another.
record::Dimension DefaultDimension(std::string_view kind);

/// What a native rule asks, in words; empty when they would say nothing.
std::string DescribeNative(const RuleSpec& spec);

/// Notes that the host cannot run the rule, and why; lint warns of it.
void MarkNotEvaluated(RuleSpec& spec, std::string reason, std::string hint, Issues& issues);

/// All rules of one object with ids that differ: a made-up id that is taken gets a number, any other that is
/// taken is an error.
std::vector<RuleSpec> SettleIds(std::vector<RuleDraft> drafts, Issues& issues);

}  // namespace concordat::policy
