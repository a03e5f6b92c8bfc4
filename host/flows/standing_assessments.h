// The self-assessments that count for a partner today.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/assess/confidence.h"
#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// Of each template the partner's newest (no group's) in state signed_off, moderated or published, submitted
/// by `now`.
absl::StatusOr<std::vector<store::Assessment>> StandingAssessments(const HostParts& host,
                                                                   const PartnerId& partner, absl::Time now);

/// The one of these (one partner's, one template's) that counts today: the newest that a second person signed
/// off. What a moderator judged is not replaced by what the partner began of itself, in a cycle that nobody
/// opened, until that has been moderated, too. Null when none counts; points into `assessments`.
const store::Assessment* StandingOf(const std::vector<const store::Assessment*>& assessments,
                                    const std::vector<store::AssessmentCycle>& cycles, absl::Time now);

/// What confidence looks at: the one of `template_id`; when that is empty the newest of any template that
/// comes to a level. Nothing when there is none, or it comes to no level.
absl::StatusOr<std::optional<assess::StandingAssessment>> StandingLevelOf(const HostParts& host,
                                                                          const PartnerId& partner,
                                                                          const std::string& template_id,
                                                                          absl::Time now);

}  // namespace concordat::flows
