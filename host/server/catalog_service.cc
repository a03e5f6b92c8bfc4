#include "host/server/catalog_service.h"

#include "host/flows/catalog.h"
#include "host/flows/due.h"
#include "host/flows/my_catalog.h"

namespace concordat::server {

grpc::ServerUnaryReactor* CatalogServiceImpl::ListPartners(grpc::CallbackServerContext* context,
                                                           const v1::CatalogRequest*,
                                                           v1::CatalogJson* reply) {
  return AnswerJson<v1::CatalogJson>(parts_, context, reply,
                                     [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                       return flows::PartnersJson(*parts_.host);
                                     });
}

grpc::ServerUnaryReactor* CatalogServiceImpl::ListDatasets(grpc::CallbackServerContext* context,
                                                           const v1::CatalogRequest*,
                                                           v1::CatalogJson* reply) {
  return AnswerJson<v1::CatalogJson>(parts_, context, reply,
                                     [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                       return flows::DatasetsJson(*parts_.host->policies->Get()->set);
                                     });
}

grpc::ServerUnaryReactor* CatalogServiceImpl::ListFeeds(grpc::CallbackServerContext* context,
                                                        const v1::CatalogRequest*, v1::CatalogJson* reply) {
  return AnswerJson<v1::CatalogJson>(
      parts_, context, reply,
      [this](const flows::Caller&) -> absl::StatusOr<json::Value> { return flows::FeedsJson(*parts_.host); });
}

grpc::ServerUnaryReactor* CatalogServiceImpl::ListDue(grpc::CallbackServerContext* context,
                                                      const v1::CatalogRequest* request,
                                                      v1::CatalogJson* reply) {
  return AnswerJson<v1::CatalogJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        std::optional<PartnerId> partner;
        if (!caller.administrator) partner = caller.partner;
        if (!request->partner().empty()) partner = PartnerId(request->partner());
        return flows::DueList(*parts_.host, caller, partner);
      });
}

grpc::ServerUnaryReactor* CatalogServiceImpl::ListMine(grpc::CallbackServerContext* context,
                                                       const v1::CatalogRequest* request,
                                                       v1::CatalogJson* reply) {
  return AnswerJson<v1::CatalogJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        const PartnerId partner = request->partner().empty() ? caller.partner : PartnerId(request->partner());
        if (partner.empty())
          return absl::InvalidArgumentError("an administrator names the partner: --partner ID");
        if (!caller.administrator && partner != caller.partner)
          return absl::PermissionDeniedError("what another partner may ask for is theirs to see");
        return flows::MyCatalog(*parts_.host, partner);
      });
}

grpc::ServerUnaryReactor* CatalogServiceImpl::ListInboxes(grpc::CallbackServerContext* context,
                                                          const v1::CatalogRequest* request,
                                                          v1::CatalogJson* reply) {
  return AnswerJson<v1::CatalogJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    return parts_.inboxes(caller, PartnerId(request->partner()));
  });
}

}  // namespace concordat::server
