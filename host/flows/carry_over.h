// Last cycle's answers and evidence, brought into the next one to be reviewed.
#pragma once

#include <vector>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// An event for every item of `form` that `last` has an answer, evidence or an owner for, whatever version of
/// the template that was answered under. A moderated level takes the place of the claim; levels that the new
/// scale has not and evidence that the item no longer accepts stay behind.
absl::StatusOr<std::vector<store::AssessmentEvent>> CarriedOverFrom(const HostParts& host,
                                                                    const Caller& caller,
                                                                    const store::Assessment& last,
                                                                    const policy::AssessmentTemplate& form);

}  // namespace concordat::flows
