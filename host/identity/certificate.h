// X.509 certificates as values, and signatures with their keys (ECDSA P-256 with SHA-256, or Ed25519).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "host/base/status.h"
#include "host/identity/spiffe_id.h"

namespace concordat::identity {

/// What a certificate says. Nothing here vouches that it is true: see CheckIssuedBy.
struct Certificate {
  std::string pem;          // this certificate alone
  std::string fingerprint;  // "sha256:..." over its DER form
  std::string subject;      // for people, RFC 2253
  std::vector<std::string> uris;
  std::vector<std::string> hosts;  // DNS names and IP addresses, as text
  absl::Time not_before;
  absl::Time not_after;
  bool authority = false;  // may issue certificates
};

/// The first certificate of a PEM text; InvalidArgument when there is none.
absl::StatusOr<Certificate> ReadCertificate(std::string_view pem);

/// Its holder. InvalidArgument unless it carries exactly one URI, as SPIFFE asks, and that is a holder's.
absl::StatusOr<SpiffeId> HolderOf(const Certificate& certificate);

/// OK when `authority_pem` issued the certificate and both are valid at `time`.
/// PermissionDenied says why not.
absl::Status CheckIssuedBy(const Certificate& certificate, std::string_view authority_pem, absl::Time time);

/// A signature over `message` with a P-256 key (DER form, SHA-256) or an Ed25519 key (64 bytes).
/// InvalidArgument when the key cannot be read or is of another kind.
absl::StatusOr<std::string> SignWithKey(std::string_view private_key_pem, std::string_view message);
/// OK when the certificate's key made `signature` over `message`; DataLoss when not; InvalidArgument when the
/// certificate cannot be read or its key is of another kind. Whether the certificate is still valid is not
/// asked.
absl::Status VerifySignature(std::string_view certificate_pem, std::string_view message,
                             std::string_view signature);

}  // namespace concordat::identity
