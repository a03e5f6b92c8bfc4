#include "host/server/protocol_service.h"

#include "host/flows/agreements.h"

namespace concordat::server {

grpc::ServerUnaryReactor* ProtocolServiceImpl::ListProtocols(grpc::CallbackServerContext* context,
                                                             const v1::ListProtocolsRequest*,
                                                             v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(parts_, context, reply,
                                      [this](const flows::Caller&) -> absl::StatusOr<json::Value> {
                                        return flows::ListProtocols(*parts_.host);
                                      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::GetProtocol(grpc::CallbackServerContext* context,
                                                           const v1::ProtocolRequest* request,
                                                           v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller&) -> absl::StatusOr<json::Value> {
        return flows::ShowProtocol(*parts_.host, ProtocolId(request->protocol()), request->version());
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::GetProtocolStatus(grpc::CallbackServerContext* context,
                                                                 const v1::ProtocolRequest* request,
                                                                 v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller&) -> absl::StatusOr<json::Value> {
        return flows::ProtocolStatus(*parts_.host, ProtocolId(request->protocol()), request->version());
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::SignProtocol(grpc::CallbackServerContext* context,
                                                            const v1::SignProtocolRequest* request,
                                                            v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::SignProtocol(
            *parts_.host, {caller, ProtocolId(request->protocol()), request->version(), request->digest(),
                           request->signature(), request->name(), request->post(), request->authority()});
      });
}

grpc::ServerUnaryReactor* ProtocolServiceImpl::RevokeSignature(grpc::CallbackServerContext* context,
                                                               const v1::RevokeSignatureRequest* request,
                                                               v1::ProtocolJson* reply) {
  return AnswerJson<v1::ProtocolJson>(
      parts_, context, reply, [this, request](const flows::Caller& caller) -> absl::StatusOr<json::Value> {
        return flows::RevokeSignature(*parts_.host, caller, ProtocolId(request->protocol()),
                                      request->version(), request->reason());
      });
}

}  // namespace concordat::server
