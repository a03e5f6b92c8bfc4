#include "host/server/enrolment_service.h"

#include <grpcpp/security/auth_context.h>

#include "host/flows/certificate_requests.h"
#include "host/identity/invitation.h"

namespace concordat::server {
namespace {

// Only here does the certificate of an invitation count for anything.
absl::StatusOr<flows::EnrollingPeer> PeerOf(const ServerParts& parts,
                                            const grpc::CallbackServerContext& context) {
  const auto values = context.auth_context()->FindPropertyValues("x509_pem_cert");
  if (values.empty()) {
    return absl::FailedPreconditionError(
        "a certificate is asked for with the certificate of an invitation or one that still holds, not "
        "through the "
        "socket");
  }
  ASSIGN_OR_RETURN(const auto certificate,
                   parts.certificates->Read(std::string(values.front().data(), values.front().size())));
  flows::EnrollingPeer peer{certificate->fingerprint, std::nullopt};
  if (identity::InvitationOf(*certificate, parts.trust_domain).empty()) {
    ASSIGN_OR_RETURN(peer.caller, CallerOf(parts, context));
  } else if (parts.host->clock->Now() > certificate->not_after) {
    return absl::PermissionDeniedError("this invitation has ended; ask the host's administrator for another");
  }
  return peer;
}

grpc::ServerUnaryReactor* AnswerPeer(
    const ServerParts& parts, grpc::CallbackServerContext* context, v1::EnrolmentJson* reply,
    std::function<absl::StatusOr<json::Value>(const flows::EnrollingPeer&)> work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  parts.pool->Post([&parts, context, reply, reactor, work = std::move(work)] {
    const absl::StatusOr<flows::EnrollingPeer> peer = PeerOf(parts, *context);
    const absl::StatusOr<json::Value> told = peer.ok() ? work(*peer) : peer.status();
    if (told.ok()) reply->set_json(json::Compact(*told));
    reactor->Finish(ToGrpc(told.status()));
  });
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* EnrolmentServiceImpl::Invite(grpc::CallbackServerContext* context,
                                                       const v1::InviteRequest* request,
                                                       v1::EnrolmentJson* reply) {
  return AnswerJson<v1::EnrolmentJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    return flows::Invite(*parts_.host, caller, parts_.trust_domain,
                         {request->spiffe_id(), request->code(), request->bootstrap_fingerprint(),
                          absl::Seconds(request->valid_seconds())});
  });
}

grpc::ServerUnaryReactor* EnrolmentServiceImpl::ListRequests(grpc::CallbackServerContext* context,
                                                             const v1::ListRequestsRequest*,
                                                             v1::EnrolmentJson* reply) {
  return AnswerJson<v1::EnrolmentJson>(parts_, context, reply, [this](const flows::Caller& caller) {
    return flows::CertificateRequestsJson(*parts_.host, caller);
  });
}

grpc::ServerUnaryReactor* EnrolmentServiceImpl::Approve(grpc::CallbackServerContext* context,
                                                        const v1::ApproveRequest* request,
                                                        v1::EnrolmentJson* reply) {
  return AnswerJson<v1::EnrolmentJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    return flows::ApproveRequest(*parts_.host, caller, parts_.trust_domain, request->request(),
                                 request->certificate_pem());
  });
}

grpc::ServerUnaryReactor* EnrolmentServiceImpl::Refuse(grpc::CallbackServerContext* context,
                                                       const v1::RefuseRequest* request,
                                                       v1::EnrolmentJson* reply) {
  return AnswerJson<v1::EnrolmentJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    return flows::RefuseRequest(*parts_.host, caller, request->id(), request->reason());
  });
}

grpc::ServerUnaryReactor* EnrolmentServiceImpl::RequestCertificate(
    grpc::CallbackServerContext* context, const v1::CertificateSigningRequest* request,
    v1::EnrolmentJson* reply) {
  return AnswerPeer(parts_, context, reply, [this, request](const flows::EnrollingPeer& peer) {
    return flows::RequestCertificate(*parts_.host, peer, request->request_pem(), request->code());
  });
}

grpc::ServerUnaryReactor* EnrolmentServiceImpl::CollectCertificate(grpc::CallbackServerContext* context,
                                                                   const v1::CollectRequest* request,
                                                                   v1::EnrolmentJson* reply) {
  return AnswerPeer(parts_, context, reply, [this, request](const flows::EnrollingPeer& peer) {
    return flows::CollectCertificate(*parts_.host, peer, request->request());
  });
}

}  // namespace concordat::server
