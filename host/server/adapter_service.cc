#include "host/server/adapter_service.h"

#include "host/flows/adapter_life.h"

namespace concordat::server {
namespace {

flows::AdapterRequest RequestOf(const flows::Caller& caller, const v1::ChangeAdapterRequest& request) {
  flows::AdapterRequest wanted;
  wanted.caller = caller;
  wanted.adapter = request.adapter();
  wanted.version = request.version();
  wanted.reason = request.reason();
  return wanted;
}

}  // namespace

grpc::ServerUnaryReactor* AdapterServiceImpl::ListAdapters(grpc::CallbackServerContext* context,
                                                           const v1::AdapterRequest*,
                                                           v1::AdapterJson* reply) {
  return AnswerJson<v1::AdapterJson>(parts_, context, reply, [this](const flows::Caller& caller) {
    return flows::ListAdapters(*parts_.host, caller);
  });
}

grpc::ServerUnaryReactor* AdapterServiceImpl::EnableAdapter(grpc::CallbackServerContext* context,
                                                            const v1::ChangeAdapterRequest* request,
                                                            v1::AdapterJson* reply) {
  return AnswerJson<v1::AdapterJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    return flows::EnableAdapter(*parts_.host, RequestOf(caller, *request));
  });
}

grpc::ServerUnaryReactor* AdapterServiceImpl::DisableAdapter(grpc::CallbackServerContext* context,
                                                             const v1::ChangeAdapterRequest* request,
                                                             v1::AdapterJson* reply) {
  return AnswerJson<v1::AdapterJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    return flows::DisableAdapter(*parts_.host, RequestOf(caller, *request));
  });
}

grpc::ServerUnaryReactor* AdapterServiceImpl::UpgradeAdapter(grpc::CallbackServerContext* context,
                                                             const v1::UpgradeAdapterRequest* request,
                                                             v1::AdapterJson* reply) {
  return AnswerJson<v1::AdapterJson>(parts_, context, reply, [this, request](const flows::Caller& caller) {
    flows::AdapterRequest wanted;
    wanted.caller = caller;
    wanted.adapter = request->adapter();
    wanted.version = request->version();
    wanted.folder = request->folder();
    wanted.reason = request->reason();
    return flows::UpgradeAdapter(*parts_.host, wanted);
  });
}

grpc::ServerUnaryReactor* AdapterServiceImpl::ReloadAdapters(grpc::CallbackServerContext* context,
                                                             const v1::AdapterRequest*,
                                                             v1::AdapterJson* reply) {
  return AnswerJson<v1::AdapterJson>(parts_, context, reply, [this](const flows::Caller& caller) {
    return flows::ReloadAdapters(*parts_.host, caller);
  });
}

grpc::ServerUnaryReactor* AdapterServiceImpl::LiftQuarantine(grpc::CallbackServerContext* context,
                                                             const v1::ChangeAdapterRequest* request,
                                                             v1::AdapterJson* reply) {
  return AnswerJson<v1::AdapterJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        flows::AdapterRequest wanted = RequestOf(caller, *request);
        wanted.feed = FeedId(request->feed());
        if (wanted.feed.empty()) return absl::InvalidArgumentError("name the feed whose quarantine ends");
        return flows::EnableAdapter(*parts_.host, wanted);
      });
}

}  // namespace concordat::server
