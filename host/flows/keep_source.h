// The bytes of attempts are kept as long as their feed says (keep_source, default P90D), then removed.
#pragma once

#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Removes sources past their time and those of no attempt (left by a crash before anything was
/// acknowledged).
absl::Status RemoveExpiredSources(const HostParts& host);

}  // namespace concordat::flows
