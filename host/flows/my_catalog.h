// What a partner may ask for, under which protocol, in which form, of which quality.
#pragma once

#include "host/base/json.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// [{dataset, title, protocol, version, share, purpose, form, fields: [{field, form}], from, quality: {score,
/// dimensions, submissions}, updated, inForce, state, why}]: every share to the partner of the version that
/// binds it, or that it waits for. `quality` is the lowest of the givers' current submissions; null when
/// there are none.
absl::StatusOr<json::Value> MyCatalog(const HostParts& host, const PartnerId& partner);

}  // namespace concordat::flows
