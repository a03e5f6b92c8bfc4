// Who is asking, as the server found out from the certificate or the socket; flows decide what they may do.
#pragma once

#include <string>

#include "host/base/ids.h"
#include "host/base/status.h"

namespace concordat::flows {

/// One authenticated caller. Plain value.
struct Caller {
  PartnerId partner;  // empty for an administrator
  std::string role;   // steward | analyst | delegate | moderator | auditor | administrator
  std::string name;
  std::string spiffe_id;  // or "unix:<uid>" on the local socket
  std::string certificate_pem;
  bool administrator = false;
};

/// PermissionDenied unless the caller has one of the roles for `partner`.
absl::Status RequireRole(const Caller& caller, const PartnerId& partner,
                         std::initializer_list<std::string_view> roles, std::string_view what);
/// Whether the caller is the one who acted as `spiffe_id`: the same name of the same partner is one person,
/// in whatever role.
bool IsSamePerson(const Caller& caller, std::string_view spiffe_id);
absl::Status RequireAdministrator(const Caller& caller, std::string_view what);

}  // namespace concordat::flows
