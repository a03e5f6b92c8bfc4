// Confidence grades, each reckoned by hand.
#include "host/assess/confidence.h"

#include <gtest/gtest.h>

#include "fmt/format.h"
#include "host/base/clock.h"

namespace concordat::assess {
namespace {

absl::Time At(std::string_view text) { return *concordat::ParseTime(text); }
const absl::Time kNow = At("2026-11-20T12:00:00Z");

// Months of 2026, due on the 20th of the next; each received on the 10th with a score.
struct Maker {
  History history;

  HistoryEntry& Month(int month, double score, int received_day = 10) {
    HistoryEntry entry;
    entry.submission = fmt::format("S-{}", month);
    entry.feed = "crime-feed";
    entry.dataset = "crime";
    entry.period = fmt::format("2026-{:02}", month);
    entry.received = At(fmt::format("2026-{:02}-{:02}T09:00:00Z", month + 1, received_day));
    entry.accepted = entry.clean = entry.current = entry.first_attempt = true;
    entry.score = score;
    entry.rules = {{"id_unique", "critical", "met", true, false},
                   {"place_known", "warning", "met", true, false}};
    history.entries.push_back(entry);
    history.periods.push_back({entry.feed, entry.dataset, entry.period, Due(month), entry.received});
    return history.entries.back();
  }
  void Missing(int month) {
    history.periods.push_back(
        {"crime-feed", "crime", fmt::format("2026-{:02}", month), Due(month), std::nullopt});
  }
  static absl::Time Due(int month) { return At(fmt::format("2026-{:02}-20T23:59:59Z", month + 1)); }

