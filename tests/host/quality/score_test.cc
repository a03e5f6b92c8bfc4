// The score arithmetic alone: interfaces.md, "Scores and the gate".
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/quality/judge.h"

namespace concordat::quality {
namespace {

using record::Counts;
using record::Dimension;
using record::Grade;
using record::RuleResult;
using record::RuleStatus;
using record::Scorecard;
using record::Severity;
using record::ShownScore;

RuleResult MakeRule(std::string id, Dimension dimension, Severity severity, Counts counts) {
  RuleResult rule;
  rule.id = std::move(id);
  rule.dimension = dimension;
  rule.severity = severity;
  rule.weight = record::DefaultWeight(severity);
  rule.counts = counts;
  return rule;
}

Scorecard Scored(std::vector<RuleResult> rules, std::vector<std::pair<Dimension, double>> weights = {}) {
  Scorecard card;
  card.rules = std::move(rules);
  ScoreCard(card, weights);
  return card;
}

double ScoreOf(const Scorecard& card, std::string_view dimension) {
  for (const record::DimensionScore& score : card.dimensions) {
    if (score.dimension == dimension) return score.score.value_or(-1);
  }
  return -2;
}

TEST(ScoreCard, WorkedExampleOfTheInterfaces) {
  Scorecard card;
  card.total = 100;
  card.accepted = 93;
  card.quarantined = 7;
  card.rules = {MakeRule("a", Dimension::kCompleteness, Severity::kCritical, {98, 2, 0, 0, 0}),
                MakeRule("b", Dimension::kConformity, Severity::kError, {90, 5, 5, 0, 0}),
                MakeRule("c", Dimension::kConsistency, Severity::kWarning, {80, 10, 10, 0, 0})};
  ScoreCard(card, {});
  EXPECT_DOUBLE_EQ(ShownScore(ScoreOf(card, "completeness")), 98.0);
  EXPECT_DOUBLE_EQ(ShownScore(ScoreOf(card, "conformity")), 94.7);
  EXPECT_DOUBLE_EQ(ShownScore(ScoreOf(card, "consistency")), 88.8);
  EXPECT_DOUBLE_EQ(ShownScore(*card.score), 93.8);
  EXPECT_EQ(card.grade, Grade::kD);
  EXPECT_DOUBLE_EQ(card.evaluated_share, 1.0);
  const record::Decision decision = Decide(card, policy::Gate(), true);
  EXPECT_EQ(decision.verdict, record::Verdict::kAcceptWithQuarantine);
  ASSERT_EQ(decision.reasons.size(), 2u);
  EXPECT_EQ(decision.reasons[0].rule, "a");
  EXPECT_EQ(decision.reasons[0].message, "2 records held back");
  EXPECT_EQ(decision.reasons[1].message, "5 records held back");
}

TEST(ScoreCard, WeighsRulesWithinADimension) {
  const Scorecard card =
      Scored({MakeRule("a", Dimension::kConformity, Severity::kCritical, {50, 50, 0, 0, 0}),
              MakeRule("b", Dimension::kConformity, Severity::kWarning, {100, 0, 0, 0, 0})});
  EXPECT_DOUBLE_EQ(ScoreOf(card, "conformity"), 100 * (5 * 0.5 + 1 * 1.0) / 6);
  EXPECT_EQ(card.dimensions[0].rules, 2u);
}

TEST(ScoreCard, WeighsDimensionsByTheContract) {
  const std::vector<RuleResult> rules = {
      MakeRule("a", Dimension::kConformity, Severity::kError, {100, 0, 0, 0, 0}),
      MakeRule("b", Dimension::kUniqueness, Severity::kError, {0, 100, 0, 0, 0})};
  EXPECT_DOUBLE_EQ(*Scored(rules).score, 50);
  EXPECT_DOUBLE_EQ(*Scored(rules, {{Dimension::kConformity, 3}}).score, 75);
  EXPECT_FALSE(Scored(rules, {{Dimension::kConformity, 0}, {Dimension::kUniqueness, 0}}).score.has_value());
}

TEST(ScoreCard, SkippedRecordsAreNeitherGoodNorBad) {
  const Scorecard card = Scored({MakeRule("a", Dimension::kConformity, Severity::kError, {1, 1, 98, 0, 0})});
  EXPECT_DOUBLE_EQ(*card.score, 50);
  EXPECT_DOUBLE_EQ(card.evaluated_share, 1);
}

TEST(ScoreCard, UnresolvedAndErrorsLowerTheEvaluatedShare) {
  const Scorecard card = Scored({MakeRule("a", Dimension::kConformity, Severity::kError, {60, 10, 10, 20, 0}),
                                 MakeRule("b", Dimension::kConformity, Severity::kError, {0, 0, 0, 0, 100})});
  EXPECT_DOUBLE_EQ(card.evaluated_share, 80.0 / 200);
  EXPECT_EQ(card.rules[1].status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(card.grade, Grade::kD) << "a rule that could not run caps the grade";
}

TEST(ScoreCard, WithoutAnythingMeasuredThereIsNoScore) {
  const Scorecard card = Scored({MakeRule("a", Dimension::kConformity, Severity::kError, {0, 0, 100, 0, 0})});
  EXPECT_FALSE(card.score.has_value());
  EXPECT_FALSE(card.grade.has_value());
  EXPECT_EQ(card.rules[0].status, RuleStatus::kNotEvaluated);
  ASSERT_EQ(card.dimensions.size(), 1u);
  EXPECT_FALSE(card.dimensions[0].score.has_value());
}

TEST(ScoreCard, RulesOfWeightZeroAreNotMeasured) {
  const Scorecard card = Scored({MakeRule("a", Dimension::kConformity, Severity::kInfo, {50, 50, 0, 0, 0}),
                                 MakeRule("b", Dimension::kUniqueness, Severity::kError, {9, 1, 0, 0, 0})});
  EXPECT_EQ(ScoreOf(card, "conformity"), -1);
  EXPECT_DOUBLE_EQ(*card.score, 90);
}

TEST(ScoreCard, RulesThatTheHostDoesNotRunStandOutside) {
  RuleResult sql = MakeRule("sql", Dimension::kAccuracy, Severity::kCritical, {});
  sql.enforced = false;
  const Scorecard card =
      Scored({sql, MakeRule("a", Dimension::kConformity, Severity::kError, {1, 0, 0, 0, 0})});
  EXPECT_EQ(card.dimensions.size(), 1u);
  EXPECT_EQ(card.rules[0].status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(card.grade, Grade::kA);
}

struct GradeCase {
  uint64_t pass;  // of 100, on an info rule, so that nothing but the score decides
  Grade grade;
};

TEST(ScoreCard, GradesByScore) {
  for (const auto& [pass, grade] : {GradeCase{100, Grade::kA},
                                    {95, Grade::kA},
                                    {94, Grade::kB},
                                    {85, Grade::kB},
                                    {84, Grade::kC},
                                    {70, Grade::kC},
                                    {69, Grade::kD},
                                    {0, Grade::kD}}) {
    RuleResult rule = MakeRule("a", Dimension::kConformity, Severity::kWarning, {pass, 100 - pass, 0, 0, 0});
    EXPECT_EQ(Scored({rule}).grade, grade) << pass;
  }
}

TEST(ScoreCard, BreachesCapTheGrade) {
  const Counts nearly = {999, 1, 0, 0, 0};
  EXPECT_EQ(Scored({MakeRule("a", Dimension::kConformity, Severity::kWarning, nearly)}).grade, Grade::kA);
  EXPECT_EQ(Scored({MakeRule("a", Dimension::kConformity, Severity::kError, nearly)}).grade, Grade::kB);
  EXPECT_EQ(Scored({MakeRule("a", Dimension::kConformity, Severity::kCritical, nearly)}).grade, Grade::kD);
  RuleResult tolerated = MakeRule("a", Dimension::kConformity, Severity::kCritical, nearly);
  tolerated.threshold_broken = false;
  EXPECT_EQ(Scored({tolerated}).grade, Grade::kA);
}

TEST(ScoreCard, StatusFollowsThresholds) {
  RuleResult rule = MakeRule("a", Dimension::kConformity, Severity::kError, {90, 10, 0, 0, 0});
  EXPECT_EQ(Scored({rule}).rules[0].status, RuleStatus::kBreached);
  rule.threshold_broken = false;
  EXPECT_EQ(Scored({rule}).rules[0].status, RuleStatus::kMet);
  rule.warn_broken = true;
  EXPECT_EQ(Scored({rule}).rules[0].status, RuleStatus::kWarned);
  rule.threshold_broken = true;
  EXPECT_EQ(Scored({rule}).rules[0].status, RuleStatus::kBreached);
}

Scorecard WithAdapterDimension(double host_pass_share, double adapter_score) {
  Scorecard card;
  const auto pass = static_cast<uint64_t>(host_pass_share * 100);
  card.rules = {MakeRule("a", Dimension::kConformity, Severity::kWarning, {pass, 100 - pass, 0, 0, 0})};
  card.dimensions = {{"adapter/incident_coding", adapter_score, 1, "12 incidents"}};
  ScoreCard(card, {});
  return card;
}

TEST(ScoreCard, AnAdaptersDimensionOnlyLowers) {
  EXPECT_DOUBLE_EQ(*WithAdapterDimension(0.9, 50).score, 70);
  EXPECT_DOUBLE_EQ(*WithAdapterDimension(0.9, 100).score, 90);
  EXPECT_EQ(WithAdapterDimension(0.9, 50).dimensions.back().dimension, "adapter/incident_coding");
}

TEST(ScoreCard, ScoringTwiceChangesNothing) {
  Scorecard card = WithAdapterDimension(0.9, 50);
  const double once = *card.score;
  ScoreCard(card, {});
  EXPECT_DOUBLE_EQ(*card.score, once);
  EXPECT_EQ(card.dimensions.size(), 2u);
}

// Values of Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
TEST(PassInterval, IsWilsonsOfTheLiterature) {
  struct Case {
    uint64_t pass, fail;
    double low, high;
  };
  for (const Case& known : {Case{81, 182, 0.2553, 0.3662},
                            {15, 133, 0.0624, 0.1605},
                            {0, 20, 0.0000, 0.1611},
                            {1, 28, 0.0061, 0.1718}}) {
    const auto interval = record::PassInterval({known.pass, known.fail, 0, 0, 0});
    ASSERT_TRUE(interval);
    EXPECT_NEAR(interval->low, known.low, 0.00005);
    EXPECT_NEAR(interval->high, known.high, 0.00005);
  }
  EXPECT_FALSE(record::PassInterval({0, 0, 5, 0, 0}));
}

}  // namespace
}  // namespace concordat::quality
