#include "host/audit/note.h"

#include "fmt/format.h"
#include "host/base/encoding.h"
#include "host/base/utf8.h"

namespace concordat::audit {
namespace {

constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // an em dash and a blank
constexpr size_t kKeyHashBytes = 4;
constexpr size_t kMostSignatures = 100;

struct SignatureLine {
  std::string_view name;
  std::string key_hash;
  std::string signature;
};

absl::Status Malformed(std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("not a signed note: {}", why));
}

bool HasControl(std::string_view text) {
  for (const unsigned char c : text) {
    if (c < 0x20 && c != '\n') return true;
  }
  return false;
}

absl::StatusOr<SignatureLine> ParseSignature(std::string_view line) {
  if (line.substr(0, kSignatureMark.size()) != kSignatureMark) {
    return Malformed("a line after the blank line is no signature");
  }
  line.remove_prefix(kSignatureMark.size());
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos || !IsKeyName(line.substr(0, blank))) {
    return Malformed("a signature line names no signer");
  }
  const std::optional<std::string> bytes = Base64Decode(line.substr(blank + 1));
  if (!bytes || bytes->size() <= kKeyHashBytes) return Malformed("a signature is not base64");
  return SignatureLine{line.substr(0, blank), bytes->substr(0, kKeyHashBytes), bytes->substr(kKeyHashBytes)};
}

}  // namespace

absl::StatusOr<std::string> SignNote(std::string_view text, const std::string& name, const Signer& signer) {
  ASSIGN_OR_RETURN(const std::string signature, signer.Sign(text));
  const NamedKey key{name, signer.PublicKey()};
  return fmt::format("{}\n{}{} {}\n", text, kSignatureMark, name, Base64Encode(key.Hash() + signature));
}

absl::StatusOr<std::string> OpenNote(std::string_view note, const NamedKey& key) {
  if (!IsUtf8(note) || HasControl(note)) return Malformed("it has bytes that are no text");
  const size_t blank_line = note.rfind("\n\n");
  if (blank_line == std::string_view::npos) return Malformed("no blank line stands before the signatures");
  const std::string_view text = note.substr(0, blank_line + 1);
  std::string_view rest = note.substr(blank_line + 2);
  if (rest.empty() || rest.back() != '\n') return Malformed("it does not end in a signature line");
  bool signed_by_key = false;
  for (size_t count = 0; !rest.empty(); ++count) {
    if (count == kMostSignatures) return Malformed("it has too many signatures");
    const size_t end = rest.find('\n');
    ASSIGN_OR_RETURN(const SignatureLine line, ParseSignature(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
    if (line.name != key.name || line.key_hash != key.Hash()) continue;
    RETURN_IF_ERROR(VerifyEd25519(key.public_key, text, line.signature));
    signed_by_key = true;
  }
  if (signed_by_key) return std::string(text);
  return absl::DataLossError(fmt::format("the note is not signed by \"{}\" with this key", key.name));
}

}  // namespace concordat::audit
