#include "host/base/named_key.h"

#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/utf8.h"

namespace concordat {
namespace {

constexpr char kEd25519 = '\1';  // the algorithm's number in C2SP signed-note
constexpr size_t kKeyBytes = 32;
constexpr size_t kHashBytes = 4;

// Unicode's White_Space beyond ASCII.
constexpr uint32_t kBlanks[] = {0x85,   0xA0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
                                0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A,
                                0x2028, 0x2029, 0x202F, 0x205F, 0x3000};

bool HasBlankOrControl(std::string_view text) {
  for (const unsigned char c : text) {
    if (c <= 0x20 || c == 0x7F) return true;
  }
  for (const uint32_t blank : kBlanks) {
    std::string encoded;
    AppendUtf8(blank, encoded);
    if (text.find(encoded) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string NamedKey::Hash() const {
  return Sha256(name + '\n' + kEd25519 + public_key).substr(0, kHashBytes);
}

std::string NamedKey::Text() const {
  return name + '+' + HexEncode(Hash()) + '+' + Base64Encode(kEd25519 + public_key);
}

bool IsKeyName(std::string_view name) {
  return !name.empty() && name.find('+') == std::string_view::npos && IsUtf8(name) &&
         !HasBlankOrControl(name);
}

absl::StatusOr<NamedKey> ParseVerifierKey(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return absl::InvalidArgumentError("not a verifier key: it is written name+hash+key");
  }
  const std::optional<std::string> key = Base64Decode(text.substr(second + 1));
  if (!key || key->size() != 1 + kKeyBytes || key->front() != kEd25519) {
    return absl::InvalidArgumentError(
        "not a verifier key: what follows the last + is not an Ed25519 key in base64");
  }
  NamedKey parsed{std::string(text.substr(0, first)), key->substr(1)};
  if (!IsKeyName(parsed.name)) {
    return absl::InvalidArgumentError("not a verifier key: its name is empty or has blanks");
  }
  if (HexEncode(parsed.Hash()) != text.substr(first + 1, second - first - 1)) {
    return absl::InvalidArgumentError(
        "the verifier key's hash does not belong to its name and key; copy it again");
  }
  return parsed;
}

}  // namespace concordat
