#include "host/policy/assessment_template.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const std::string kTemplate = R"(apiVersion: concordat/v1
kind: AssessmentTemplate
id: dq-themes
version: "2026.1"
title: Data quality self-assessment
scale: [{level: 1, name: below}, {level: 2, name: at}, {level: 3, name: above}]
themes:
  - id: systems
    title: Systems and processes
    items:
      - id: right_first_time
        question: Is data right first time?
        guidance: Look at the last year
        evidence: {measure: first_time_pass_rate, window: P6M, levels: {2: 70%, 3: 90%}}
      - id: valid
        question: Is data valid?
        mandatory: false
        evidence: {measure: dimension_score, dataset: street_crime, dimension: conformity, levels: {2: 80, 3: 95.5}}
)";

std::vector<std::string> MarksWith(std::string_view from, std::string_view to) {
  return MarksOf(ReadAssessmentTemplate, With(kTemplate, from, to));
}

TEST(AssessmentTemplate, IsReadWhole) {
  Issues issues;
  const AssessmentTemplate read = ReadAssessmentTemplate(ReadText(kTemplate, issues), issues);
  ASSERT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(read.id, TemplateId("dq-themes"));
  EXPECT_EQ(read.version, "2026.1");
  ASSERT_EQ(read.scale.size(), 3u);
  EXPECT_EQ(read.scale[2].name, "above");
  const AssessmentItem* first = read.FindItem("right_first_time");
  ASSERT_NE(first, nullptr);
  EXPECT_THAT(first->mandatory_for, ElementsAre("all"));
  EXPECT_EQ(first->guidance, "Look at the last year");
  EXPECT_EQ(first->evidence.measures[0].window.months, 6);
  EXPECT_THAT(first->evidence.measures[0].levels, ElementsAre(Pair(2, 0.7), Pair(3, 0.9)));
  const AssessmentItem* second = read.FindItem("valid");
  EXPECT_THAT(second->mandatory_for, IsEmpty());
  EXPECT_EQ(second->evidence.measures[0].window.text, "P12M");
  EXPECT_EQ(second->evidence.measures[0].dimension, "conformity");
  EXPECT_THAT(second->evidence.measures[0].levels, ElementsAre(Pair(2, 80), Pair(3, 95.5)));
  EXPECT_EQ(read.FindItem("other"), nullptr);
}

struct TemplateMistake {
  std::string from;
  std::string to;
  std::vector<std::string> marks;
};

TEST(AssessmentTemplate, MistakesAreReportedWithTheirPlaces) {
  const std::vector<TemplateMistake> cases = {
      {"id: dq-themes", "id: DQ themes", {"3:5 bad-id"}},
      {"{level: 2, name: at}",
       "{level: 1, name: at}",
       {"6:42 levels-not-rising", "14:73 unknown-level", "18:101 unknown-level"}},
      {"{level: 3, name: above}",
       "{level: three, name: above}",
       {"6:64 wrong-type", "14:81 unknown-level", "18:108 unknown-level"}},
      {", {level: 3, name: above}", ", {level: 3}", {"6:56 missing-key"}},
      {"measure: first_time_pass_rate", "measure: first_time_passrate", {"14:29 unknown-measure"}},
      {"measure: first_time_pass_rate",
       "measure: first_time_pass_rate, dimension: accuracy",
       {"14:62 unexpected-key"}},
      {"dimension: conformity, ", "", {"18:19 missing-key"}},
      {"dimension: conformity", "dimension: validness", {"18:80 unknown-word"}},
      {"{2: 70%, 3: 90%}", "{2: 70%, 3: 70%}", {"14:84 levels-not-rising"}},
      {"{2: 70%, 3: 90%}", "{2: 70, 3: 90%}", {"14:76 out-of-range"}},
      {"{2: 70%, 3: 90%}", "{2: 70%, 9: 90%}", {"14:81 unknown-level"}},
      {"{2: 70%, 3: 90%}", "{}", {"14:72 empty-value"}},
      {", levels: {2: 70%, 3: 90%}", "", {"14:19 missing-key"}},
      {"{2: 80, 3: 95.5}", "{2: 80%, 3: 95.5}", {"18:104 wrong-type"}},
      {"{2: 80, 3: 95.5}", "{2: 80, 3: 955}", {"18:111 out-of-range"}},
      {"window: P6M", "window: 6 months", {"14:59 bad-duration"}},
      {"mandatory: false", "mandatory: no", {"17:20 odd-boolean"}},
      {"- id: valid", "- id: right_first_time", {"15:13 duplicate-id"}},
      {"question: Is data valid?", "text: Is data valid?", {"15:9 missing-key", "16:9 unknown-key"}},
  };
  for (const TemplateMistake& test : cases) {
    EXPECT_EQ(MarksWith(test.from, test.to), test.marks) << test.from << " -> " << test.to;
  }
}

TEST(AssessmentTemplate, NeedsAScaleThemesAndItems) {
  const std::string head =
      "apiVersion: concordat/v1\nkind: AssessmentTemplate\nid: t\nversion: \"1\"\ntitle: T\n";
  EXPECT_THAT(MarksOf(ReadAssessmentTemplate, head), ElementsAre("1:1 missing-key", "1:1 missing-key"));
  EXPECT_THAT(
      MarksOf(
          ReadAssessmentTemplate,
          head +
              "scale: [{level: 1, name: a}, {level: 2, name: b}]\nthemes: [{id: a, title: A, items: []}]\n"),
      ElementsAre("7:35 empty-value"));
}

}  // namespace
}  // namespace concordat::policy
