// Measures and histories in a line each.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "host/assess/evidence.h"
#include "host/base/clock.h"

namespace concordat::assess {

inline const std::vector<policy::ScaleLevel> kScale = {{1, "below minimum", "", "red"},
                                                       {2, "at minimum", "", "amber"},
                                                       {3, "above", "", "green"},
                                                       {4, "well above", "", "green"}};

inline absl::Time At(std::string_view text) { return *concordat::ParseTime(text); }
inline const absl::Time kNow = At("2026-11-20T12:00:00Z");

inline policy::Measure MeasureOf(std::string measure, std::map<int, double> levels = {},
                                 std::string dimension = "", std::string dataset = "") {
  policy::Measure made;
  made.measure = std::move(measure);
  made.dimension = std::move(dimension);
  made.dataset = std::move(dataset);
  made.window = *policy::ParseDuration("P12M");
  made.levels = std::move(levels);
  return made;
}

inline policy::Measure ByQuarter(policy::Measure measure) {
  measure.per = *policy::ParseDuration("P3M");
  return measure;
}

/// An accepted submission that now stands.
inline HistoryEntry Accepted(std::string period, std::string_view received, double conformity) {
  HistoryEntry entry;
  entry.feed = "police-crime";
  entry.dataset = "street_crime";
  entry.period = std::move(period);
  entry.received = At(received);
  entry.accepted = true;
  entry.current = true;
  entry.score = conformity - 10;
  entry.dimensions = {{"completeness", 100}, {"conformity", conformity}};
  return entry;
}

inline History HistoryOf(std::vector<HistoryEntry> entries) {
  History history;
  history.entries = std::move(entries);
  return history;
}

}  // namespace concordat::assess
