// AssessmentService: self-assessment beside what was measured.
#pragma once

#include "concordat/v1/assessment.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class AssessmentServiceImpl final : public v1::AssessmentService::CallbackService {
 public:
  explicit AssessmentServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListTemplates(grpc::CallbackServerContext* context,
                                          const v1::ListTemplatesRequest* request,
                                          v1::AssessmentJson* reply) override;
  grpc::ServerUnaryReactor* StartAssessment(grpc::CallbackServerContext* context,
                                            const v1::StartAssessmentRequest* request,
                                            v1::AssessmentJson* reply) override;
  grpc::ServerUnaryReactor* AnswerItem(grpc::CallbackServerContext* context,
                                       const v1::AnswerItemRequest* request,
                                       v1::AssessmentJson* reply) override;
  grpc::ServerUnaryReactor* GetAssessment(grpc::CallbackServerContext* context,
                                          const v1::GetAssessmentRequest* request,
                                          v1::AssessmentJson* reply) override;
  grpc::ServerUnaryReactor* SubmitAssessment(grpc::CallbackServerContext* context,
                                             const v1::SubmitAssessmentRequest* request,
                                             v1::AssessmentJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
