#include "host/flows/rule_batch.h"

#include "fmt/format.h"
#include "host/flows/access_request.h"
#include "host/flows/receipts.h"

namespace concordat::flows {
absl::StatusOr<RuledBatch> RuleBatch(const HostParts& host, const Caller& caller,
                                     const std::vector<ExchangeRequest>& requests) {
  if (requests.size() > kMostRulings)
    return absl::InvalidArgumentError(
        fmt::format("{} rulings asked for in one call; at most {}", requests.size(), kMostRulings));
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const absl::Time now = host.clock->Now();
  ASSIGN_OR_RETURN(const auto agreements, host.facts->Agreements(host, policies, now));
  ASSIGN_OR_RETURN(const auto levels, host.facts->Levels(host, *policies->set));
  RuledBatch batch;
  json::Array rulings;
  for (const ExchangeRequest& request : requests) {
    ASSIGN_OR_RETURN(const auto dataset, host.facts->Dataset(host, request.dataset));
    sharing::Facts facts;
    facts.states = &agreements->states;
    facts.submissions = dataset->submissions;
    facts.levels = *levels;
    const sharing::AccessRequest access = AccessOf(request, now);
    const sharing::Decision decision = policies->gatekeeper->Decide(access, facts);
    batch.lines.push_back(
        {decision.permit, sharing::ClauseOf(decision, access), std::string(decision.cause)});
    rulings.push_back(json::Array{request.dataset.str(), request.purpose, decision.permit ? "permit" : "deny",
                                  batch.lines.back().clause, batch.lines.back().cause});
  }
  ReceiptDraft draft;
  draft.subject = {
      {"partner", caller.partner.str()}, {"user", caller.spiffe_id}, {"rulings", std::move(rulings)}};
  draft.digests = {{"policy", policies->set->digest}};
  draft.decision = "ruled";
  draft.partner = caller.partner;
  ASSIGN_OR_RETURN(const record::Receipt receipt, AppendReceipt(host, draft));
  batch.receipt = receipt.ToJson();
  return batch;
}

}  // namespace concordat::flows
