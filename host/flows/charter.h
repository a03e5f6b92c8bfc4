// What the charter in force says about how open partners are with each other.
#pragma once

#include <set>

#include "host/flows/host_parts.h"

namespace concordat::flows {

/// The parties of charters (tier 1) in force that show each other their assessments by name; empty: peers
/// stay an anonymous spread.
absl::StatusOr<std::set<PartnerId>> NamedInAssessments(const HostParts& host);

}  // namespace concordat::flows
