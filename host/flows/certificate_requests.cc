#include "host/flows/certificate_requests.h"

#include "fmt/format.h"
#include "host/base/paper_code.h"
#include "host/flows/enrolment.h"
#include "host/identity/certificate.h"
#include "host/identity/signing_request.h"
#include "host/store/administration.h"

namespace concordat::flows {
namespace {

constexpr absl::Duration kLongestInvitation = absl::Hours(24 * 30);

store::AdministrationStore& Administration(const HostParts& host) {
  return store::AdministrationOf(*host.store);
}

std::string KeyCodeOf(const store::EnrolmentRequest& request) {
  const auto read = identity::ReadSigningRequest(request.request);
  return read.ok() ? identity::KeyCode(read->key_fingerprint) : "";
}

json::Object RequestJson(const store::EnrolmentRequest& request) {
  json::Object told{{"request", request.id},
                    {"spiffeId", request.spiffe_id},
                    {"state", request.state},
                    {"keyCode", KeyCodeOf(request)},
                    {"asked", TimeText(request.asked)},
                    {"how", request.invitation.empty() ? "renewal" : "invitation"}};
  if (!request.reason.empty()) told["reason"] = request.reason;
  if (!request.certificate.empty()) told["certificate"] = request.certificate;
  return told;
}

json::Object InvitationJson(const store::Invitation& invitation, absl::Time now) {
  const bool closed = invitation.attempts >= kMostWrongCodes;
  const bool over = invitation.expires <= now;
  const std::string state = invitation.state != "open" ? invitation.state
                            : closed                   ? "closed"
                            : over                     ? "expired"
                                                       : "open";
  return {{"invitation", invitation.id},
          {"spiffeId", invitation.spiffe_id},
          {"state", state},
          {"wrongCodes", invitation.attempts},
          {"created", TimeText(invitation.created)},
          {"expires", TimeText(invitation.expires)}};
}

absl::Status CheckHolder(const HostParts& host, const std::string& spiffe_id,
                         const std::string& trust_domain) {
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::ParseSpiffeId(spiffe_id));
  if (holder.trust_domain != trust_domain) {
    return absl::InvalidArgumentError(
        fmt::format("{} is not of this partnership's trust domain {}", spiffe_id, trust_domain));
  }
  if (holder.administrator() || host.policies->Get()->set->FindPartner(holder.partner) != nullptr)
    return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "there is no partner \"{0}\" in the policies; first: concordat partner add {0} --name \"...\", then: "
      "concordat host reload",
      holder.partner.str()));
}

// Bound to the invitation, so that a code fits no other.
std::string CodeHash(const HostParts& host, const std::string& bootstrap, const std::string& code) {
  return host.store->KeyedHash(fmt::format("invitation {} {}", bootstrap, code));
}

// Whoever stole a key may have asked for another certificate before the theft was known.
absl::Status RequireNotRevoked(const HostParts& host, const store::EnrolmentRequest& request) {
  if (!request.invitation.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const store::Enrolment asked_with, host.store->FindEnrolment(request.asked_with));
  if (!asked_with.revoked) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "request {} was made with a certificate that is revoked since: whoever has that key asks for another. "
      "Refuse it (concordat partner refuse {}) and invite {} anew",
      request.id, request.id, request.spiffe_id));
}

}  // namespace

absl::StatusOr<json::Value> Invite(const HostParts& host, const Caller& caller,
                                   const std::string& trust_domain, const InvitationOrder& order) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "invite somebody"));
  RETURN_IF_ERROR(CheckHolder(host, order.spiffe_id, trust_domain));
  const std::optional<std::string> code = ReadPaperCode(order.code);
  if (!code) return absl::InvalidArgumentError("the invitation's code is not one");
  if (order.valid <= absl::ZeroDuration() || order.valid > kLongestInvitation)
    return absl::InvalidArgumentError("an invitation is valid for some time, and for 30 days at most");
  store::Invitation invitation;
  invitation.id = NewRandomId("I-");
  invitation.spiffe_id = order.spiffe_id;
  invitation.code_hash = CodeHash(host, order.bootstrap, *code);
  invitation.bootstrap = order.bootstrap;
  invitation.created_by = caller.spiffe_id;
  invitation.created = host.clock->Now();
  invitation.expires = invitation.created + order.valid;
  RETURN_IF_ERROR(Administration(host).AddInvitation(invitation));
  return InvitationJson(invitation, invitation.created);
}

