#include "host/flows/caller.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/identity/spiffe_id.h"

namespace concordat::flows {

absl::Status RequireRole(const Caller& caller, const PartnerId& partner,
                         std::initializer_list<std::string_view> roles, std::string_view what) {
  const bool role_fits = std::find(roles.begin(), roles.end(), caller.role) != roles.end();
  if (!caller.administrator && role_fits && caller.partner == partner) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{}: that needs a certificate of partner {} with role {}; this one is {}", what,
                  partner.str(), fmt::join(roles, " or "), caller.spiffe_id));
}

bool IsSamePerson(const Caller& caller, std::string_view spiffe_id) {
  if (caller.spiffe_id == spiffe_id) return true;
  const auto other = identity::ParseSpiffeId(spiffe_id);
  return other.ok() && !caller.partner.empty() && other->partner == caller.partner &&
         other->name == caller.name;
}

absl::Status RequireAdministrator(const Caller& caller, std::string_view what) {
  if (caller.administrator) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{}: that needs the host's administrator (its UNIX socket, or a certificate with role "
                  "administrator); this is {}",
                  what, caller.spiffe_id));
}

}  // namespace concordat::flows
