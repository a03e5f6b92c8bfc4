// Pages and tables of self-assessments: complete without colour, without script, with nothing from outside.
#include <gtest/gtest.h>

#include <regex>

#include "host/base/source.h"
#include "host/flows/answer_file.h"
#include "tests/tools/assessment_documents.h"
#include "tools/concordat/render/assessment_csv.h"
#include "tools/concordat/render/assessment_html.h"
#include "tools/concordat/render/partnership_assessment_html.h"

namespace concordat::cli {
namespace {

size_t CountOfMatches(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  return static_cast<size_t>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), expression), std::sregex_iterator()));
}

std::vector<std::string> Pages() {
  return {AssessmentHtml(SmallAssessment(), SmallComparison()), AssessmentHtml(SmallAssessment(), nullptr),
          PartnershipHtml(SmallView(), SmallAssessment().at("actions"))};
}

TEST(AssessmentPages, EveryTableHasACaptionAndHeadersWithScope) {
  for (const std::string& page : Pages()) {
    EXPECT_EQ(CountOfMatches(page, "<table"), CountOfMatches(page, "<caption>"));
    EXPECT_EQ(CountOfMatches(page, "<th "), CountOfMatches(page, "<th scope=\"(col|row)\""));
    EXPECT_EQ(CountOfMatches(page, "<th>"), 0U);
    EXPECT_EQ(CountOfMatches(page, "class=\"scroll\""),
              CountOfMatches(page, "class=\"scroll\" role=\"region\" aria-label=\"[^\"]+\" tabindex=\"0\""));
    EXPECT_EQ(CountOfMatches(page, "<h1"), 1U);
    EXPECT_EQ(CountOfMatches(page, "<html lang=\"en\">"), 1U);
  }
}

TEST(AssessmentPages, NothingComesFromOutsideAndNothingRuns) {
  for (const std::string& page : Pages()) {
    EXPECT_EQ(CountOfMatches(page, "<script|<link|<img|<iframe|@import|url\\("), 0U);
    EXPECT_EQ(CountOfMatches(page, " (src|href)="), 0U);
  }
}

TEST(AssessmentPages, EveryColouredCellHasItsSignAndWords) {
  for (const std::string& page : Pages()) {
    EXPECT_EQ(
        CountOfMatches(page, "class=\"lv (red|amber|green)\""),
        CountOfMatches(
            page, "class=\"lv (red|amber|green)\"><span aria-hidden=\"true\">(▼|◆|▲)</span> [0-9]+ [a-z]+"));
  }
}

TEST(AssessmentPages, HostileTextIsText) {
  json::Value document = SmallAssessment();
  document.at("partnerName") = "<script>alert(1)</script>";
  document.at("themes").at(0).at("items").at(0).at("comment") = "\"><img src=x onerror=alert(1)>";
  document.at("gaps").at(0).at("message") = "</td><script>";
  document.at("actions").at(0).at("title") = "<b>";
  const std::string page = AssessmentHtml(document, nullptr);
  EXPECT_EQ(CountOfMatches(page, "<script|<img|<b>"), 0U);
  EXPECT_TRUE(Holds(page, "&lt;script&gt;"));
}

TEST(AssessmentPages, TheReportSaysWhatWasClaimedAndWhatWasFound) {
  const std::string page = AssessmentHtml(SmallAssessment(), SmallComparison());
  for (const char* part :
       {"level 3 claimed; first-time pass rate 71% supports level 1", "! overdue by 20 days",
        "<svg class=\"gap\"", "3, <strong>1 below</strong>", "Not asked: asked when named_lead is at least 2",
        "↓ worse by 1", "not complete yet"})
    EXPECT_TRUE(Holds(page, part)) << part;
  const std::string partnership = PartnershipHtml(SmallView(), nullptr);
  for (const char* part : {"agreed red: act", "contested: talk", "Derwent Constabulary, officers (you)",
                           "! 2", "↑ better by 0.5"})
    EXPECT_TRUE(Holds(partnership, part)) << part;
}

TEST(AssessmentTables, ALineAnItemAndNothingASpreadsheetWouldRun) {
  json::Value document = SmallAssessment();
  document.at("themes").at(0).at("items").at(0).at("comment") = "=cmd|calc";
  const std::vector<std::string> lines = LinesOf(AssessmentItemsCsv(document));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_TRUE(Holds(lines[1], ",'=cmd|calc,")) << lines[1];
  EXPECT_TRUE(Holds(lines[1], ",overstated,2,12,"));
  const std::vector<std::string> matrix = LinesOf(PartnershipMatrixCsv(SmallView()));
  ASSERT_EQ(matrix.size(), 3U);
  EXPECT_EQ(matrix[1], "constabulary,Derwent Constabulary,officers,2026/27,submitted,0,0,2,1,1,2\r");
  EXPECT_EQ(matrix[2], "council,Council,,2026/27,open,,1,,0.5,,0\r");
  json::Value anonymous = SmallView();
  anonymous.at("named") = false;
  anonymous.at("rows").get_array().clear();
  EXPECT_EQ(LinesOf(PartnershipMatrixCsv(anonymous)).at(1), ",partners at 0 red,,2026/27,,1,1,0,,,\r");
}

TEST(AssessmentTables, AnExportIsReadBackWithoutAMistake) {
  json::Value document = SmallAssessment();
  document.at("themes").at(0).at("items").at(0).at("comment") = "says: \"yes\" # really\nand more";
  const std::pair<std::string, std::string> files[] = {{"yaml", AnswersYaml(document)},
                                                       {"csv", AnswersCsv(document)}};
  for (const auto& [format, text] : files) {
    auto source = std::make_shared<SourceText>();
    source->name = "answers." + format;
    source->text = text;
    Issues issues;
    const flows::AnswerFile file =
        format == "yaml" ? flows::ReadAnswerYaml(source, issues) : flows::ReadAnswerCsv(source, issues);
    for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue) << "\n" << text;
    ASSERT_EQ(file.items.size(), 4U) << "what is asked only after another answer is there, too";
    EXPECT_EQ(file.items[0].level.text, "3");
    EXPECT_EQ(file.items[0].comment.text, "says: \"yes\" # really\nand more");
    EXPECT_FALSE(file.items[1].level.given())
        << "what was carried over is confirmed by writing it down again";
    EXPECT_FALSE(file.items[2].level.given());
    EXPECT_FALSE(file.items[3].level.given());
  }
}

}  // namespace
}  // namespace concordat::cli
