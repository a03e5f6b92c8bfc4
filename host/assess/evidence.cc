#include "host/assess/evidence.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/assess/observations.h"
#include "host/data/parse.h"
#include "host/record/scorecard.h"

namespace concordat::assess {
namespace {

using policy::Measure;

// Absorbs the last-digit noise of a mean, so that 70 reaches a threshold of 70.
constexpr double kNoise = 1e-9;
// More stretches than any window has in practice; keeps a strange template from running on.
constexpr int kMostStretches = 1'000;

std::string DayText(absl::Time time) {
  return absl::FormatCivilTime(absl::ToCivilDay(time, absl::UTCTimeZone()));
}

std::optional<double> MeanOf(const std::vector<Observation>& observations) {
  if (observations.empty()) return std::nullopt;
  double sum = 0;
  for (const Observation& observation : observations) sum += observation.value;
  return sum / static_cast<double>(observations.size());
}

int LowestOf(const std::vector<policy::ScaleLevel>& scale) {
  int lowest = scale.empty() ? 1 : scale.front().level;
  for (const policy::ScaleLevel& step : scale) lowest = std::min(lowest, step.level);
  return lowest;
}

int LevelFor(double value, const Measure& measure, const std::vector<policy::ScaleLevel>& scale) {
  int level = LowestOf(scale);
  for (const auto& [candidate, least] : measure.levels) {
    if (value + kNoise >= least) level = std::max(level, candidate);
  }
  return level;
}

// The window cut into stretches, counted back from now, oldest first; the oldest may be shorter.
std::vector<Span> SpansOf(const Measure& measure, absl::Time now) {
  const absl::Time start = Before(now, measure.window);
  std::vector<Span> spans;
  absl::Time to = now;
  for (int times = 1; to > start && times <= kMostStretches; ++times) {
    const absl::Time from = std::max(start, Before(now, *measure.per, times));
    spans.push_back({from, to, to == now});
    to = from;
  }
  std::reverse(spans.begin(), spans.end());
  return spans;
}

Stretch MeasureStretch(const Measure& measure, const std::vector<policy::ScaleLevel>& scale,
                       const History& history, const Span& span) {
  const std::vector<Observation> observations = ObservationsOf(measure, history, span);
  Stretch stretch{.from = span.from, .to = span.to};
  stretch.value = MeanOf(observations);
  if (stretch.value) stretch.level = LevelFor(*stretch.value, measure, scale);
  stretch.observations = observations.size();
  return stretch;
}

// The weakest stretch decides; one without data neither supports nor refutes.
std::optional<int> LowestLevel(const std::vector<Stretch>& stretches) {
  std::optional<int> lowest;
  for (const Stretch& stretch : stretches) {
    if (stretch.level) lowest = std::min(lowest.value_or(*stretch.level), *stretch.level);
  }
  return lowest;
}

std::string CountedWords(const Measure& measure, uint64_t observations) {
  const policy::MeasureWord* word = policy::FindMeasureWord(measure.measure);
  if (word == nullptr) return fmt::format("{} observations", observations);
  return fmt::format("{}{} {}", word->is_rate ? "" : "mean of ", observations,
                     observations == 1 ? word->one : word->many);
}

std::string ByStretch(const Measure& measure, const std::vector<Stretch>& stretches) {
  std::vector<std::string> values;
  for (const Stretch& stretch : stretches) {
    values.push_back(stretch.value ? ShownValue(measure, *stretch.value) : std::string("none"));
  }
  return fmt::format("; by {}, oldest first: {}", StretchWord(*measure.per), fmt::join(values, ", "));
}

std::string BasisOf(const Measure& measure, const Evidence& evidence, absl::Time now) {
  const std::string since = DayText(Before(now, measure.window));
  if (!evidence.value) return fmt::format("{}: nothing to measure since {}", MeasureInWords(measure), since);
  return fmt::format("{}, {}, since {}: {}{}", MeasureInWords(measure),
                     CountedWords(measure, evidence.observations), since,
                     ShownValue(measure, *evidence.value),
                     evidence.stretches.empty() ? "" : ByStretch(measure, evidence.stretches));
}

}  // namespace

absl::Time Before(absl::Time now, const policy::Duration& duration, int times) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilSecond civil = absl::ToCivilSecond(now, utc);
  const absl::Duration fraction = now - absl::FromCivil(civil, utc);
  const absl::CivilMonth month = absl::CivilMonth(civil) - static_cast<int64_t>(duration.months) * times;
  const int last_day = (absl::CivilDay(month + 1) - 1).day();
  const absl::CivilSecond moved(month.year(), month.month(), std::min(civil.day(), last_day), civil.hour(),
                                civil.minute(), civil.second());
  const absl::CivilSecond start(moved.year(), moved.month(), moved.day() - duration.days * times,
                                moved.hour(), moved.minute(), moved.second() - duration.seconds * times);
  return absl::FromCivil(start, utc) + fraction;
}

