// Where a certificate becomes a partner: the peer of a call, checked against the enrolments on every call.
#pragma once

#include <grpcpp/server_context.h>

#include "host/flows/caller.h"
#include "host/server/known_certificates.h"
#include "host/store/store.h"

namespace concordat::server {

/// Unauthenticated when the certificate carries no SPIFFE ID of `trust_domain`; PermissionDenied when its
/// fingerprint is not enrolled, revoked, or enrolled for another name. On the UNIX socket, whose folder only
/// root and the host's user may enter, everyone is an administrator.
absl::StatusOr<flows::Caller> Authenticate(const grpc::CallbackServerContext& context,
                                           KnownCertificates& certificates,
                                           const store::EnrolmentStore& enrolments,
                                           const std::string& trust_domain);

}  // namespace concordat::server
