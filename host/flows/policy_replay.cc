#include "host/flows/policy_replay.h"

#include <algorithm>
#include <map>
#include <set>

#include "fmt/format.h"
#include "host/flows/due.h"
#include "host/flows/history.h"
#include "host/flows/keep_source.h"
#include "host/flows/mend_file.h"
#include "host/flows/pipeline.h"
#include "host/flows/references.h"
#include "host/flows/result_json.h"

namespace concordat::flows {
namespace {

// What a person compares of a judgement.
json::Object Summary(const json::Value& result) {
  json::Object summary;
  for (const char* key : {"decision", "score", "grade"}) {
    const json::Value* const value = json::Find(result, key);
    if (value != nullptr) summary[key] = *value;
  }
  const json::Value* const records = json::Find(result, "records");
  if (records == nullptr) return summary;
  for (const char* key : {"accepted", "quarantined", "unreadable"}) {
    const json::Value* const value = json::Find(*records, key);
    if (value != nullptr) summary[key] = *value;
  }
  return summary;
}

json::Object RuleSummary(const json::Value& rule) {
  json::Object summary;
  for (const char* key : {"status", "state", "fail", "unresolved", "figure"}) {
    const json::Value* const value = json::Find(rule, key);
    if (value != nullptr) summary[key] = *value;
  }
  return summary;
}

std::map<std::string, json::Object> RulesOf(const json::Value& result) {
  std::map<std::string, json::Object> rules;
  const json::Value* const list = json::Find(result, "rules");
  if (list == nullptr || !list->is_array()) return rules;
  for (const json::Value& rule : list->as_array()) rules[json::TextOr(rule, "id", "")] = RuleSummary(rule);
  return rules;
}

// Rules that came, went or counted otherwise, by their ids.
json::Array RuleDifferences(const json::Value& before, const json::Value& after) {
  const auto was = RulesOf(before);
  const auto is = RulesOf(after);
  std::set<std::string> ids;
  for (const auto& [id, rule] : was) ids.insert(id);
  for (const auto& [id, rule] : is) ids.insert(id);
  json::Array differences;
  for (const std::string& id : ids) {
    const auto old = was.find(id);
    const auto now = is.find(id);
    if (old != was.end() && now != is.end() && old->second == now->second) continue;
    json::Object difference{{"id", id}};
    difference["before"] = old == was.end() ? json::Value() : json::Value(old->second);
    difference["after"] = now == is.end() ? json::Value() : json::Value(now->second);
    differences.push_back(std::move(difference));
  }
  return differences;
}

json::Object RowOf(const store::Attempt& attempt) {
  return {{"submission", attempt.id.str()},
          {"feed", attempt.feed.str()},
          {"period", attempt.period},
          {"state", attempt.state},
          {"received", TimeText(attempt.received)}};
}

absl::StatusOr<PipelineRun> RunOf(const HostParts& host,
                                  const std::shared_ptr<const LoadedPolicies>& policies,
                                  const store::Attempt& attempt, const Source& source) {
  PipelineRun run;
  ASSIGN_OR_RETURN(run.plan, PlanFeed(policies, *host.Adapters(), attempt.feed));
  const policy::Partnership& partnership = policies->set->partnership;
  ASSIGN_OR_RETURN(
      const policy::Period period,
      policy::ParsePeriod(attempt.period, partnership.year_start_month, partnership.year_start_day));
  run.source = source;
  run.source.digest = attempt.source_digest;
  if (!attempt.corrections.empty()) {
    ASSIGN_OR_RETURN(run.corrections, CorrectionsFromJson(attempt.corrections));
  }
  run.context.as_of = attempt.received;
  run.context.received = attempt.received;
  run.context.period = period;
  run.context.on_host = true;
  if (run.plan.feed->schedule) run.context.due = DueTime(*run.plan.feed->schedule, period);
  run.context.threads = DefaultJudgingThreads();
  run.context.previous = [&host, policies, feed = attempt.feed, period, at = attempt.received] {
    return PreviousSubmissionOf(*host.store, policies->set->partnership, feed, period, at);
  };
  run.context.dataset = [&host, policies, at = attempt.received](const DatasetId& dataset) {
    return DatasetTable(*host.store, *policies->set, dataset, at);
  };
  run.worker = host.worker;
  run.limits = host.limits;
  run.limits = host.limits;
  return run;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PolicyReplay>> PolicyReplay::Start(const HostParts& host,
                                                                  const ReplayRequest& request) {
  RETURN_IF_ERROR(RequireAdministrator(request.caller, "judge past submissions again"));
  Issues issues;
  auto policies = LoadPolicies(request.folder, host.Adapters().get(), issues);
  if (policies == nullptr) {
    std::string mistakes;
    for (const Issue& issue : issues.list()) mistakes += RenderIssue(issue) + "\n";
    return absl::FailedPreconditionError(
        fmt::format("{}the policies in {} have mistakes; nothing was judged", mistakes, request.folder));
  }
  store::SubmissionStore::Filter filter;
  filter.feed = request.feed;
  filter.brief = true;
  ASSIGN_OR_RETURN(std::vector<store::Attempt> attempts, host.store->List(filter));
  std::erase_if(attempts, [&](const store::Attempt& attempt) { return attempt.received < request.since; });
  std::reverse(attempts.begin(), attempts.end());
  return std::unique_ptr<PolicyReplay>(new PolicyReplay(host, std::move(policies), std::move(attempts)));
}

absl::StatusOr<std::optional<json::Object>> PolicyReplay::Next() {
  if (done_ == attempts_.size()) return std::nullopt;
  const store::Attempt& attempt = attempts_[done_++];
  absl::StatusOr<json::Object> row = JudgeAgain(attempt);
  if (row.ok()) return *std::move(row);
  json::Object skipped = RowOf(attempt);
  skipped["skipped"] = std::string(MessageOf(row.status()));
  return skipped;
}

absl::StatusOr<json::Object> PolicyReplay::JudgeAgain(const store::Attempt& attempt) const {
  ASSIGN_OR_RETURN(const store::Attempt whole, host_.store->Get(attempt.id));
  const absl::StatusOr<KeptSource> kept = OpenKeptSource(host_, whole);
  if (!kept.ok()) return absl::NotFoundError("its source is no longer kept (see keep_source of the feed)");
  ASSIGN_OR_RETURN(PipelineRun run, RunOf(host_, policies_, whole, kept->source));
  ASSIGN_OR_RETURN(const Judged judged, JudgeSource(run));
  // Through its text, as the stored one came: 100 and 100.0 are the same.
  ASSIGN_OR_RETURN(const json::Value after,
                   json::Parse(json::Compact(
                       JudgementJson(run.plan, run.source, run.context.period, attempt.received, judged))));
  json::Object row = RowOf(attempt);
  json::Object was = Summary(whole.result);
  json::Object is = Summary(after);
  json::Array rules = RuleDifferences(whole.result, after);
  row["differs"] = was != is || !rules.empty();
  row["before"] = std::move(was);
  row["after"] = std::move(is);
  row["rules"] = std::move(rules);
  return row;
}

}  // namespace concordat::flows
