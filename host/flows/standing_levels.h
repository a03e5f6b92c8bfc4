// What each partner has attained in its self-assessments, as protocols ask for it.
#pragma once

#include <set>
#include <vector>

#include "host/flows/host_parts.h"
#include "host/sharing/protocol_state.h"

namespace concordat::flows {

/// Those who give under shares of `protocols` that ask for a level.
std::set<PartnerId> WhoNeedsLevels(const policy::PolicySet& policies, const std::set<ProtocolId>& protocols);
/// The same under any protocol.
std::set<PartnerId> WhoNeedsLevels(const policy::PolicySet& policies);

/// The newest assessment of each template by each of `partners` that a second person signed off; those of
/// groups are left out. Any failure is an error: who cannot read levels must not rule on them.
absl::StatusOr<std::vector<sharing::StandingLevel>> ReadStandingLevels(const HostParts& host,
                                                                       const std::set<PartnerId>& partners);

/// A share through which nothing flows because of somebody's level.
struct SuspendedShare {
  const policy::Share* share = nullptr;
  std::string_view cause;  // "quality" or "evidence_stale"
  std::string message;
  std::string mend;
};
/// Shares of the protocol that refuse at `now`, one entry for each reason; `givers` are those who are bound
/// by it.
std::vector<SuspendedShare> SuspendedShares(const policy::SharingProtocol& protocol,
                                            const std::vector<PartnerId>& givers,
                                            const std::vector<sharing::StandingLevel>& levels,
                                            absl::Time now);

/// The same of one version; none unless it is in force.
std::vector<SuspendedShare> SuspendedShares(const sharing::VersionState& version,
                                            const std::vector<sharing::StandingLevel>& levels,
                                            absl::Time now);

}  // namespace concordat::flows
