// A public key under a name, and its text "name+hash+key" (C2SP signed-note).
#pragma once

#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat {

/// A name and the 32 raw bytes of the Ed25519 key that signs under it.
struct NamedKey {
  std::string name;
  std::string public_key;

  /// SHA-256(name, 0x0A, 0x01, key), its first four bytes: which key made a signature line.
  std::string Hash() const;
  /// name "+" hexadecimal hash "+" base64(0x01, key).
  std::string Text() const;
};

/// True for what may stand in a signature line: well-formed UTF-8, not empty, without blanks, controls, "+".
bool IsKeyName(std::string_view name);
/// InvalidArgument when `text` is no Ed25519 verifier key or its hash belongs to another name or key.
absl::StatusOr<NamedKey> ParseVerifierKey(std::string_view text);

}  // namespace concordat
