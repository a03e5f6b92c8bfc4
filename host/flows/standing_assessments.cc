#include "host/flows/standing_assessments.h"

#include <algorithm>
#include <map>

namespace concordat::flows {

absl::StatusOr<std::vector<store::Assessment>> StandingAssessments(const HostParts& host,
                                                                   const PartnerId& partner, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> all, host.store->ListAssessments(partner));
  std::map<std::string, store::Assessment> newest;
  for (const store::Assessment& one : all) {
    const bool standing = one.state == "signed_off" || one.state == "moderated" || one.state == "published";
    if (!standing || !one.group.empty() || !one.submitted || *one.submitted > now) continue;
    const auto [at, is_new] = newest.try_emplace(one.template_id, one);
    if (!is_new && *at->second.submitted < *one.submitted) at->second = one;
  }
  std::vector<store::Assessment> list;
  for (auto& [id, assessment] : newest) list.push_back(std::move(assessment));
  return list;
}

absl::StatusOr<std::optional<assess::StandingAssessment>> StandingLevelOf(const HostParts& host,
                                                                          const PartnerId& partner,
                                                                          const std::string& template_id,
                                                                          absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> all, StandingAssessments(host, partner, now));
  std::optional<assess::StandingAssessment> newest;
  for (const store::Assessment& one : all) {
    if (!template_id.empty() && one.template_id != template_id) continue;
    if (newest && newest->submitted >= *one.submitted) continue;
    ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, one.id));
    ASSIGN_OR_RETURN(const assess::Position position, PositionOfAssessment(host, opened));
    if (!position.level || opened.form.scale.empty()) continue;
    const auto [lowest, highest] = std::minmax_element(
        opened.form.scale.begin(), opened.form.scale.end(),
        [](const policy::ScaleLevel& a, const policy::ScaleLevel& b) { return a.level < b.level; });
    newest = assess::StandingAssessment{opened.form.title, one.cycle,      *position.level,
                                        lowest->level,     highest->level, *one.submitted};
  }
  return newest;
}

}  // namespace concordat::flows
