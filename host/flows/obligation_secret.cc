#include "host/flows/obligation_secret.h"

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/seal.h"

namespace concordat::flows {
namespace {

std::string ContextOf(std::string_view obligation, std::string_view column) {
  return fmt::format("obligation {} {}", obligation, column);
}

}  // namespace

// Kept beside the pseudonym keys, under a name that no protocol can have; one key a purpose (RFC 5869, expand
// step with one block).
absl::StatusOr<ObligationSecret> ObligationSecret::Of(const HostParts& host) {
  ASSIGN_OR_RETURN(const auto key, host.store->PseudonymKey(ProtocolId("/obligations")));
  ObligationSecret secret;
  secret.token_key_ = HmacSha256(key.second, "record token\x01");
  secret.seal_key_ = HmacSha256(key.second, "seal\x01");
  return secret;
}

std::string ObligationSecret::RecordToken(const DatasetId& dataset, std::string_view key) const {
  return HexEncode(HmacSha256(token_key_, dataset.str() + '\0' + std::string(key)));
}

std::string ObligationSecret::Seal(std::string_view text, std::string_view obligation,
                                   std::string_view column) const {
  return text.empty() ? "" : concordat::Seal(seal_key_, text, ContextOf(obligation, column));
}

absl::StatusOr<std::string> ObligationSecret::Open(std::string_view sealed, std::string_view obligation,
                                                   std::string_view column) const {
  if (sealed.empty()) return "";
  return OpenSealed(seal_key_, sealed, ContextOf(obligation, column));
}

}  // namespace concordat::flows
