#include "host/record/scorecard.h"

#include "gtest/gtest.h"

namespace concordat::record {
namespace {

TEST(Counts, AddUpOverParts) {
  Counts counts{1, 2, 3, 4, 5};
  counts += {10, 20, 30, 40, 50};
  EXPECT_EQ(counts, (Counts{11, 22, 33, 44, 55}));
  EXPECT_EQ(counts.measured(), 33u);
  EXPECT_EQ(counts.total(), 165u);
}

// The scores of the worked example in the interfaces, as exact means and as people see them.
TEST(ShownScore, IsFlooredToOneDecimal) {
  const std::pair<double, double> cases[] = {{98.0, 98.0},
                                             {100.0 * 90 / 95, 94.7},
                                             {100.0 * 80 / 90, 88.8},
                                             {100.0, 100.0},
                                             {99.99, 99.9},
                                             {0.0, 0.0},
                                             {0.05, 0.0},
                                             {93.8, 93.8},
                                             {0.1 + 0.2, 0.3},
                                             {(98.0 + 100.0 * 90 / 95 + 100.0 * 80 / 90) / 3, 93.8},
                                             {100.0 * (1 - 0.062), 93.8}};
  for (const auto& [exact, shown] : cases) EXPECT_DOUBLE_EQ(ShownScore(exact), shown) << exact;
}

TEST(Words, OfStatusOriginGradeAndVerdict) {
  EXPECT_EQ(RuleStatusName(RuleStatus::kMet), "met");
  EXPECT_EQ(RuleStatusName(RuleStatus::kWarned), "warned");
  EXPECT_EQ(RuleStatusName(RuleStatus::kBreached), "breached");
  EXPECT_EQ(RuleStatusName(RuleStatus::kNotEvaluated), "not_evaluated");
  EXPECT_EQ(OriginName(Origin::kHost), "host");
  EXPECT_EQ(OriginName(Origin::kAdapter), "adapter");
  EXPECT_EQ(GradeLetter(Grade::kA), 'A');
  EXPECT_EQ(GradeLetter(Grade::kD), 'D');
  EXPECT_EQ(VerdictName(Verdict::kAccept), "accept");
  EXPECT_EQ(VerdictName(Verdict::kAcceptWithQuarantine), "accept_with_quarantine");
  EXPECT_EQ(VerdictName(Verdict::kReject), "reject");
}

TEST(Words, OfDimensions) {
  for (size_t i = 0; i < kDimensionCount; ++i) {
    const auto dimension = static_cast<Dimension>(i);
    EXPECT_EQ(DimensionFrom(DimensionName(dimension)), dimension);
  }
  EXPECT_EQ(DimensionFrom("validity"), Dimension::kConformity);
  EXPECT_EQ(DimensionForPeople(Dimension::kConformity), "validity");
  EXPECT_EQ(DimensionForPeople(Dimension::kTimeliness), "timeliness");
  for (const char* unknown : {"", "Accuracy", "correctness"}) EXPECT_EQ(DimensionFrom(unknown), std::nullopt);
}

TEST(Words, OfSeveritiesAndTheirWeights) {
  const std::pair<const char*, double> cases[] = {{"info", 0}, {"warning", 1}, {"error", 3}, {"critical", 5}};
  for (const auto& [word, weight] : cases) {
    const auto severity = SeverityFrom(word);
    ASSERT_TRUE(severity.has_value()) << word;
    EXPECT_EQ(SeverityName(*severity), word);
    EXPECT_EQ(DefaultWeight(*severity), weight);
  }
  for (const char* unknown : {"", "high", "Error"}) EXPECT_EQ(SeverityFrom(unknown), std::nullopt);
  EXPECT_LT(Severity::kWarning, Severity::kCritical) << "later is worse";
}

}  // namespace
}  // namespace concordat::record
