// Ed25519 keys (RFC 8032): of the host, of delegates, of those who sign adapters; through OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/base/status.h"

struct evp_pkey_st;

namespace concordat {

/// A private key. Immutable, thread-safe.
class Signer {
 public:
  static absl::StatusOr<Signer> Generate();
  static absl::StatusOr<Signer> FromPem(std::string_view pem);
  std::string ToPem() const;
  std::string PublicPem() const;
  std::string PublicKey() const;  // 32 raw bytes
  /// 64 raw bytes; Internal when OpenSSL cannot sign, which must never pass for a signature.
  absl::StatusOr<std::string> Sign(std::string_view message) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

/// OK when `signature` is `public_key`'s over `message`; DataLoss otherwise. `public_key`: 32 raw bytes.
absl::Status VerifyEd25519(std::string_view public_key, std::string_view message, std::string_view signature);
/// The 32 raw bytes of a PEM "PUBLIC KEY", or of a C2SP verifier key "name+hash+base64".
absl::StatusOr<std::string> ReadPublicKey(std::string_view text);

}  // namespace concordat
