#include "host/server/audit_service.h"

#include "host/flows/audit_proofs.h"
#include "host/flows/audit_statement.h"
#include "host/flows/audit_views.h"

namespace concordat::server {
namespace {

flows::ReceiptQuery QueryOf(const v1::ListReceiptsRequest& request) {
  flows::ReceiptQuery query;
  query.dataset = DatasetId(request.dataset());
  query.item = request.item();
  query.agency = PartnerId(request.agency());
  query.purpose = request.purpose();
  query.protocol = ProtocolId(request.protocol());
  query.kind = request.kind();
  query.from = request.from();
  query.to = request.to();
  query.period = request.period();
  query.subject = request.subject();
  if (request.limit() != 0) query.limit = request.limit();
  return query;
}

}  // namespace

grpc::ServerUnaryReactor* AuditServiceImpl::ListReceipts(grpc::CallbackServerContext* context,
                                                         const v1::ListReceiptsRequest* request,
                                                         v1::AuditJson* reply) {
  return Answer(parts_, context, [this, request, reply](const flows::Caller& caller) -> absl::Status {
    const flows::ReceiptQuery query = QueryOf(*request);
    ASSIGN_OR_RETURN(const flows::TimeSpan span,
                     flows::SpanOf(*parts_.host, query.period, query.from, query.to));
    ASSIGN_OR_RETURN(const json::Value list, flows::ListReceipts(*parts_.host, caller, query));
    reply->set_json(json::Compact(list));
    reply->set_span(span.words);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* AuditServiceImpl::GetReceipt(grpc::CallbackServerContext* context,
                                                       const v1::GetReceiptRequest* request,
                                                       v1::AuditJson* reply) {
  return AnswerJson<v1::AuditJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::GetReceipt(*parts_.host, caller, ReceiptId(request->receipt()));
      });
}

grpc::ServerUnaryReactor* AuditServiceImpl::GetCheckpoint(grpc::CallbackServerContext* context,
                                                          const v1::GetCheckpointRequest*,
                                                          v1::GetCheckpointReply* reply) {
  return Answer(parts_, context, [this, reply](const flows::Caller&) -> absl::Status {
    reply->set_checkpoint(parts_.host->log->LatestCheckpoint());
    reply->set_verifier_key(audit::VerifierKey(parts_.host->log->origin(), parts_.host->log->public_key()));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* AuditServiceImpl::VerifyLog(grpc::CallbackServerContext* context,
                                                      const v1::VerifyLogRequest*, v1::AuditJson* reply) {
  return AnswerJson<v1::AuditJson>(
      parts_, context, reply,
      [this](const flows::Caller&) -> absl::StatusOr<json::Value> { return flows::VerifyLog(*parts_.host); });
}

grpc::ServerUnaryReactor* AuditServiceImpl::GetStatement(grpc::CallbackServerContext* context,
                                                         const v1::GetStatementRequest* request,
                                                         v1::AuditJson* reply) {
  return AnswerJson<v1::AuditJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        ASSIGN_OR_RETURN(const flows::TimeSpan span,
                         flows::SpanOf(*parts_.host, request->period(), request->from(), request->to()));
        return flows::StatementOf(*parts_.host, caller, PartnerId(request->partner()), span);
      });
}

grpc::ServerUnaryReactor* AuditServiceImpl::ProveInclusion(grpc::CallbackServerContext* context,
                                                           const v1::ProveInclusionRequest* request,
                                                           v1::AuditJson* reply) {
  return AnswerJson<v1::AuditJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::ProveInclusion(*parts_.host, caller, ReceiptId(request->receipt()), request->size());
      });
}

grpc::ServerUnaryReactor* AuditServiceImpl::ProveConsistency(grpc::CallbackServerContext* context,
                                                             const v1::ProveConsistencyRequest* request,
                                                             v1::AuditJson* reply) {
  return AnswerJson<v1::AuditJson>(
      parts_, context, reply, [this, request](const flows::Caller&) -> absl::StatusOr<json::Value> {
        return flows::ProveConsistency(*parts_.host, request->from(), request->to());
      });
}

}  // namespace concordat::server
