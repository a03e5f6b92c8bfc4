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
  std::optional<int> level;  // the highest level it supports; at least the scale's lowest when there is a value
  std::string basis;  // "street_crime validity, mean of 3 accepted submissions since 2025-11-20: 97.3"
  uint64_t observations = 0;
  std::vector<Stretch> stretches;          // with `per`, oldest first; `level` is the lowest among them
  std::optional<absl::Time> newest;        // the newest observation
};
Evidence MeasureItem(const policy::Measure& measure, const std::vector<policy::ScaleLevel>& scale,
                     const History& history, absl::Time now);

/// Something attached to a claim.
struct AttachedEvidence {
  std::string id;
  std::string kind;       // document | attestation | link
  std::string title;
  std::string reference;  // where it is kept; the text of an attestation
  std::string digest;     // "sha256:..." of a document's bytes, or empty
  std::string by;
  absl::Time given;
  std::optional<absl::Time> expires;  // its own date; else `max_age` after `given`
};

/// A claim compared with its evidence. An item without any binding and nothing attached is not bound.
enum class Assurance { kSupported, kUnderstated, kOverstated, kUnevidenced, kStale, kNotBound };
std::string_view AssuranceName(Assurance assurance);
struct Gap {
  Assurance assurance = Assurance::kNotBound;
  int levels = 0;                   // claimed minus evidenced
  std::optional<int64_t> age_days;  // of the newest evidence
  std::string message;              // "level 4 claimed; validity measured at 71% in three of four quarters supports level 2"
};

}  // namespace concordat::assess
