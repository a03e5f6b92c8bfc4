#include "host/identity/spiffe_id.h"

#include <algorithm>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::identity {
namespace {

constexpr std::string_view kScheme = "spiffe://";
constexpr size_t kMostDomainBytes = 255;
constexpr size_t kMostBytes = 2048;

bool IsSmallOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool IsSegmentCharacter(char c) { return IsSmallOrDigit(c) || (c >= 'A' && c <= 'Z'); }

bool IsSegment(std::string_view text) {
  return !text.empty() && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), IsSegmentCharacter);
}

absl::Status NotAnId(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a name of this partnership: {}; it is written spiffe://<trust "
                  "domain>/partner/<partner>/<role>/<name>",
                  text.substr(0, 200), why));
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string SpiffeId::str() const {
  return fmt::format("{}{}/partner/{}/{}/{}", kScheme, trust_domain, partner.str(), role, name);
}

absl::Status CheckTrustDomain(std::string_view trust_domain) {
  if (!trust_domain.empty() && trust_domain.size() <= kMostDomainBytes &&
      std::all_of(trust_domain.begin(), trust_domain.end(), IsSmallOrDigit)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a trust domain: up to {} small letters, digits, \".\", \"-\" or \"_\", such "
                  "as derwent.example",
                  trust_domain.substr(0, 200), kMostDomainBytes));
}

absl::Status CheckSpiffeId(const SpiffeId& id) {
  RETURN_IF_ERROR(CheckTrustDomain(id.trust_domain));
  const std::string text = id.str();
  if (text.size() > kMostBytes) return NotAnId(text, "it is too long");
  if (!IsSegment(id.partner.str())) {
    return NotAnId(text, "the partner is not letters, digits, \".\", \"-\" or \"_\"");
  }
  if (!IsSegment(id.name)) return NotAnId(text, "the name is not letters, digits, \".\", \"-\" or \"_\"");
  if (std::find(kRoles.begin(), kRoles.end(), id.role) == kRoles.end()) {
    return NotAnId(text, fmt::format("\"{}\" is not a role; roles are {}", id.role, fmt::join(kRoles, ", ")));
  }
  if (id.administrator() != (id.partner.str() == kHostPartner)) {
    return NotAnId(text, "the administrator, and no one else, is of the partner \"host\"");
  }
  return absl::OkStatus();
}

absl::StatusOr<SpiffeId> ParseSpiffeId(std::string_view text) {
  if (text.substr(0, kScheme.size()) != kScheme) return NotAnId(text, "it does not start with spiffe://");
  const std::vector<std::string_view> parts = Split(text.substr(kScheme.size()), '/');
  if (parts.size() != 5 || parts[1] != "partner") return NotAnId(text, "its path is another");
  SpiffeId id{std::string(parts[0]), PartnerId(parts[2]), std::string(parts[3]), std::string(parts[4])};
  RETURN_IF_ERROR(CheckSpiffeId(id));
  return id;
}

std::string PersonInWords(const std::string& spiffe_id) {
  const absl::StatusOr<SpiffeId> person = ParseSpiffeId(spiffe_id);
  if (!person.ok()) return spiffe_id;
  return fmt::format("{}, {} of {}", person->name, person->role, person->partner.str());
}

}  // namespace concordat::identity
