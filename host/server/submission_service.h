// SubmissionService: streams extracts in and judgements out; decides nothing.
#pragma once

#include "concordat/v1/submission.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class SubmissionServiceImpl final : public v1::SubmissionService::CallbackService {
 public:
  explicit SubmissionServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply>* Submit(
      grpc::CallbackServerContext* context) override;
  grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply>* Check(
      grpc::CallbackServerContext* context) override;
  grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitReply>* MendSubmission(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* WithdrawSubmission(grpc::CallbackServerContext* context,
                                               const v1::WithdrawSubmissionRequest* request,
                                               v1::WithdrawSubmissionReply* reply) override;
  grpc::ServerUnaryReactor* AcceptWarning(grpc::CallbackServerContext* context,
                                          const v1::AcceptWarningRequest* request,
                                          v1::ReceiptReply* reply) override;
  grpc::ServerUnaryReactor* SignOffPeriod(grpc::CallbackServerContext* context,
                                          const v1::SignOffPeriodRequest* request,
                                          v1::ReceiptReply* reply) override;
  grpc::ServerUnaryReactor* ReopenPeriod(grpc::CallbackServerContext* context,
                                         const v1::ReopenPeriodRequest* request,
                                         v1::ReceiptReply* reply) override;
  grpc::ServerUnaryReactor* EraseSubmission(grpc::CallbackServerContext* context,
                                            const v1::EraseSubmissionRequest* request,
                                            v1::EraseReply* reply) override;
  grpc::ServerUnaryReactor* EraseSubject(grpc::CallbackServerContext* context,
                                         const v1::EraseSubjectRequest* request,
                                         v1::EraseReply* reply) override;
  grpc::ServerUnaryReactor* GetSubmission(grpc::CallbackServerContext* context,
                                          const v1::GetSubmissionRequest* request,
                                          v1::GetSubmissionReply* reply) override;
  grpc::ServerUnaryReactor* ListSubmissions(grpc::CallbackServerContext* context,
                                            const v1::ListSubmissionsRequest* request,
                                            v1::ListSubmissionsReply* reply) override;
  grpc::ServerWriteReactor<v1::FileChunk>* ListFindings(grpc::CallbackServerContext* context,
                                                        const v1::ListFindingsRequest* request) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
