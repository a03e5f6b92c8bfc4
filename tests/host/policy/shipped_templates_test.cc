// The self-assessments that come with Concordat are complete, and the folder they stand in is clean.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/policy_set.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ShippedTemplates : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Issues issues;
    set_ = LoadPolicySet(CONCORDAT_SOURCE_DIR "/policies", issues);
    for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue);
  }
  static void TearDownTestSuite() { set_.reset(); }

  static const AssessmentTemplate& Find(const std::string& id) { return *set_->FindTemplate(TemplateId(id)); }
  static std::vector<size_t> Sizes(const AssessmentTemplate& form) {
    std::vector<size_t> sizes;
    for (const AssessmentTheme& theme : form.themes) sizes.push_back(theme.items.size());
    return sizes;
  }
  static size_t Bound(const AssessmentTemplate& form) {
    size_t bound = 0;
    for (const AssessmentTheme& theme : form.themes) {
      for (const AssessmentItem& item : theme.items) bound += item.evidence.measures.empty() ? 0 : 1;
    }
    return bound;
  }

  static std::shared_ptr<const PolicySet> set_;
};
std::shared_ptr<const PolicySet> ShippedTemplates::set_;

TEST_F(ShippedTemplates, SayWhatAReaderNeeds) {
  ASSERT_EQ(set_->templates.size(), 4u);
  for (const AssessmentTemplate& form : set_->templates) {
    EXPECT_FALSE(form.framework.empty() || form.licence.empty() || form.guidance.empty()) << form.id.str();
    for (const ScaleLevel& level : form.scale)
      EXPECT_FALSE(level.description.empty() || level.colour.empty()) << form.id.str() << level.level;
    for (const AssessmentTheme& theme : form.themes) {
      for (const AssessmentItem& item : theme.items)
        EXPECT_FALSE(item.guidance.empty() || item.why.empty()) << form.id.str() << " " << item.id;
    }
    EXPECT_GT(Bound(form), 1u) << form.id.str();
  }
}

TEST_F(ShippedTemplates, DataQualityHasThirtyQuestionsInFiveThemes) {
  const AssessmentTemplate& form = Find("dq-themes");
  EXPECT_THAT(Sizes(form), ElementsAre(10, 5, 5, 5, 5));
  EXPECT_EQ(form.scale.front().level, 1);
  EXPECT_EQ(form.scale.back().level, 4);
  EXPECT_EQ(form.characteristics.size(), 6u);
  std::set<std::string> used;
  for (const AssessmentTheme& theme : form.themes) {
    for (const AssessmentItem& item : theme.items)
      used.insert(item.characteristics.begin(), item.characteristics.end());
  }
  EXPECT_EQ(used.size(), 6u) << "each characteristic is asked about";
}

TEST_F(ShippedTemplates, ANewVersionKeepsTheIdsThatAnswersAreCarriedOverBy) {
  for (const std::string item :
       {"named_lead", "policy_in_use", "right_first_time", "validity_measured", "trained"}) {
    EXPECT_NE(Find("dq-themes").FindItem(item), nullptr) << item;
  }
}

TEST_F(ShippedTemplates, TheDeliveryChainHasTwelveStagesRatedByGroups) {
  const AssessmentTemplate& form = Find("delivery-chain");
  EXPECT_TRUE(form.several_groups);
  EXPECT_THAT(Sizes(form), ElementsAre(2, 3, 3, 4));
  for (const AssessmentTheme& theme : form.themes) {
    for (const AssessmentItem& item : theme.items) EXPECT_EQ(item.anchors.size(), 3u) << item.id;
  }
}

TEST_F(ShippedTemplates, MaturityIsAMatrixWithoutASingleScore) {
  const AssessmentTemplate& form = Find("data-maturity");
  EXPECT_EQ(form.scoring.theme, "none");
  EXPECT_EQ(form.scoring.organisation, "none");
  EXPECT_EQ(form.themes.size(), 10u);
  EXPECT_EQ(form.scale.size(), 5u);
  std::set<std::string> used;
  for (const AssessmentTheme& theme : form.themes) {
    for (const AssessmentItem& item : theme.items) {
      EXPECT_THAT(item.characteristics, testing::Not(IsEmpty())) << item.id;
      used.insert(item.characteristics.begin(), item.characteristics.end());
    }
  }
  EXPECT_EQ(used.size(), 6u);
}

TEST_F(ShippedTemplates, SecurityIsAStandingInWordsWithEvidenceThatSomeMustAttach) {
  const AssessmentTemplate& form = Find("data-security");
  EXPECT_EQ(form.themes.size(), 10u);
  EXPECT_EQ(form.scoring.organisation, "status");
  ASSERT_EQ(form.statuses.size(), 4u);
  EXPECT_TRUE(form.statuses[2].needs_plan);
  const AssessmentItem& item = *form.FindItem("lawful_framework");
  EXPECT_TRUE(NamesCategory(item.evidence.required_for, "police"));
  EXPECT_FALSE(NamesCategory(item.evidence.required_for, "voluntary"));
}

}  // namespace
}  // namespace concordat::policy
