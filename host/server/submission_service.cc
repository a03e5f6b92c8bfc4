#include "host/server/submission_service.h"

#include "host/flows/acceptance.h"
#include "host/flows/erase.h"
#include "host/flows/sign_off.h"
#include "host/flows/submission_views.h"
#include "host/server/spool_stream.h"
#include "host/server/stream_reactor.h"
#include "host/server/upload_reactor.h"

namespace concordat::server {
namespace {

absl::Status Put(const absl::StatusOr<json::Value>& receipt, v1::ReceiptReply& reply) {
  if (receipt.ok()) reply.set_receipt_json(json::Compact(*receipt));
  return receipt.status();
}

}  // namespace

grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply>* SubmissionServiceImpl::Submit(
    grpc::CallbackServerContext* context) {
  return new UploadReactor(parts_, context, UploadKind::kSubmit);
}

grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply>* SubmissionServiceImpl::Check(
    grpc::CallbackServerContext* context) {
  return new UploadReactor(parts_, context, UploadKind::kCheck);
}

grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply>* SubmissionServiceImpl::MendSubmission(
    grpc::CallbackServerContext* context) {
  return new UploadReactor(parts_, context, UploadKind::kMend);
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::WithdrawSubmission(
    grpc::CallbackServerContext* context, const v1::WithdrawSubmissionRequest* request,
    v1::WithdrawSubmissionReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    ASSIGN_OR_RETURN(
        const json::Value receipt,
        flows::Withdraw(*parts_.host, {caller, SubmissionId(request->submission()), request->reason()}));
    reply->set_receipt_json(json::Compact(receipt));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::AcceptWarning(grpc::CallbackServerContext* context,
                                                               const v1::AcceptWarningRequest* request,
                                                               v1::ReceiptReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) {
    return Put(flows::AcceptWarning(*parts_.host, {caller, SubmissionId(request->submission()),
                                                   request->rule(), request->reason(), request->until()}),
               *reply);
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::SignOffPeriod(grpc::CallbackServerContext* context,
                                                               const v1::SignOffPeriodRequest* request,
                                                               v1::ReceiptReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) {
    return Put(flows::SignOffPeriod(*parts_.host, {caller, SubmissionId(request->submission()),
                                                   request->assurance(), request->comment()}),
               *reply);
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::ReopenPeriod(grpc::CallbackServerContext* context,
                                                              const v1::ReopenPeriodRequest* request,
                                                              v1::ReceiptReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) {
    return Put(
        flows::ReopenPeriod(*parts_.host, {caller, SubmissionId(request->submission()), request->reason()}),
        *reply);
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::EraseSubmission(grpc::CallbackServerContext* context,
                                                                 const v1::EraseSubmissionRequest* request,
                                                                 v1::EraseReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    ASSIGN_OR_RETURN(const json::Value receipt,
                     flows::EraseSubmission(
                         *parts_.host, {caller, SubmissionId(request->submission()), request->reason()}));
    reply->set_receipt_json(json::Compact(receipt));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::EraseSubject(grpc::CallbackServerContext* context,
                                                              const v1::EraseSubjectRequest* request,
                                                              v1::EraseReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    ASSIGN_OR_RETURN(
        const json::Value receipt,
        flows::EraseSubject(*parts_.host, {caller, DatasetId(request->dataset()), request->field(),
                                           request->value(), request->reason()}));
    reply->set_receipt_json(json::Compact(receipt));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::GetSubmission(grpc::CallbackServerContext* context,
                                                               const v1::GetSubmissionRequest* request,
                                                               v1::GetSubmissionReply* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    ASSIGN_OR_RETURN(const flows::SubmissionView view,
                     flows::ViewSubmission(*parts_.host, caller, SubmissionId(request->submission())));
    reply->set_json(json::Compact(view.result));
    reply->set_receipt_json(view.receipt.is_null() ? "" : json::Compact(view.receipt));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* SubmissionServiceImpl::ListSubmissions(grpc::CallbackServerContext* context,
                                                                 const v1::ListSubmissionsRequest* request,
                                                                 v1::ListSubmissionsReply* reply) {
  return AnswerJson<v1::ListSubmissionsReply>(parts_, context, reply, [this, request](const flows::Caller&) {
    store::SubmissionStore::Filter filter;
    if (!request->feed().empty()) filter.feed = FeedId(request->feed());
    if (!request->period().empty()) filter.period = request->period();
    if (!request->partner().empty()) filter.partner = PartnerId(request->partner());
    filter.current_only = request->current_only();
    filter.limit = request->limit() == 0 ? 100 : request->limit();
    return flows::ListSubmissions(*parts_.host, filter);
  });
}

grpc::ServerWriteReactor<v1::FileChunk>* SubmissionServiceImpl::ListFindings(
    grpc::CallbackServerContext* context, const v1::ListFindingsRequest* request) {
  struct State {
    std::unique_ptr<flows::Spool> spool;
    uint64_t offset = 0;
  };
  auto state = std::make_shared<State>();
  return new StreamReactor<v1::FileChunk>(
      parts_, [this, context, request, state](v1::FileChunk& message) -> absl::StatusOr<bool> {
        if (state->spool == nullptr) {
          ASSIGN_OR_RETURN(const flows::Caller caller, CallerOf(parts_, *context));
          ASSIGN_OR_RETURN(state->spool,
                           flows::FindingsFile(*parts_.host, caller, SubmissionId(request->submission()),
                                               request->rule(), request->to_mend()));
        }
        RETURN_IF_ERROR(CallerOf(parts_, *context).status());  // revoked since the last message
        ASSIGN_OR_RETURN(std::optional<std::string> chunk, NextChunk(*state->spool, state->offset));
        if (!chunk) return false;
        message.set_chunk(*std::move(chunk));
        return true;
      });
}

}  // namespace concordat::server
