// How somebody gets a certificate for a key of their own: invited with a file and a code, or by a certificate
// that still holds. The authority's key is never here: an administrator signs, elsewhere.
#pragma once

#include <optional>
#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

inline constexpr uint64_t kMostWrongCodes = 5;

struct InvitationOrder {
  std::string spiffe_id;
  std::string code;       // a paper code (base/paper_code.h)
  std::string bootstrap;  // fingerprint of the certificate in the invitation file
  absl::Duration valid;   // at most 30 days
};
/// {invitation, spiffeId, expires}. Administrators only.
absl::StatusOr<json::Value> Invite(const HostParts& host, const Caller& caller,
                                   const std::string& trust_domain, const InvitationOrder& order);

/// Who asks: the fingerprint of the certificate of the call, and who they are when it is a holder's that is
/// valid.
struct EnrollingPeer {
  std::string fingerprint;
  std::optional<Caller> caller;  // nothing: the certificate of an invitation
};
/// The key of `request_pem` asks for a certificate. With an invitation's certificate the code must be right,
/// and uses it up; a caller asks for the renewal of their own. {request, spiffeId, state, keyCode}
absl::StatusOr<json::Value> RequestCertificate(const HostParts& host, const EnrollingPeer& peer,
                                               const std::string& request_pem, const std::string& code);
/// {request, spiffeId, state, keyCode, certificate, reason}. PermissionDenied for anybody but who asked.
absl::StatusOr<json::Value> CollectCertificate(const HostParts& host, const EnrollingPeer& peer,
                                               const std::string& request);

/// {invitations, requests}, newest first. Administrators only; so are the next two.
absl::StatusOr<json::Value> CertificateRequestsJson(const HostParts& host, const Caller& caller);
/// Enrols the certificate and hands it out. InvalidArgument when its holder or its key is not the request's.
absl::StatusOr<json::Value> ApproveRequest(const HostParts& host, const Caller& caller,
                                           const std::string& trust_domain, const std::string& request,
                                           const std::string& certificate_pem);
/// A request that waits, or an invitation that is open.
absl::StatusOr<json::Value> RefuseRequest(const HostParts& host, const Caller& caller, const std::string& id,
                                          const std::string& reason);

}  // namespace concordat::flows
