// All assessments of one template and cycle: the partnership at a glance. A partner sees itself among an
// anonymous spread unless the charter says otherwise.
#pragma once

#include <string>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// {template, version, title, cycle, subject, scale, themes, named, rows, spread, gaps, cycles, actions,
/// agreement, why, asOf}. Levels and gaps are of what was handed in; an open assessment shows its state and
/// how far it is. `cycle` empty: the newest. With fewer than three other partners a spread would name them:
/// it stays empty and `why` says so; sums of the whole need at least two others.
absl::StatusOr<json::Value> PartnershipView(const HostParts& host, const Caller& caller,
                                            const std::string& template_id, const std::string& cycle);

}  // namespace concordat::flows
