// What is measured, from histories whose numbers can be added up by hand.
#include "host/assess/evidence.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history_makers.h"

namespace concordat::assess {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

Evidence Measured(const policy::Measure& measure, const History& history) {
  return MeasureItem(measure, kScale, history, kNow);
}

TEST(MeasureItem, ADimensionScoreIsTheMeanOfWhatNowStandsInTheWindow) {
  HistoryEntry rejected = Accepted("2026-10", "2026-11-03", 1);
  rejected.accepted = false;
  HistoryEntry other = Accepted("2026-10", "2026-11-03", 2);
  other.dataset = "spend";
  HistoryEntry superseded = Accepted("2026-09", "2026-10-03", 4);
  superseded.current = false;
  const History history =
      HistoryOf({Accepted("2025-10", "2025-11-19", 3),  // a day before the window
                 superseded, Accepted("2026-09", "2026-10-04", 70), Accepted("2026-08", "2026-09-03", 72.5),
                 Accepted("2026-11", "2026-11-21", 5),  // after now
                 rejected, other});
  const Evidence evidence =
      Measured(MeasureOf("dimension_score", {{2, 70}, {3, 90}}, "conformity", "street_crime"), history);
  EXPECT_EQ(evidence.value, 71.25);
  EXPECT_EQ(evidence.level, 2);
  EXPECT_EQ(evidence.observations, 2u);
  EXPECT_EQ(evidence.newest, At("2026-10-04"));
  EXPECT_EQ(
      evidence.basis,
      "validity of street_crime, mean of 2 accepted submissions that now stand, since 2025-11-20: 71.2%");
}

TEST(MeasureItem, TheWindowBeginsOnTheSameDayOfTheYearBeforeAndEndsNow) {
  const policy::Measure measure = MeasureOf("dimension_score", {}, "conformity");
  const auto observations = [&](std::string_view received) {
    return Measured(measure, HistoryOf({Accepted("p", received, 50)})).observations;
  };
  EXPECT_EQ(observations("2025-11-20T12:00:00Z"), 1u);
  EXPECT_EQ(observations("2025-11-20T11:59:59Z"), 0u);
  EXPECT_EQ(observations("2026-11-20T12:00:00Z"), 1u);
  EXPECT_EQ(observations("2026-11-20T12:00:01Z"), 0u);
}

TEST(MeasureItem, ValidityIsConformityAndADatasetScoreIsTheOverallOne) {
  const History history = HistoryOf({Accepted("p", "2026-11-01", 50)});
  EXPECT_EQ(Measured(MeasureOf("dimension_score", {}, "validity"), history).value, 50);
  const Evidence overall = Measured(MeasureOf("dataset_score", {{4, 40}}), history);
  EXPECT_EQ(overall.value, 40);
  EXPECT_EQ(overall.level, 4);
}

TEST(MeasureItem, ADatasetMayBeNamedWithItsOnlyObject) {
  const History history = HistoryOf({Accepted("p", "2026-11-01", 50)});
  const auto observations = [&](std::string dataset) {
    return Measured(MeasureOf("dataset_score", {}, "", std::move(dataset)), history).observations;
  };
  EXPECT_EQ(observations("street_crime/crimes"), 1u);
  EXPECT_EQ(observations("street_crimes"), 0u);
  EXPECT_EQ(observations("street"), 0u);
}

TEST(MeasureItem, RightFirstTimeMeansThatNothingWasHeldBack) {
  std::vector<HistoryEntry> entries;
  for (int i = 0; i < 4; ++i) {
    HistoryEntry first = Accepted("p" + std::to_string(i), "2026-10-01", 90);
    first.first_attempt = true;
    first.clean = i < 3;
    entries.push_back(first);
  }
  entries[3].accepted = entries[3].current = false;  // rejected: not right first time either
  HistoryEntry second = Accepted("p3", "2026-10-02", 99);
  second.clean = true;  // a second attempt is not right first time
  entries.push_back(second);
  const Evidence evidence =
      Measured(MeasureOf("first_time_pass_rate", {{2, 0.7}, {3, 0.9}}), HistoryOf(entries));
  EXPECT_EQ(evidence.value, 0.75);
  EXPECT_EQ(evidence.level, 2);
  EXPECT_THAT(evidence.basis, HasSubstr("4 first attempts, since 2025-11-20: 75%"));
}

TEST(MeasureItem, OnTimeCountsMissingPeriodsAndLateOnes) {
  History history;
  const absl::Time due = At("2026-10-20");
  history.periods = {{"f", "street_crime", "a", due, At("2026-10-20")},  // on the very moment
                     {"f", "street_crime", "b", due, At("2026-10-21")},
                     {"f", "street_crime", "c", due, std::nullopt},
                     {"f", "street_crime", "d", due, At("2026-10-01")},
                     {"f", "street_crime", "e", At("2025-10-20"), std::nullopt},  // before the window
                     {"g", "spend", "a", due, std::nullopt}};
  const policy::Measure on_time = MeasureOf("on_time_rate", {{2, 0.5}, {3, 0.7}}, "", "street_crime");
  EXPECT_EQ(Measured(on_time, history).value, 0.5);
  EXPECT_EQ(Measured(on_time, history).level, 2);
  EXPECT_EQ(Measured(on_time, history).observations, 4u);
  EXPECT_EQ(Measured(MeasureOf("periods_received_rate", {}, "", "street_crime"), history).value, 0.75);
  EXPECT_EQ(Measured(MeasureOf("periods_received_rate"), history).value, 0.6);
}

TEST(MeasureItem, RulesAreThoseOfTheNewestSubmissionOfEachFeed) {
  HistoryEntry old = Accepted("2026-08", "2026-09-01", 90);
  old.rules = {{"a", "critical", "breached", true}, {"b", "critical", "met", true}};
  HistoryEntry newest = Accepted("2026-09", "2026-10-01", 90);
  newest.rules = {{"a", "critical", "met", true},
                  {"b", "critical", "met", false},           // in the shadow
                  {"c", "critical", "not_evaluated", true},  // cannot be evaluated
                  {"d", "error", "met", false}};             // not critical
  HistoryEntry other = Accepted("2026-09", "2026-09-15", 90);
  other.feed = "police-stops";
  other.rules = {{"e", "critical", "breached", true}};  // breached, but enforced
  const History history = HistoryOf({newest, old, other});
  const Evidence enforced = Measured(MeasureOf("critical_rules_enforced", {{2, 0.5}}), history);
  EXPECT_EQ(enforced.value, 0.5);  // a and e of a, b, c, e
  EXPECT_EQ(enforced.level, 2);
  EXPECT_EQ(enforced.observations, 4u);
  // Breached in `old` and `other`, not in `newest`.
  EXPECT_NEAR(*Measured(MeasureOf("no_open_breach"), history).value, 1.0 / 3, 1e-12);
}

TEST(MeasureItem, AShadowRuleAndAWarningAreNoOpenBreach) {
  HistoryEntry entry = Accepted("2026-09", "2026-10-01", 90);
  entry.rules = {{"a", "critical", "breached", false}, {"b", "warning", "breached", true}};
  EXPECT_EQ(Measured(MeasureOf("no_open_breach"), HistoryOf({entry})).value, 1);
  entry.rules.push_back({"c", "error", "breached", true});
  EXPECT_EQ(Measured(MeasureOf("no_open_breach"), HistoryOf({entry})).value, 0);
  entry.rules.back().accepted = true;
  EXPECT_EQ(Measured(MeasureOf("no_open_breach"), HistoryOf({entry})).value, 1);
}

TEST(MeasureItem, SignOffIsCountedOfWhatStands) {
  HistoryEntry signed_off = Accepted("a", "2026-10-01", 90);
  signed_off.assurance = "no_checks";
  const History history = HistoryOf({signed_off, Accepted("b", "2026-10-01", 90)});
  EXPECT_EQ(Measured(MeasureOf("signed_off_rate"), history).value, 0.5);
}

TEST(MeasureItem, TheHouseIsMeasuredToo) {
  History history;
  history.protocols = {{"charter", At("2026-10-01"), true},
                       {"hotspots", At("2026-10-01"), false},
                       {"old", At("2025-01-01"), false}};  // not used in the window
  history.log = LogCheck{At("2026-11-01"), true, 12};
  history.restores = {{At("2026-10-01"), true}, {At("2026-09-01"), false}, {At("2024-09-01"), false}};
  history.tasks = {{"action", "1", At("2026-10-01"), At("2026-10-01")},
                   {"action", "2", At("2026-10-01"), At("2026-10-02")},
                   {"action", "3", At("2026-10-01"), std::nullopt},
                   {"action", "4", At("2026-12-01"), std::nullopt}};  // not due yet
  EXPECT_EQ(Measured(MeasureOf("protocols_in_force"), history).value, 0.5);
  EXPECT_EQ(Measured(MeasureOf("audit_verified", {{4, 1}}), history).level, 4);
  EXPECT_EQ(Measured(MeasureOf("restore_tested"), history).value, 0.5);
  EXPECT_NEAR(*Measured(MeasureOf("due_items_met"), history).value, 1.0 / 3, 1e-12);
  history.log->verified = false;
  EXPECT_EQ(Measured(MeasureOf("audit_verified", {{4, 1}}), history).level, 1);
  history.log->time = At("2025-11-19");
  EXPECT_EQ(Measured(MeasureOf("audit_verified"), history).value, std::nullopt);
}

TEST(MeasureItem, EveryMeasureHasAnEmptyAnswer) {
  for (const policy::MeasureWord& word : policy::MeasureWords()) {
    const Evidence evidence = Measured(MeasureOf(std::string(word.name)), {});
    EXPECT_EQ(evidence.value, std::nullopt) << word.name;
    EXPECT_EQ(evidence.level, std::nullopt) << word.name;
    EXPECT_THAT(evidence.basis, EndsWith("nothing to measure since 2025-11-20")) << word.name;
  }
}

TEST(MeasureItem, WithoutDataInItsDimensionThereIsNoLevel) {
  const Evidence evidence = Measured(MeasureOf("dimension_score", {{2, 70}}, "accuracy"),
                                     HistoryOf({Accepted("p", "2026-11-01", 50)}));
  EXPECT_EQ(evidence.value, std::nullopt);
  EXPECT_EQ(evidence.level, std::nullopt);
  EXPECT_EQ(evidence.basis, "accuracy: nothing to measure since 2025-11-20");
}

TEST(MeasureItem, AThresholdIsReachedWhenItIsMetAndBelowAllIsTheLowestLevel) {
  const policy::Measure measure = MeasureOf("dimension_score", {{2, 70}, {3, 90}, {4, 98}}, "conformity");
  const std::pair<double, int> cases[] = {{0, 1},  {69.999, 1}, {70, 2}, {89.9, 2},
                                          {90, 3}, {97.99, 3},  {98, 4}, {100, 4}};
  for (const auto& [score, level] : cases) {
    EXPECT_EQ(Measured(measure, HistoryOf({Accepted("p", "2026-11-01", score)})).level, level) << score;
  }
  // Three tenths and their like have no exact binary form; their mean still reaches its threshold.
  const History noisy = HistoryOf({Accepted("a", "2026-11-01", 89.9), Accepted("b", "2026-11-01", 90.1),
                                   Accepted("c", "2026-11-01", 90.0)});
  EXPECT_EQ(Measured(measure, noisy).level, 3);
}

TEST(MeasureItem, OfStretchesTheWeakestDecides) {
  const policy::Measure measure =
      ByQuarter(MeasureOf("dimension_score", {{2, 70}, {3, 90}, {4, 98}}, "conformity"));
  const Evidence evidence = Measured(
      measure, HistoryOf({Accepted("2025-12", "2026-01-10", 99), Accepted("2026-03", "2026-04-10", 80),
                          Accepted("2026-04", "2026-05-10", 62), Accepted("2026-10", "2026-11-10", 71)}));
  ASSERT_EQ(evidence.stretches.size(), 4u);
  EXPECT_EQ(evidence.stretches[0].from, At("2025-11-20T12:00:00Z"));
  EXPECT_EQ(evidence.stretches[0].to, At("2026-02-20T12:00:00Z"));
  EXPECT_EQ(evidence.stretches[0].level, 4);
  EXPECT_EQ(evidence.stretches[1].value, 71);  // (80 + 62) / 2
  EXPECT_EQ(evidence.stretches[1].observations, 2u);
  EXPECT_EQ(evidence.stretches[2].value, std::nullopt);
  EXPECT_EQ(evidence.stretches[2].level, std::nullopt);
  EXPECT_EQ(evidence.stretches[3].level, 2);
  EXPECT_EQ(evidence.level, 2);
  EXPECT_EQ(evidence.value, 78);  // (99 + 80 + 62 + 71) / 4
  EXPECT_THAT(evidence.basis, EndsWith(": 78%; by quarter, oldest first: 99%, 71%, none, 71%"));
}

TEST(MeasureItem, AThingOnTheBorderOfTwoStretchesIsCountedOnce) {
  const policy::Measure measure = ByQuarter(MeasureOf("dimension_score", {{2, 70}}, "conformity"));
  const Evidence evidence = Measured(measure, HistoryOf({Accepted("a", "2026-08-20T12:00:00Z", 70),
                                                         Accepted("b", "2026-11-20T12:00:00Z", 80)}));
  EXPECT_EQ(evidence.stretches[2].observations, 0u);
  EXPECT_EQ(evidence.stretches[3].observations, 2u);
}

TEST(Before, CutsTheDayToTheMonthsEnd) {
  const policy::Duration quarter = *policy::ParseDuration("P3M");
  EXPECT_EQ(Before(At("2026-05-31T08:00:00Z"), quarter), At("2026-02-28T08:00:00Z"));
  EXPECT_EQ(Before(At("2024-05-31"), quarter), At("2024-02-29"));
  EXPECT_EQ(Before(At("2026-05-31"), quarter, 2), At("2025-11-30"));
  EXPECT_EQ(Before(At("2026-03-05"), *policy::ParseDuration("P1M10D")), At("2026-01-26"));
  EXPECT_EQ(Before(At("2026-03-05"), *policy::ParseDuration("PT36H")), At("2026-03-03T12:00:00Z"));
}

TEST(StretchWord, IsWhatPeopleCallTheLength) {
  const auto word = [](std::string_view text) { return StretchWord(*policy::ParseDuration(text)); };
  EXPECT_EQ(word("P3M"), "quarter");
  EXPECT_EQ(word("P1M"), "month");
  EXPECT_EQ(word("P1Y"), "year");
  EXPECT_EQ(word("P1W"), "week");
  EXPECT_EQ(word("P6M"), "stretch");
}

}  // namespace
}  // namespace concordat::assess
