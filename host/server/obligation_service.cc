#include "host/server/obligation_service.h"

#include "host/flows/disputes.h"
#include "host/flows/obligations.h"
#include "host/flows/rectify.h"

namespace concordat::server {
namespace {

flows::ObligationQuery QueryOf(const flows::Caller& caller, const v1::ListObligationsRequest& request) {
  flows::ObligationQuery query;
  query.kind = request.kind();
  query.state = request.state();
  std::optional<PartnerId>& whose = request.asked() ? query.asked_by : query.partner;
  if (!caller.administrator) whose = caller.partner;
  if (!request.partner().empty()) whose = PartnerId(request.partner());
  return query;
}

}  // namespace

grpc::ServerUnaryReactor* ObligationServiceImpl::ListObligations(grpc::CallbackServerContext* context,
                                                                 const v1::ListObligationsRequest* request,
                                                                 v1::ObligationJson* reply) {
  return AnswerJson<v1::ObligationJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::ListObligations(*parts_.host, caller, QueryOf(caller, *request));
      });
}

grpc::ServerUnaryReactor* ObligationServiceImpl::CloseObligation(grpc::CallbackServerContext* context,
                                                                 const v1::CloseObligationRequest* request,
                                                                 v1::ObligationJson* reply) {
  return AnswerJson<v1::ObligationJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::CloseObligation(*parts_.host, {caller, request->id(), request->evidence(),
                                                     request->evidence_digest(), request->outcome()});
      });
}

grpc::ServerUnaryReactor* ObligationServiceImpl::Rectify(grpc::CallbackServerContext* context,
                                                         const v1::RectifyRequest* request,
                                                         v1::ObligationJson* reply) {
  return AnswerJson<v1::ObligationJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::Rectify(*parts_.host, {caller, DatasetId(request->dataset()), request->key(),
                                             SubmissionId(request->submission()), request->reason()});
      });
}

grpc::ServerUnaryReactor* ObligationServiceImpl::Dispute(grpc::CallbackServerContext* context,
                                                         const v1::DisputeRequest* request,
                                                         v1::ObligationJson* reply) {
  return AnswerJson<v1::ObligationJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::Dispute(*parts_.host,
                              {caller, DatasetId(request->dataset()), request->key(), request->field(),
                               request->reason(), ReceiptId(request->disclosure())});
      });
}

}  // namespace concordat::server
