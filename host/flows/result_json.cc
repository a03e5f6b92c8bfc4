#include "host/flows/result_json.h"

#include <algorithm>

#include "host/flows/text_array.h"
#include "host/quality/check_json.h"

namespace concordat::flows {
namespace {

quality::CheckFacts FactsOf(const FeedPlan& plan, const Source& source, const policy::Period& period,
                            absl::Time as_of, const Judged& judged) {
  quality::CheckFacts facts;
  facts.feed = plan.feed->id.str();
  facts.partner = plan.feed->partner.str();
  facts.dataset = plan.feed->dataset().str();
  if (!period.id.empty()) facts.period = period;
  facts.as_of = as_of;
  facts.contract_id = plan.contract->id;
  facts.contract_version = plan.contract->version;
  facts.contract_digest = plan.contract->digest;
  facts.policy_digest = plan.policies->set->digest;
  facts.adapter_name = plan.manifest->name;
  facts.adapter_version = plan.manifest->version;
  facts.adapter_digest = plan.manifest->digest;
  facts.source_name = source.name;
  facts.source_bytes = source.bytes;
  facts.source_digest = source.digest;
  facts.source = judged.facts;
  facts.seconds = judged.seconds;
  return facts;
}

// Why each rule is there: its clause of the quality policy, where the partnership has one.
void AddClauses(const FeedPlan& plan, json::Object& result) {
  const auto& policy = plan.policies->set->quality_policy;
  if (!policy) return;
  result["qualityPolicy"] =
      json::Object{{"id", policy->id}, {"version", policy->version}, {"digest", policy->digest}};
  for (json::Value& rule : result["rules"].as_array()) {
    const std::string id = json::TextOr(rule, "id", "");
    const auto spec = std::find_if(plan.object->rules.begin(), plan.object->rules.end(),
                                   [&](const policy::RuleSpec& written) { return written.id == id; });
    const auto dimension = record::DimensionFrom(json::TextOr(rule, "dimension", ""));
    const policy::QualityClause* clause =
        spec != plan.object->rules.end() ? policy->Behind(spec->clause, spec->kind, spec->dimension)
                                         : policy->Behind("", json::TextOr(rule, "kind", ""),
                                                          dimension.value_or(record::Dimension::kConformity));
    rule.as_object()["clause"] =
        clause == nullptr ? json::Value(nullptr)
                          : json::Value(json::Object{{"id", clause->id}, {"title", clause->title}});
  }
}

std::vector<std::string> NotesOf(const Judged& judged) {
  std::vector<std::string> notes = judged.facts.notes;
  notes.insert(notes.end(), judged.notes.begin(), judged.notes.end());
  for (const std::string& hint : judged.matching.hints) notes.push_back(hint);
  return notes;
}

}  // namespace

json::Object JudgementJson(const FeedPlan& plan, const Source& source, const policy::Period& period,
                           absl::Time as_of, const Judged& judged, bool show_values) {
  json::Object result =
      quality::CheckJson(FactsOf(plan, source, period, as_of, judged), judged.outcome.scorecard,
                         judged.outcome.decision, plan.object->schema.get(), show_values);
  result["couldNotEvaluate"] = judged.outcome.decision.could_not_evaluate;
  result["columns"] = json::Object{{"ignored", TextArray(judged.matching.ignored_columns)},
                                   {"absent", TextArray(judged.matching.absent_fields)},
                                   {"hints", TextArray(judged.matching.hints)}};
  if (judged.left_out > 0) result["records"].as_object()["leftOut"] = judged.left_out;
  AddClauses(plan, result);
  if (const auto notes = NotesOf(judged); !notes.empty()) result["notes"] = TextArray(notes);
  return result;
}

json::Object WithoutSamples(const json::Object& result) {
  json::Object copy = result;
  json::Value* rules = copy.if_contains("rules");
  if (rules == nullptr || !rules->is_array()) return copy;
  for (json::Value& rule : rules->get_array()) {
    if (rule.is_object()) rule.get_object()["samples"] = json::Array();
  }
  return copy;
}

}  // namespace concordat::flows