  Confidence Grade(std::optional<StandingAssessment> assessment = std::nullopt, uint64_t disputes = 0) const {
    return ConfidenceFrom({"crime", &history, std::move(assessment), disputes, kNow});
  }
};

StandingAssessment Level(int level, std::string_view submitted = "2026-10-01", int highest = 4) {
  return {"Themes", "2026/27", level, 1, highest, At(submitted)};
}

const ConfidenceComponent& Part(const Confidence& confidence, std::string_view id) {
  for (const ConfidenceComponent& part : confidence.components) {
    if (part.id == id) return part;
  }
  ADD_FAILURE() << "no part " << id;
  return confidence.components.front();
}

// A maker whose every part can be an A.
Maker Perfect() {
  Maker maker;
  for (int month = 6; month <= 9; ++month) maker.Month(month, 96);
  maker.history.entries.back().assurance = "external_audit";
  return maker;
}

TEST(Confidence, EverythingMeasuredAndGoodIsAnA) {
  const Confidence confidence = Perfect().Grade(Level(4));
  EXPECT_EQ(confidence.grade, 'A');
  EXPECT_DOUBLE_EQ(confidence.points, 3);
  EXPECT_EQ(confidence.capped_by, "");
  EXPECT_EQ(Part(confidence, "quality").reason,
            "mean score 96.0 (2026-06 96.0, 2026-07 96.0, 2026-08 96.0, 2026-09 96.0)");
  EXPECT_EQ(confidence.why,
            "A: measured quality A, timeliness A, self-assessment A, sign-off A, open doubts A");
}

TEST(Confidence, WhatIsNotMeasuredNeverCountsAsGood) {
  // (3*3 + 2*3 + 1*1 + 1*3 + 1*3) / 8 = 22/8: an A in points, held at B because nobody assessed themselves.
  const Confidence unassessed = Perfect().Grade();
  EXPECT_DOUBLE_EQ(unassessed.points, 2.75);
  EXPECT_EQ(unassessed.grade, 'B');
  EXPECT_EQ(unassessed.capped_by, "self_assessment");
  EXPECT_FALSE(Part(unassessed, "self_assessment").grade.has_value());
  EXPECT_NE(
      unassessed.why.find("held at B by self-assessment (not measured: no self-assessment is signed off)"),
      std::string::npos)
      << unassessed.why;
  // Nothing at all: (0 + 0 + 1 + 1 + 0) / 8.
  const Confidence nothing = Maker().Grade();
  EXPECT_DOUBLE_EQ(nothing.points, 0.25);
  EXPECT_EQ(nothing.grade, 'D');
  for (const ConfidenceComponent& part : nothing.components) {
    EXPECT_FALSE(part.grade.has_value()) << part.id;
    EXPECT_TRUE(part.reason.starts_with("not measured: ")) << part.reason;
  }
}

TEST(Confidence, QualityIsTheMeanOfTheLastFourPeriodsByTheBandsOfAScorecard) {
  Maker maker;
  maker.Month(4, 10);  // the fifth back does not count
  for (const auto& [month, score] : {std::pair(5, 80.0), {6, 90.0}, {7, 85.0}, {8, 85.0}})
    maker.Month(month, score);
  EXPECT_EQ(Part(maker.Grade(), "quality").grade, 'B');  // (80 + 90 + 85 + 85) / 4 = 85
  maker.history.entries.back().score = 84.9;             // 84.975
  EXPECT_EQ(Part(maker.Grade(), "quality").grade, 'C');
  EXPECT_TRUE(Part(maker.Grade(), "quality").reason.starts_with("mean score 84.9 (")) << "floored, never up";
  maker.history.entries.back().score = 24.9;  // 69.975
  EXPECT_EQ(Part(maker.Grade(), "quality").grade, 'D');
}

TEST(Confidence, ABreachedCriticalRuleMakesQualityADUnlessItWasAcceptedOrIsOnTrial) {
  Maker maker = Perfect();
  RuleStanding& rule = maker.history.entries.back().rules.front();
  rule.status = "breached";
  const Confidence breached = maker.Grade(Level(4));
  EXPECT_EQ(breached.grade, 'D');
  EXPECT_EQ(breached.capped_by, "quality");
  EXPECT_EQ(Part(breached, "quality").reason.find("id_unique"), std::string::npos) << "others read it, too";
  rule.enforced = false;
  EXPECT_EQ(maker.Grade(Level(4)).grade, 'A');
  rule.enforced = true;
  rule.accepted = true;
  const Confidence accepted = maker.Grade(Level(4));
  EXPECT_EQ(Part(accepted, "quality").grade, 'A');
  EXPECT_EQ(Part(accepted, "doubts").grade, 'B');
  EXPECT_EQ(Part(accepted, "doubts").reason, "1 accepted warning, 0 open disputes");
}

TEST(Confidence, TimelinessCountsWhatIsLateAndWhatNeverCame) {
  Maker one_late;
  for (int month = 6; month <= 8; ++month) one_late.Month(month, 96);
  one_late.Month(9, 96, 25);
  EXPECT_EQ(Part(one_late.Grade(), "timeliness").grade, 'B');
  EXPECT_EQ(Part(one_late.Grade(), "timeliness").reason, "3 of 4 due periods on time; late: 2026-09");

  Maker two_late;
  for (int month = 6; month <= 7; ++month) two_late.Month(month, 96);
  for (int month = 8; month <= 9; ++month) two_late.Month(month, 96, 25);
  EXPECT_EQ(Part(two_late.Grade(), "timeliness").grade, 'C');

  Maker one_missing;
  one_missing.Missing(6);
  for (int month = 7; month <= 9; ++month) one_missing.Month(month, 96);
  EXPECT_EQ(Part(one_missing.Grade(), "timeliness").grade, 'C');

  Maker newest_missing;
  for (int month = 6; month <= 8; ++month) newest_missing.Month(month, 96);
  newest_missing.Missing(9);
  EXPECT_EQ(Part(newest_missing.Grade(), "timeliness").grade, 'D');
  EXPECT_EQ(newest_missing.Grade(Level(4)).capped_by, "timeliness");
  EXPECT_EQ(newest_missing.Grade(Level(4)).grade, 'D');
}

TEST(Confidence, WhereNothingFallsDueTheGradeIsAtMostC) {
  Maker maker = Perfect();
  maker.history.periods.clear();
  const Confidence confidence = maker.Grade(Level(4));
  EXPECT_EQ(Part(confidence, "quality").grade, 'A') << "the last that were sent";
  EXPECT_FALSE(Part(confidence, "timeliness").grade.has_value());
  EXPECT_EQ(confidence.grade, 'C');  // (9 + 0 + 3 + 3 + 3) / 8 = 2.25 is a B
  EXPECT_EQ(confidence.capped_by, "timeliness");
}

TEST(Confidence, ASelfAssessmentCountsByItsPlaceOnItsScaleAndItsAge) {
  const Maker maker = Perfect();
  const auto grade = [&maker](const StandingAssessment& standing) {
    return Part(maker.Grade(standing), "self_assessment").grade;
  };
  EXPECT_EQ(grade(Level(4)), 'A');
  EXPECT_EQ(grade(Level(3)), 'B');  // 2 of 3 steps
  EXPECT_EQ(grade(Level(2)), 'C');  // 1 of 3
  EXPECT_EQ(grade(Level(1)), 'D');
  EXPECT_EQ(grade(Level(4, "2026-10-01", 5)), 'B');  // 3 of 4
  EXPECT_EQ(grade(Level(2, "2026-10-01", 5)), 'D');  // 1 of 4
  EXPECT_EQ(grade(Level(4, "2025-03-01")), 'B') << "20 months old";
  EXPECT_EQ(grade(Level(1, "2025-03-01")), 'D') << "no worse than D";
  EXPECT_EQ(grade(Level(4, "2024-05-01")), std::nullopt) << "30 months old";
}

TEST(Confidence, TheSignOffOfTheNewestPeriodCounts) {
  Maker maker = Perfect();
  const auto grade = [&maker](const std::string& assurance) {
    maker.history.entries.back().assurance = assurance;
    return Part(maker.Grade(), "assurance").grade;
  };
  EXPECT_EQ(grade("external_audit"), 'A');
  EXPECT_EQ(grade("internal_audit"), 'B');
  EXPECT_EQ(grade("random_checks"), 'C');
  EXPECT_EQ(grade("periodic_checks"), 'C');
  EXPECT_EQ(grade("no_checks"), 'D');
  EXPECT_EQ(grade(""), std::nullopt);
}

TEST(Confidence, DisputesAreDoubts) {
  const Maker maker = Perfect();
  const auto grade = [&maker](uint64_t disputes) {
    return Part(maker.Grade(Level(4), disputes), "doubts").grade;
  };
  EXPECT_EQ(grade(0), 'A');
  EXPECT_EQ(grade(2), 'B');
  EXPECT_EQ(grade(5), 'C');
  EXPECT_EQ(grade(6), 'D');
}

TEST(Confidence, AnotherDatasetSaysNothing) {
  const Maker maker = Perfect();
  const Confidence other = ConfidenceFrom({"spend", &maker.history, Level(4), 0, kNow});
  EXPECT_EQ(other.grade, 'D');
  EXPECT_FALSE(Part(other, "quality").grade.has_value());
}

}  // namespace
}  // namespace concordat::assess
