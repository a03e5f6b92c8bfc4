// Verbs of pki, partner and host that have files of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "concordat/v1/admin.grpc.pb.h"
#include "concordat/v1/enrolment.grpc.pb.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/context.h"

namespace concordat::cli {

/// `host backup`, `host backup verify`, `host restore`, `host passphrase`.
void AddHostBackup(CLI::App& host, Context& context);
/// `pki renew`.
void AddPkiRenew(CLI::App& pki, Context& context);

/// What `pki enrol --invitation` was given.
struct InvitedOptions {
  std::string invitation;
  std::string code;  // empty: asked for on the terminal; "-": standard input
  std::string folder = ".";
  bool resume = false;
  int wait = 0;  // seconds
};
/// A key is made here, and a certificate for it asked for (or, with `resume`, fetched).
int EnrolInvited(const Context& context, const InvitedOptions& options);

/// One call of EnrolmentService.
template <typename Request>
absl::StatusOr<json::Value> AskEnrolment(const Connection& connection,
                                         grpc::Status (v1::EnrolmentService::Stub::*method)(
                                             grpc::ClientContext*, const Request&, v1::EnrolmentJson*),
                                         const Request& request) {
  const auto stub = v1::EnrolmentService::NewStub(connection.channel);
  return CallJson<v1::EnrolmentService::Stub, Request, v1::EnrolmentJson>(connection, *stub, method, request);
}

/// Enrols one certificate with the host, as an administrator.
absl::StatusOr<json::Value> EnrolCertificate(const Connection& connection, const std::string& pem);
/// Asks for request `id` until it is decided or `wait` seconds are over; its state may still be waiting then.
absl::StatusOr<json::Value> Collect(const Connection& connection, const std::string& id, int wait);

}  // namespace concordat::cli
