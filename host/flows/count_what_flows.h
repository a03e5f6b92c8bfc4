// How much would leave under a share, over the data that is there now. Nothing leaves.
#pragma once

#include <cstdint>

#include "host/flows/host_parts.h"

namespace concordat::flows {

struct WhatFlows {
  uint64_t rows = 0;
  uint64_t fields = 0;
  uint64_t suppressed = 0;  // cells that would print [c]
};

/// By the release engine itself, for one recipient, with a key of its own that is thrown away.
absl::StatusOr<WhatFlows> CountWhatFlows(const HostParts& host, const LoadedPolicies& policies,
                                         const policy::SharingProtocol& protocol, const policy::Share& share,
                                         const PartnerId& recipient);

}  // namespace concordat::flows
