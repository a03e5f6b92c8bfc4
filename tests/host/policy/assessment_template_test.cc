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

// All that a template may say, in its shortest form.
const std::string kFull = R"(apiVersion: concordat/v1
kind: AssessmentTemplate
id: full
version: "1"
title: All keys
framework: Ours
licence: Free
guidance: Read each question twice
several_groups: true
characteristics: [accuracy, timeliness]
scale:
  - {level: 1, name: low, description: Not much, colour: red}
  - {level: 2, name: middle, colour: amber}
  - {level: 3, name: high, colour: green}
scoring: {theme: mean, organisation: lowest}
targets: {police: 3, all: 2}
caps:
  - {item: one, below: 2, theme: b, at: 1, why: nobody leads}
statuses:
  - {id: met, name: Met, colour: green, level: 3, share: 90%, of: all}
  - {id: near, name: Near, colour: amber, level: 2, needs_plan: true}
  - {id: not, name: Not met, colour: red}
evidence_max_age: P18M
themes:
  - id: a
    title: A
    description: About a
    targets: 3
    items:
      - id: one
        question: One
        why: It matters
        characteristics: [accuracy]
        mandatory: [police, council]
        applies_to: [police, council, fire]
        anchors: {1: none, 3: all}
        target: {police: 3}
        evidence:
          measures:
            - {measure: dimension_score, dimension: conformity, window: P12M, per: P3M, levels: {2: 80}}
            - {measure: restore_tested, levels: {3: 100%}}
          accepts: [document, link]
          required: [police]
          max_age: P12M
  - id: b
    title: B
    items:
      - id: two
        question: Two
        asked_when: {item: one, at_least: 2}
        target: 2
        evidence: {measure: on_time_rate, levels: {2: 80%}, required: true}
      - id: three
        question: Three
)";

TEST(AssessmentTemplate, ReadsAllThatMayBeSaid) {
  Issues issues;
  const AssessmentTemplate read = ReadAssessmentTemplate(ReadText(kFull, issues), issues);
  ASSERT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(read.framework, "Ours");
  EXPECT_EQ(read.licence, "Free");
  EXPECT_EQ(read.guidance, "Read each question twice");
  EXPECT_TRUE(read.several_groups);
  EXPECT_THAT(read.characteristics, ElementsAre("accuracy", "timeliness"));
  EXPECT_EQ(read.FindLevel(1)->description, "Not much");
  EXPECT_EQ(read.FindLevel(1)->colour, "red");
  EXPECT_EQ(read.FindLevel(4), nullptr);
  EXPECT_EQ(read.scoring.theme, "mean");
  EXPECT_EQ(read.scoring.organisation, "lowest");
  EXPECT_EQ(TargetFor(read.targets, "police"), 3);
  EXPECT_EQ(TargetFor(read.targets, "fire"), 2);
  ASSERT_EQ(read.caps.size(), 1u);
  EXPECT_EQ(read.caps[0].below, 2);
  EXPECT_EQ(read.caps[0].theme, "b");
  EXPECT_EQ(read.caps[0].at, 1);
  ASSERT_EQ(read.statuses.size(), 3u);
  EXPECT_EQ(read.statuses[0].level, 3);
  EXPECT_EQ(read.statuses[0].share, 0.9);
  EXPECT_EQ(read.statuses[0].of, "all");
  EXPECT_TRUE(read.statuses[1].needs_plan);
  EXPECT_EQ(read.statuses[1].of, "mandatory");
  EXPECT_EQ(read.statuses[2].level, std::nullopt);
  EXPECT_EQ(read.evidence_max_age->months, 18);
  EXPECT_EQ(read.themes[0].description, "About a");
  EXPECT_EQ(TargetFor(read.themes[0].targets, "fire"), 3);
}

