// Writes digest and signature into the text of an adapter.yaml, and touches no other line of it.
#include <optional>

#include "fmt/format.h"
#include "host/adapters/signable.h"
#include "host/adapters/trust.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/policy/reader.h"

namespace concordat::adapters {
namespace {

absl::StatusOr<policy::Node> Parse(const std::string& text) {
  Issues issues;
  policy::Node document =
      policy::ReadYaml(std::make_shared<const SourceText>(SourceText{"adapter.yaml", text}), issues);
  if (issues.has_errors()) return absl::InvalidArgumentError(RenderIssue(issues.list().front()));
  return document;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end == std::string::npos ? end : end - at));
    if (end == std::string::npos) break;
    at = end + 1;
  }
  return lines;
}

bool IsBlankOrComment(const std::string& line) {
  const size_t first = line.find_first_not_of(" \t\r");
  return first == std::string::npos || line[first] == '#';
}

// The lines of a key of the outermost map: its own and the indented ones below, without comments that follow.
struct Block {
  size_t first = 0;
  size_t end = 0;
};
std::optional<Block> BlockOf(const std::vector<std::string>& lines, std::string_view key) {
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].rfind(fmt::format("{}:", key), 0) != 0) continue;
    Block block{i, i + 1};
    for (size_t next = i + 1; next < lines.size(); ++next) {
      if (IsBlankOrComment(lines[next])) continue;
      if (lines[next].front() != ' ') break;
      block.end = next + 1;
    }
    return block;
  }
  return std::nullopt;
}

void Put(std::vector<std::string>& lines, std::string_view key, const std::vector<std::string>& instead) {
  size_t at = lines.size();
  if (const std::optional<Block> block = BlockOf(lines, key)) {
    at = block->first;
    lines.erase(lines.begin() + static_cast<ptrdiff_t>(block->first),
                lines.begin() + static_cast<ptrdiff_t>(block->end));
  }
  lines.insert(lines.begin() + static_cast<ptrdiff_t>(at), instead.begin(), instead.end());
}

std::string TextOf(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

absl::StatusOr<std::string> SignManifest(const std::string& text, const std::string& library_digest,
                                         const Signer& signer) {
  ASSIGN_OR_RETURN(const policy::Node before, Parse(text));
  json::Object wanted = SignableValue(before);
  wanted["digest"] = library_digest;
  const std::string signable = json::Canonical(wanted);
  ASSIGN_OR_RETURN(const std::string signature, signer.Sign(signable));
  std::vector<std::string> lines = LinesOf(text);
  Put(lines, "digest", {fmt::format("digest: \"{}\"", library_digest)});
  Put(lines, "signature",
      {"signature:", fmt::format("  key: \"{}\"", KeyId(signer.PublicKey())),
       fmt::format("  manifest: \"{}\"", DigestOf(signable)),
       fmt::format("  value: \"{}\"", Base64Encode(signature))});
  std::string result = TextOf(lines);
  // The text was edited by its lines: what it now says is what was signed, or nothing is written.
  const absl::StatusOr<policy::Node> after = Parse(result);
  if (!after.ok() || json::Canonical(SignableValue(*after)) != signable || !(*after)["signature"].is_map()) {
    return absl::InvalidArgumentError(
        "its text cannot be edited line by line: write every key of the outermost map on a line of its own, "
        "from the first column on (name: ...), not as {name: ...}");
  }
  return result;
}

}  // namespace concordat::adapters
