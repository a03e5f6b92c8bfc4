#include "host/flows/agreements.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/flows/receipts.h"
#include "host/flows/text_array.h"
#include "host/identity/certificate.h"

namespace concordat::flows {
namespace {

absl::StatusOr<const policy::SharingProtocol*> FindVersion(const policy::PolicySet& set, const ProtocolId& id,
                                                           const std::string& version) {
  const std::vector<const policy::SharingProtocol*> versions = set.FindProtocol(id);
  if (versions.empty()) {
    std::vector<std::string> ids;
    for (const policy::SharingProtocol& known : set.protocols) ids.push_back(known.id.str());
    return absl::NotFoundError(
        fmt::format("there is no protocol \"{}\"; {}", id.str(), DidYouMean(id.str(), ids)));
  }
  if (version.empty()) return versions.front();
  for (const policy::SharingProtocol* protocol : versions) {
    if (protocol->version == version) return protocol;
  }
  return absl::NotFoundError(fmt::format("protocol {} has no version {}; the newest is {}", id.str(), version,
                                         versions.front()->version));
}

json::Array IdArray(const std::vector<PartnerId>& ids) {
  json::Array array;
  for (const PartnerId& id : ids) array.emplace_back(id.str());
  return array;
}

json::Array PartiesJson(const policy::SharingProtocol& protocol) {
  json::Array parties;
  for (const policy::Party& party : protocol.parties) {
    parties.push_back(json::Object{{"partner", party.partner.str()},
                                   {"role", party.role},
                                   {"gives", party.gives},
                                   {"receives", party.receives}});
  }
  return parties;
}

json::Object ShareJson(const policy::Share& share) {
  json::Array fields;
  for (const policy::FieldDuty& field : share.fields)
    fields.push_back(json::Object{{"field", field.field}, {"form", field.duty}});
  json::Object object{{"id", share.id},
                      {"dataset", share.dataset.str()},
                      {"from", IdArray(share.from)},
                      {"to", IdArray(share.to)},
                      {"fields", std::move(fields)}};
  if (!share.rows.empty()) object["rows"] = share.rows;
  if (!share.when.empty()) object["when"] = share.when;
  if (share.quality) {
    json::Object minimum;
    for (const auto& [what, least] : share.quality->minimum) minimum[what] = least;
    if (share.quality->max_age) minimum["max_age"] = share.quality->max_age->text;
    minimum["on_fail"] = share.quality->refuse ? "refuse" : "caveat";
    object["quality"] = std::move(minimum);
  }
  return object;
}

json::Object ValidityJson(const policy::Validity& validity) {
  return {{"from", data::DateText(validity.from)},
          {"until", data::DateText(validity.until)},
          {"review", data::DateText(validity.review)}};
}

// Only the signatures of this very document count; older ones are history.
json::Array SignaturesJson(const std::vector<sharing::Signature>& signatures,
                           const policy::SharingProtocol& protocol) {
  json::Array array;
  for (const sharing::Signature& signature : signatures) {
    if (signature.version != protocol.version) continue;
    array.push_back(json::Object{{"partner", signature.partner.str()},
                                 {"name", signature.name},
                                 {"post", signature.post},
                                 {"authority", signature.authority},
                                 {"time", TimeText(signature.time)},
                                 {"signer", signature.signer},
                                 {"digest", signature.digest},
                                 {"current", signature.digest == protocol.digest},
                                 {"revoked", signature.revoked}});
  }
  return array;
}

const policy::Party* FindParty(const policy::SharingProtocol& protocol, const PartnerId& partner) {
  const auto found = std::find_if(protocol.parties.begin(), protocol.parties.end(),
                                  [&](const policy::Party& party) { return party.partner == partner; });
  return found == protocol.parties.end() ? nullptr : &*found;
}

absl::Status RequireDelegateOfParty(const Caller& caller, const policy::SharingProtocol& protocol,
                                    std::string_view what) {
  RETURN_IF_ERROR(RequireRole(caller, caller.partner, {"delegate"}, what));
  if (FindParty(protocol, caller.partner) != nullptr) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{} is not a party of protocol {}", caller.partner.str(), protocol.id.str()));
}

ReceiptDraft DraftOf(const Caller& caller, const policy::SharingProtocol& protocol, const std::string& action,
                     const std::string& reason) {
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"protocol", protocol.id.str()},
                   {"version", protocol.version},
                   {"partner", caller.partner.str()},
                   {"signer", caller.spiffe_id},
                   {"action", action}};
  draft.digests = {{"protocol", protocol.digest}};
  draft.decision = action;
  draft.reasons = {{protocol.id.str(), reason}};
  draft.partner = caller.partner;
  draft.summary = fmt::format("protocol {} {}: {} by {}", protocol.id.str(), protocol.version, action,
                              caller.partner.str());
  return draft;
}

absl::StatusOr<json::Value> StatusOf(const HostParts& host, const policy::SharingProtocol& protocol) {
  ASSIGN_OR_RETURN(const std::vector<sharing::Signature> signatures, SignaturesOf(host, protocol.id));
  const sharing::ProtocolState state = sharing::StateOf(protocol, signatures, host.clock->Now());
  json::Object object{
      {"id", protocol.id.str()},           {"version", protocol.version},
      {"title", protocol.title},           {"state", state.state},
      {"inForce", state.in_force},         {"explanation", state.explanation},
      {"digest", protocol.digest},         {"validity", ValidityJson(protocol.validity)},
      {"missing", IdArray(state.missing)}, {"signatures", SignaturesJson(signatures, protocol)}};
  object["daysToReview"] = state.days_to_review ? json::Value(*state.days_to_review) : json::Value(nullptr);
  return object;
}

}  // namespace