TEST(AssessmentTemplate, ReadsAllThatAnItemMaySay) {
  Issues issues;
  const AssessmentTemplate read = ReadAssessmentTemplate(ReadText(kFull, issues), issues);
  const AssessmentItem& one = *read.FindItem("one");
  EXPECT_EQ(one.why, "It matters");
  EXPECT_THAT(one.characteristics, ElementsAre("accuracy"));
  EXPECT_TRUE(NamesCategory(one.mandatory_for, "council"));
  EXPECT_FALSE(NamesCategory(one.mandatory_for, "fire"));
  EXPECT_THAT(one.applies_to, ElementsAre("police", "council", "fire"));
  EXPECT_THAT(one.anchors, ElementsAre(Pair(1, "none"), Pair(3, "all")));
  EXPECT_EQ(TargetFor(one.targets, "police"), 3);
  EXPECT_EQ(TargetFor(one.targets, "council"), std::nullopt);
  ASSERT_EQ(one.evidence.measures.size(), 2u);
  EXPECT_EQ(one.evidence.measures[0].per->months, 3);
  EXPECT_THAT(one.evidence.measures[1].levels, ElementsAre(Pair(3, 1.0)));
  EXPECT_THAT(one.evidence.accepts, ElementsAre("document", "link"));
  EXPECT_THAT(one.evidence.required_for, ElementsAre("police"));
  EXPECT_EQ(one.evidence.max_age->months, 12);
  const AssessmentItem& two = *read.FindItem("two");
  EXPECT_EQ(two.asked_when->item, "one");
  EXPECT_EQ(two.asked_when->at_least, 2);
  EXPECT_EQ(TargetFor(two.targets, "fire"), 2);
  EXPECT_THAT(two.mandatory_for, ElementsAre("all"));
  EXPECT_EQ(two.evidence.measures.size(), 1u);
  EXPECT_THAT(two.evidence.accepts, ElementsAre("document", "attestation", "link"));
  EXPECT_THAT(two.evidence.required_for, ElementsAre("all"));
  EXPECT_TRUE(two.evidence.declared);
  EXPECT_FALSE(read.FindItem("three")->evidence.declared);
  EXPECT_EQ(read.FindItem("three")->evidence.accepts.size(), 3u);
}

TEST(AssessmentTemplate, WhatItsPartsSayOfEachOtherIsChecked) {
  const std::vector<TemplateMistake> cases = {
      {"{item: one, below: 2", "{item: ones, below: 2", {"18:12 unknown-item"}},
      {"theme: b, at: 1", "theme: bee, at: 1", {"18:34 unknown-theme"}},
      {"below: 2, theme", "below: 1, theme", {"18:24 no-effect?"}},
      {"at: 1, why", "at: 3, why", {"18:41 no-effect?"}},
      {"at: 1, why", "at: 7, why", {"18:41 unknown-level"}},
      {"below: 2, ", "", {"18:5 missing-key"}},
      {"theme: b, at: 1", "at: 1", {}},
      {"organisation: lowest", "organisation: none", {}},
      {"theme: mean, organisation: lowest", "theme: none", {"18:5 no-effect?"}},
      {"theme: mean, organisation: lowest",
       "theme: none, organisation: lowest",
       {"15:38 unexpected-key", "18:5 no-effect?"}},
      {"organisation: lowest", "organisation: median", {"15:38 unknown-word"}},
      {"{police: 3, all: 2}", "{police: 9, all: 2}", {"16:19 unknown-level"}},
      {"targets: {police: 3, all: 2}", "targets: high", {"16:10 wrong-type"}},
      {"[accuracy]", "[acuracy]", {"33:27 unknown-characteristic"}},
      {"[accuracy, timeliness]", "[accuracy, accuracy]", {"10:29 twice"}},
      {"[police, council]\n", "[]\n", {"34:20 empty-value"}},
      {"[police, council]\n", "police\n", {"34:20 wrong-type"}},
      {"[police, council]\n", "yes\n", {"34:20 odd-boolean"}},
      {"{1: none, 3: all}", "{1: none, 4: all}", {"36:28 unknown-level"}},
      {"item: one, at_least: 2", "item: on, at_least: 2", {"50:28 unknown-item"}},
      {"item: one, at_least: 2", "item: two, at_least: 2", {"50:28 forward-condition"}},
      {"item: one, at_least: 2", "item: three, at_least: 2", {"50:28 forward-condition"}},
      {"item: one, at_least: 2", "item: one, at_least: 1", {"50:43 no-effect?"}},
      {"item: one, at_least: 2", "item: one", {"50:21 missing-key"}},
      {"per: P3M", "per: P13M", {"40:84 bad-duration"}},
      {"per: P3M", "per: PT1H", {"40:84 bad-duration"}},
      {"window: P12M", "window: P0D", {"40:73 bad-duration", "40:83 bad-duration"}},
      {"restore_tested, levels", "restore_tested, dataset: x, levels", {"41:50 unexpected-key"}},
      {"restore_tested, levels", "audit_verified, per: P1M, levels", {"41:46 unexpected-key"}},
      {"[document, link]", "[dokument, link]", {"42:21 unknown-word"}},
      {"[document, link]", "[]", {"43:21 unexpected-key"}},
      {"colour: red}", "colour: crimson}", {"12:58 unknown-word"}},
      {"evidence_max_age: P18M", "evidence_max_age: 18 months", {"23:19 bad-duration"}},
      {"{id: near", "{id: met", {"21:10 duplicate-id"}},
      {"level: 2, needs_plan: true", "needs_plan: true", {"21:55 missing-key", "22:5 unreachable-status"}},
  };
  for (const TemplateMistake& test : cases) {
    EXPECT_EQ(MarksOf(ReadAssessmentTemplate, With(kFull, test.from, test.to)), test.marks)
        << test.from << " -> " << test.to;
  }
}

