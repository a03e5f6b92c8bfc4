// Mutual TLS 1.3: a client without a certificate of the partnership's authority fails in the handshake.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "host/base/status.h"

namespace concordat::server {

/// Must be called before gRPC starts: its only way to refuse TLS 1.2 is a list of TLS 1.2 ciphers that nobody
/// offers (TLS 1.3 suites are not governed by it).
void RefuseTls12();

/// PEM files. NotFound names the one that is missing. They are looked at every second: a renewed certificate,
/// or authority, counts from the next connection on; those that are open go on. (The one file with gRPC's
/// experimental:: names: there is no other way to reload.)
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MutualTls(const std::string& cert,
                                                                   const std::string& key,
                                                                   const std::string& client_ca);

}  // namespace concordat::server
