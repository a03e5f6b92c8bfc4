#include "host/flows/ruling_facts.h"

#include <iterator>
#include <set>

#include "host/flows/disputes.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/standing_levels.h"

namespace concordat::flows {
namespace {

// The protocols whose signatures may matter: the named one with those above it, or all.
std::set<ProtocolId> Concerned(const policy::PolicySet& set, const ProtocolId& named) {
  std::set<ProtocolId> concerned;
  if (named.empty()) {
    for (const policy::SharingProtocol& protocol : set.protocols) concerned.insert(protocol.id);
    return concerned;
  }
  std::vector<ProtocolId> open = {named};
  while (!open.empty()) {
    const ProtocolId id = open.back();
    open.pop_back();
    if (!concerned.insert(id).second) continue;
    for (const policy::SharingProtocol* version : set.FindProtocol(id)) {
      if (!version->parent.empty()) open.emplace_back(version->parent);
    }
  }
  return concerned;
}

// An emergency counts from its first use until its review is closed.
absl::StatusOr<std::optional<absl::Time>> EmergencySince(const HostParts& host,
                                                         const sharing::AccessRequest& request) {
  if (!request.emergency) return std::nullopt;
  store::ObligationStore::ObligationFilter filter;
  filter.partner = request.partner;
  filter.kind = "emergency_review";
  filter.state = "open";
  ASSIGN_OR_RETURN(const std::vector<store::Obligation> reviews, host.store->ListObligations(filter));
  std::optional<absl::Time> since;
  for (const store::Obligation& review : reviews) {
    if (!since || review.created < *since) since = review.created;
  }
  return since;
}

}  // namespace

absl::Status AddAgreement(const HostParts& host, const LoadedPolicies& policies, const ProtocolId& protocol,
                          sharing::Facts& facts) {
  ASSIGN_OR_RETURN(sharing::Facts more, FactsOfAgreement(host, policies, protocol));
  std::move(more.signatures.begin(), more.signatures.end(), std::back_inserter(facts.signatures));
  std::move(more.agreement.rejections.begin(), more.agreement.rejections.end(),
            std::back_inserter(facts.agreement.rejections));
  facts.agreement.failing_tests.merge(more.agreement.failing_tests);
  return absl::OkStatus();
}

sharing::SubmissionQuality QualityOf(const store::Attempt& attempt) {
  sharing::SubmissionQuality quality{attempt.id, attempt.partner, attempt.period, attempt.received, {}, {}};
  const json::Value* score = json::Find(attempt.result, "score");
  if (score != nullptr && score->is_number()) quality.scores["score"] = score->to_number<double>();
  if (const json::Value* dimensions = json::Find(attempt.result, "dimensions");
      dimensions != nullptr && dimensions->is_array()) {
    for (const json::Value& dimension : dimensions->get_array()) {
      const json::Value* value = json::Find(dimension, "score");
      if (value != nullptr && value->is_number())
        quality.scores[json::TextOr(dimension, "dimension", "")] = value->to_number<double>();
    }
  }
  if (const json::Value* rules = json::Find(attempt.result, "rules"); rules != nullptr && rules->is_array()) {
    for (const json::Value& rule : rules->get_array())
      quality.rules[json::TextOr(rule, "id", "")] = json::TextOr(rule, "status", "");
  }
  return quality;
}

absl::StatusOr<sharing::SubmissionQuality> MeasuredQuality(const HostParts& host,
                                                           const store::Attempt& attempt) {
  sharing::SubmissionQuality quality = QualityOf(attempt);
  RETURN_IF_ERROR(LowerAccuracy(host, attempt, quality.scores));
  return quality;
}

absl::StatusOr<RulingFacts> GatherFacts(const HostParts& host, const LoadedPolicies& policies,
                                        const sharing::AccessRequest& request) {
  RulingFacts gathered;
  const std::set<ProtocolId> concerned = Concerned(*policies.set, request.protocol);
  for (const ProtocolId& protocol : concerned) {
    RETURN_IF_ERROR(AddAgreement(host, policies, protocol, gathered.facts));
  }
  store::SubmissionStore::Filter filter;
  filter.dataset = request.dataset;
  filter.current_only = true;
  ASSIGN_OR_RETURN(gathered.attempts, host.store->List(filter));
  for (const store::Attempt& attempt : gathered.attempts) {
    ASSIGN_OR_RETURN(sharing::SubmissionQuality quality, MeasuredQuality(host, attempt));
    gathered.facts.submissions.push_back(std::move(quality));
  }
  ASSIGN_OR_RETURN(gathered.facts.levels, ReadStandingLevels(host, WhoNeedsLevels(*policies.set, concerned)));
  ASSIGN_OR_RETURN(gathered.facts.emergency_since, EmergencySince(host, request));
  return gathered;
}

}  // namespace concordat::flows