absl::StatusOr<std::vector<sharing::Signature>> SignaturesOf(const HostParts& host,
                                                             const ProtocolId& protocol) {
  ASSIGN_OR_RETURN(const std::vector<store::ProtocolSignature> stored, host.store->Signatures(protocol));
  std::vector<sharing::Signature> signatures;
  for (const store::ProtocolSignature& s : stored) {
    signatures.push_back({s.protocol, s.version, s.digest, s.partner, s.signer, s.name, s.post, s.authority,
                          s.time, s.signature, s.certificate, s.revoked});
  }
  return signatures;
}

absl::StatusOr<json::Value> ListProtocols(const HostParts& host) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  json::Array list;
  for (const policy::SharingProtocol& protocol : policies->set->protocols) {
    ASSIGN_OR_RETURN(const std::vector<sharing::Signature> signatures, SignaturesOf(host, protocol.id));
    const sharing::ProtocolState state = sharing::StateOf(protocol, signatures, host.clock->Now());
    json::Array datasets;
    for (const policy::Share& share : protocol.shares) datasets.emplace_back(share.dataset.str());
    list.push_back(json::Object{{"id", protocol.id.str()},
                                {"version", protocol.version},
                                {"title", protocol.title},
                                {"state", state.state},
                                {"inForce", state.in_force},
                                {"explanation", state.explanation},
                                {"purpose", protocol.purpose_code},
                                {"parties", PartiesJson(protocol)},
                                {"datasets", std::move(datasets)}});
  }
  return list;
}

absl::StatusOr<json::Value> ShowProtocol(const HostParts& host, const ProtocolId& id,
                                         const std::string& version) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const policy::SharingProtocol* protocol, FindVersion(*policies->set, id, version));
  json::Array shares;
  for (const policy::Share& share : protocol->shares) shares.push_back(ShareJson(share));
  return json::Object{
      {"id", protocol->id.str()},
      {"version", protocol->version},
      {"title", protocol->title},
      {"digest", protocol->digest},
      {"parties", PartiesJson(*protocol)},
      {"purpose", json::Object{{"code", protocol->purpose_code},
                               {"statement", protocol->purpose_statement},
                               {"benefits", protocol->purpose_benefits},
                               {"necessity", protocol->purpose_necessity}}},
      {"lawfulness", json::Object{{"bases", TextArray(protocol->bases)},
                                  {"gateways", TextArray(protocol->gateways)},
                                  {"special_category", TextArray(protocol->special_category)},
                                  {"criminal_offence", TextArray(protocol->criminal_offence)}}},
      {"validity", ValidityJson(protocol->validity)},
      {"shares", std::move(shares)},
      {"signatures", protocol->signatures}};
}

absl::StatusOr<json::Value> ProtocolStatus(const HostParts& host, const ProtocolId& id,
                                           const std::string& version) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const policy::SharingProtocol* protocol, FindVersion(*policies->set, id, version));
  return StatusOf(host, *protocol);
}

absl::StatusOr<json::Value> SignProtocol(const HostParts& host, const SignRequest& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const policy::SharingProtocol* protocol,
                   FindVersion(*policies->set, request.protocol, request.version));
  RETURN_IF_ERROR(
      RequireDelegateOfParty(request.caller, *protocol, "sign protocol " + request.protocol.str()));
  if (request.digest != protocol->digest) {
    return absl::FailedPreconditionError(fmt::format(
        "protocol {} {} is now {}, not {}: it changed since it was read; read it again and sign that",
        protocol->id.str(), protocol->version, protocol->digest, request.digest));
  }
  if (request.name.empty() || request.post.empty() || request.authority.empty()) {
    return absl::InvalidArgumentError("a signature needs the signer's name, post and authority");
  }
  RETURN_IF_ERROR(
      identity::VerifySignature(request.caller.certificate_pem, request.digest, request.signature));
  store::ProtocolSignature signature{protocol->id,
                                     protocol->version,
                                     protocol->digest,
                                     request.caller.partner,
                                     request.caller.spiffe_id,
                                     request.name,
                                     request.post,
                                     request.authority,
                                     host.clock->Now(),
                                     request.signature,
                                     request.caller.certificate_pem,
                                     false};
  RETURN_IF_ERROR(host.store->AddSignature(signature));
  RETURN_IF_ERROR(
      IssueReceipt(host, DraftOf(request.caller, *protocol, "signed", request.name + ", " + request.post))
          .status());
  return StatusOf(host, *protocol);
}

absl::StatusOr<json::Value> RevokeSignature(const HostParts& host, const Caller& caller, const ProtocolId& id,
                                            const std::string& version, const std::string& reason) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const policy::SharingProtocol* protocol, FindVersion(*policies->set, id, version));
  RETURN_IF_ERROR(RequireDelegateOfParty(caller, *protocol, "revoke the signature on protocol " + id.str()));
  if (reason.empty()) return absl::InvalidArgumentError("say why the signature is revoked: --reason \"...\"");
  RETURN_IF_ERROR(
      host.store->RevokeSignature(id, protocol->version, caller.partner, host.clock->Now(), reason));
  RETURN_IF_ERROR(IssueReceipt(host, DraftOf(caller, *protocol, "revoked", reason)).status());
  return StatusOf(host, *protocol);
}

}  // namespace concordat::flows
