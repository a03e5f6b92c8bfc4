#include "host/server/assessment_service.h"

#include "host/flows/assessment_answers.h"
#include "host/flows/assessment_compare.h"
#include "host/flows/assessment_cycles.h"
#include "host/flows/assessment_import.h"
#include "host/flows/assessment_report.h"
#include "host/flows/assessment_steps.h"
#include "host/flows/improvement_actions.h"
#include "host/flows/partnership_view.h"

namespace concordat::server {
namespace {

using flows::Caller;
using flows::HostParts;
using Reactor = grpc::ServerUnaryReactor;

std::vector<std::string> Texts(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

flows::CycleRequest CycleOf(const v1::OpenCycleRequest& request) {
  flows::CycleRequest cycle{request.template_(), request.cycle(), Texts(request.partners()), {},
                            request.opens(),     request.due(),   request.subject()};
  for (const auto& [group, partner] : request.groups()) cycle.groups[group] = partner;
  return cycle;
}

}  // namespace

Reactor* AssessmentServiceImpl::ListTemplates(Context* context, const v1::ListTemplatesRequest* request,
                                              Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller&) {
    return flows::ListTemplates(host, request->template_());
  });
}

Reactor* AssessmentServiceImpl::OpenCycle(Context* context, const v1::OpenCycleRequest* request,
                                          Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::OpenCycle(host, caller, CycleOf(*request));
  });
}

Reactor* AssessmentServiceImpl::ListCycles(Context* context, const v1::ListCyclesRequest* request,
                                           Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ListCycles(host, caller, request->template_());
  });
}

Reactor* AssessmentServiceImpl::StartAssessment(Context* context, const v1::StartAssessmentRequest* request,
                                                Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::StartAssessment(
        host, caller, {request->template_(), request->cycle(), request->group(), request->fresh()});
  });
}

Reactor* AssessmentServiceImpl::GetAssessment(Context* context, const v1::GetAssessmentRequest* request,
                                              Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ShowAssessment(host, caller, request->assessment());
  });
}

Reactor* AssessmentServiceImpl::GetAssessmentHistory(Context* context, const v1::AssessmentRequest* request,
                                                     Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::AssessmentHistory(host, caller, request->assessment());
  });
}

Reactor* AssessmentServiceImpl::AnswerItem(Context* context, const v1::AnswerItemRequest* request,
                                           Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::AnswerItem(host, caller,
                             {request->assessment(), request->item(), request->level(), request->comment(),
                              request->confirm(), request->withdraw()});
  });
}

Reactor* AssessmentServiceImpl::CommentItem(Context* context, const v1::CommentItemRequest* request,
                                            Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::CommentItem(host, caller, request->assessment(), request->item(), request->text());
  });
}

Reactor* AssessmentServiceImpl::AssignItems(Context* context, const v1::AssignItemsRequest* request,
                                            Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::AssignItems(host, caller, request->assessment(), Texts(request->items()), request->owner());
  });
}

Reactor* AssessmentServiceImpl::AddEvidence(Context* context, const v1::AddEvidenceRequest* request,
                                            Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::AddEvidence(
        host, caller, request->assessment(), request->item(),
        {request->kind(), request->title(), request->reference(), request->digest(), request->expires()});
  });
}

Reactor* AssessmentServiceImpl::WithdrawEvidence(Context* context, const v1::WithdrawEvidenceRequest* request,
                                                 Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::WithdrawEvidence(host, caller, request->assessment(), request->evidence(),
                                   request->reason());
  });
}

Reactor* AssessmentServiceImpl::ImportAnswers(Context* context, const v1::ImportAnswersRequest* request,
                                              Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ImportAnswers(
        host, caller,
        {request->assessment(), request->name(), request->text(), request->format(), request->dry_run()});
  });
}

Reactor* AssessmentServiceImpl::SubmitAssessment(Context* context, const v1::AssessmentRequest* request,
                                                 Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::SubmitAssessment(host, caller, request->assessment());
  });
}

Reactor* AssessmentServiceImpl::SignOffAssessment(Context* context, const v1::AssessmentStepRequest* request,
                                                  Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::SignOffAssessment(host, caller, request->assessment(), request->text());
  });
}

Reactor* AssessmentServiceImpl::ReturnAssessment(Context* context, const v1::AssessmentStepRequest* request,
                                                 Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ReturnAssessment(host, caller, request->assessment(), request->text());
  });
}

Reactor* AssessmentServiceImpl::ModerateItem(Context* context, const v1::ModerateItemRequest* request,
                                             Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ModerateItem(host, caller, request->assessment(), request->item(), request->level(),
                               request->reason());
  });
}

Reactor* AssessmentServiceImpl::FinishModeration(Context* context, const v1::AssessmentStepRequest* request,
                                                 Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::FinishModeration(host, caller, request->assessment(), request->text());
  });
}

Reactor* AssessmentServiceImpl::PublishAssessment(Context* context, const v1::AssessmentStepRequest* request,
                                                  Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::PublishAssessment(host, caller, request->assessment());
  });
}

Reactor* AssessmentServiceImpl::CompareAssessments(Context* context,
                                                   const v1::CompareAssessmentsRequest* request,
                                                   Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::CompareAssessments(host, caller,
                                     {Texts(request->assessments()), request->template_(),
                                      Texts(request->cycles()), Texts(request->partners())});
  });
}

Reactor* AssessmentServiceImpl::GetPartnershipView(Context* context,
                                                   const v1::PartnershipViewRequest* request, Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::PartnershipView(host, caller, request->template_(), request->cycle());
  });
}

Reactor* AssessmentServiceImpl::ListActions(Context* context, const v1::ListActionsRequest* request,
                                            Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ListActions(host, caller, request->assessment(), request->state(), request->partner());
  });
}

Reactor* AssessmentServiceImpl::ProposeActions(Context* context, const v1::AssessmentRequest* request,
                                               Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ProposeActions(host, caller, request->assessment());
  });
}

Reactor* AssessmentServiceImpl::AddAction(Context* context, const v1::AddActionRequest* request,
                                          Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::AddAction(host, caller,
                            {request->assessment(), request->item(), request->title(), request->owner(),
                             request->due(), request->resource()});
  });
}

Reactor* AssessmentServiceImpl::ChangeAction(Context* context, const v1::ChangeActionRequest* request,
                                             Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::ChangeAction(host, caller,
                               {request->action(), request->owner(), request->due(), request->title(),
                                request->resource(), request->reason()});
  });
}

Reactor* AssessmentServiceImpl::CloseAction(Context* context, const v1::CloseActionRequest* request,
                                            Reply* reply) {
  return Run(context, reply, [request](const HostParts& host, const Caller& caller) {
    return flows::CloseAction(host, caller, request->action(), request->evidence(), request->digest(),
                              request->cancel());
  });
}

}  // namespace concordat::server
