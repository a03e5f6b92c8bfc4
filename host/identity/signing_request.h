// Requests for certificates (PKCS #10, RFC 2986): a key asks, and never leaves whoever made it.
#pragma once

#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat::identity {

/// A new ECDSA P-256 key, PKCS #8 without a passphrase, PEM.
absl::StatusOr<std::string> NewPrivateKey();
/// A request signed with this key; the name in it is for people alone. PEM.
absl::StatusOr<std::string> MakeSigningRequest(std::string_view private_key_pem, const std::string& name);

/// What a request says.
struct SigningRequest {
  std::string pem;              // it alone
  std::string key_fingerprint;  // "sha256:..." over the public key (SubjectPublicKeyInfo, DER)
};
/// InvalidArgument when it is none, was not signed with its own key, or the key is neither ECDSA P-256 nor
/// Ed25519.
absl::StatusOr<SigningRequest> ReadSigningRequest(std::string_view pem);

/// As SigningRequest::key_fingerprint, of a certificate's key or of a private key.
absl::StatusOr<std::string> KeyFingerprintOfCertificate(std::string_view certificate_pem);
absl::StatusOr<std::string> KeyFingerprintOfKey(std::string_view private_key_pem);

/// "K7QM-3XRD-9FGH": 60 bits of a key's fingerprint, short enough to be read out over the telephone.
std::string KeyCode(std::string_view key_fingerprint);
/// True when both are the same code, however it was typed.
bool SameKeyCode(std::string_view typed, std::string_view code);

}  // namespace concordat::identity
