// AdminService: the host itself; releases no rows.
#pragma once

#include "concordat/v1/admin.grpc.pb.h"
#include "host/flows/backup.h"
#include "host/server/service_base.h"

namespace concordat::server {

class AdminServiceImpl final : public v1::AdminService::CallbackService {
 public:
  /// `files`: what a backup takes beside the data folder.
  AdminServiceImpl(const ServerParts& parts, flows::HostFiles files)
      : parts_(parts), files_(std::move(files)) {}

  grpc::ServerUnaryReactor* GetHostStatus(grpc::CallbackServerContext* context,
                                          const v1::AdminRequest* request, v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* ListAdapters(grpc::CallbackServerContext* context,
                                         const v1::AdminRequest* request, v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* EnrolCertificate(grpc::CallbackServerContext* context,
                                             const v1::EnrolCertificateRequest* request,
                                             v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* RevokeCertificate(grpc::CallbackServerContext* context,
                                              const v1::RevokeCertificateRequest* request,
                                              v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* ListEnrolments(grpc::CallbackServerContext* context,
                                           const v1::AdminRequest* request, v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* ReloadPolicies(grpc::CallbackServerContext* context,
                                           const v1::AdminRequest* request, v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* ListPolicyHistory(grpc::CallbackServerContext* context,
                                              const v1::AdminRequest* request, v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* RollBackPolicies(grpc::CallbackServerContext* context,
                                             const v1::RollBackPoliciesRequest* request,
                                             v1::AdminJson* reply) override;
  grpc::ServerUnaryReactor* Purge(grpc::CallbackServerContext* context, const v1::PurgeRequest* request,
                                  v1::AdminJson* reply) override;
  grpc::ServerWriteReactor<v1::ReplayPoliciesReply>* ReplayPolicies(
      grpc::CallbackServerContext* context, const v1::ReplayPoliciesRequest* request) override;

  grpc::ServerWriteReactor<v1::BackupReply>* Backup(grpc::CallbackServerContext* context,
                                                    const v1::BackupRequest* request) override;
  grpc::ServerUnaryReactor* GetPartnerProgress(grpc::CallbackServerContext* context,
                                               const v1::PartnerProgressRequest* request,
                                               v1::AdminJson* reply) override;

 private:
  const ServerParts& parts_;
  const flows::HostFiles files_;
};

}  // namespace concordat::server
