#include "host/flows/quality_policies.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/clock.h"
#include "host/data/parse.h"
#include "host/flows/text_array.h"
#include "host/policy/quality_policy.h"

namespace concordat::flows {
namespace {

using policy::QualityPolicy;
using Signatures = std::vector<store::ProtocolSignature>;

// No protocol is called so: ids have no slash.
ProtocolId KeyOf(const std::string& id) { return ProtocolId("quality-policy/" + id); }

SignedText TextOf(const policy::PolicySet& set, const QualityPolicy& policy) {
  return {"quality policy",
          "qualityPolicy",
          KeyOf(policy.id),
          policy.id,
          policy.version,
          policy.digest,
          set.canonical.at(policy.path)};
}

absl::StatusOr<const QualityPolicy*> Find(const policy::PolicySet& set, const std::string& id) {
  if (!set.quality_policy) {
    return absl::NotFoundError(
        "this partnership has no quality policy; its place is quality-policy.yaml in the policies folder");
  }
  if (id.empty() || id == set.quality_policy->id) return &*set.quality_policy;
  return absl::NotFoundError(
      fmt::format("there is no quality policy \"{}\"; the partnership's is {}", id, set.quality_policy->id));
}

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

json::Object HeadOf(const HostParts& host, const QualityPolicy& policy) {
  const int64_t left = policy.review - DayOf(host.clock->Now());
  return {{"id", policy.id},
          {"version", policy.version},
          {"title", policy.title},
          {"digest", policy.digest},
          {"owner", json::Object{{"post", policy.owner_post}, {"partner", policy.owner_partner.str()}}},
          {"review", data::DateText(policy.review)},
          {"daysToReview", left},
          {"reviewOverdue", left < 0}};
}

// What somebody reads before they sign.
std::string PageOf(const QualityPolicy& policy) {
  std::string page = fmt::format("{}\n{} {}, kept by the {} of {}, reviewed by {}\n\n", policy.title,
                                 policy.id, policy.version, policy.owner_post, policy.owner_partner.str(),
                                 data::DateText(policy.review));
  if (!policy.statement.empty()) page += policy.statement + "\n\n";
  for (const policy::QualityClause& clause : policy.clauses)
    page += fmt::format("{}  {}\n    {}\n", clause.id, clause.title, clause.text);
  return page;
}

bool IsThisText(const store::ProtocolSignature& signature, const QualityPolicy& policy) {
  return !signature.revoked && signature.version == policy.version && signature.digest == policy.digest;
}

bool HasSigned(const Signatures& signatures, const QualityPolicy& policy, const PartnerId& partner) {
  return std::any_of(signatures.begin(), signatures.end(), [&](const store::ProtocolSignature& signature) {
    return signature.partner == partner && IsThisText(signature, policy);
  });
}

// The party's newest signature that is in force, else its newest; null when it never signed.
const store::ProtocolSignature* NewestOf(const Signatures& signatures, const PartnerId& partner) {
  const store::ProtocolSignature* newest = nullptr;
  for (const store::ProtocolSignature& signature : signatures) {
    if (signature.partner != partner) continue;
    if (newest == nullptr || newest->revoked || !signature.revoked) newest = &signature;
  }
  return newest;
}

json::Object SignatureJson(const store::ProtocolSignature& signature) {
  json::Object object{{"version", signature.version},  {"digest", signature.digest},
                      {"signer", signature.signer},    {"name", signature.name},
                      {"post", signature.post},        {"authority", signature.authority},
                      {"at", TimeText(signature.time)}};
  object["revoked"] = nullptr;
  if (signature.revoked_at)
    object["revoked"] =
        json::Object{{"at", TimeText(*signature.revoked_at)}, {"reason", signature.revoked_reason}};
  return object;
}

std::string NameOf(const policy::PolicySet& set, const PartnerId& partner) {
  const policy::Partner* known = set.FindPartner(partner);
  return known == nullptr ? partner.str() : known->name;
}

json::Object PartyJson(const policy::PolicySet& set, const QualityPolicy& policy,
                       const Signatures& signatures, const PartnerId& partner) {
  json::Object party{{"partner", partner.str()},
                     {"partnerName", NameOf(set, partner)},
                     {"signed", HasSigned(signatures, policy, partner)}};
  const store::ProtocolSignature* newest = NewestOf(signatures, partner);
  for (const char* member : {"version", "digest", "signer", "name", "post", "authority", "at", "revoked"})
    party[member] = nullptr;
  if (newest == nullptr) return party;
  for (const auto& member : SignatureJson(*newest)) party[member.key()] = member.value();
  return party;
}

std::vector<PartnerId> Missing(const QualityPolicy& policy, const Signatures& signatures) {
  std::vector<PartnerId> missing;
  for (const PartnerId& partner : policy.parties) {
    if (!HasSigned(signatures, policy, partner)) missing.push_back(partner);
  }
  return missing;
}

std::vector<std::string> Ids(const std::vector<PartnerId>& partners) {
  std::vector<std::string> ids;
  for (const PartnerId& partner : partners) ids.push_back(partner.str());
  return ids;
}

std::string Explanation(const QualityPolicy& policy, const std::vector<std::string>& missing,
                        int64_t days_to_review) {
  std::string text =
      missing.empty()
          ? fmt::format("every party has signed {} {}", policy.id, policy.version)
          : fmt::format("not signed by {}: the rules hold all the same, because they stand in contracts",
                        fmt::join(missing, ", "));
  if (days_to_review < 0) {
    text += fmt::format("; its review is {} days overdue: the {} of {} owes it", -days_to_review,
                        policy.owner_post, policy.owner_partner.str());
  }
  return text;
}

absl::Status RequireDelegateOfParty(const Caller& caller, const QualityPolicy& policy,
                                    const std::string& what) {
  RETURN_IF_ERROR(RequireRole(caller, caller.partner, {"delegate"}, what));
  if (std::find(policy.parties.begin(), policy.parties.end(), caller.partner) != policy.parties.end())
    return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{}: {} is not a party of quality policy {}", what, caller.partner.str(), policy.id));
}

}  // namespace

absl::StatusOr<json::Value> ShowQualityPolicy(const HostParts& host, const std::string& id) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const QualityPolicy* policy, Find(*policies->set, id));
  json::Object shown = HeadOf(host, *policy);
  shown["statement"] = policy->statement;
  shown["characteristics"] = TextArray(policy->characteristics);
  json::Array clauses;
  for (const policy::QualityClause& clause : policy->clauses) {
    clauses.push_back(json::Object{{"id", clause.id},
                                   {"title", clause.title},
                                   {"text", clause.text},
                                   {"characteristics", TextArray(clause.characteristics)}});
  }
  shown["clauses"] = std::move(clauses);
  shown["page"] = PageOf(*policy);
  return shown;
}

