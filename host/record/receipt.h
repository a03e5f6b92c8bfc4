// What happened, with digests of everything that decided it, signed and shown in the log.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/json.h"

namespace concordat::record {

enum class ReceiptKind { kSubmission, kDisclosure, kRefusal };
std::string_view ReceiptKindName(ReceiptKind kind);

/// The record's place in the Merkle log. Bytes are raw, not text.
struct Leaf {
  uint64_t index = 0;
  std::string salt;  // 32 bytes
  std::string hash;  // 32 bytes: SHA-256 over salt and the signed canonical form
};

/// A receipt as in interfaces.md. `body` holds everything before `signature`, ready for RFC 8785:
/// version, kind, id, time, host, subject, digests, decision, reasons, records.
struct Receipt {
  json::Object body;
  std::string signature;            // raw Ed25519 signature over Canonical(body)
  Leaf leaf;
  std::vector<std::string> proof;   // RFC 9162 inclusion path, 32 raw bytes each, leaf upwards
  std::string checkpoint;           // C2SP signed note

  /// {..., signature, leaf: {index, salt, hash}, proof: [...], checkpoint}, bytes in base64.
  json::Object ToJson() const;
};

/// Reads what ToJson wrote; InvalidArgument names the member that is missing or malformed.
absl::StatusOr<Receipt> ReceiptFromJson(const json::Value& value);

}  // namespace concordat::record
