#include "host/flows/standing_assessments.h"

#include <algorithm>
#include <map>

namespace concordat::flows {
namespace {

bool Counts(const store::Assessment& assessment, absl::Time now) {
  const bool signed_off =
      assessment.state == "signed_off" || assessment.state == "moderated" || assessment.state == "published";
  return signed_off && assessment.group.empty() && assessment.submitted && *assessment.submitted <= now;
}

bool WasModerated(const store::Assessment& assessment) {
  const json::Value* moderation = json::Find(assessment.frozen, "moderation");
  return assessment.state == "moderated" || (moderation != nullptr && moderation->is_object());
}

// By a moderator, or in a round that the administrator opened for it.
bool IsJudged(const store::Assessment& assessment, const std::vector<store::AssessmentCycle>& cycles) {
  return WasModerated(assessment) ||
         std::any_of(cycles.begin(), cycles.end(), [&](const store::AssessmentCycle& cycle) {
           return cycle.template_id == assessment.template_id && cycle.cycle == assessment.cycle;
         });
}

}  // namespace

const store::Assessment* StandingOf(const std::vector<const store::Assessment*>& assessments,
                                    const std::vector<store::AssessmentCycle>& cycles, absl::Time now) {
  const store::Assessment* newest = nullptr;
  const store::Assessment* judged = nullptr;
  for (const store::Assessment* one : assessments) {
    if (!Counts(*one, now)) continue;
    const store::Assessment*& place = IsJudged(*one, cycles) ? judged : newest;
    if (place == nullptr || *place->submitted <= *one->submitted) place = one;
  }
  return judged != nullptr ? judged : newest;
}

absl::StatusOr<std::vector<store::Assessment>> StandingAssessments(const HostParts& host,
                                                                   const PartnerId& partner, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<store::Assessment> all, host.store->ListAssessments(partner));
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentCycle> cycles, host.store->ListCycles(""));
  std::map<std::string, std::vector<const store::Assessment*>> by_template;
  for (const store::Assessment& one : all) by_template[one.template_id].push_back(&one);
  std::vector<store::Assessment> list;
  for (const auto& [id, assessments] : by_template) {
    if (const store::Assessment* standing = StandingOf(assessments, cycles, now)) list.push_back(*standing);
  }
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
