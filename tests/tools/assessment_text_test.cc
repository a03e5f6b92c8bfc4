#include "tools/concordat/render/assessment_text.h"

#include <gtest/gtest.h>

#include "tests/tools/assessment_documents.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/partnership_assessment_text.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

TEST(AssessmentText, TheDashboardSaysWhatItsColoursSay) {
  const std::string text = DashboardText(SmallAssessment(), 100);
  for (const char* part :
       {"Derwent Constabulary, cycle 2026/27: open, due 2026-12-20 (29 days left)",
        "2 of 3, 1 mandatory open", "██░ 2 at minimum", "3 below", "▲ 1 overstated",
        "▲ overstated right_first_time", "level 3 claimed; first-time pass rate 71% supports level 1",
        "! 20 days late", "2 questions are open, 1 of them mandatory",
        "concordat assess walk A-0123456789abcdef", "1 gap has no action yet", "1 action is overdue"}) {
    EXPECT_TRUE(Holds(text, part)) << part << "\n" << text;
  }
  EXPECT_FALSE(Holds(text, "\x1b")) << "colours without a terminal";
  EXPECT_LT(text.find("ACT-1"), text.find("ACT-2")) << "overdue actions come first";
}

TEST(AssessmentText, EveryLineFitsTheTerminal) {
  for (const size_t width : {40, 60, 80, 110}) {
    for (const std::string& text :
         {DashboardText(SmallAssessment(), width), ItemsText(SmallAssessment(), width)}) {
      for (const std::string& line : LinesOf(text)) {
        // A command is never broken: it is there to be copied.
        if (line.find("concordat ") != std::string::npos) continue;
        EXPECT_LE(Columns(line), width) << line;
      }
    }
  }
}

TEST(AssessmentText, AnItemShowsItsEvidenceAndWhatWasWithdrawnIsGone) {
  const json::Value document = SmallAssessment();
  const std::string text = ItemText(document, *FindItem(document, "right_first_time"), 100);
  for (const char* part :
       {"mandatory, owner sam", "3 above minimum; target 3", "supports 1 below minimum",
        "E-1 document: audit.pdf, EXPIRED 2026-10-01", "2026-11-19 sam: ask IT", "comment   spot checks"})
    EXPECT_TRUE(Holds(text, part)) << part << "\n" << text;
  EXPECT_FALSE(Holds(text, "E-2"));
  EXPECT_TRUE(Holds(ItemText(document, *FindItem(document, "planned"), 100),
                    "not asked: asked when named_lead is at least 2"));
  EXPECT_TRUE(
      Holds(ItemText(document, *FindItem(document, "backup"), 100), "carried over: confirm or change it"));
}

TEST(AssessmentText, WhatOthersWroteReachesTheTerminalWithoutEscapes) {
  json::Value document = SmallAssessment();
  document.at("themes").at(0).at("items").at(0).at("comment") = "\x1b]0;owned\x07 \x1b[2J";
  EXPECT_FALSE(Holds(ItemsText(document, 80), "\x1b"));
}

TEST(AssessmentText, NextStepsFollowTheState) {
  json::Value document = SmallAssessment();
  const std::pair<const char*, const char*> cases[] = {
      {"submitted", "sign-off"}, {"signed_off", "moderate"}, {"moderated", "publish"}};
  for (const auto& [state, command] : cases) {
    document.at("state") = state;
    ASSERT_FALSE(NextSteps(document).empty());
    EXPECT_TRUE(Holds(NextSteps(document).front().command, command)) << state;
  }
  document.at("state") = "open";
  document.at("mandatoryOpen") = json::Array();
  EXPECT_TRUE(Holds(NextSteps(document).at(1).command, "assess submit"));
}

TEST(AssessmentText, WhereAllThatIsOpenIsMandatoryItIsCountedOnce) {
  json::Value document = SmallAssessment();
  document.at("state") = "open";
  document.at("mandatoryOpen") = json::Array{"named_lead", "trained"};
  const std::vector<NextStep> steps = NextSteps(document);
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps.front().what, "2 questions are open, all of them mandatory");
}

TEST(AssessmentText, ALevelIsMeantByNumberOrName) {
  const ShownScale scale(SmallAssessment());
  EXPECT_EQ(*scale.Meant("2"), 2);
  EXPECT_EQ(*scale.Meant("Above Minimum"), 3);
  EXPECT_TRUE(
      Holds(std::string(scale.Meant("above minimun").status().message()), "did you mean \"above minimum\"?"));
  EXPECT_TRUE(Holds(std::string(scale.Meant("7").status().message()),
                    "1 below minimum, 2 at minimum, 3 above minimum"));
}

TEST(PartnershipText, TheHeatMapReadsWithoutColour) {
  const std::string text = PartnershipText(SmallView(), 100);
  for (const char* part : {"Derwent Constabulary/officers (you)", "▼0", "▲2", "! 2",
                           "A What is to be reached", "0 red (1), 1 amber (1)", "▲ 1 overstated", "2 overdue",
                           "↓ worse", "↑ better", "▼ AGREED RED", "↕ CONTESTED"})
    EXPECT_TRUE(Holds(text, part)) << part << "\n" << text;
}

TEST(PartnershipText, PeersWithoutNamesAreASpread) {
  json::Value view = SmallView();
  view.at("named") = false;
  view.at("rows").get_array().pop_back();
  const std::string text = PartnershipText(view, 100);
  EXPECT_TRUE(Holds(text, "without names"));
  EXPECT_FALSE(Holds(text, "Council"));
}

TEST(ComparisonText, CyclesTellADirectionAndPartnersDoNot) {
  const std::string text = ComparisonText(SmallComparison(), 100);
  for (const char* part : {"2025/26", "↓ worse by 1", "↑ better by 2", "no longer answered"})
    EXPECT_TRUE(Holds(text, part)) << part << "\n" << text;
  json::Value partners = SmallComparison();
  partners.at("columns").at(1).at("cycle") = "2025/26";
  partners.at("columns").at(1).at("partner") = "council";
  const std::string beside = ComparisonText(partners, 100);
  EXPECT_TRUE(Holds(beside, "council"));
  EXPECT_FALSE(Holds(beside, "worse"));
}

}  // namespace
}  // namespace concordat::cli
