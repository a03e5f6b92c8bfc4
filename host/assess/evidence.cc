#include "host/assess/evidence.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/record/scorecard.h"

namespace concordat::assess {
namespace {

using policy::Measure;

constexpr int64_t kSecondsPerDay = 86'400;
// Absorbs the last-digit noise of a mean, so that 70 reaches a threshold of 70.
constexpr double kNoise = 1e-9;

struct MeasureWords {
  std::string_view measure;
  std::string_view in_words;
  bool rate;  // 0..1, else a score of 0..100
};
constexpr MeasureWords kMeasures[] = {
    {"dimension_score", "", false},  // is called by its dimension
    {"dataset_score", "overall score", false},
    {"first_time_pass_rate", "share of first attempts with nothing to mend", true},
    {"on_time_rate", "share of periods received on time", true},
};

const MeasureWords& WordsOf(const Measure& measure) {
  const auto found = std::find_if(std::begin(kMeasures), std::end(kMeasures), [&](const MeasureWords& words) {
    return words.measure == measure.measure;
  });
  return found == std::end(kMeasures) ? kMeasures[0] : *found;
}

// Contracts and templates may say "validity" for conformity; histories have ODCS's word.
std::string DimensionWord(const Measure& measure) {
  const auto dimension = record::DimensionFrom(measure.dimension);
  return dimension ? std::string(record::DimensionName(*dimension)) : measure.dimension;
}

std::string InWords(const Measure& measure) {
  std::string words(WordsOf(measure).in_words);
  if (words.empty()) {
    const auto dimension = record::DimensionFrom(measure.dimension);
    words = dimension ? std::string(record::DimensionForPeople(*dimension)) : measure.dimension;
  }
  return measure.dataset.empty() ? words : fmt::format("{} of {}", words, measure.dataset);
}

std::string Percent(const Measure& measure, double value) {
  return data::NumberText(record::ShownScore(WordsOf(measure).rate ? value * 100 : value)) + "%";
}

int64_t DayOf(absl::Time time) {
  const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
  return data::DaysFromCivil(static_cast<int>(day.year()), day.month(), day.day());
}

bool InWindow(const HistoryEntry& entry, const policy::Duration& window, absl::Time now) {
  if (entry.received > now) return false;
  const int64_t day = DayOf(entry.received);
  const int64_t moved_days = window.AddTo(day) - day;
  return entry.received + absl::Seconds(moved_days * kSecondsPerDay + window.seconds) >= now;
}

std::string WindowStart(const policy::Duration& window, absl::Time now) {
  const absl::CivilSecond today = absl::ToCivilSecond(now, absl::UTCTimeZone());
  const absl::CivilSecond start(today.year(), today.month() - window.months, today.day() - window.days,
                                today.hour(), today.minute(), today.second() - window.seconds);
  return data::DateText(data::DaysFromCivil(static_cast<int>(start.year()), start.month(), start.day()));
}

std::vector<const HistoryEntry*> Relevant(const Measure& measure, const std::vector<HistoryEntry>& history,
                                          absl::Time now) {
  std::vector<const HistoryEntry*> relevant;
  for (const HistoryEntry& entry : history) {
    const bool of_dataset = measure.dataset.empty() || entry.dataset == measure.dataset;
    if (of_dataset && InWindow(entry, measure.window, now)) relevant.push_back(&entry);
  }
  return relevant;
}

using DatasetPeriod = std::pair<std::string, std::string>;

// What now stands for each dataset and period: a later accepted attempt supersedes an earlier one.
std::map<DatasetPeriod, const HistoryEntry*> LatestAccepted(const std::vector<const HistoryEntry*>& entries) {
  std::map<DatasetPeriod, const HistoryEntry*> latest;
  for (const HistoryEntry* entry : entries) {
    if (!entry->accepted) continue;
    const HistoryEntry*& kept = latest[{entry->dataset, entry->period}];
    if (kept == nullptr || entry->received >= kept->received) kept = entry;
  }
  return latest;
}

std::optional<double> ScoreOf(const HistoryEntry& entry, const std::string& dimension) {
  if (dimension.empty()) return entry.score;
  for (const auto& [name, score] : entry.dimensions) {
    if (name == dimension) return score;
  }
  return std::nullopt;
}

/// A value and what it was drawn from.
struct Drawn {
  double sum = 0;
  uint64_t observations = 0;
  std::string of;  // "accepted submissions"
};

Drawn DrawScores(const std::vector<const HistoryEntry*>& entries, const std::string& dimension) {
  Drawn drawn{.of = "mean of {} accepted submissions, the latest of each period,"};
  for (const auto& [key, entry] : LatestAccepted(entries)) {
    const auto score = ScoreOf(*entry, dimension);
    if (!score) continue;
    drawn.sum += *score;
    ++drawn.observations;
  }
  return drawn;
}

Drawn DrawFirstTimes(const std::vector<const HistoryEntry*>& entries) {
  Drawn drawn{.of = "{} first attempts"};
  for (const HistoryEntry* entry : entries) {
    if (!entry->first_attempt) continue;
    drawn.sum += entry->clean ? 1 : 0;
    ++drawn.observations;
  }
  return drawn;
}

// A period is on time when an attempt that was accepted came in time.
Drawn DrawOnTimes(const std::vector<const HistoryEntry*>& entries) {
  std::map<DatasetPeriod, bool> on_time;
  for (const HistoryEntry* entry : entries) {
    if (entry->on_time) on_time[{entry->dataset, entry->period}] |= *entry->on_time && entry->accepted;
  }
  Drawn drawn{.of = "{} periods that were due"};
  for (const auto& [key, in_time] : on_time) drawn.sum += in_time ? 1 : 0;
  drawn.observations = on_time.size();
  return drawn;
}

Drawn Draw(const Measure& measure, const std::vector<const HistoryEntry*>& entries) {
  if (measure.measure == "first_time_pass_rate") return DrawFirstTimes(entries);
  if (measure.measure == "on_time_rate") return DrawOnTimes(entries);
  return DrawScores(entries, measure.measure == "dimension_score" ? DimensionWord(measure) : "");
}

int LevelFor(double value, const Measure& measure, const std::vector<policy::ScaleLevel>& scale) {
  int level = scale.empty() ? 1 : scale.front().level;
  for (const policy::ScaleLevel& step : scale) level = std::min(level, step.level);
  for (const auto& [candidate, least] : measure.levels) {
    if (value + kNoise >= least) level = std::max(level, candidate);
  }
  return level;
}

std::string Claimed(int level) { return fmt::format("level {} claimed", level); }

}  // namespace

Evidence MeasureItem(const Measure& measure, const std::vector<policy::ScaleLevel>& scale,
                     const std::vector<HistoryEntry>& history, absl::Time now) {
  const Drawn drawn = Draw(measure, Relevant(measure, history, now));
  const std::string since = WindowStart(measure.window, now);
  Evidence evidence;
  evidence.observations = drawn.observations;
  if (drawn.observations == 0) {
    evidence.basis = fmt::format("{}: nothing to measure since {}", InWords(measure), since);
    return evidence;
  }
  evidence.value = drawn.sum / static_cast<double>(drawn.observations);
  evidence.level = LevelFor(*evidence.value, measure, scale);
  evidence.basis = fmt::format("{}, {} since {}: {}", InWords(measure),
                               fmt::format(fmt::runtime(drawn.of), drawn.observations), since,
                               Percent(measure, *evidence.value));
  return evidence;
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
    case Assurance::kNotBound:
      return "not_bound";
  }
  return "not_bound";
}

