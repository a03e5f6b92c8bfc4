// Does every submission whose rows would leave, and everybody who gives them, meet the share's quality
// condition?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/sharing/gatekeeper.h"

namespace concordat::sharing {

/// The submissions of the partners that give under `share`.
std::vector<const SubmissionQuality*> Affected(const policy::Share& share,
                                               const std::vector<SubmissionQuality>& submissions);

/// What a share's quality condition is judged on.
struct QualityFacts {
  const std::vector<const SubmissionQuality*>& submissions;  // whose rows would leave
  const std::vector<PartnerId>& givers;                      // whose rows may leave
  const std::vector<StandingLevel>& levels;
  absl::Time now;
};

/// One condition that does not hold.
struct Shortfall {
  std::string_view cause;  // "quality" or "evidence_stale"
  std::string message;
  std::string mend;
};

/// What was measured for every condition, worst first noted, and what does not hold.
struct QualityVerdict {
  std::vector<std::pair<std::string, std::string>>
      measured;  // "completeness >= 98" -> "97.3 (S-..., constabulary, 2026-05)"
  std::vector<Shortfall> shortfalls;
};
/// Whether all of it holds, without a word about it.
bool MeetsQuality(const policy::QualityCondition& condition, const QualityFacts& facts);
QualityVerdict JudgeQuality(const policy::QualityCondition& condition, const QualityFacts& facts);

/// The part of it that the givers' self-assessments decide.
QualityVerdict JudgeLevels(const policy::LevelCondition& condition, const std::vector<PartnerId>& givers,
                           const std::vector<StandingLevel>& levels, absl::Time now);

}  // namespace concordat::sharing