TEST(AssessmentTemplate, AStatusAfterAWeakerOneIsNeverReached) {
  const auto marks = [](std::string_view statuses) {
    const size_t from = kFull.find("statuses:");
    std::string text = kFull;
    text.replace(from, kFull.find("evidence_max_age") - from,
                 fmt::format("statuses: [{}, {{id: not, name: Not}}]\n", statuses));
    return MarksOf(ReadAssessmentTemplate, text);
  };
  EXPECT_THAT(marks("{id: a, name: A, level: 3}, {id: b, name: B, level: 2}"), IsEmpty());
  EXPECT_THAT(marks("{id: a, name: A, level: 2}, {id: b, name: B, level: 3}"),
              ElementsAre("19:40 unreachable-status"));
  EXPECT_THAT(marks("{id: a, name: A, level: 2, share: 50%}, {id: b, name: B, level: 2}"),
              ElementsAre("19:52 unreachable-status"));
  EXPECT_THAT(marks("{id: a, name: A, level: 2}, {id: b, name: B, level: 2, of: all}"),
              ElementsAre("19:40 unreachable-status"));
  EXPECT_THAT(marks("{id: a, name: A, level: 2, of: all}, {id: b, name: B, level: 2}"), IsEmpty());
  EXPECT_THAT(marks("{id: a, name: A, level: 2}, {id: b, name: B, level: 2, share: 50%, needs_plan: true}"),
              IsEmpty());
  EXPECT_THAT(
      marks(
          "{id: a, name: A, level: 2, share: 50%, needs_plan: true}, {id: b, name: B, level: 2, share: 60%}"),
      IsEmpty());
  EXPECT_THAT(marks("{id: z, name: Z}, {id: b, name: B, level: 2}"),
              ElementsAre("19:30 unreachable-status", "19:58 unreachable-status"));
}

TEST(AssessmentTemplate, AHintNamesTheNearestWord) {
  Issues issues;
  ReadAssessmentTemplate(ReadText(With(kFull, "{item: one, below", "{item: thre, below"), issues), issues);
  EXPECT_EQ(HintOf(issues, "unknown-item"), "did you mean \"three\"?");
}

TEST(AssessmentTemplate, IsReadBackFromTheTextThatWasKept) {
  const auto read = ParseAssessmentTemplate("kept.yaml", kFull);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->FindItem("two")->question, "Two");
  EXPECT_TRUE(read->digest.starts_with("sha256:"));
  EXPECT_EQ(ParseAssessmentTemplate("other.yaml", "# a comment\n" + kFull)->digest, read->digest);
  const auto broken =
      ParseAssessmentTemplate("kept.yaml", With(kFull, "{item: one, below", "{item: on, below"));
  EXPECT_EQ(broken.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(broken.status().message(), "kept.yaml:18:12: the template has no item \"on\"");
  EXPECT_FALSE(ParseAssessmentTemplate("kept.yaml", "").ok());
}

TEST(MeasureWords, AreFoundByName) {
  for (const MeasureWord& word : MeasureWords()) {
    EXPECT_EQ(FindMeasureWord(word.name), &word);
    EXPECT_FALSE(word.one.empty()) << word.name;
    EXPECT_EQ(word.in_words.empty(), word.has_dimension) << word.name;
  }
  EXPECT_EQ(FindMeasureWord("nothing"), nullptr);
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
