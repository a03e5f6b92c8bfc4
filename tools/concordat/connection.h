// A connection to a host, from flags, environment or a profile; the only place that makes channels.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "host/base/status.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

/// Where and as whom.
struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  std::string host;
  std::string cert_pem;  // the caller's; empty on a UNIX socket
  std::string key_pem;
};

/// NotFound names what is missing: a profile, a file. Does not wait for the host.
absl::StatusOr<Connection> Connect(const Context& context);

/// Our status from gRPC's: same code, the message with the details' hints; Unavailable says which host was
/// not reached.
absl::Status FromGrpc(const grpc::Status& status, const Connection& connection);

/// One unary call and its JSON reply; the deadline is a minute.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<json::Value> CallJson(const Connection& connection, Stub& stub,
                                     grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                                  Reply*),
                                     const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  Reply reply;
  RETURN_IF_ERROR(FromGrpc((stub.*method)(&context, request, &reply), connection));
  return json::Parse(reply.json());
}

}  // namespace concordat::cli
