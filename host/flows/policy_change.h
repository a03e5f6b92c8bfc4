// A change of policies as the audit log keeps it.
#pragma once

#include <string>

#include "host/flows/host_parts.h"
#include "host/flows/policy_archive.h"

namespace concordat::flows {

/// Durable when it returns, before the change takes effect. Nothing is written when the digest stays.
absl::Status RecordPolicyChange(const HostParts& host, const PolicyEntry& entry, const std::string& before);

}  // namespace concordat::flows
