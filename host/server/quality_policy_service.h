// QualityPolicyService: what the partners hold each other to, and who has signed it.
#pragma once

#include "concordat/v1/quality_policy.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class QualityPolicyServiceImpl final : public v1::QualityPolicyService::CallbackService {
 public:
  explicit QualityPolicyServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetQualityPolicy(grpc::CallbackServerContext* context,
                                             const v1::QualityPolicyRequest* request,
                                             v1::QualityPolicyJson* reply) override;
  grpc::ServerUnaryReactor* GetQualityPolicyStatus(grpc::CallbackServerContext* context,
                                                   const v1::QualityPolicyRequest* request,
                                                   v1::QualityPolicyJson* reply) override;
  grpc::ServerUnaryReactor* SignQualityPolicy(grpc::CallbackServerContext* context,
                                              const v1::SignQualityPolicyRequest* request,
                                              v1::QualityPolicyJson* reply) override;
  grpc::ServerUnaryReactor* RevokeQualityPolicy(grpc::CallbackServerContext* context,
                                                const v1::RevokeQualityPolicyRequest* request,
                                                v1::QualityPolicyJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
