// What of self-assessments stands in a partner's due list: those to be handed in, and actions to be done.
#pragma once

#include <optional>
#include <vector>

#include "host/flows/due.h"

namespace concordat::flows {

/// {kind: "assessment", id, template, title, cycle, group, subject, assessment, partner, state, due,
/// daysLate, closeWith} of every opened cycle that the partner (none: any) has not submitted to yet, and
/// {kind: "action", ...} as ActionJson with closeWith of every open action.
absl::StatusOr<std::vector<OwedObligation>> OwedAssessments(const HostParts& host,
                                                            const std::optional<PartnerId>& partner);

}  // namespace concordat::flows
