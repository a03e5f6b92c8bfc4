// Levels of themes and the whole, from templates as people write them.
#include "host/assess/position.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "history_makers.h"

namespace concordat::assess {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kHead =
    "apiVersion: concordat/v1\nkind: AssessmentTemplate\nid: t\nversion: \"1\"\ntitle: T\n"
    "scale: [{level: 1, name: a, colour: red}, {level: 2, name: b}, {level: 3, name: c}, {level: 4, name: "
    "d}]\n";

policy::AssessmentTemplate FormOf(const std::string& rest) {
  auto form = policy::ParseAssessmentTemplate("t.yaml", kHead + rest);
  EXPECT_TRUE(form.ok()) << form.status();
  return form.ok() ? *form : policy::AssessmentTemplate();
}

Inputs InputsOf(const policy::AssessmentTemplate& form, const std::map<std::string, int>& levels,
                std::string category = "police") {
  Inputs inputs;
  inputs.form = &form;
  inputs.category = std::move(category);
  inputs.now = kNow;
  for (const auto& [item, level] : levels) inputs.claims[item].level = level;
  return inputs;
}

const std::string kTwoThemes =
    "themes:\n"
    "  - {id: x, title: Ex, items: [{id: a, question: A}, {id: b, question: B}]}\n"
    "  - {id: y, title: Why, items: [{id: c, question: C}, {id: d, question: D, mandatory: false}]}\n";

TEST(DrawnLevel, FollowsItsWord) {
  struct Case {
    std::vector<int> levels;
    std::optional<int> capped_mean, mean, lowest;
  };
  const Case cases[] = {
      {{}, std::nullopt, std::nullopt, std::nullopt},
      {{3}, 3, 3, 3},
      {{2, 3}, 2, 2, 2},
      {{3, 3, 4}, 3, 3, 3},
      {{1, 4, 4, 4}, 2, 3, 1},     // mean 3.25, held at 1 + 1
      {{2, 4, 4, 4, 4}, 3, 3, 2},  // mean 3.6
      {{4, 4}, 4, 4, 4},
      {{0, 2, 2}, 1, 1, 0},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(DrawnLevel("capped_mean", c.levels), c.capped_mean);
    EXPECT_EQ(DrawnLevel("mean", c.levels), c.mean);
    EXPECT_EQ(DrawnLevel("lowest", c.levels), c.lowest);
    EXPECT_EQ(DrawnLevel("none", c.levels), std::nullopt);
  }
}

TEST(Position, ThemesAreDrawnAndTheLowestIsTheWhole) {
  const policy::AssessmentTemplate form = FormOf(kTwoThemes);
  const Position position = PositionOf(InputsOf(form, {{"a", 4}, {"b", 1}, {"c", 4}, {"d", 3}}));
  EXPECT_EQ(position.themes[0].mean, 2.5);
  EXPECT_EQ(position.themes[0].lowest, 1);
  EXPECT_EQ(position.themes[0].level, 2);
  EXPECT_EQ(position.themes[0].why, "floor of the mean 2.5 of two answers");
  EXPECT_EQ(position.themes[1].level, 3);
  EXPECT_EQ(position.level, 2);
  EXPECT_EQ(position.why, "the lowest of two themes: Ex");
  EXPECT_EQ(position.answered, 4u);
  EXPECT_EQ(position.asked, 4u);
  EXPECT_THAT(position.open_mandatory, IsEmpty());
}

TEST(Position, OneWeakAnswerHoldsAThemeBack) {
  const policy::AssessmentTemplate form = FormOf(
      "themes: [{id: x, title: X, items: [{id: a, question: A}, {id: b, question: B}, {id: c, question: C}, "
      "{id: d, "
      "question: D}]}]\n");
  const Position position = PositionOf(InputsOf(form, {{"a", 1}, {"b", 4}, {"c", 4}, {"d", 4}}));
  EXPECT_EQ(position.themes[0].level, 2);
  EXPECT_EQ(position.themes[0].why,
            "floor of the mean 3.2 of four answers, held at 2 by one answer at level 1");
}

TEST(Position, NoLevelWhileAQuestionIsOpenEvenOneThatIsNotMandatory) {
  const policy::AssessmentTemplate form = FormOf(kTwoThemes);
  const Position position = PositionOf(InputsOf(form, {{"a", 4}, {"c", 4}}));
  EXPECT_EQ(position.themes[0].level, std::nullopt);
  EXPECT_EQ(position.themes[0].why, "no level yet: one of two questions answered");
  EXPECT_EQ(position.themes[1].level, std::nullopt);
  EXPECT_EQ(position.level, std::nullopt);
  EXPECT_EQ(position.why, "no level yet: two of four questions answered");
  EXPECT_EQ(PositionOf(InputsOf(form, {})).why, "no level yet: none of four questions answered");
  EXPECT_THAT(position.open_mandatory, ElementsAre("b"));
  EXPECT_EQ(position.themes[0].answered, 1u);
}

TEST(Position, ModeratedLevelsAreTheOnesThatCount) {
  const policy::AssessmentTemplate form = FormOf(kTwoThemes);
  Inputs inputs = InputsOf(form, {{"a", 4}, {"b", 4}, {"c", 4}, {"d", 4}});
  inputs.claims["c"].moderated = 2;
  EXPECT_EQ(PositionOf(inputs).themes[1].level, 3);
  EXPECT_EQ(PositionOf(inputs).level, 3);
}

TEST(Position, WhatWasCarriedOverCountsButStaysOpen) {
  const policy::AssessmentTemplate form = FormOf(kTwoThemes);
  Inputs inputs = InputsOf(form, {{"a", 2}, {"b", 2}, {"c", 2}, {"d", 2}});
  inputs.claims["a"].review_needed = true;
  inputs.claims["d"].review_needed = true;  // not mandatory
  const Position position = PositionOf(inputs);
  EXPECT_EQ(position.level, 2);
  EXPECT_THAT(position.open_mandatory, ElementsAre("a"));
}

TEST(Position, ScoringMayBeMeanOrNone) {
  const std::map<std::string, int> levels = {{"a", 4}, {"b", 1}, {"c", 4}, {"d", 4}};
  const policy::AssessmentTemplate mean = FormOf("scoring: {theme: mean, organisation: mean}\n" + kTwoThemes);
  EXPECT_EQ(PositionOf(InputsOf(mean, levels)).themes[0].level, 2);
  EXPECT_EQ(PositionOf(InputsOf(mean, levels)).level, 3);  // of 2 and 4
  EXPECT_EQ(PositionOf(InputsOf(mean, levels)).why, "floor of the mean 3 of two themes");
  const policy::AssessmentTemplate lowest = FormOf("scoring: {theme: lowest}\n" + kTwoThemes);
  EXPECT_EQ(PositionOf(InputsOf(lowest, levels)).themes[0].level, 1);
  EXPECT_EQ(PositionOf(InputsOf(lowest, levels)).themes[0].why, "the lowest of two answers");
  const policy::AssessmentTemplate none = FormOf("scoring: {theme: none}\n" + kTwoThemes);
  EXPECT_EQ(PositionOf(InputsOf(none, levels)).themes[0].level, std::nullopt);
  EXPECT_EQ(PositionOf(InputsOf(none, levels)).level, std::nullopt);
  EXPECT_EQ(PositionOf(InputsOf(none, levels)).themes[0].mean, 2.5);
}

TEST(Position, AMeanBetweenTheStepsOfAScaleIsTheStepReached) {
  auto form = policy::ParseAssessmentTemplate(
      "t.yaml",
      "apiVersion: concordat/v1\nkind: AssessmentTemplate\nid: t\nversion: \"1\"\ntitle: T\n"
      "scale: [{level: 0, name: a}, {level: 10, name: b}, {level: 20, name: c}]\nscoring: {theme: mean}\n"
      "themes: [{id: x, title: X, items: [{id: a, question: A}, {id: b, question: B}]}]\n");
  ASSERT_TRUE(form.ok()) << form.status();
  EXPECT_EQ(PositionOf(InputsOf(*form, {{"a", 20}, {"b", 10}})).themes[0].level, 10);  // mean 15
}

TEST(Position, CapsHoldAThemeOrTheWholeBack) {
  const policy::AssessmentTemplate form = FormOf(
      "caps:\n  - {item: a, below: 3, theme: y, at: 2, why: nobody leads}\n  - {item: b, below: 2, at: 1}\n" +
      kTwoThemes);
  Position position = PositionOf(InputsOf(form, {{"a", 2}, {"b", 4}, {"c", 4}, {"d", 4}}));
  EXPECT_EQ(position.themes[0].level, 3);
  EXPECT_EQ(position.themes[1].level, 2);
  EXPECT_EQ(position.themes[1].why,
            "floor of the mean 4 of two answers; held at 2 because a stands below level 3: nobody leads");
  EXPECT_EQ(position.level, 2);
  position = PositionOf(InputsOf(form, {{"a", 3}, {"b", 1}, {"c", 4}, {"d", 4}}));
  EXPECT_EQ(position.themes[1].level, 4);
  EXPECT_EQ(position.level, 1);
  EXPECT_THAT(position.why, HasSubstr("held at 1 because b stands below level 2"));
  // A cap above the level drawn changes nothing and is not spoken of.
  position = PositionOf(InputsOf(form, {{"a", 2}, {"b", 4}, {"c", 1}, {"d", 1}}));
  EXPECT_EQ(position.themes[1].why, "floor of the mean 1 of two answers");
}

const std::string kConditional =
    "themes:\n"
    "  - id: x\n    title: X\n    items:\n"
    "      - {id: a, question: A}\n"
    "      - {id: b, question: B, asked_when: {item: a, at_least: 3}}\n"
    "      - {id: c, question: C, asked_when: {item: b, at_least: 2}}\n"
    "      - {id: d, question: D, applies_to: [council]}\n"
    "      - {id: e, question: E, mandatory: [council]}\n";

TEST(Position, AQuestionIsAskedWhenItsConditionHolds) {
  const policy::AssessmentTemplate form = FormOf(kConditional);
  Position position = PositionOf(InputsOf(form, {{"a", 2}, {"b", 4}, {"c", 4}, {"e", 2}}));
  EXPECT_EQ(position.asked, 2u);  // a and e; b's answer does not count, so c is not asked either
  EXPECT_EQ(position.themes[0].level, 2);
  EXPECT_FALSE(position.themes[0].items[1].asked);
  EXPECT_EQ(position.themes[0].items[1].not_asked_because, "asked only when a stands at level 3 or above");
  EXPECT_FALSE(position.themes[0].items[2].asked);
  EXPECT_EQ(position.themes[0].items[3].not_asked_because, "not asked of partners of the category police");
  position = PositionOf(InputsOf(form, {{"a", 3}}));
  EXPECT_TRUE(position.themes[0].items[1].asked);
  EXPECT_THAT(position.open_mandatory, ElementsAre("b"));  // e is not mandatory for the police
  position = PositionOf(InputsOf(form, {{"a", 2}}, "council"));
  EXPECT_THAT(position.open_mandatory, ElementsAre("d", "e"));
}

TEST(Position, AThemeOfWhichNothingIsAskedTakesNoPart) {
  const policy::AssessmentTemplate form = FormOf(
      "themes:\n  - {id: x, title: X, items: [{id: a, question: A}]}\n"
      "  - {id: y, title: Y, items: [{id: b, question: B, applies_to: [council]}]}\n");
  const Position position = PositionOf(InputsOf(form, {{"a", 3}}));
  EXPECT_EQ(position.themes[1].level, std::nullopt);
  EXPECT_EQ(position.themes[1].why, "none of its questions is asked of this partner");
  EXPECT_EQ(position.level, 3);
}

TEST(Position, TargetsAreTheItemsOrTheThemesOrTheTemplates) {
  const policy::AssessmentTemplate form = FormOf(
      "targets: {police: 4, all: 2}\n"
      "themes:\n  - {id: x, title: X, targets: 3, items: [{id: a, question: A, target: {police: 1}}, {id: b, "
      "question: B}]}\n  - {id: y, title: Y, items: [{id: c, question: C}]}\n");
  const Position police = PositionOf(InputsOf(form, {}));
  EXPECT_EQ(police.target, 4);
  EXPECT_EQ(police.themes[0].target, 3);
  EXPECT_EQ(police.themes[0].items[0].target, 1);
  EXPECT_EQ(police.themes[0].items[1].target, 3);
  EXPECT_EQ(police.themes[1].items[0].target, 4);
  const Position council = PositionOf(InputsOf(form, {}, "council"));
  EXPECT_EQ(council.target, 2);
  EXPECT_EQ(council.themes[0].items[0].target, 3);
}

TEST(Position, EvidenceThatMustBeAttachedIsListed) {
  const policy::AssessmentTemplate form = FormOf(
      "themes: [{id: x, title: X, items: [{id: a, question: A, evidence: {required: [police]}}, {id: b, "
      "question: B, "
      "evidence: {required: [council]}}, {id: c, question: C, evidence: {required: true}}]}]\n");
  Inputs inputs = InputsOf(form, {{"a", 2}, {"b", 2}, {"c", 2}});
  inputs.claims["c"].attached.push_back(
      {"E-1", "link", "", "https://x.example", "", "pat", At("2026-11-01"), {}});
  Position position = PositionOf(inputs);
  EXPECT_THAT(position.missing_evidence, ElementsAre("a"));
  EXPECT_TRUE(position.themes[0].items[0].evidence_missing);
  inputs.claims["c"].attached[0].given = At("2024-11-01");  // older than P24M
  EXPECT_THAT(PositionOf(inputs).missing_evidence, ElementsAre("a", "c"));
}

TEST(Position, MeasurementsStandBesideTheClaim) {
  const policy::AssessmentTemplate form = FormOf(
      "themes: [{id: x, title: X, items: [{id: a, question: A, evidence: {measures: [{measure: "
      "dimension_score, "
      "dimension: completeness, levels: {4: 90}}, {measure: dimension_score, dimension: conformity, levels: "
      "{2: 70, "
      "4: 90}}]}}]}]\n");
  Inputs inputs = InputsOf(form, {{"a", 4}});
  inputs.history = HistoryOf({Accepted("p", "2026-11-01", 80)});
  const ItemPosition item = PositionOf(inputs).themes[0].items[0];
  ASSERT_EQ(item.measured.size(), 2u);
  EXPECT_EQ(item.measured[0].level, 4);
  EXPECT_EQ(item.decisive->value, 80);
  EXPECT_EQ(item.decisive->level, 2);
  EXPECT_EQ(item.gap.assurance, Assurance::kOverstated);
  EXPECT_EQ(item.gap.levels, 2);
}

const std::string kStatuses =
    "scoring: {theme: lowest, organisation: status}\n"
    "statuses:\n"
    "  - {id: exceeded, name: Exceeded, colour: green, level: 3, of: all}\n"
    "  - {id: met, name: Met, colour: green, level: 3}\n"
    "  - {id: approaching, name: Approaching, colour: amber, level: 3, share: 50%, needs_plan: true}\n"
    "  - {id: not-met, name: Not met, colour: red}\n"
    "themes: [{id: x, title: X, items: [{id: a, question: A}, {id: b, question: B}, {id: c, question: C, "
    "mandatory: "
    "false}]}]\n";

TEST(Position, TheFirstStatusThatHoldsIsTheStanding) {
  const policy::AssessmentTemplate form = FormOf(kStatuses);
  const auto status = [&](const std::map<std::string, int>& levels, const std::vector<std::string>& planned) {
    Inputs inputs = InputsOf(form, levels);
    for (const std::string& item : planned) inputs.claims[item].planned = true;
    return PositionOf(inputs).status->id;
  };
  EXPECT_EQ(status({{"a", 3}, {"b", 4}, {"c", 3}}, {}), "exceeded");
  EXPECT_EQ(status({{"a", 3}, {"b", 3}, {"c", 2}}, {}), "met");
  EXPECT_EQ(status({{"a", 3}, {"b", 3}}, {}), "met");  // c need not be answered
  EXPECT_EQ(status({{"a", 3}, {"b", 2}, {"c", 4}}, {}), "not-met");
  EXPECT_EQ(status({{"a", 3}, {"b", 2}, {"c", 4}}, {"b"}), "approaching");
  EXPECT_EQ(status({{"a", 3}}, {"b"}), "approaching");             // an open question is below every level
  EXPECT_EQ(status({{"a", 2}, {"b", 2}}, {"a", "b"}), "not-met");  // under half
}

TEST(Position, AStatusSaysWhy) {
  const policy::AssessmentTemplate form = FormOf(kStatuses);
  Inputs inputs = InputsOf(form, {{"a", 3}, {"b", 2}, {"c", 3}});
  EXPECT_EQ(PositionOf(inputs).level, std::nullopt);
  EXPECT_EQ(PositionOf(inputs).why,
            "Not met; Approaching is missed with 1 of 2 mandatory questions at level 3 or above, and one of "
            "the others "
            "without an action");
  inputs.claims["b"].planned = true;
  EXPECT_EQ(PositionOf(inputs).why,
            "Approaching: 1 of 2 mandatory questions at level 3 or above, and an action stands for each of "
            "the others; "
            "Met is missed with 1 of 2 mandatory questions at level 3 or above");
}

TEST(Position, NothingAnsweredIsNothingDrawn) {
  const policy::AssessmentTemplate form = FormOf(kTwoThemes);
  const Position position = PositionOf(InputsOf(form, {}));
  EXPECT_EQ(position.level, std::nullopt);
  EXPECT_EQ(position.status, nullptr);
  EXPECT_EQ(position.themes[0].mean, std::nullopt);
  EXPECT_THAT(position.open_mandatory, ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace concordat::assess
