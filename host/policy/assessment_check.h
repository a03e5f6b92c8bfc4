// What the parts of one assessment template say of each other: conditions, caps, statuses.
#pragma once

#include "host/policy/assessment_template.h"

namespace concordat::policy {

/// Reports items and themes that do not exist, questions asked depending on later ones, and what can never
/// have an effect. `document` is what `form` was read from.
void CheckAssessmentTemplate(const AssessmentTemplate& form, const Node& document, Issues& issues);

}  // namespace concordat::policy
