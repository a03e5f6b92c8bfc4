#include "host/server/tls.h"

#include <cstdlib>

#include "host/base/files.h"

namespace concordat::server {
namespace {

absl::StatusOr<std::string> ReadPem(const std::string& path, std::string_view what) {
  if (path.empty())
    return absl::InvalidArgumentError("the configuration names no " + std::string(what) +
                                      "; `concordat pki init` makes one");
  absl::StatusOr<std::string> pem = ReadFile(path);
  if (!pem.ok()) return Annotate(pem.status(), what);
  return pem;
}

}  // namespace

void RefuseTls12() { setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", 1); }

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MutualTls(const std::string& cert,
                                                                   const std::string& key,
                                                                   const std::string& client_ca) {
  ASSIGN_OR_RETURN(const std::string cert_pem, ReadPem(cert, "tls.cert"));
  ASSIGN_OR_RETURN(const std::string key_pem, ReadPem(key, "tls.key"));
  ASSIGN_OR_RETURN(const std::string ca_pem, ReadPem(client_ca, "tls.client_ca"));
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ca_pem;
  options.pem_key_cert_pairs.push_back({key_pem, cert_pem});
  return grpc::SslServerCredentials(options);
}

}  // namespace concordat::server
