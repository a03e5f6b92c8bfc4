// Groups that rate the same stages; every number worked out in the comments.
#include "host/assess/agreement.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::assess {
namespace {

// Red 0, amber 1, green 2, and four stages.
policy::AssessmentTemplate Chain() {
  policy::AssessmentTemplate form;
  form.scale = {{0, "red", "", "red"}, {1, "amber", "", "amber"}, {2, "green", "", "green"}};
  policy::AssessmentTheme theme;
  for (const std::string id : {"outcome", "evidence", "capacity", "plan"}) {
    policy::AssessmentItem item;
    item.id = id;
    theme.items.push_back(item);
  }
  form.themes.push_back(theme);
  return form;
}

GroupRating Rates(std::string group, std::map<std::string, int> levels) {
  return {std::move(group), std::move(levels)};
}

TEST(Agreement, EachStageSaysWhereGroupsStand) {
  const GroupAgreement agreement = AgreementOf(
      Chain(), {Rates("operations", {{"outcome", 2}, {"evidence", 0}, {"capacity", 0}, {"plan", 1}}),
                Rates("board", {{"outcome", 2}, {"evidence", 2}, {"capacity", 0}})});
  ASSERT_EQ(agreement.stages.size(), 4u);
  EXPECT_EQ(agreement.stages[0].item, "outcome");
  EXPECT_TRUE(agreement.stages[0].exact);
  EXPECT_FALSE(agreement.stages[0].agreed_red);
  EXPECT_EQ(agreement.stages[1].distance, 2);
  EXPECT_TRUE(agreement.stages[1].contested);
  EXPECT_FALSE(agreement.stages[1].exact);
  EXPECT_TRUE(agreement.stages[2].agreed_red);
  EXPECT_TRUE(agreement.stages[2].exact);
  EXPECT_FALSE(agreement.stages[3].exact);  // the board did not rate it
  EXPECT_EQ(agreement.stages[3].ratings[1].second, std::nullopt);
  EXPECT_EQ(agreement.stages[3].ratings[1].first, "board");
  EXPECT_EQ(agreement.rated_by_all, 3u);
  EXPECT_DOUBLE_EQ(agreement.exact_share, 2.0 / 3);
  EXPECT_DOUBLE_EQ(agreement.mean_distance, 2.0 / 3);
}

TEST(Agreement, KappaIsOneMinusObservedOverExpectedDisagreement) {
  // a: 0 1 2 2, b: 0 1 1 2. Observed distances 0 0 1 0: sum 1, mean 1/4.
  // Expected, over all pairs of a and b: a=0: 0+1+1+2=4, a=1: 1+0+0+1=2, a=2 twice: 2*(2+1+1+0)=8; 14/16.
  // kappa = 1 - (1/4) / (14/16) = 1 - 4/14 = 5/7.
  const GroupRating a = Rates("a", {{"outcome", 0}, {"evidence", 1}, {"capacity", 2}, {"plan", 2}});
  const GroupRating b = Rates("b", {{"outcome", 0}, {"evidence", 1}, {"capacity", 1}, {"plan", 2}});
  EXPECT_NEAR(*AgreementOf(Chain(), {a, b}).kappa, 5.0 / 7, 1e-12);
  // a with itself is 1; the mean of the pairs a-a, a-b, a-b is (1 + 5/7 + 5/7) / 3 = 17/21.
  EXPECT_NEAR(*AgreementOf(Chain(), {a, a, b}).kappa, 17.0 / 21, 1e-12);
}

TEST(Agreement, OppositesAreBelowChance) {
  // 0 2 against 2 0: observed 2 and 2, mean 2; expected (0+2+2+0)/4 = 1; kappa = 1 - 2/1 = -1.
  const GroupAgreement agreement = AgreementOf(Chain(), {Rates("a", {{"outcome", 0}, {"evidence", 2}}),
                                                         Rates("b", {{"outcome", 2}, {"evidence", 0}})});
  EXPECT_NEAR(*agreement.kappa, -1, 1e-12);
  EXPECT_EQ(agreement.exact_share, 0);
  EXPECT_EQ(agreement.mean_distance, 2);
}

TEST(Agreement, KappaIsNotDefinedWhenAllGaveOneRating) {
  const GroupAgreement agreement =
      AgreementOf(Chain(), {Rates("a", {{"outcome", 0}}), Rates("b", {{"outcome", 0}})});
  EXPECT_EQ(agreement.kappa, std::nullopt);
  EXPECT_EQ(agreement.exact_share, 1);
}

TEST(Agreement, OneGroupAgreesWithNobody) {
  const GroupAgreement agreement = AgreementOf(Chain(), {Rates("a", {{"outcome", 0}})});
  EXPECT_FALSE(agreement.stages[0].exact);
  EXPECT_FALSE(agreement.stages[0].agreed_red);
  EXPECT_FALSE(agreement.stages[0].contested);
  EXPECT_EQ(agreement.rated_by_all, 0u);
  EXPECT_EQ(agreement.kappa, std::nullopt);
  EXPECT_TRUE(AgreementOf(Chain(), {}).stages[0].ratings.empty());
}

TEST(Agreement, ContestedMeansTheWholeScaleBetweenAnyTwo) {
  const GroupAgreement agreement = AgreementOf(
      Chain(), {Rates("a", {{"outcome", 0}, {"evidence", 0}}), Rates("b", {{"outcome", 1}, {"evidence", 1}}),
                Rates("c", {{"outcome", 2}, {"evidence", 1}})});
  EXPECT_TRUE(agreement.stages[0].contested);
  EXPECT_FALSE(agreement.stages[1].contested);
}

}  // namespace
}  // namespace concordat::assess
