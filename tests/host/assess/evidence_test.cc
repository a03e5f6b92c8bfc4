// Claims beside measurements.
#include "host/assess/evidence.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/clock.h"

namespace concordat::assess {
namespace {

using testing::HasSubstr;

const std::vector<policy::ScaleLevel> kScale = {
    {1, "below minimum", ""}, {2, "at minimum", ""}, {3, "above", ""}, {4, "well above", ""}};

absl::Time At(std::string_view text) { return *concordat::ParseTime(text); }
const absl::Time kNow = At("2026-11-20T12:00:00Z");

policy::Measure MeasureOf(std::string measure, std::map<int, double> levels, std::string dimension = "",
                          std::string dataset = "") {
  policy::Measure made;
  made.measure = std::move(measure);
  made.dimension = std::move(dimension);
  made.dataset = std::move(dataset);
  made.window = *policy::ParseDuration("P12M");
  made.levels = std::move(levels);
  return made;
}

HistoryEntry Accepted(std::string period, std::string_view received, double conformity) {
  HistoryEntry entry;
  entry.dataset = "street_crime";
  entry.period = std::move(period);
  entry.received = At(received);
  entry.accepted = true;
  entry.score = conformity - 10;
  entry.dimensions = {{"completeness", 100}, {"conformity", conformity}};
  return entry;
}

TEST(MeasureItem, ADimensionScoreIsTheMeanOfWhatNowStandsInTheWindow) {
  HistoryEntry rejected = Accepted("2026-10", "2026-11-03", 1);
  rejected.accepted = false;
  HistoryEntry other = Accepted("2026-10", "2026-11-03", 2);
  other.dataset = "spend";
  const std::vector<HistoryEntry> history = {
      Accepted("2025-10", "2025-11-19", 3),  // a day before the window
      Accepted("2026-09", "2026-10-03", 4),  // superseded by the next
      Accepted("2026-09", "2026-10-04", 70),
      Accepted("2026-08", "2026-09-03", 72.5),
      Accepted("2026-11", "2026-11-21", 5),  // after now
      rejected,
      other,
  };
  const Evidence evidence = MeasureItem(
      MeasureOf("dimension_score", {{2, 70}, {3, 90}}, "conformity", "street_crime"), kScale, history, kNow);
  EXPECT_EQ(evidence.value, 71.25);
  EXPECT_EQ(evidence.level, 2);
  EXPECT_EQ(evidence.observations, 2u);
  EXPECT_EQ(evidence.basis,
            "validity of street_crime, mean of 2 accepted submissions, the latest of each period, since "
            "2025-11-20: 71.2%");
}

TEST(MeasureItem, TheWindowBeginsOnTheSameDayOfTheYearBefore) {
  const policy::Measure measure = MeasureOf("dimension_score", {}, "conformity");
  EXPECT_EQ(MeasureItem(measure, kScale, {Accepted("p", "2025-11-20T12:00:00Z", 50)}, kNow).observations, 1u);
  EXPECT_EQ(MeasureItem(measure, kScale, {Accepted("p", "2025-11-20T11:59:59Z", 50)}, kNow).observations, 0u);
}

TEST(MeasureItem, ValidityIsConformity) {
  EXPECT_EQ(MeasureItem(MeasureOf("dimension_score", {}, "validity"), kScale,
                        {Accepted("p", "2026-11-01", 50)}, kNow)
                .value,
            50);
}

TEST(MeasureItem, ADatasetScoreIsTheOverallOne) {
  const Evidence evidence =
      MeasureItem(MeasureOf("dataset_score", {{4, 40}}), kScale, {Accepted("p", "2026-11-01", 50)}, kNow);
  EXPECT_EQ(evidence.value, 40);
  EXPECT_EQ(evidence.level, 4);
}

TEST(MeasureItem, RightFirstTimeMeansThatNothingWasHeldBack) {
  std::vector<HistoryEntry> history;
  for (int i = 0; i < 4; ++i) {
    HistoryEntry first = Accepted("p" + std::to_string(i), "2026-10-01", 90);
    first.first_attempt = true;
    first.clean = i < 3;
    history.push_back(first);
  }
  HistoryEntry second = Accepted("p3", "2026-10-02", 99);
  second.clean = true;  // a second attempt is not right first time
  history.push_back(second);
  const Evidence evidence =
      MeasureItem(MeasureOf("first_time_pass_rate", {{2, 0.7}, {3, 0.9}}), kScale, history, kNow);
  EXPECT_EQ(evidence.value, 0.75);
  EXPECT_EQ(evidence.level, 2);
  EXPECT_THAT(evidence.basis, HasSubstr("4 first attempts since 2025-11-20: 75%"));
}

TEST(MeasureItem, OnTimeIsCountedByPeriodAndOnlyWhereSomethingWasDue) {
  const auto attempt = [](std::string period, std::optional<bool> on_time, bool accepted) {
    HistoryEntry entry = Accepted(std::move(period), "2026-10-01", 90);
    entry.on_time = on_time;
    entry.accepted = accepted;
    return entry;
  };
  const std::vector<HistoryEntry> history = {
      attempt("a", true, true),         attempt("b", true, false),
      attempt("b", false, true),  // in time, but only the late one was accepted
      attempt("c", true, true),         attempt("c", false, true),  // a later mending does not make it late
      attempt("d", std::nullopt, true),                             // without a schedule
  };
  const Evidence evidence =
      MeasureItem(MeasureOf("on_time_rate", {{2, 0.5}, {3, 0.7}}), kScale, history, kNow);
  EXPECT_EQ(evidence.observations, 3u);
  EXPECT_NEAR(*evidence.value, 2.0 / 3, 1e-12);
  EXPECT_EQ(evidence.level, 2);
}

TEST(MeasureItem, WithoutDataThereIsNoLevel) {
  const Evidence evidence = MeasureItem(MeasureOf("dimension_score", {{2, 70}}, "accuracy"), kScale,
                                        {Accepted("p", "2026-11-01", 50)}, kNow);
  EXPECT_EQ(evidence.value, std::nullopt);
  EXPECT_EQ(evidence.level, std::nullopt);
  EXPECT_EQ(evidence.basis, "accuracy: nothing to measure since 2025-11-20");
}

TEST(MeasureItem, AThresholdIsReachedWhenItIsMetAndBelowAllIsTheLowestLevel) {
  const policy::Measure measure = MeasureOf("dimension_score", {{2, 70}, {3, 90}, {4, 98}}, "conformity");
  const std::pair<double, int> cases[] = {{0, 1},  {69.999, 1}, {70, 2}, {89.9, 2},
                                          {90, 3}, {97.99, 3},  {98, 4}, {100, 4}};
  for (const auto& [score, level] : cases) {
    EXPECT_EQ(MeasureItem(measure, kScale, {Accepted("p", "2026-11-01", score)}, kNow).level, level) << score;
  }
  // Three tenths and their like have no exact binary form; their mean still reaches its threshold.
  const std::vector<HistoryEntry> noisy = {Accepted("a", "2026-11-01", 89.9),
                                           Accepted("b", "2026-11-01", 90.1),
                                           Accepted("c", "2026-11-01", 90.0)};
  EXPECT_EQ(MeasureItem(measure, kScale, noisy, kNow).level, 3);
}

struct ClaimCase {
  std::optional<int> claimed;
  std::optional<double> score;
  Assurance assurance;
  int levels;
  std::string_view message;
};

TEST(CompareClaim, SaysHowClaimAndMeasurementCompare) {
  policy::AssessmentItem item;
  item.evidence = MeasureOf("dimension_score", {{2, 75}, {3, 90}}, "conformity");
  const ClaimCase cases[] = {
      {4, 71, Assurance::kOverstated, 3, "level 4 claimed; validity measured at 71% supports level 1"},
      {3, 95, Assurance::kSupported, 0, "level 3 claimed; validity measured at 95% supports level 3"},
      {1, 95.55, Assurance::kUnderstated, -2, "level 1 claimed; validity measured at 95.5% supports level 3"},
      {3, std::nullopt, Assurance::kUnevidenced, 0,
       "level 3 claimed; validity was not measured in the window"},
      {std::nullopt, 95, Assurance::kNotBound, 0,
       "not answered yet; validity measured at 95% supports level 3"},
  };
  for (const ClaimCase& c : cases) {
    std::vector<HistoryEntry> history;
    if (c.score) history.push_back(Accepted("p", "2026-11-01", *c.score));
    const Gap gap = CompareClaim(item, c.claimed, MeasureItem(*item.evidence, kScale, history, kNow));
    EXPECT_EQ(gap.assurance, c.assurance) << c.message;
    EXPECT_EQ(gap.levels, c.levels) << c.message;
    EXPECT_EQ(gap.message, c.message);
  }
}

TEST(CompareClaim, AQuestionWithoutMeasurementIsNotBound) {
  const Gap gap = CompareClaim({}, 3, std::nullopt);
  EXPECT_EQ(gap.assurance, Assurance::kNotBound);
  EXPECT_EQ(gap.message, "level 3 claimed; nothing is measured for this question");
  EXPECT_EQ(AssuranceName(gap.assurance), "not_bound");
}

TEST(ThemeLevel, IsTheFlooredMeanAndAtMostOneAboveTheLowest) {
  const std::pair<std::vector<int>, std::optional<int>> cases[] = {
      {{}, std::nullopt},   {{3}, 3},    {{2, 3}, 2},   {{3, 3, 4}, 3}, {{1, 4, 4, 4}, 2},
      {{2, 4, 4, 4, 4}, 3}, {{4, 4}, 4}, {{1, 1, 2}, 1}};
  for (const auto& [levels, expected] : cases) EXPECT_EQ(ThemeLevel(levels), expected);
}

}  // namespace
}  // namespace concordat::assess