Gap CompareClaim(const policy::AssessmentItem& item, std::optional<int> claimed,
                 const std::optional<Evidence>& evidence) {
  if (!item.evidence) {
    return {Assurance::kNotBound, 0,
            claimed ? Claimed(*claimed) + "; nothing is measured for this question" : "not answered yet"};
  }
  if (!evidence || !evidence->value || !evidence->level) {
    return {Assurance::kUnevidenced, 0,
            fmt::format("{}; {} was not measured in the window",
                        claimed ? Claimed(*claimed) : "not answered yet", InWords(*item.evidence))};
  }
  const std::string measured =
      fmt::format("{} measured at {}", InWords(*item.evidence), Percent(*item.evidence, *evidence->value));
  const int level = *evidence->level;
  if (!claimed)
    return {Assurance::kNotBound, 0, fmt::format("not answered yet; {} supports level {}", measured, level)};
  const int levels = *claimed - level;
  const Assurance assurance = levels == 0  ? Assurance::kSupported
                              : levels > 0 ? Assurance::kOverstated
                                           : Assurance::kUnderstated;
  return {assurance, levels, fmt::format("{}; {} supports level {}", Claimed(*claimed), measured, level)};
}

std::optional<int> ThemeLevel(const std::vector<int>& levels) {
  if (levels.empty()) return std::nullopt;
  int sum = 0;
  for (const int level : levels) sum += level;
  const int mean = sum / static_cast<int>(levels.size());  // levels are positive, so this is the floor
  return std::min(mean, *std::min_element(levels.begin(), levels.end()) + 1);
}

}  // namespace concordat::assess