absl::StatusOr<json::Value> RequestCertificate(const HostParts& host, const EnrollingPeer& peer,
                                               const std::string& request_pem, const std::string& code) {
  ASSIGN_OR_RETURN(const identity::SigningRequest read, identity::ReadSigningRequest(request_pem));
  store::EnrolmentRequest request;
  request.id = NewRandomId("R-");
  request.asked_with = peer.fingerprint;
  request.request = read.pem;
  request.asked = host.clock->Now();
  if (peer.caller) {
    request.spiffe_id = peer.caller->spiffe_id;
    RETURN_IF_ERROR(Administration(host).AddEnrolmentRequest(request));
    return RequestJson(request);
  }
  ASSIGN_OR_RETURN(const store::Invitation invitation, Administration(host).InvitationOf(peer.fingerprint));
  const std::optional<std::string> typed = ReadPaperCode(code);
  if (!typed) {
    return absl::InvalidArgumentError(
        "the code is mistyped: it has 28 letters and digits in seven groups, and its last two do not fit the "
        "rest");
  }
  request.invitation = invitation.id;
  request.spiffe_id = invitation.spiffe_id;
  RETURN_IF_ERROR(Administration(host).Redeem(peer.fingerprint, CodeHash(host, peer.fingerprint, *typed),
                                              kMostWrongCodes, request));
  return RequestJson(request);
}

absl::StatusOr<json::Value> CollectCertificate(const HostParts& host, const EnrollingPeer& peer,
                                               const std::string& id) {
  const absl::StatusOr<store::EnrolmentRequest> request = Administration(host).GetEnrolmentRequest(id);
  // The same answer for what is not there: nobody learns of requests of others.
  if (!request.ok() || request->asked_with != peer.fingerprint)
    return absl::PermissionDeniedError(fmt::format("{} is no request of this certificate", id));
  return RequestJson(*request);
}

absl::StatusOr<json::Value> CertificateRequestsJson(const HostParts& host, const Caller& caller) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "see who asks for certificates"));
  ASSIGN_OR_RETURN(const std::vector<store::Invitation> invitations, Administration(host).Invitations());
  ASSIGN_OR_RETURN(const std::vector<store::EnrolmentRequest> requests,
                   Administration(host).EnrolmentRequests());
  json::Array invited, asked;
  for (const store::Invitation& invitation : invitations)
    invited.push_back(InvitationJson(invitation, host.clock->Now()));
  for (const store::EnrolmentRequest& request : requests) {
    json::Object one = RequestJson(request);
    one["csr"] = request.request;
    asked.push_back(std::move(one));
  }
  return json::Object{{"invitations", std::move(invited)}, {"requests", std::move(asked)}};
}

absl::StatusOr<json::Value> ApproveRequest(const HostParts& host, const Caller& caller,
                                           const std::string& trust_domain, const std::string& id,
                                           const std::string& certificate_pem) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "approve a request for a certificate"));
  ASSIGN_OR_RETURN(store::EnrolmentRequest request, Administration(host).GetEnrolmentRequest(id));
  if (request.state != "waiting")
    return absl::FailedPreconditionError(fmt::format("request {} is {} already", id, request.state));
  RETURN_IF_ERROR(RequireNotRevoked(host, request));
  ASSIGN_OR_RETURN(const identity::Certificate certificate, identity::ReadCertificate(certificate_pem));
  ASSIGN_OR_RETURN(const identity::SpiffeId holder, identity::HolderOf(certificate));
  ASSIGN_OR_RETURN(const std::string key, identity::KeyFingerprintOfCertificate(certificate_pem));
  ASSIGN_OR_RETURN(const identity::SigningRequest asked, identity::ReadSigningRequest(request.request));
  if (holder.str() != request.spiffe_id || key != asked.key_fingerprint) {
    return absl::InvalidArgumentError(
        fmt::format("the certificate is not the one that request {} asks for: {} with the key {}", id,
                    request.spiffe_id, identity::KeyCode(asked.key_fingerprint)));
  }
  const absl::Status enrolled = EnrolCertificate(host, caller, trust_domain, certificate_pem).status();
  if (!enrolled.ok() && !absl::IsAlreadyExists(enrolled)) return enrolled;
  request.state = "approved";
  request.certificate = certificate.pem;
  request.decided_by = caller.spiffe_id;
  request.decided = host.clock->Now();
  RETURN_IF_ERROR(Administration(host).DecideEnrolmentRequest(request));
  json::Object told = RequestJson(request);
  told["fingerprint"] = certificate.fingerprint;
  return told;
}

absl::StatusOr<json::Value> RefuseRequest(const HostParts& host, const Caller& caller, const std::string& id,
                                          const std::string& reason) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "refuse a request for a certificate"));
  if (id.rfind("I-", 0) == 0) {
    RETURN_IF_ERROR(Administration(host).WithdrawInvitation(id));
    return json::Object{{"invitation", id}, {"state", "withdrawn"}};
  }
  ASSIGN_OR_RETURN(store::EnrolmentRequest request, Administration(host).GetEnrolmentRequest(id));
  request.state = "refused";
  request.reason = reason;
  request.decided_by = caller.spiffe_id;
  request.decided = host.clock->Now();
  RETURN_IF_ERROR(Administration(host).DecideEnrolmentRequest(request));
  return RequestJson(request);
}

}  // namespace concordat::flows
