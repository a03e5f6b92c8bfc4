// ProtocolService: the life of an agreement.
#pragma once

#include "concordat/v1/protocol.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class ProtocolServiceImpl final : public v1::ProtocolService::CallbackService {
 public:
  explicit ProtocolServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListProtocols(grpc::CallbackServerContext* context,
                                          const v1::ListProtocolsRequest* request,
                                          v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* GetProtocol(grpc::CallbackServerContext* context,
                                        const v1::ProtocolRequest* request, v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* GetProtocolStatus(grpc::CallbackServerContext* context,
                                              const v1::ProtocolRequest* request,
                                              v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* SignProtocol(grpc::CallbackServerContext* context,
                                         const v1::SignProtocolRequest* request,
                                         v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* RevokeSignature(grpc::CallbackServerContext* context,
                                            const v1::RevokeSignatureRequest* request,
                                            v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* RejectProtocol(grpc::CallbackServerContext* context,
                                           const v1::RejectProtocolRequest* request,
                                           v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* ProposeProtocol(grpc::CallbackServerContext* context,
                                            const v1::ProposeProtocolRequest* request,
                                            v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* SimulateProtocol(grpc::CallbackServerContext* context,
                                             const v1::SimulateProtocolRequest* request,
                                             v1::ProtocolJson* reply) override;
  grpc::ServerUnaryReactor* ExportProtocol(grpc::CallbackServerContext* context,
                                           const v1::ExportProtocolRequest* request,
                                           v1::ProtocolJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
