// Keys and lookup tables for the duties of one share.
#pragma once

#include "host/flows/host_parts.h"
#include "host/sharing/gatekeeper.h"
#include "host/sharing/materials.h"

namespace concordat::flows {

/// `instead`: a key that stands for the protocol's own, for trials.
/// FailedPrecondition names the key or the table that is not there.
absl::StatusOr<sharing::Materials> GatherMaterials(const HostParts& host, const policy::PolicySet& policies,
                                                   const policy::SharingProtocol& protocol,
                                                   const policy::Share& share, absl::Time now,
                                                   const sharing::PseudonymKey* instead = nullptr);

}  // namespace concordat::flows
