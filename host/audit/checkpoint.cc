#include "host/audit/checkpoint.h"

#include <charconv>

#include "fmt/format.h"
#include "host/audit/merkle.h"
#include "host/audit/note.h"
#include "host/base/encoding.h"
#include "host/base/named_key.h"

namespace concordat::audit {
namespace {

absl::Status Malformed(std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("not a checkpoint: {}", why));
}

// Cuts the first line off `text`, or all of it when no newline is left.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// Decimal without leading zeros, so that one size has one spelling.
std::optional<uint64_t> ParseSize(std::string_view text) {
  uint64_t size = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, size);
  if (result.ec != std::errc() || result.ptr != end || (text.size() > 1 && text[0] == '0')) {
    return std::nullopt;
  }
  return size;
}

absl::StatusOr<Checkpoint> ParseText(std::string_view text) {
  Checkpoint checkpoint;
  checkpoint.origin = TakeLine(text);
  if (!IsKeyName(checkpoint.origin)) return Malformed("its first line is not the name of a log");
  const std::optional<uint64_t> size = ParseSize(TakeLine(text));
  if (!size) return Malformed("its second line is not the log's size");
  checkpoint.size = *size;
  const std::optional<std::string> root = Base64Decode(TakeLine(text));
  if (!root || root->size() != kHashBytes) return Malformed("its third line is not a root hash in base64");
  checkpoint.root = *root;
  while (!text.empty()) {  // extension lines, which the format allows and the signature covers
    if (TakeLine(text).empty()) return Malformed("it has an empty line");
  }
  return checkpoint;
}

}  // namespace

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const Signer& signer) {
  const std::string text =
      fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, Base64Encode(checkpoint.root));
  return SignNote(text, checkpoint.origin, signer);
}

absl::StatusOr<Checkpoint> OpenCheckpoint(std::string_view note, std::string_view public_key) {
  // The signer's name is the log's, so the first line must be read before the signature can be judged.
  const size_t blank_line = note.rfind("\n\n");
  if (blank_line == std::string_view::npos) return Malformed("no blank line stands before the signatures");
  ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseText(note.substr(0, blank_line + 1)));
  RETURN_IF_ERROR(OpenNote(note, {checkpoint.origin, std::string(public_key)}).status());
  return checkpoint;
}

std::string VerifierKey(const std::string& origin, std::string_view public_key) {
  return NamedKey{origin, std::string(public_key)}.Text();
}

}  // namespace concordat::audit
