// CatalogService: what there is and what is owed.
#pragma once

#include "concordat/v1/catalog.grpc.pb.h"
#include "host/server/service_base.h"

namespace concordat::server {

class CatalogServiceImpl final : public v1::CatalogService::CallbackService {
 public:
  explicit CatalogServiceImpl(const ServerParts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* ListPartners(grpc::CallbackServerContext* context,
                                         const v1::CatalogRequest* request, v1::CatalogJson* reply) override;
  grpc::ServerUnaryReactor* ListDatasets(grpc::CallbackServerContext* context,
                                         const v1::CatalogRequest* request, v1::CatalogJson* reply) override;
  grpc::ServerUnaryReactor* ListFeeds(grpc::CallbackServerContext* context, const v1::CatalogRequest* request,
                                      v1::CatalogJson* reply) override;
  grpc::ServerUnaryReactor* ListDue(grpc::CallbackServerContext* context, const v1::CatalogRequest* request,
                                    v1::CatalogJson* reply) override;
  grpc::ServerUnaryReactor* ListMine(grpc::CallbackServerContext* context, const v1::CatalogRequest* request,
                                     v1::CatalogJson* reply) override;
  grpc::ServerUnaryReactor* ListInboxes(grpc::CallbackServerContext* context,
                                        const v1::CatalogRequest* request, v1::CatalogJson* reply) override;

 private:
  const ServerParts& parts_;
};

}  // namespace concordat::server
