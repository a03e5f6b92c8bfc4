// Thresholds of rules: ODCS comparisons and our own tolerances, judged on counts.
#pragma once

#include <string>

#include "host/policy/rule_spec.h"
#include "host/record/scorecard.h"

namespace concordat::quality {

/// Whether the comparison holds. Both ends of mustBeBetween belong to it.
bool Holds(const policy::Threshold& threshold, double value);
/// "at most 5 percent", "between 1 and 10", "exactly 0".
std::string InWords(const policy::Threshold& threshold);

/// "mustBe 0", "mustBeLessThan 5 percent", "breach over 0.5%, warn over 0.1%".
std::string ThresholdText(const policy::RuleSpec& spec);
/// Sets `threshold_broken` and `warn_broken` from the counts.
/// A record rule only; a dataset rule has judged its own.
void ApplyThreshold(const policy::RuleSpec& spec, record::RuleResult& result);

}  // namespace concordat::quality
