// Several groups that rated the same outcome in one cycle, side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/assess/agreement.h"
#include "host/flows/caller.h"
#include "host/flows/opened_assessment.h"

namespace concordat::flows {

struct GroupRound {
  policy::AssessmentTemplate form;  // the newest version that was answered
  std::vector<PartnerId> partners;  // who wrote for the groups
  std::vector<std::string> groups;
  assess::GroupAgreement agreement;
};

/// Whether the caller may see how each group rates: the administrator, and whoever has handed in a rating of
/// their own in a cycle that was opened for them. Nobody comes to see others' by starting one by themselves.
absl::StatusOr<bool> SeesRound(const HostParts& host, const Caller& caller, const std::string& template_id,
                               const std::string& cycle);

/// What the groups that have submitted agree on, of those whose ratings the caller may see; nothing when they
/// are fewer than two. A partner without a group counts as one under its own name.
absl::StatusOr<std::optional<GroupRound>> RoundOf(const HostParts& host, const Caller& caller,
                                                  const std::string& template_id, const std::string& cycle);

/// {groups, stages: [{item, question, ratings, distance, exact, agreedRed, contested}], exactShare,
/// meanDistance, kappa, ratedByAll}.
json::Value RoundJson(const GroupRound& round);

}  // namespace concordat::flows
