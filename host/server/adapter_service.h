// AdapterService: adapters while the host runs; releases no rows.
#pragma once

#include "concordat/v1/adapter.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class AdapterServiceImpl final : public v1::AdapterService::CallbackService {
 public:
  explicit AdapterServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListAdapters(grpc::CallbackServerContext* context,
                                         const v1::AdapterRequest* request, v1::AdapterJson* reply) override;
  grpc::ServerUnaryReactor* EnableAdapter(grpc::CallbackServerContext* context,
                                          const v1::ChangeAdapterRequest* request,
                                          v1::AdapterJson* reply) override;
  grpc::ServerUnaryReactor* DisableAdapter(grpc::CallbackServerContext* context,
                                           const v1::ChangeAdapterRequest* request,
                                           v1::AdapterJson* reply) override;
  grpc::ServerUnaryReactor* UpgradeAdapter(grpc::CallbackServerContext* context,
                                           const v1::UpgradeAdapterRequest* request,
                                           v1::AdapterJson* reply) override;
  grpc::ServerUnaryReactor* ReloadAdapters(grpc::CallbackServerContext* context,
                                           const v1::AdapterRequest* request,
                                           v1::AdapterJson* reply) override;
  grpc::ServerUnaryReactor* LiftQuarantine(grpc::CallbackServerContext* context,
                                           const v1::ChangeAdapterRequest* request,
                                           v1::AdapterJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
