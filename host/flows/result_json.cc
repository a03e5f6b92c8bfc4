#include "host/flows/result_json.h"

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

std::vector<std::string> NotesOf(const Judged& judged) {
  std::vector<std::string> notes = judged.facts.notes;
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
                                   {"absent", TextArray(judged.matching.absent_fields)}};
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
