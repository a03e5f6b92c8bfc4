// ObligationService: what is owed after a release.
#pragma once

#include "concordat/v1/obligation.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class ObligationServiceImpl final : public v1::ObligationService::CallbackService {
 public:
  explicit ObligationServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListObligations(grpc::CallbackServerContext* context,
                                            const v1::ListObligationsRequest* request,
                                            v1::ObligationJson* reply) override;
  grpc::ServerUnaryReactor* CloseObligation(grpc::CallbackServerContext* context,
                                            const v1::CloseObligationRequest* request,
                                            v1::ObligationJson* reply) override;
  grpc::ServerUnaryReactor* Rectify(grpc::CallbackServerContext* context, const v1::RectifyRequest* request,
                                    v1::ObligationJson* reply) override;
  grpc::ServerUnaryReactor* Dispute(grpc::CallbackServerContext* context, const v1::DisputeRequest* request,
                                    v1::ObligationJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
