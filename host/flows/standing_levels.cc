#include "host/flows/standing_levels.h"

#include <algorithm>
#include <map>

#include "host/flows/standing_assessments.h"
#include "host/sharing/quality_condition.h"

namespace concordat::flows {
namespace {

std::optional<int> LevelOf(const store::Assessment& assessment) {
  const json::Value* level = json::Find(assessment.frozen, "level");
  if (level == nullptr || !level->is_int64()) return std::nullopt;
  constexpr int64_t kMost = 100;  // of any scale (policy/assessment_template.cc)
  const int64_t number = level->get_int64();
  return number < 0 || number > kMost ? std::nullopt : std::optional<int>(static_cast<int>(number));
}

}  // namespace

std::set<PartnerId> WhoNeedsLevels(const policy::PolicySet& policies, const std::set<ProtocolId>& protocols) {
  std::set<PartnerId> givers;
  for (const policy::SharingProtocol& protocol : policies.protocols) {
    if (!protocols.contains(protocol.id)) continue;
    for (const policy::Share& share : protocol.shares) {
      if (share.quality && share.quality->assessment) givers.insert(share.from.begin(), share.from.end());
    }
  }
  return givers;
}

std::set<PartnerId> WhoNeedsLevels(const policy::PolicySet& policies) {
  std::set<ProtocolId> all;
  for (const policy::SharingProtocol& protocol : policies.protocols) all.insert(protocol.id);
  return WhoNeedsLevels(policies, all);
}

absl::StatusOr<std::vector<sharing::StandingLevel>> ReadStandingLevels(const HostParts& host,
                                                                       const std::set<PartnerId>& partners) {
  std::vector<sharing::StandingLevel> levels;
  for (const PartnerId& partner : partners) {
    ASSIGN_OR_RETURN(const std::vector<store::Assessment> standing,
                     StandingAssessments(host, partner, host.clock->Now()));
    for (const store::Assessment& assessment : standing)
      levels.push_back(
          {partner, assessment.template_id, assessment.cycle, LevelOf(assessment), *assessment.submitted});
  }
  return levels;
}

std::vector<SuspendedShare> SuspendedShares(const policy::SharingProtocol& protocol,
                                            const std::vector<PartnerId>& givers,
                                            const std::vector<sharing::StandingLevel>& levels,
                                            absl::Time now) {
  std::vector<SuspendedShare> suspended;
  for (const policy::Share& share : protocol.shares) {
    if (!share.quality || !share.quality->assessment || !share.quality->refuse) continue;
    std::vector<PartnerId> bound;
    std::copy_if(share.from.begin(), share.from.end(), std::back_inserter(bound),
                 [&](const PartnerId& giver) {
                   return std::find(givers.begin(), givers.end(), giver) != givers.end();
                 });
    for (sharing::Shortfall& shortfall :
         sharing::JudgeLevels(*share.quality->assessment, bound, levels, now).shortfalls)
      suspended.push_back({&share, shortfall.cause, std::move(shortfall.message), std::move(shortfall.mend)});
  }
  return suspended;
}

std::vector<SuspendedShare> SuspendedShares(const sharing::VersionState& version,
                                            const std::vector<sharing::StandingLevel>& levels,
                                            absl::Time now) {
  if (!version.state.in_force) return {};
  std::vector<PartnerId> givers = version.state.adopted_by;
  if (version.protocol->signatures != "each") {
    for (const policy::Party& party : version.protocol->parties) givers.push_back(party.partner);
  }
  return SuspendedShares(*version.protocol, givers, levels, now);
}

}  // namespace concordat::flows
