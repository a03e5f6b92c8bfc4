// Checkpoints of the log (C2SP tlog-checkpoint) as signed notes (C2SP signed-note) with Ed25519.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/audit/signer.h"
#include "host/base/status.h"

namespace concordat::audit {

struct Checkpoint {
  std::string origin;  // "derwent.example/concordat"
  uint64_t size = 0;
  std::string root;  // 32 raw bytes
};

/// The signed note: origin, size, root in base64, blank line, "— origin base64(key hash || signature)".
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const Signer& signer);
/// Parses and verifies; DataLoss when the signature does not hold, InvalidArgument when it is malformed.
absl::StatusOr<Checkpoint> OpenCheckpoint(std::string_view note, std::string_view public_key);
/// The C2SP verifier key "origin+hash+base64", what `--host-key` files hold beside PEM.
std::string VerifierKey(const std::string& origin, std::string_view public_key);

}  // namespace concordat::audit
