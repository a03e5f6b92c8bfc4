#include "host/quality/check_json.h"

#include <cmath>

#include "host/base/clock.h"
#include "host/data/parse.h"
#include "host/quality/mask.h"

namespace concordat::quality {
namespace {

json::Value TextOrNull(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}

json::Value PeriodJson(const std::optional<policy::Period>& period) {
  if (!period || period->id.empty()) return nullptr;
  return json::Object{
      {"id", period->id}, {"from", data::DateText(period->from)}, {"to", data::DateText(period->to)}};
}

json::Object SourceJson(const CheckFacts& facts) {
  json::Object source{{"name", facts.source_name}, {"bytes", facts.source_bytes}};
  if (!facts.source_digest.empty()) source["sha256"] = facts.source_digest;
  source["encoding"] = TextOrNull(facts.source.encoding);
  source["delimiter"] = TextOrNull(facts.source.delimiter);
  source["headerLine"] =
      facts.source.header_line == 0 ? json::Value(nullptr) : json::Value(facts.source.header_line);
  return source;
}

json::Array DimensionsJson(const record::Scorecard& card) {
  json::Array dimensions;
  for (const record::DimensionScore& dimension : card.dimensions) {
    json::Object one{{"dimension", dimension.dimension},
                     {"score", ScoreJson(dimension.score)},
                     {"rules", dimension.rules}};
    if (!dimension.basis.empty()) one["basis"] = dimension.basis;
    dimensions.push_back(std::move(one));
  }
  return dimensions;
}

json::Object SampleJson(const record::Finding& finding) {
  json::Object values;
  for (const auto& [column, value] : finding.values) values[column] = value;
  json::Object sample{{"record", finding.record},
                      {"line", finding.line},
                      {"values", std::move(values)},
                      {"message", finding.message}};
  if (!finding.mend.empty()) sample["mend"] = finding.mend;
  if (finding.unresolved) sample["unresolved"] = true;
  return sample;
}

json::Object TimingJson(const CheckFacts& facts, const record::Scorecard& card) {
  const auto rate = [&facts](uint64_t count) {
    return facts.seconds > 0 ? std::floor(static_cast<double>(count) / facts.seconds) : 0.0;
  };
  return {{"seconds", facts.seconds},
          {"recordsPerSecond", rate(card.total)},
          {"bytesPerSecond", rate(facts.source_bytes)}};
}

}  // namespace

json::Value ScoreJson(std::optional<double> score) {
  return score ? json::Value(record::ShownScore(*score)) : json::Value(nullptr);
}

json::Array ReasonsJson(const record::Decision& decision) {
  json::Array reasons;
  for (const record::Reason& reason : decision.reasons)
    reasons.push_back(json::Object{{"rule", reason.rule}, {"message", reason.message}});
  return reasons;
}

json::Object RecordsJson(const record::Scorecard& card) {
  return {{"total", card.total},
          {"accepted", card.accepted},
          {"quarantined", card.quarantined},
          {"unreadable", card.unreadable},
          {"blank", card.blank}};
}

json::Object RuleJson(const record::RuleResult& rule, const data::Schema* schema, bool show_values) {
  json::Object object{{"id", rule.id},
                      {"origin", record::OriginName(rule.origin)},
                      {"kind", rule.kind},
                      {"description", rule.description},
                      {"dimension", record::DimensionName(rule.dimension)},
                      {"severity", record::SeverityName(rule.severity)},
                      {"weight", rule.weight},
                      {"status", record::RuleStatusName(rule.status)},
                      {"state", record::RuleLifeName(rule.life)}};
  object["columns"] = json::Array(rule.columns.begin(), rule.columns.end());
  object["pass"] = rule.counts.pass;
  object["fail"] = rule.counts.fail;
  object["skip"] = rule.counts.skip;
  object["unresolved"] = rule.counts.unresolved;
  object["error"] = rule.counts.error;
  if (rule.groups) object["groups"] = *rule.groups;
  if (rule.occurrences) object["occurrences"] = *rule.occurrences;
  if (rule.figure) object["figure"] = *rule.figure;
  object["threshold"] = rule.threshold;
  const auto interval = record::PassInterval(rule.counts);
  if (interval && !rule.dataset_rule && rule.counts.measured() < record::kFewRecords)
    object["interval"] = json::Array{interval->low, interval->high};
  if (!rule.note.empty()) object["note"] = rule.note;
  json::Array samples;
  for (const record::Finding& finding : rule.samples) {
    samples.push_back(SampleJson(show_values || schema == nullptr ? finding : Masked(finding, *schema)));
  }
  object["samples"] = std::move(samples);
  return object;
}

json::Object CheckJson(const CheckFacts& facts, const record::Scorecard& card,
                       const record::Decision& decision, const data::Schema* schema, bool show_values) {
  json::Object document{{"decision", record::VerdictName(decision.verdict)},
                        {"reasons", ReasonsJson(decision)},
                        {"feed", facts.feed},
                        {"partner", facts.partner},
                        {"dataset", facts.dataset}};
  document["period"] = PeriodJson(facts.period);
  document["asOf"] = TimeText(facts.as_of);
  document["contract"] = json::Object{
      {"id", facts.contract_id}, {"version", facts.contract_version}, {"digest", facts.contract_digest}};
  document["policyDigest"] = facts.policy_digest;
  document["adapter"] = json::Object{
      {"name", facts.adapter_name}, {"version", facts.adapter_version}, {"digest", facts.adapter_digest}};
  document["source"] = SourceJson(facts);
  document["records"] = RecordsJson(card);
  document["score"] = ScoreJson(card.score);
  document["grade"] =
      card.grade ? json::Value(std::string(1, record::GradeLetter(*card.grade))) : json::Value(nullptr);
  document["evaluatedShare"] = card.evaluated_share;
  document["dimensions"] = DimensionsJson(card);
  json::Array rules;
  for (const record::RuleResult& rule : card.rules) rules.push_back(RuleJson(rule, schema, show_values));
  document["rules"] = std::move(rules);
  document["timing"] = TimingJson(facts, card);
  return document;
}

}  // namespace concordat::quality
