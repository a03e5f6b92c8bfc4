#include "host/server/assessment_service.h"

#include "host/flows/self_assessment.h"

namespace concordat::server {

grpc::ServerUnaryReactor* AssessmentServiceImpl::ListTemplates(grpc::CallbackServerContext* context,
                                                               const v1::ListTemplatesRequest*,
                                                               v1::AssessmentJson* reply) {
  return AnswerJson<v1::AssessmentJson>(parts_, context, reply,
                                        [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                          return flows::ListTemplates(*parts_.host);
                                        });
}

grpc::ServerUnaryReactor* AssessmentServiceImpl::StartAssessment(grpc::CallbackServerContext* context,
                                                                 const v1::StartAssessmentRequest* request,
                                                                 v1::AssessmentJson* reply) {
  return AnswerJson<v1::AssessmentJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::StartAssessment(*parts_.host, caller, request->template_(), request->cycle());
      });
}

grpc::ServerUnaryReactor* AssessmentServiceImpl::AnswerItem(grpc::CallbackServerContext* context,
                                                            const v1::AnswerItemRequest* request,
                                                            v1::AssessmentJson* reply) {
  return AnswerJson<v1::AssessmentJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::AnswerItem(*parts_.host, caller, request->assessment(), request->item(),
                                 request->level(), request->comment());
      });
}

grpc::ServerUnaryReactor* AssessmentServiceImpl::GetAssessment(grpc::CallbackServerContext* context,
                                                               const v1::GetAssessmentRequest* request,
                                                               v1::AssessmentJson* reply) {
  return AnswerJson<v1::AssessmentJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::ShowAssessment(*parts_.host, caller, request->assessment());
      });
}

grpc::ServerUnaryReactor* AssessmentServiceImpl::SubmitAssessment(grpc::CallbackServerContext* context,
                                                                  const v1::SubmitAssessmentRequest* request,
                                                                  v1::AssessmentJson* reply) {
  return AnswerJson<v1::AssessmentJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::SubmitAssessment(*parts_.host, caller, request->assessment());
      });
}

}  // namespace concordat::server
