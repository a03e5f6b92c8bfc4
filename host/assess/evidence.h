// Claims beside measurements: pure arithmetic on values that others fetched.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/policy/assessment_template.h"

namespace concordat::assess {

/// One attempt in a partner's history, as evidence is drawn from it.
struct HistoryEntry {
  std::string dataset;
  std::string period;
  absl::Time received;
  bool first_attempt = false;           // of its feed and period
  bool accepted = false;                // accept or accept_with_quarantine
  bool clean = false;                   // accept
  std::optional<bool> on_time;          // nothing when the feed has no schedule
  std::optional<double> score;          // 0..100
  std::vector<std::pair<std::string, double>> dimensions;
};

/// What was measured for one item.
struct Evidence {
  std::optional<double> value;     // rates 0..1, scores 0..100; nothing: no data in the window
  std::optional<int> level;        // the highest level it supports; at least the scale's lowest when there is a value
  std::string basis;               // "street_crime conformity, mean of 3 accepted submissions since 2025-11-20: 97.3"
  uint64_t observations = 0;
};
Evidence MeasureItem(const policy::Measure& measure, const std::vector<policy::ScaleLevel>& scale,
                     const std::vector<HistoryEntry>& history, absl::Time now);

/// A claim compared with its evidence.
enum class Assurance { kSupported, kUnderstated, kOverstated, kUnevidenced, kNotBound };
std::string_view AssuranceName(Assurance assurance);
struct Gap {
  Assurance assurance = Assurance::kNotBound;
  int levels = 0;           // claimed minus evidenced
  std::string message;      // "level 4 claimed; validity measured at 71% supports level 1"
};
Gap CompareClaim(const policy::AssessmentItem& item, std::optional<int> claimed, const std::optional<Evidence>& evidence);

/// Level of a theme: floor of the mean, at most the minimum plus one (see domain: capped themes). Nothing while unanswered.
std::optional<int> ThemeLevel(const std::vector<int>& levels);

}  // namespace concordat::assess
