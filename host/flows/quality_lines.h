// The scores of a feed over its periods as lines: the whole, each dimension, each rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/feed_course.h"
#include "host/flows/submission_measure.h"

namespace concordat::flows {

/// Days since 1970-01-01, both inclusive; a period belongs to it when it lies in it whole.
struct DayWindow {
  int64_t from = INT64_MIN;
  int64_t to = INT64_MAX;

  bool Holds(const policy::Period& period) const { return period.from >= from && period.to <= to; }
};
/// From the first day of period `from` to the last of `to`; empty: open on that side. InvalidArgument shows
/// the forms.
absl::StatusOr<DayWindow> WindowOf(const policy::Partnership& partnership, const std::string& from,
                                   const std::string& to);

/// One period with the measures of all its attempts.
struct QualityPoint {
  const PeriodStanding* standing = nullptr;
  std::map<size_t, SubmissionMeasure> measures;  // by index of the attempt
  MeasureChange change;                          // from the measure before it

  const SubmissionMeasure* measure() const {
    return standing->standing ? &measures.at(*standing->standing) : nullptr;
  }
};

struct QualitySeries {
  const FeedCourse* course = nullptr;  // outlives it
  std::vector<QualityPoint> points;    // oldest first
  size_t left_out = 0;                 // older periods, beyond `most`
};
/// The newest `most` periods of the window, without those that are only awaited.
absl::StatusOr<QualitySeries> SeriesOf(const HostParts& host, const FeedCourse& course,
                                       const DayWindow& window, size_t most);

struct QualityLine {
  std::string kind;  // score | dimension | rule
  std::string id;
  std::string dimension;
  std::string severity;                       // of a rule
  std::vector<std::optional<double>> values;  // a point each
  std::optional<double> latest;
  std::optional<double> previous;  // measured before the latest
  bool comparable = true;          // neither contract nor this rule changed between the two
  std::string note;                // why not

  std::optional<double> change() const;  // latest less previous, to one decimal
};
/// `dimension` and `rule` narrow when they are not empty.
std::vector<QualityLine> LinesOf(const QualitySeries& series, const std::string& dimension,
                                 const std::string& rule, bool with_rules);
json::Array LinesJson(const std::vector<QualityLine>& lines);

/// The ODCS word of what people write ("validity" is conformity); InvalidArgument lists the words. Empty
/// stays empty, an adapter's own ("adapter/...") stays as it is.
absl::StatusOr<std::string> DimensionWord(const std::string& asked);

/// {id, dimension, severity, status, state, pass, fail, skip, unresolved, error, share, interval}.
json::Object RuleMeasureJson(const RuleMeasure& rule);
/// [low, high] of 0..100 where few records were measured, else null.
json::Value IntervalJson(const RuleMeasure& rule);
bool IsAsked(const RuleMeasure& rule, const std::string& dimension, const std::string& id);
/// Null for nothing.
json::Value NumberJson(std::optional<double> number);
/// To one decimal, half away from zero: for differences, which have no side to floor to.
double ToTenth(double number);
/// Rules show how a partner works: they are its own, and the administrator's.
bool SeesRules(const Caller& caller, const PartnerId& partner);

}  // namespace concordat::flows
