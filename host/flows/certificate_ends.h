// Which certificates end soon: said while there is still time to renew them.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/base/status.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

inline constexpr absl::Duration kEndsSoon = absl::Hours(24 * 30);

/// The host's own certificate (the PEM file) and, of every holder, the enrolled one that ends last and is not
/// revoked, when it ends within 30 days or has ended: [{holder, ends, days, fingerprint}], the earliest
/// first. `days` is negative once it has ended.
absl::StatusOr<json::Value> CertificateEndsJson(const HostParts& host, const std::string& host_certificate);

}  // namespace concordat::flows
