// What the host knows of one partner over time: what evidence of self-assessments and confidence are drawn
// from.
#pragma once

#include "absl/time/time.h"
#include "host/assess/history.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// Everything of `partner` that the store, the policies and the log hold up to `now`: its attempts (rejected
/// and superseded ones, too), the periods that have fallen due and what became of them, obligations and
/// actions, protocols under which it gave or received, the last look at the whole log. An unknown partner has
/// an empty history.
///
/// A withdrawn submission that nothing replaced leaves its period missing; an erased one does not. Scores are
/// those of the submission's own result, floored to one decimal.
absl::StatusOr<assess::History> HistoryOfPartner(const HostParts& host, const PartnerId& partner,
                                                 absl::Time now);

/// One attempt as measures see it.
assess::HistoryEntry HistoryEntryOf(const store::Attempt& attempt);

}  // namespace concordat::flows