std::string_view StretchWord(const policy::Duration& per) {
  if (per.seconds != 0 || (per.months != 0 && per.days != 0)) return "stretch";
  if (per.months == 1) return "month";
  if (per.months == 3) return "quarter";
  if (per.months == 12) return "year";
  if (per.days == 7) return "week";
  if (per.days == 1) return "day";
  return "stretch";
}

std::string MeasureInWords(const Measure& measure) {
  const policy::MeasureWord* word = policy::FindMeasureWord(measure.measure);
  std::string words(word == nullptr ? measure.measure : word->in_words);
  if (words.empty()) {
    const auto dimension = record::DimensionFrom(measure.dimension);
    words = dimension ? std::string(record::DimensionForPeople(*dimension)) : measure.dimension;
  }
  return measure.dataset.empty() ? words : fmt::format("{} of {}", words, measure.dataset);
}

std::string ShownValue(const Measure& measure, double value) {
  const policy::MeasureWord* word = policy::FindMeasureWord(measure.measure);
  const bool is_rate = word != nullptr && word->is_rate;
  return data::NumberText(record::ShownScore(is_rate ? value * 100 : value)) + "%";
}

Evidence MeasureItem(const Measure& measure, const std::vector<policy::ScaleLevel>& scale,
                     const History& history, absl::Time now) {
  const std::vector<Observation> all =
      ObservationsOf(measure, history, {Before(now, measure.window), now, true});
  Evidence evidence;
  evidence.observations = all.size();
  evidence.value = MeanOf(all);
  for (const Observation& observation : all)
    evidence.newest = std::max(evidence.newest.value_or(observation.time), observation.time);
  if (measure.per) {
    for (const Span& span : SpansOf(measure, now))
      evidence.stretches.push_back(MeasureStretch(measure, scale, history, span));
    evidence.level = LowestLevel(evidence.stretches);
  } else if (evidence.value) {
    evidence.level = LevelFor(*evidence.value, measure, scale);
  }
  evidence.basis = BasisOf(measure, evidence, now);
  return evidence;
}

std::optional<size_t> DecisiveOf(const std::vector<Evidence>& measured) {
  std::optional<size_t> decisive;
  for (size_t i = 0; i < measured.size(); ++i) {
    if (measured[i].level && (!decisive || *measured[i].level < *measured[*decisive].level)) decisive = i;
  }
  return decisive;
}

absl::Time ExpiryOf(const AttachedEvidence& attached, const policy::AssessmentItem& item,
                    const policy::AssessmentTemplate& form) {
  if (attached.expires) return *attached.expires;
  std::optional<policy::Duration> age = item.evidence.max_age;
  if (!age) age = form.evidence_max_age;
  if (!age) return absl::InfiniteFuture();
  const policy::Duration onwards{-age->months, -age->days, -age->seconds, age->text};
  return Before(attached.given, onwards);
}

std::string_view AssuranceName(Assurance assurance) {
  switch (assurance) {
    case Assurance::kSupported:
      return "supported";
    case Assurance::kUnderstated:
      return "understated";
    case Assurance::kOverstated:
      return "overstated";
    case Assurance::kUnevidenced:
      return "unevidenced";
    case Assurance::kStale:
      return "stale";
    case Assurance::kNotBound:
      return "not_bound";
  }
  return "not_bound";
}

}  // namespace concordat::assess
