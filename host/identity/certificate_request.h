// What is to stand in a certificate, and the making of it. Used by the authority only.
#pragma once

#include <string>
#include <vector>

#include "host/identity/authority.h"
#include "host/identity/openssl.h"

namespace concordat::identity {

/// The contents of one certificate.
struct CertificateRequest {
  std::string organisation;
  std::string common_name;  // cut to the 64 bytes that X.509 allows
  std::string uri;
  std::vector<std::string> hosts;  // DNS names and IP addresses
  std::string basic_constraints;   // the extensions in OpenSSL's configuration language
  std::string key_usage;
  std::string extended_key_usage;  // empty: none
  absl::Time not_before;
  absl::Time not_after;
};

/// True for a DNS name (labels of letters, digits and "-") or an IPv4 or IPv6 address.
bool IsHost(const std::string& host);
/// A new P-256 key.
absl::StatusOr<Owned<EVP_PKEY>> NewP256Key();
/// The key of a request (PKCS #10, PEM), which signed it. As ReadSigningRequest.
absl::StatusOr<Owned<EVP_PKEY>> KeyOfRequest(std::string_view request_pem);
/// The certificate for `key`, signed with `issuer_key`; without `issuer` it is its own issuer.
absl::StatusOr<Owned<X509>> MakeCertificate(const CertificateRequest& request, EVP_PKEY* key, X509* issuer,
                                            EVP_PKEY* issuer_key);

}  // namespace concordat::identity
