// What the verbs of `concordat protocol` share.
#pragma once

#include <memory>
#include <string>

#include "concordat/v1/protocol.grpc.pb.h"
#include "tools/concordat/commands/signing.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

struct ProtocolOptions : Signer {
  std::string id;
  std::string version;
  std::string reason;
  std::string file;
  std::string as;
  std::string output;
  bool html = false;
  uint32_t last = 100;
};

using ProtocolStub = v1::ProtocolService::Stub;

template <typename Request>
absl::StatusOr<json::Value> AskProtocols(const Connection& connection,
                                         grpc::Status (ProtocolStub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              v1::ProtocolJson*),
                                         const Request& request) {
  const auto stub = v1::ProtocolService::NewStub(connection.channel);
  return CallJson<ProtocolStub, Request, v1::ProtocolJson>(connection, *stub, method, request);
}

template <typename Request>
absl::StatusOr<json::Value> AskProtocols(const Context& context,
                                         grpc::Status (ProtocolStub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              v1::ProtocolJson*),
                                         const Request& request) {
  ASSIGN_OR_RETURN(const Connection connection, Connect(context));
  return AskProtocols(connection, method, request);
}

v1::ProtocolRequest ProtocolRequestOf(const ProtocolOptions& options);
/// "a, b" of texts, or of a member of each entry.
std::string JoinedItems(const json::Array& items, std::string_view member);
/// Prints a status and gives the exit code.
int PrintProtocolStatus(const Context& context, const absl::StatusOr<json::Value>& status);

/// Adds ID and --protocol-version.
void AddProtocolId(CLI::App& verb, ProtocolOptions& options, bool required = true);

/// Adds sign, accept, reject and revoke to the noun.
void AddProtocolSigning(CLI::App& noun, Context& context, std::shared_ptr<ProtocolOptions> options);
/// Adds propose, simulate and export to the noun.
void AddProtocolLife(CLI::App& noun, Context& context, std::shared_ptr<ProtocolOptions> options);

}  // namespace concordat::cli
