// AssessmentService: self-assessment beside what was measured, from opening a cycle to closing an action.
#pragma once

#include "concordat/v1/assessment.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class AssessmentServiceImpl final : public v1::AssessmentService::CallbackService {
 public:
  explicit AssessmentServiceImpl(const ServerParts& parts) : parts_(parts) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;
  using Reply = v1::AssessmentJson;

  Reactor* ListTemplates(Context*, const v1::ListTemplatesRequest*, Reply*) override;
  Reactor* OpenCycle(Context*, const v1::OpenCycleRequest*, Reply*) override;
  Reactor* ListCycles(Context*, const v1::ListCyclesRequest*, Reply*) override;
  Reactor* StartAssessment(Context*, const v1::StartAssessmentRequest*, Reply*) override;
  Reactor* GetAssessment(Context*, const v1::GetAssessmentRequest*, Reply*) override;
  Reactor* GetAssessmentHistory(Context*, const v1::AssessmentRequest*, Reply*) override;
  Reactor* AnswerItem(Context*, const v1::AnswerItemRequest*, Reply*) override;
  Reactor* CommentItem(Context*, const v1::CommentItemRequest*, Reply*) override;
  Reactor* AssignItems(Context*, const v1::AssignItemsRequest*, Reply*) override;
  Reactor* AddEvidence(Context*, const v1::AddEvidenceRequest*, Reply*) override;
  Reactor* WithdrawEvidence(Context*, const v1::WithdrawEvidenceRequest*, Reply*) override;
  Reactor* ImportAnswers(Context*, const v1::ImportAnswersRequest*, Reply*) override;
  Reactor* SubmitAssessment(Context*, const v1::AssessmentRequest*, Reply*) override;
  Reactor* SignOffAssessment(Context*, const v1::AssessmentStepRequest*, Reply*) override;
  Reactor* ReturnAssessment(Context*, const v1::AssessmentStepRequest*, Reply*) override;
  Reactor* ModerateItem(Context*, const v1::ModerateItemRequest*, Reply*) override;
  Reactor* FinishModeration(Context*, const v1::AssessmentStepRequest*, Reply*) override;
  Reactor* PublishAssessment(Context*, const v1::AssessmentStepRequest*, Reply*) override;
  Reactor* CompareAssessments(Context*, const v1::CompareAssessmentsRequest*, Reply*) override;
  Reactor* GetPartnershipView(Context*, const v1::PartnershipViewRequest*, Reply*) override;
  Reactor* ListActions(Context*, const v1::ListActionsRequest*, Reply*) override;
  Reactor* ProposeActions(Context*, const v1::AssessmentRequest*, Reply*) override;
  Reactor* AddAction(Context*, const v1::AddActionRequest*, Reply*) override;
  Reactor* ChangeAction(Context*, const v1::ChangeActionRequest*, Reply*) override;
  Reactor* CloseAction(Context*, const v1::CloseActionRequest*, Reply*) override;

 private:
  /// Answers with what `flow`(host, caller) makes, off gRPC's threads.
  template <typename Flow>
  Reactor* Run(Context* context, Reply* reply, Flow flow) {
    return AnswerJson<Reply>(
        parts_, context, reply,
        [this, flow = std::move(flow)](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
          return flow(*parts_.host, caller);
        });
  }

  const ServerParts& parts_;
};

}  // namespace concordat::server
