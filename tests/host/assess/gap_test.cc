// A claim beside its evidence, in every state and with its words.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history_makers.h"
#include "host/assess/position.h"

namespace concordat::assess {
namespace {

using testing::HasSubstr;

class Claims : public testing::Test {
 protected:
  Claims() {
    form_.scale = kScale;
    form_.evidence_max_age = *policy::ParseDuration("P24M");
    inputs_.form = &form_;
    inputs_.category = "police";
    inputs_.now = kNow;
    item_.evidence.declared = true;
  }

  void Bind(policy::Measure measure) { item_.evidence.measures.push_back(std::move(measure)); }

  Gap GapOf(std::optional<int> level) {
    claim_.level = level;
    std::vector<Evidence> measured;
    for (const policy::Measure& measure : item_.evidence.measures)
      measured.push_back(MeasureItem(measure, kScale, history_, kNow));
    return CompareClaim(item_, claim_, measured, inputs_);
  }

  void Attach(std::string_view given, std::optional<absl::Time> expires = std::nullopt) {
    claim_.attached.push_back({"E-1", "document", "Policy 2026", "file.pdf", "", "pat", At(given), expires});
  }

  policy::AssessmentTemplate form_;
  policy::AssessmentItem item_;
  Claim claim_;
  History history_;
  Inputs inputs_;
};

const std::map<int, double> kLevels = {{2, 70}, {3, 90}, {4, 98}};

TEST_F(Claims, AreHeldAgainstWhatWasMeasured) {
  Bind(MeasureOf("dimension_score", {{2, 75}, {3, 90}}, "conformity"));
  struct Case {
    std::optional<int> claimed;
    double score;
    Assurance assurance;
    int levels;
    std::string_view message;
  };
  const Case cases[] = {
      {4, 71, Assurance::kOverstated, 3, "level 4 claimed; validity measured at 71% supports level 1"},
      {3, 95, Assurance::kSupported, 0, "level 3 claimed; validity measured at 95% supports level 3"},
      {1, 95.55, Assurance::kUnderstated, -2, "level 1 claimed; validity measured at 95.5% supports level 3"},
      {std::nullopt, 95, Assurance::kNotBound, 0,
       "not answered yet; validity measured at 95% supports level 3"},
  };
  for (const Case& c : cases) {
    history_ = HistoryOf({Accepted("p", "2026-11-01", c.score)});
    const Gap gap = GapOf(c.claimed);
    EXPECT_EQ(gap.assurance, c.assurance) << c.message;
    EXPECT_EQ(gap.levels, c.levels) << c.message;
    EXPECT_EQ(gap.message, c.message);
    EXPECT_EQ(gap.age_days, 19) << "from midnight of 1 November to noon of the 20th";
  }
}

TEST_F(Claims, TheLineOfTheBoardReport) {
  Bind(ByQuarter(MeasureOf("dimension_score", kLevels, "conformity")));
  history_ = HistoryOf({Accepted("a", "2026-01-10", 99), Accepted("b", "2026-04-10", 71),
                        Accepted("c", "2026-07-10", 71), Accepted("d", "2026-10-10", 71)});
  EXPECT_EQ(GapOf(4).message,
            "level 4 claimed; validity measured at 71% in three of four quarters supports level 2");
  EXPECT_EQ(GapOf(4).levels, 2);
}

TEST_F(Claims, StretchesAreCountedInWords) {
  Bind(ByQuarter(MeasureOf("dimension_score", kLevels, "conformity")));
  struct Case {
    std::vector<double> scores;  // of the quarters, oldest first; below 0: nothing was received
    std::string_view words;
  };
  const Case cases[] = {
      {{99, 99, 71, 99}, "at 71% in one of four quarters supports level 2"},
      {{99, 71, 80, 99}, "at 80% or less in two of four quarters supports level 2"},
      {{80, 71, 99, 99}, "at 80% or less in two of four quarters supports level 2"},
      {{99, 99, 99, 99}, "at 99% in all four quarters supports level 4"},
      {{-1, 71, 99, 99}, "at 71% in one of the three quarters measured supports level 2"},
      {{-1, -1, 71, 71}, "at 71% in all two quarters measured supports level 2"},
      {{-1, -1, -1, 71}, "at 71% in the one quarter measured supports level 2"},
  };
  const std::string_view days[] = {"2026-01-10", "2026-04-10", "2026-07-10", "2026-10-10"};
  for (const Case& c : cases) {
    history_ = {};
    for (size_t i = 0; i < 4; ++i) {
      if (c.scores[i] >= 0) history_.entries.push_back(Accepted(std::string(days[i]), days[i], c.scores[i]));
    }
    EXPECT_THAT(GapOf(3).message, HasSubstr(std::string(c.words)));
  }
}

TEST_F(Claims, OfSeveralMeasuresTheLowestLevelDecides) {
  Bind(MeasureOf("dimension_score", kLevels, "completeness"));  // 100: level 4
  Bind(MeasureOf("dimension_score", kLevels, "conformity"));    // 91: level 3
  Bind(MeasureOf("restore_tested", {{2, 1}}));                  // nothing yet
  history_ = HistoryOf({Accepted("p", "2026-11-01", 91)});
  const Gap gap = GapOf(4);
  EXPECT_EQ(gap.assurance, Assurance::kOverstated);
  EXPECT_EQ(gap.levels, 1);
  EXPECT_EQ(
      gap.message,
      "level 4 claimed; validity measured at 91% supports level 3; share of trial restores that succeeded "
      "was not measured in the window");
}

TEST_F(Claims, AMeasuredLevelDecidesOverWhatIsAttached) {
  Bind(MeasureOf("dimension_score", kLevels, "conformity"));
  history_ = HistoryOf({Accepted("p", "2026-11-01", 60)});
  Attach("2026-11-01");
  EXPECT_EQ(GapOf(3).assurance, Assurance::kOverstated);
}

TEST_F(Claims, WhatIsAttachedServesWhereNothingWasMeasured) {
  Bind(MeasureOf("dimension_score", kLevels, "conformity"));
  EXPECT_EQ(GapOf(3).assurance, Assurance::kUnevidenced);
  EXPECT_EQ(GapOf(3).message,
            "level 3 claimed; validity was not measured in the window, and nothing is attached");
  Attach("2026-11-01");
  EXPECT_EQ(GapOf(3).assurance, Assurance::kSupported);
  EXPECT_EQ(GapOf(3).age_days, 19);
  EXPECT_EQ(GapOf(3).message,
            "level 3 claimed; a document \"Policy 2026\" given on 2026-11-01 stands behind it, in date until "
            "2028-11-01");
}

TEST_F(Claims, AttachedEvidenceExpires) {
  Attach("2024-11-21");
  EXPECT_EQ(GapOf(2).assurance, Assurance::kSupported);
  claim_.attached.clear();
  Attach("2024-11-20");  // midnight; two years ended at midnight today
  EXPECT_EQ(GapOf(2).assurance, Assurance::kStale);
  EXPECT_EQ(GapOf(2).age_days, 730);
  EXPECT_EQ(GapOf(2).message,
            "level 2 claimed; a document \"Policy 2026\" given on 2024-11-20 expired on 2026-11-20, and "
            "nothing newer "
            "is attached");
  item_.evidence.max_age = *policy::ParseDuration("P36M");  // the item's goes before the template's
  EXPECT_EQ(GapOf(2).assurance, Assurance::kSupported);
  claim_.attached[0].expires = kNow;  // its own date goes before both
  EXPECT_EQ(GapOf(2).assurance, Assurance::kStale);
  claim_.attached[0].expires = kNow + absl::Seconds(1);
  EXPECT_EQ(GapOf(2).assurance, Assurance::kSupported);
}

TEST_F(Claims, OneInDateIsEnough) {
  Attach("2026-11-01", At("2026-11-02"));
  EXPECT_EQ(GapOf(2).assurance, Assurance::kStale);
  Attach("2026-10-01");
  EXPECT_EQ(GapOf(2).assurance, Assurance::kSupported);
  EXPECT_EQ(GapOf(2).age_days, 50);
}

TEST_F(Claims, WithoutEvidenceItDependsOnWhatIsAsked) {
  EXPECT_EQ(GapOf(2).assurance, Assurance::kUnevidenced);  // declared, above the lowest
  EXPECT_EQ(GapOf(1).assurance, Assurance::kNotBound);     // the lowest level needs none
  EXPECT_EQ(GapOf(std::nullopt).assurance, Assurance::kNotBound);
  EXPECT_EQ(GapOf(std::nullopt).message, "not answered yet");
  item_.evidence.required_for = {"council"};
  EXPECT_EQ(GapOf(1).assurance, Assurance::kNotBound);
  item_.evidence.required_for = {"council", "police"};
  EXPECT_EQ(GapOf(1).assurance, Assurance::kUnevidenced);
  EXPECT_EQ(GapOf(1).message, "level 1 claimed; evidence is required, and nothing is attached");
  item_.evidence = {};
  EXPECT_EQ(GapOf(4).assurance, Assurance::kNotBound);
  EXPECT_EQ(GapOf(4).message, "level 4 claimed; no evidence is asked for");
}

TEST_F(Claims, AfterModerationTheModeratedLevelIsJudged) {
  Bind(MeasureOf("dimension_score", kLevels, "conformity"));
  history_ = HistoryOf({Accepted("p", "2026-11-01", 71)});
  claim_.moderated = 2;
  const Gap gap = GapOf(4);
  EXPECT_EQ(gap.assurance, Assurance::kSupported);
  EXPECT_EQ(gap.message, "level 2 after moderation; validity measured at 71% supports level 2");
}

TEST(AssuranceName, IsAWordForEach) {
  EXPECT_EQ(AssuranceName(Assurance::kSupported), "supported");
  EXPECT_EQ(AssuranceName(Assurance::kUnderstated), "understated");
  EXPECT_EQ(AssuranceName(Assurance::kOverstated), "overstated");
  EXPECT_EQ(AssuranceName(Assurance::kUnevidenced), "unevidenced");
  EXPECT_EQ(AssuranceName(Assurance::kStale), "stale");
  EXPECT_EQ(AssuranceName(Assurance::kNotBound), "not_bound");
}

}  // namespace
}  // namespace concordat::assess
