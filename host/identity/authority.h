// The partnership's own certificate authority: ECDSA P-256 certificates for mutual TLS 1.3.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "host/base/status.h"
#include "host/identity/spiffe_id.h"

struct evp_pkey_st;
struct x509_st;

namespace concordat::identity {

/// A certificate and its private key (PKCS #8, no passphrase), both in PEM.
struct Credentials {
  std::string certificate;
  std::string private_key;
};

/// How long certificates are valid, from an hour before they are made, for clocks that are behind.
struct Validity {
  absl::Time now;
  absl::Duration leaf = absl::Hours(24 * 365);
  absl::Duration authority = absl::Hours(24 * 3652);
};

/// One authority of one trust domain. Immutable; one thread at a time.
class Authority {
 public:
  /// A new key and its self-signed certificate, which may issue leaves but no further authorities.
  static absl::StatusOr<Authority> Create(const std::string& trust_domain, const Validity& validity);
  /// InvalidArgument when the two do not belong together or the certificate is not an authority's.
  static absl::StatusOr<Authority> FromPem(std::string_view certificate, std::string_view private_key);

  /// For a host that is reached under these DNS names and IP addresses.
  /// Its URI is spiffe://<trust domain>/host, which makes nobody a caller.
  absl::StatusOr<Credentials> IssueServer(const std::vector<std::string>& hosts,
                                          const Validity& validity) const;
  /// For a holder of this trust domain; for use as a client only.
  absl::StatusOr<Credentials> IssueClient(const SpiffeId& holder, const Validity& validity) const;

  /// For a holder with a key of their own that never leaves them (signing_request.h): PEM, the certificate
  /// alone.
  absl::StatusOr<std::string> IssueForRequest(std::string_view request_pem, const SpiffeId& holder,
                                              const Validity& validity) const;
  /// For an invitation (invitation.h): it makes nobody a caller.
  absl::StatusOr<Credentials> IssueInvitation(const std::string& id, const Validity& validity) const;

  const std::string& trust_domain() const { return trust_domain_; }
  /// Certificate and private key; whoever has them can speak for every partner.
  Credentials ToPem() const;

 private:
  Authority() = default;
  absl::Status CheckHolder(const SpiffeId& holder) const;
  std::string trust_domain_;
  std::shared_ptr<x509_st> certificate_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace concordat::identity
