// EnrolmentService: certificates for keys that never leave their holders. The one service that answers the
// certificate of an invitation.
#pragma once

#include "concordat/v1/enrolment.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class EnrolmentServiceImpl final : public v1::EnrolmentService::CallbackService {
 public:
  explicit EnrolmentServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* Invite(grpc::CallbackServerContext* context, const v1::InviteRequest* request,
                                   v1::EnrolmentJson* reply) override;
  grpc::ServerUnaryReactor* ListRequests(grpc::CallbackServerContext* context,
                                         const v1::ListRequestsRequest* request,
                                         v1::EnrolmentJson* reply) override;
  grpc::ServerUnaryReactor* Approve(grpc::CallbackServerContext* context, const v1::ApproveRequest* request,
                                    v1::EnrolmentJson* reply) override;
  grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context, const v1::RefuseRequest* request,
                                   v1::EnrolmentJson* reply) override;
  grpc::ServerUnaryReactor* RequestCertificate(grpc::CallbackServerContext* context,
                                               const v1::CertificateSigningRequest* request,
                                               v1::EnrolmentJson* reply) override;
  grpc::ServerUnaryReactor* CollectCertificate(grpc::CallbackServerContext* context,
                                               const v1::CollectRequest* request,
                                               v1::EnrolmentJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
