#include "host/server/quality_policy_service.h"

#include "host/flows/quality_policies.h"

namespace concordat::server {

grpc::ServerUnaryReactor* QualityPolicyServiceImpl::GetQualityPolicy(grpc::CallbackServerContext* context,
                                                                     const v1::QualityPolicyRequest* request,
                                                                     v1::QualityPolicyJson* reply) {
  return AnswerJson<v1::QualityPolicyJson>(parts_, context, reply, [this, request](const flows::Caller&) {
    return flows::ShowQualityPolicy(*parts_.host, request->id());
  });
}

grpc::ServerUnaryReactor* QualityPolicyServiceImpl::GetQualityPolicyStatus(
    grpc::CallbackServerContext* context, const v1::QualityPolicyRequest* request,
    v1::QualityPolicyJson* reply) {
  return AnswerJson<v1::QualityPolicyJson>(parts_, context, reply, [this, request](const flows::Caller&) {
    return flows::QualityPolicyStatus(*parts_.host, request->id());
  });
}

grpc::ServerUnaryReactor* QualityPolicyServiceImpl::SignQualityPolicy(
    grpc::CallbackServerContext* context, const v1::SignQualityPolicyRequest* request,
    v1::QualityPolicyJson* reply) {
  return AnswerJson<v1::QualityPolicyJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) {
        return flows::SignQualityPolicy(
            *parts_.host, {caller,
                           request->id(),
                           {request->digest(), request->signature(), request->name(), request->post(),
                            request->authority()}});
      });
}

grpc::ServerUnaryReactor* QualityPolicyServiceImpl::RevokeQualityPolicy(
    grpc::CallbackServerContext* context, const v1::RevokeQualityPolicyRequest* request,
    v1::QualityPolicyJson* reply) {
  return AnswerJson<v1::QualityPolicyJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) {
        return flows::RevokeQualityPolicy(*parts_.host,
                                          {caller, request->id(), request->reason(), request->signature()});
      });
}

}  // namespace concordat::server
