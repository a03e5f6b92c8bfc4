// What happened, with digests of everything that decided it, signed and shown in the log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"

namespace concordat::record {

enum class ReceiptKind { kSubmission, kDisclosure, kRefusal };
std::string_view ReceiptKindName(ReceiptKind kind);

inline constexpr int kReceiptVersion = 1;

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
  std::string signature;  // raw Ed25519 signature over Canonical(body)
  Leaf leaf;
  std::vector<std::string> proof;  // RFC 9162 inclusion path, 32 raw bytes each, leaf upwards
  std::string checkpoint;          // C2SP signed note

  /// {..., signature, leaf: {index, salt, hash}, proof: [...], checkpoint}, bytes in base64.
  json::Object ToJson() const;
};

/// InvalidArgument names what a body lacks: version (the number kReceiptVersion), kind (one of the three
/// words), id, time and host as text; or that it holds a member which only the seal may have.
/// The rest is free.
absl::Status CheckReceiptBody(const json::Object& body);
/// Reads what ToJson wrote, members in any order.
/// InvalidArgument names the member that is missing or malformed.
absl::StatusOr<Receipt> ReceiptFromJson(const json::Value& value);

}  // namespace concordat::record
