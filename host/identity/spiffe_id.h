// Who holds a certificate, as its URI says (SPIFFE ID): spiffe://<trust
// domain>/partner/<partner>/<role>/<name>.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "host/base/ids.h"
#include "host/base/status.h"

namespace concordat::identity {

/// What a certificate may act as. The administrator belongs to the host and is released no rows.
inline constexpr std::array<std::string_view, 6> kRoles = {"steward",   "analyst", "delegate",
                                                           "moderator", "auditor", "administrator"};
/// Stands for the partner in the administrator's name; no partner may be called so.
inline constexpr std::string_view kHostPartner = "host";

/// One holder. Plain value; well-formed when it came from ParseSpiffeId.
struct SpiffeId {
  std::string trust_domain;  // "derwent.example"
  PartnerId partner;         // kHostPartner for an administrator
  std::string role;          // one of kRoles
  std::string name;

  bool administrator() const { return role == "administrator"; }
  std::string str() const;
  friend bool operator==(const SpiffeId&, const SpiffeId&) = default;
};

/// Strict (SPIFFE-ID specification, sections 2.1 to 2.3): the trust domain in small letters, digits, ".",
/// "-", "_"; segments of letters, digits, ".", "-", "_" that are not "." or ".."; no port, query, fragment,
/// escapes or slash at the end. InvalidArgument says what is wrong.
absl::StatusOr<SpiffeId> ParseSpiffeId(std::string_view text);
/// "dana, delegate of constabulary" of a SPIFFE ID, for messages; anything else as it stands.
std::string PersonInWords(const std::string& spiffe_id);
/// OK when `id` has only parts that ParseSpiffeId would give back.
absl::Status CheckSpiffeId(const SpiffeId& id);
/// OK when `trust_domain` may name a partnership's authority.
absl::Status CheckTrustDomain(std::string_view trust_domain);

}  // namespace concordat::identity
