// What every service needs: the parts, the pool, and one way to answer a unary call off gRPC's threads.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <string>

#include "host/flows/host_parts.h"
#include "host/flows/policy_archive.h"
#include "host/flows/protocol_proposals.h"
#include "host/server/admission.h"
#include "host/server/authenticate.h"
#include "host/server/pool.h"
#include "host/server/status.h"

namespace concordat::server {

/// Shared by all services; outlives them.
struct ServerParts {
  const flows::HostParts* host = nullptr;
  Pool* pool = nullptr;
  KnownCertificates* certificates = nullptr;
  Admission* submissions = nullptr;  // uploads and exchanges under way
  std::string trust_domain;
  std::function<absl::Status(const flows::Caller&, Issues&)> reload_policies;
  std::function<absl::Status(const flows::Caller&, const std::string& digest, const std::string& reason)>
      roll_back;
  std::function<absl::StatusOr<json::Value>(const flows::Proposal&, Issues&)> propose;
  const flows::PolicyArchive* archive = nullptr;
  std::function<json::Value()> host_status;
  std::function<absl::StatusOr<json::Value>(const flows::Caller&, const PartnerId&)> inboxes;
};

absl::StatusOr<flows::Caller> CallerOf(const ServerParts& parts, const grpc::CallbackServerContext& context);

/// Authenticates, runs `work` on the pool, answers. `work` fills the reply and returns a status.
grpc::ServerUnaryReactor* Answer(const ServerParts& parts, grpc::CallbackServerContext* context,
                                 std::function<absl::Status(const flows::Caller&)> work);

/// For the many replies that are one JSON document.
template <typename Reply>
grpc::ServerUnaryReactor* AnswerJson(const ServerParts& parts, grpc::CallbackServerContext* context,
                                     Reply* reply,
                                     std::function<absl::StatusOr<json::Value>(const flows::Caller&)> work) {
  return Answer(parts, context, [reply, work = std::move(work)](const flows::Caller& caller) -> absl::Status {
    ASSIGN_OR_RETURN(const json::Value value, work(caller));
    reply->set_json(json::Compact(value));
    return absl::OkStatus();
  });
}

}  // namespace concordat::server
