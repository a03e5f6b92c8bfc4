#include "host/flows/check_on_host.h"

#include "host/flows/adapter_runs.h"
#include "host/flows/check.h"
#include "host/flows/history.h"
#include "host/flows/references.h"
#include "host/flows/same_file.h"

namespace concordat::flows {

absl::Status AdmitCheck(const HostParts& host, const Caller& caller, const FeedId& feed) {
  ASSIGN_OR_RETURN(const FeedPlan plan, PlanFeed(host.policies->Get(), *host.Adapters(), feed));
  RETURN_IF_ERROR(
      RequireRole(caller, plan.feed->partner, {"steward"}, "check a file for feed " + feed.str()));
  return RequireAdapterFit(host, plan);
}

namespace {

absl::StatusOr<json::Object> CheckOne(const HostParts& host, const HostCheck& check, Spool& spool) {
  CheckRequest request;
  ASSIGN_OR_RETURN(request.plan, PlanFeed(host.policies->Get(), *host.Adapters(), check.feed));
  RETURN_IF_ERROR(spool.Finish());
  request.source = {spool.fd(), check.source_name, spool.bytes(), spool.FinishDigest(), spool.key()};
  const std::shared_ptr<const policy::PolicySet> set = request.plan.policies->set;
  if (!check.period.empty()) {
    ASSIGN_OR_RETURN(request.period, policy::ParsePeriod(check.period, set->partnership.year_start_month,
                                                         set->partnership.year_start_day));
  }
  request.as_of = host.clock->Now();
  if (!check.as_of.empty()) {
    ASSIGN_OR_RETURN(request.as_of, ParseTime(check.as_of));
  }
  request.samples = check.samples;
  request.worker = host.worker;
  request.limits = host.limits;
  request.progress = check.progress;
  request.dataset = [&host, set](const DatasetId& dataset) {
    return DatasetTable(*host.store, *set, dataset);
  };
  if (request.period) {
    request.previous = [&host, set, &request] {
      return PreviousSubmissionOf(*host.store, set->partnership, request.plan.feed->id, *request.period);
    };
  }
  absl::StatusOr<CheckResult> result = Check(request);
  RETURN_IF_ERROR(CountAdapterRun(host, request.plan, check.caller, SubmissionId(), result.status()));
  return std::move(result->result);
}

}  // namespace

absl::StatusOr<json::Object> CheckOnHost(const HostParts& host, const HostCheck& check, Spool& spool) {
  ASSIGN_OR_RETURN(json::Object result, CheckOne(host, check, spool));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  json::Array outputs;
  for (const policy::Feed* other : FeedsOfSameFile(*policies->set, check.feed)) {
    HostCheck of_other = check;
    of_other.feed = other->id;
    ASSIGN_OR_RETURN(json::Object output, CheckOne(host, of_other, spool));
    outputs.push_back(std::move(output));
  }
  if (!outputs.empty()) result["outputs"] = std::move(outputs);
  return result;
}

}  // namespace concordat::flows
