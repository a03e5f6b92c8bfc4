#include "host/server/service_base.h"

namespace concordat::server {

absl::StatusOr<flows::Caller> CallerOf(const ServerParts& parts, const grpc::CallbackServerContext& context) {
  return Authenticate(context, *parts.certificates, *parts.host->store, parts.trust_domain);
}

grpc::ServerUnaryReactor* Answer(const ServerParts& parts, grpc::CallbackServerContext* context,
                                 std::function<absl::Status(const flows::Caller&)> work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  parts.pool->Post([&parts, context, reactor, work = std::move(work)] {
    const absl::StatusOr<flows::Caller> caller = CallerOf(parts, *context);
    reactor->Finish(ToGrpc(caller.ok() ? work(*caller) : caller.status()));
  });
  return reactor;
}

}  // namespace concordat::server