absl::StatusOr<json::Value> QualityPolicyStatus(const HostParts& host, const std::string& id) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const QualityPolicy* policy, Find(*policies->set, id));
  ASSIGN_OR_RETURN(const Signatures signatures, host.store->Signatures(KeyOf(policy->id)));
  json::Object status = HeadOf(host, *policy);
  json::Array parties;
  for (const PartnerId& partner : policy->parties)
    parties.push_back(PartyJson(*policies->set, *policy, signatures, partner));
  status["parties"] = std::move(parties);
  const std::vector<std::string> missing = Ids(Missing(*policy, signatures));
  status["missing"] = TextArray(missing);
  json::Array all;
  for (auto signature = signatures.rbegin(); signature != signatures.rend(); ++signature) {
    json::Object entry = SignatureJson(*signature);
    entry["partner"] = signature->partner.str();
    all.push_back(std::move(entry));
  }
  status["signatures"] = std::move(all);
  status["explanation"] = Explanation(*policy, missing, policy->review - DayOf(host.clock->Now()));
  return status;
}

absl::StatusOr<std::vector<PartnerId>> NotSignedBy(const HostParts& host) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  const auto& policy = policies->set->quality_policy;
  if (!policy) return std::vector<PartnerId>();
  ASSIGN_OR_RETURN(const Signatures signatures, host.store->Signatures(KeyOf(policy->id)));
  return Missing(*policy, signatures);
}

absl::StatusOr<json::Value> SignQualityPolicy(const HostParts& host, const PolicySigning& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const QualityPolicy* policy, Find(*policies->set, request.id));
  RETURN_IF_ERROR(RequireDelegateOfParty(request.caller, *policy, "sign quality policy " + policy->id));
  const SignedText text = TextOf(*policies->set, *policy);
  RETURN_IF_ERROR(CheckSigning(request.caller, text, request.signing));
  RETURN_IF_ERROR(KeepSigning(host, request.caller, text, request.signing, ""));
  const Signing& signing = request.signing;
  RETURN_IF_ERROR(
      IssueReceipt(host, DraftOfAct(request.caller, text, "signed",
                                    fmt::format("{}, {}, {}", signing.name, signing.post, signing.authority)))
          .status());
  return QualityPolicyStatus(host, policy->id);
}

absl::StatusOr<json::Value> RevokeQualityPolicy(const HostParts& host, const PolicyRevocation& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const QualityPolicy* policy, Find(*policies->set, request.id));
  const std::string what = "revoke the signature on quality policy " + policy->id;
  // A party that a later version left out may still take back what it signed.
  RETURN_IF_ERROR(RequireRole(request.caller, request.caller.partner, {"delegate"}, what));
  if (request.reason.empty())
    return absl::InvalidArgumentError("say why the signature is revoked: --reason \"...\"");
  ASSIGN_OR_RETURN(const Signatures signatures, host.store->Signatures(KeyOf(policy->id)));
  const store::ProtocolSignature* newest = NewestOf(signatures, request.caller.partner);
  if (newest == nullptr || newest->revoked) {
    return absl::NotFoundError(
        fmt::format("{}: {} has no signature in force", what, request.caller.partner.str()));
  }
  SignedText text = TextOf(*policies->set, *policy);
  text.version = newest->version;
  text.digest = newest->digest;
  RETURN_IF_ERROR(CheckSignedWord(request.caller, text, "revoke", request.signature));
  RETURN_IF_ERROR(host.store->RevokeSignature(text.key, text.version, request.caller.partner,
                                              host.clock->Now(), request.reason, request.signature));
  RETURN_IF_ERROR(IssueReceipt(host, DraftOfAct(request.caller, text, "revoked", request.reason)).status());
  return QualityPolicyStatus(host, policy->id);
}

}  // namespace concordat::flows
