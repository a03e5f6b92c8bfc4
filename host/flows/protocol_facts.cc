#include "host/flows/protocol_facts.h"

namespace concordat::flows {
namespace {

std::string KeyOf(const json::Object::value_type& member) {
  return std::string(member.key().data(), member.key().size());
}

std::map<std::string, sharing::ContractPin> PinsFrom(const std::string& text) {
  std::map<std::string, sharing::ContractPin> pins;
  const auto parsed = json::Parse(text);
  if (!parsed.ok() || !parsed->is_object()) return pins;  // signed before contracts were pinned
  for (const auto& member : parsed->get_object()) {
    sharing::ContractPin& pin = pins[KeyOf(member)];
    pin.digest = json::TextOr(member.value(), "digest", "");
    const json::Value* fields = json::Find(member.value(), "fields");
    if (fields == nullptr || !fields->is_object()) continue;
    for (const auto& field : fields->get_object())
      pin.fields[KeyOf(field)] = json::TextOr(*fields, KeyOf(field), "");
  }
  return pins;
}

std::map<std::string, double> ScoresOf(const store::Attempt& attempt) {
  std::map<std::string, double> scores;
  const json::Value* score = json::Find(attempt.result, "score");
  if (score != nullptr && score->is_number()) scores["score"] = score->to_number<double>();
  const json::Value* dimensions = json::Find(attempt.result, "dimensions");
  if (dimensions == nullptr || !dimensions->is_array()) return scores;
  for (const json::Value& dimension : dimensions->get_array()) {
    const json::Value* value = json::Find(dimension, "score");
    if (value != nullptr && value->is_number())
      scores[json::TextOr(dimension, "dimension", "")] = value->to_number<double>();
  }
  return scores;
}

}  // namespace

absl::StatusOr<std::vector<sharing::Signature>> SignaturesOf(const HostParts& host,
                                                             const ProtocolId& protocol) {
  ASSIGN_OR_RETURN(const std::vector<store::ProtocolSignature> stored, host.store->Signatures(protocol));
  std::vector<sharing::Signature> signatures;
  for (const store::ProtocolSignature& s : stored) {
    signatures.push_back({s.protocol, s.version, s.digest, s.partner, s.signer, s.name, s.post, s.authority,
                          s.time, s.signature, s.certificate, s.revoked, s.revoked_at,
                          PinsFrom(s.contracts)});
  }
  return signatures;
}

absl::StatusOr<sharing::AgreementFacts> AgreementFactsOf(const HostParts& host,
                                                         const LoadedPolicies& policies,
                                                         const ProtocolId& protocol) {
  sharing::AgreementFacts facts;
  ASSIGN_OR_RETURN(const std::vector<store::ProtocolRejection> stored, host.store->Rejections(protocol));
  for (const store::ProtocolRejection& r : stored)
    facts.rejections.push_back({r.protocol, r.version, r.digest, r.partner, r.signer, r.reason, r.time});
  facts.failing_tests = policies.failing_tests;
  return facts;
}

absl::StatusOr<sharing::Facts> FactsOfAgreement(const HostParts& host, const LoadedPolicies& policies,
                                                const ProtocolId& protocol) {
  sharing::Facts facts;
  ASSIGN_OR_RETURN(facts.signatures, SignaturesOf(host, protocol));
  ASSIGN_OR_RETURN(facts.agreement, AgreementFactsOf(host, policies, protocol));
  return facts;
}

absl::StatusOr<std::vector<sharing::SubmissionQuality>> SuppliedNow(const HostParts& host,
                                                                    const DatasetId& dataset) {
  store::SubmissionStore::Filter filter;
  filter.dataset = dataset;
  filter.current_only = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  std::vector<sharing::SubmissionQuality> supplied;
  for (const store::Attempt& attempt : attempts)
    supplied.push_back({attempt.id, attempt.partner, attempt.period, attempt.received, ScoresOf(attempt)});
  return supplied;
}

std::string PinsText(const std::map<std::string, sharing::ContractPin>& pins) {
  json::Object object;
  for (const auto& [dataset, pin] : pins) {
    json::Object fields;
    for (const auto& [field, type] : pin.fields) fields[field] = type;
    object[dataset] = json::Object{{"digest", pin.digest}, {"fields", std::move(fields)}};
  }
  return json::Canonical(object);
}

}  // namespace concordat::flows
