// Does every submission whose rows would leave meet the share's quality condition?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// The submissions of the partners that give under `share`.
std::vector<const SubmissionQuality*> Affected(const policy::Share& share,
                                               const std::vector<SubmissionQuality>& submissions);

/// One condition that does not hold.
struct Shortfall {
  std::string_view cause;  // "quality" or "evidence_stale"
  std::string message;
};

/// What was measured for every condition, worst first noted, and what does not hold.
struct QualityVerdict {
  std::vector<std::pair<std::string, std::string>>
      measured;  // "completeness >= 98" -> "97.3 (S-..., constabulary, 2026-05)"
  std::vector<Shortfall> shortfalls;
};
/// Whether all of it holds, without a word about it.
bool MeetsQuality(const policy::QualityCondition& condition,
                  const std::vector<const SubmissionQuality*>& submissions, absl::Time now);
QualityVerdict JudgeQuality(const policy::QualityCondition& condition,
                            const std::vector<const SubmissionQuality*>& submissions, absl::Time now);

}  // namespace concordat::sharing
