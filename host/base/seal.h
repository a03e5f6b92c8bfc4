// Authenticated encryption of what rests on disk: AES-256-GCM (NIST SP 800-38D) through OpenSSL.
#pragma once

#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat {

inline constexpr size_t kSealKeyBytes = 32;
/// What sealing adds to a text: a random nonce of 12 bytes in front and a tag of 16 behind.
inline constexpr size_t kSealOverhead = 12 + 16;

/// nonce || ciphertext || tag under `key` (32 bytes). `context` is bound and not stored: opening needs the
/// same, so that a sealed text cannot be moved to another place. A key may seal 2^32 texts before a random
/// nonce could repeat.
std::string Seal(std::string_view key, std::string_view text, std::string_view context);
/// DataLoss when anything was changed, the key is another one or the context differs.
absl::StatusOr<std::string> OpenSealed(std::string_view key, std::string_view sealed,
                                       std::string_view context);

}  // namespace concordat
