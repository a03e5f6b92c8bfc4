// What a measure is the mean of: one value for each thing that was observed in a span of time.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "host/assess/history.h"
#include "host/policy/assessment_template.h"

namespace concordat::assess {

/// A score of 0..100, or 1 and 0 for a thing that counts towards a rate or not.
struct Observation {
  absl::Time time;
  double value = 0;
};

/// From `from` on and before `to`; up to and with `to` when it is `closed`.
struct Span {
  absl::Time from;
  absl::Time to;
  bool closed = false;

  bool Holds(absl::Time time) const { return time >= from && (time < to || (closed && time == to)); }
};

/// In any order; empty for a measure that does not exist.
std::vector<Observation> ObservationsOf(const policy::Measure& measure, const History& history,
                                        const Span& span);

}  // namespace concordat::assess
