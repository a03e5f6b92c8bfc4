// Claims beside measurements: pure arithmetic on values that others fetched.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/assess/history.h"
#include "host/policy/assessment_template.h"

namespace concordat::assess {

/// One stretch of a measure's window.
struct Stretch {
  absl::Time from;
  absl::Time to;  // exclusive
  std::optional<double> value;
  std::optional<int> level;
  uint64_t observations = 0;
};

/// What was measured for one binding.
struct Evidence {
  std::optional<double> value;  // rates 0..1, scores 0..100; nothing: no data in the window
  std::optional<int> level;     // the highest it supports; at least the scale's lowest when there is a value
  std::string basis;  // "validity, mean of 3 accepted submissions that now stand, since 2025-11-20: 97.3%"
  uint64_t observations = 0;
  std::vector<Stretch> stretches;    // with `per`, oldest first; `level` is the lowest among them
  std::optional<absl::Time> newest;  // the newest observation
};

/// Measures one binding over its window up to `now`, both ends included; see policy::MeasureWord.
Evidence MeasureItem(const policy::Measure& measure, const std::vector<policy::ScaleLevel>& scale,
                     const History& history, absl::Time now);

/// "validity of street_crime", "share of periods received on time".
std::string MeasureInWords(const policy::Measure& measure);
/// "71.2%", of a rate or a score; floored to one decimal.
std::string ShownValue(const policy::Measure& measure, double value);
/// `now` moved back `times` times by the duration, in UTC; the day of month is cut to the month's end.
absl::Time Before(absl::Time now, const policy::Duration& duration, int times = 1);
/// "quarter" for P3M, "month", "year", "week"; "stretch" for others.
std::string_view StretchWord(const policy::Duration& per);
/// Which of the measurements decides: the first with the lowest level; nothing when nothing was measured.
std::optional<size_t> DecisiveOf(const std::vector<Evidence>& measured);

/// Something attached to a claim.
struct AttachedEvidence {
  std::string id;
  std::string kind;  // document | attestation | link
  std::string title;
  std::string reference;  // where it is kept; the text of an attestation
  std::string digest;     // "sha256:..." of a document's bytes, or empty
  std::string by;
  absl::Time given;
  std::optional<absl::Time> expires;  // its own date; else `max_age` after `given`
};

/// From when on it no longer counts: its own date, else max_age (the item's, the template's) after `given`.
absl::Time ExpiryOf(const AttachedEvidence& attached, const policy::AssessmentItem& item,
                    const policy::AssessmentTemplate& form);

/// A claim compared with its evidence: what was measured decides, else what is attached and in date.
/// - supported, understated, overstated: the claim is at, below, above the level that was measured; where
///   evidence is only attached, and in date, it is supported.
/// - stale: all that is attached has expired.
/// - unevidenced: evidence was to be expected, and there is none.
/// - not_bound: nothing is claimed yet, or nothing need stand behind the claim.
enum class Assurance { kSupported, kUnderstated, kOverstated, kUnevidenced, kStale, kNotBound };
std::string_view AssuranceName(Assurance assurance);
struct Gap {
  Assurance assurance = Assurance::kNotBound;
  int levels = 0;                   // claimed minus evidenced; 0 unless something was measured
  std::optional<int64_t> age_days;  // of the newest evidence
  // "level 4 claimed; validity measured at 71% in three of four quarters supports level 2"
  std::string message;
};

}  // namespace concordat::assess
