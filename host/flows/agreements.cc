#include "host/flows/agreements.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/flows/receipts.h"
#include "host/flows/signing.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {
namespace {

using policy::SharingProtocol;

absl::Status RequireDelegateOfParty(const Caller& caller, const SharingProtocol& protocol,
                                    std::string_view what) {
  RETURN_IF_ERROR(RequireRole(caller, caller.partner, {"delegate"}, what));
  const bool party =
      std::any_of(protocol.parties.begin(), protocol.parties.end(),
                  [&](const policy::Party& candidate) { return candidate.partner == caller.partner; });
  if (party) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{} is not a party of protocol {}", caller.partner.str(), protocol.id.str()));
}

SignedText TextOf(const policy::PolicySet& set, const SharingProtocol& protocol) {
  return {"protocol",
          "protocol",
          protocol.id,
          protocol.id.str(),
          protocol.version,
          protocol.digest,
          set.canonical.at(protocol.path)};
}

// The signature of the party that counts now, on this very text.
const sharing::Signature* InForceFor(const std::vector<sharing::Signature>& signatures,
                                     const SharingProtocol& protocol, const PartnerId& partner) {
  for (const sharing::Signature& signature : signatures) {
    if (signature.partner == partner && !signature.revoked && signature.version == protocol.version &&
        signature.digest == protocol.digest)
      return &signature;
  }
  return nullptr;
}

// Once a contract under the agreement has changed, an old signature makes room for a new one.
absl::Status MakeRoom(const HostParts& host, const SignRequest& request, const SharingProtocol& protocol,
                      const std::map<std::string, sharing::ContractPin>& pins) {
  ASSIGN_OR_RETURN(const std::vector<sharing::Signature> signatures, SignaturesOf(host, protocol.id));
  const sharing::Signature* earlier = InForceFor(signatures, protocol, request.caller.partner);
  if (earlier == nullptr || PinsText(earlier->contracts) == PinsText(pins)) return absl::OkStatus();
  return host.store->RevokeSignature(protocol.id, protocol.version, request.caller.partner, host.clock->Now(),
                                     "signed anew: a contract under it changed");
}

absl::StatusOr<const SharingProtocol*> VersionToRevoke(const HostParts& host, const policy::PolicySet& set,
                                                       const RefusalRequest& request) {
  if (request.version.empty()) {
    ASSIGN_OR_RETURN(const std::vector<sharing::Signature> signatures, SignaturesOf(host, request.protocol));
    for (const SharingProtocol* version : set.FindProtocol(request.protocol)) {
      if (InForceFor(signatures, *version, request.caller.partner) != nullptr) return version;
    }
  }
  return FindVersion(set, request.protocol, request.version);
}

}  // namespace

absl::StatusOr<json::Value> SignProtocol(const HostParts& host, const SignRequest& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const SharingProtocol* protocol,
                   FindVersion(*policies->set, request.protocol, request.version));
  RETURN_IF_ERROR(
      RequireDelegateOfParty(request.caller, *protocol, "sign protocol " + request.protocol.str()));
  const SignedText text = TextOf(*policies->set, *protocol);
  const Signing signing{request.digest, request.signature, request.name, request.post, request.authority};
  RETURN_IF_ERROR(CheckSigning(request.caller, text, signing));
  const auto pins = sharing::PinsOf(*policies->set, *protocol);
  RETURN_IF_ERROR(MakeRoom(host, request, *protocol, pins));
  RETURN_IF_ERROR(KeepSigning(host, request.caller, text, signing, PinsText(pins)));
  ReceiptDraft draft = DraftOfAct(request.caller, text, "signed",
                                  fmt::format("{}, {}, {}", request.name, request.post, request.authority));
  for (const auto& [dataset, pin] : pins) draft.digests.emplace_back("contract:" + dataset, pin.digest);
  RETURN_IF_ERROR(IssueReceipt(host, draft).status());
  return ProtocolStatus(host, protocol->id, protocol->version);
}

absl::StatusOr<json::Value> RejectProtocol(const HostParts& host, const RefusalRequest& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const SharingProtocol* protocol,
                   FindVersion(*policies->set, request.protocol, request.version));
  RETURN_IF_ERROR(
      RequireDelegateOfParty(request.caller, *protocol, "reject protocol " + request.protocol.str()));
  if (request.reason.empty())
    return absl::InvalidArgumentError("say why it is rejected, so that it can be mended: --reason \"...\"");
  const SignedText text = TextOf(*policies->set, *protocol);
  RETURN_IF_ERROR(CheckSignedWord(request.caller, text, "reject", request.signature));
  ASSIGN_OR_RETURN(const sharing::Facts facts, FactsOfAgreement(host, *policies, protocol->id));
  if (InForceFor(facts.signatures, *protocol, request.caller.partner) != nullptr) {
    return absl::FailedPreconditionError(fmt::format(
        "{} has signed {} {}: take the signature back instead: concordat protocol revoke {} --reason \"...\"",
        request.caller.partner.str(), protocol->id.str(), protocol->version, protocol->id.str()));
  }
  // A party that need not sign cannot end what the others have agreed.
  if (protocol->signatures != "each" &&
      sharing::StateOf(*policies->set, *protocol, facts, host.clock->Now()).in_force) {
    return absl::FailedPreconditionError(
        fmt::format("{} {} is in force already; propose a version without {} instead", protocol->id.str(),
                    protocol->version, request.caller.partner.str()));
  }
  RETURN_IF_ERROR(host.store->AddRejection(
      {protocol->id, protocol->version, protocol->digest, request.caller.partner, request.caller.spiffe_id,
       request.reason, host.clock->Now(), request.signature, request.caller.certificate_pem}));
  RETURN_IF_ERROR(IssueReceipt(host, DraftOfAct(request.caller, text, "rejected", request.reason)).status());
  return ProtocolStatus(host, protocol->id, protocol->version);
}

absl::StatusOr<json::Value> RevokeSignature(const HostParts& host, const RefusalRequest& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const SharingProtocol* protocol, VersionToRevoke(host, *policies->set, request));
  RETURN_IF_ERROR(RequireDelegateOfParty(request.caller, *protocol,
                                         "revoke the signature on protocol " + request.protocol.str()));
  if (request.reason.empty())
    return absl::InvalidArgumentError("say why the signature is revoked: --reason \"...\"");
  const SignedText text = TextOf(*policies->set, *protocol);
  RETURN_IF_ERROR(CheckSignedWord(request.caller, text, "revoke", request.signature));
  RETURN_IF_ERROR(host.store->RevokeSignature(protocol->id, protocol->version, request.caller.partner,
                                              host.clock->Now(), request.reason, request.signature));
  RETURN_IF_ERROR(IssueReceipt(host, DraftOfAct(request.caller, text, "revoked", request.reason)).status());
  return ProtocolStatus(host, protocol->id, protocol->version);
}

}  // namespace concordat::flows
