#include "host/server/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <cstdlib>

#include "host/base/files.h"

namespace concordat::server {
namespace {

constexpr unsigned kLookEverySeconds = 1;

absl::Status RequirePem(const std::string& path, std::string_view what) {
  if (path.empty())
    return absl::InvalidArgumentError("the configuration names no " + std::string(what) +
                                      "; `concordat pki init` makes one");
  return Annotate(ReadFile(path).status(), what);
}

}  // namespace

void RefuseTls12() { setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", 1); }

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MutualTls(const std::string& cert,
                                                                   const std::string& key,
                                                                   const std::string& client_ca) {
  // gRPC would only say later, and not to us, that one is missing.
  RETURN_IF_ERROR(RequirePem(cert, "tls.cert"));
  RETURN_IF_ERROR(RequirePem(key, "tls.key"));
  RETURN_IF_ERROR(RequirePem(client_ca, "tls.client_ca"));
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(key, cert, client_ca,
                                                                           kLookEverySeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

}  // namespace concordat::server
