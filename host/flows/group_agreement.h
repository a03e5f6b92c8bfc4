// Several groups that rated the same outcome in one cycle, side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/assess/agreement.h"
#include "host/flows/opened_assessment.h"

namespace concordat::flows {

struct GroupRound {
  policy::AssessmentTemplate form;  // the newest version that was answered
  std::vector<PartnerId> partners;  // who wrote for the groups
  std::vector<std::string> groups;
  assess::GroupAgreement agreement;
};

/// What the groups that have submitted agree on; nothing when fewer than two have. A partner without a group
/// counts as one under its own name.
absl::StatusOr<std::optional<GroupRound>> RoundOf(const HostParts& host, const std::string& template_id,
                                                  const std::string& cycle);

/// {groups, stages: [{item, question, ratings, distance, exact, agreedRed, contested}], exactShare,
/// meanDistance, kappa, ratedByAll}.
json::Value RoundJson(const GroupRound& round);

}  // namespace concordat::flows
