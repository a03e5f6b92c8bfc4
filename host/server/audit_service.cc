#include "host/server/audit_service.h"

#include "host/flows/audit_views.h"

namespace concordat::server {

grpc::ServerUnaryReactor* AuditServiceImpl::ListReceipts(grpc::CallbackServerContext* context,
                                                         const v1::ListReceiptsRequest* request,
                                                         v1::AuditJson* reply) {
  return AnswerJson<v1::AuditJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::ListReceipts(*parts_.host, caller, request->limit() == 0 ? 100 : request->limit());
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

}  // namespace concordat::server
