// Documents that nobody meant: templates of self-assessments, quality policies, files of answers. Each must
// come to an answer or to mistakes with a place in the text, soon; and what is read can be worked with.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "fmt/format.h"
#include "host/assess/agreement.h"
#include "host/assess/position.h"
#include "host/base/clock.h"
#include "host/base/files.h"
#include "host/flows/answer_file.h"
#include "host/policy/assessment_template.h"
#include "host/policy/quality_policy.h"
#include "host/policy/reader.h"
#include "tests/fuzz/breaker.h"

namespace concordat {
namespace {

using Source = std::shared_ptr<const SourceText>;

std::string Shipped(const std::string& path) {
  const auto text = ReadFile(fmt::format("{}/policies/{}", CONCORDAT_SOURCE_DIR, path));
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

BreakerWords Yaml(std::vector<std::string> seeds) {
  return {std::move(seeds),
          {":",
           ": ",
           "- ",
           "{",
           "}",
           "[",
           "]",
           ",",
           "\n",
           "\n  ",
           "\t",
           "#",
           "'",
           "\"",
           "|\n",
           ">-\n",
           "&a ",
           "*a",
           "!!str ",
           "<<: ",
           "? ",
           "---\n",
           "...\n",
           "~",
           "null",
           "true",
           "-1",
           "0",
           "1.5",
           "1e999",
           "99999999999999999999",
           "P0D",
           "P99999999Y",
           "2027-02-30",
           "all",
           "level",
           "levels",
           "id",
           "items: ",
           "themes: ",
           "scale: []",
           "clauses: ",
           "evidence: ",
           "measure",
           "\xC3\xA9",
           "\xFF",
           std::string(1, '\0'),
           "\xEF\xBB\xBF",
           "\r"},
          "[{-!?",
          3,
          1 << 16};
}

// What a person is told must be tellable: a code, words, and a place that exists.
void ExpectTellable(const Issues& issues, const Source& source) {
  const int64_t lines = 1 + std::count(source->text.begin(), source->text.end(), '\n');
  for (const Issue& issue : issues.list()) {
    ASSERT_FALSE(issue.code.empty());
    ASSERT_FALSE(issue.message.empty());
    ASSERT_GE(issue.place.line, 0);
    ASSERT_LE(issue.place.line, lines) << issue.message;
    ASSERT_GE(issue.place.column, 0);
    ASSERT_FALSE(RenderIssue(issue).empty());
  }
}

/// Reads `rounds` broken texts; `read` says whether it made sense of one.
void BreakAndRead(size_t rounds, BreakerWords words,
                  const std::function<bool(const Source&, Issues&)>& read) {
  for (const std::string& seed : words.seeds) {
    Issues issues;
    EXPECT_TRUE(read(std::make_shared<SourceText>(SourceText{"whole", seed}), issues));
    for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue);
  }
  Breaker breaker(7, std::move(words));
  size_t understood = 0;
  for (size_t round = 0; round < rounds; ++round) {
    const auto source = std::make_shared<SourceText>(SourceText{"broken", breaker.Next()});
    const auto start = std::chrono::steady_clock::now();
    Issues issues;
    if (read(source, issues)) ++understood;
    ExpectTellable(issues, source);
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "round " << round << ": " << source->text;
    ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30)) << "round " << round;
  }
  testing::Test::RecordProperty("understood", std::to_string(understood));
  EXPECT_GT(understood, rounds / 200) << "some of them must mean something";
}

class AnyHistory {
 public:
  assess::History Next(absl::Time now) {
    assess::History history;
    for (int i = 0; i < 12; ++i) {
      assess::HistoryEntry entry;
      entry.feed = "f";
      entry.dataset = "d";
      entry.accepted = entry.current = true;
      entry.first_attempt = Pick(2) == 0;
      entry.clean = Pick(2) == 0;
      entry.received = now - absl::Hours(Pick(9000));
      entry.score = Pick(101);
      entry.dimensions = {{"conformity", static_cast<double>(Pick(101))}};
      entry.rules = {{"r", "critical", "met", true, false}};
      history.periods.push_back({"f", "d", "p", entry.received, {}});
      history.entries.push_back(std::move(entry));
    }
    return history;
  }
  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint64_t>(below)); }

 private:
  std::mt19937_64 random_{7};
};

// Whatever could be read as a template scores any claims with levels of its scale and words for each gap.
void ExpectScores(const policy::AssessmentTemplate& form, AnyHistory& any) {
  assess::Inputs inputs;
  inputs.form = &form;
  inputs.category = "police";
  inputs.now = *ParseTime("2026-11-20T12:00:00Z");
  inputs.history = any.Next(inputs.now);
  std::vector<assess::GroupRating> groups = {{"a", {}}, {"b", {}}};
  const auto level = [&] {
    return form.scale[static_cast<size_t>(any.Pick(static_cast<int>(form.scale.size())))].level;
  };
  for (const policy::AssessmentTheme& theme : form.themes) {
    for (const policy::AssessmentItem& item : theme.items) {
      if (any.Pick(5) > 0) inputs.claims[item.id].level = level();
      for (assess::GroupRating& group : groups) group.levels[item.id] = level();
    }
  }
  const assess::Position position = assess::PositionOf(inputs);
  if (position.level) {
    ASSERT_NE(form.FindLevel(*position.level), nullptr) << *position.level;
  }
  for (const assess::ThemePosition& theme : position.themes) {
    for (const assess::ItemPosition& item : theme.items)
      ASSERT_EQ(item.asked && item.gap.message.empty(), false) << item.item->id;
  }
  assess::AgreementOf(form, groups);
}

TEST(DocumentFuzz, EveryTemplateComesToAnEnd) {
  AnyHistory any;
  BreakAndRead(Rounds(400),
               Yaml({Shipped("assessments/dq-themes.yaml"), Shipped("assessments/delivery-chain.yaml"),
                     Shipped("assessments/data-maturity.yaml"), Shipped("assessments/data-security.yaml")}),
               [&](const Source& source, Issues& issues) {
                 const policy::Node document = policy::ReadYaml(source, issues);
                 if (document.present()) policy::ReadAssessmentTemplate(document, issues);
                 const auto form = policy::ParseAssessmentTemplate(source->name, source->text);
                 if (form.ok()) ExpectScores(*form, any);
                 return form.ok();
               });
}

TEST(DocumentFuzz, EveryQualityPolicyComesToAnEnd) {
  BreakAndRead(Rounds(400), Yaml({Shipped("quality-policy.yaml")}), [](const Source& source, Issues& issues) {
    const policy::Node document = policy::ReadYaml(source, issues);
    if (!document.present()) return false;
    const policy::QualityPolicy read = policy::ReadQualityPolicy(document, issues);
    for (const char* cited : {"", "DQP-1.1", "none"})
      read.Behind(cited, "in_list", record::Dimension::kCoverage);
    return !issues.has_errors();
  });
}

constexpr const char* kAnswersYaml =
    "assessment: A-0123456789abcdef\ntemplate: dq-themes\nversion: \"2026.1\"\nitems:\n"
    "  - {id: lead, question: Who leads, level: 3, comment: known to all, owner: sam,\n"
    "     evidence: [{kind: document, title: Letter, reference: shelf 4, digest: , expires: 2027-01-31}]}\n"
    "  - id: trained\n    level: good\n    comment: >-\n      In two\n      lines\n"
    "  - id: valid\n    level: 2\n    comment: 'Said \"so\": yes'\n    owner: pat\n    evidence:\n"
    "      - {kind: link, title: Page, reference: \"https://example.org/\\u00e9#a\"}\n"
    "      - {kind: attestation, title: Signed by the head of service}\n"
    "  # what nobody answered yet\n  - id: timely\n    guidance: |\n      Look at the last four\n      "
    "quarters\n"
    "    level:\n    comment:\n  - id: plan\n    level: 1\n";
constexpr const char* kAnswersCsv =
    "\xEF\xBB\xBFquestion,item,level,comment,owner,evidence_kind,evidence_title,evidence_reference,evidence_"
    "expires\r\n"
    "Who?,lead,3,\"known, to \"\"all\"\"\",sam,document,Letter,shelf 4,2027-01-31\r\n"
    ",lead,,,,link,Page,https://example.org/é,\r\n\r\n,trained,good,\"two\nlines\",,,,,\r\n";

// As a spreadsheet saves it elsewhere.
constexpr const char* kAnswersSemicolons =
    "Item ; Question;LEVEL;Evidence_Kind;Evidence_Title\r\nlead;\"Who; and since "
    "when?\";3;document;Letter\r\n"
    " trained ;;good;;\r\n;;;;\r\n";

bool HasItems(const flows::AnswerFile& file, const Issues& issues) {
  return !issues.has_errors() && !file.items.empty();
}

TEST(DocumentFuzz, EveryYamlFileOfAnswersComesToAnEnd) {
  BreakAndRead(Rounds(3'000), Yaml({kAnswersYaml}), [](const Source& source, Issues& issues) {
    return HasItems(flows::ReadAnswerYaml(source, issues), issues);
  });
}

TEST(DocumentFuzz, EveryCsvFileOfAnswersComesToAnEnd) {
  BreakAndRead(Rounds(3'000),
               {{kAnswersCsv, kAnswersSemicolons},
                {",", "\"", "\"\"", "\n", "\r", "\r\n", "item", "level", ",,,,,,,,", "\xEF\xBB\xBF",
                 "\xC3\xA9", "\xFF", std::string(1, '\0'), "lead,3", ";", "\t"},
                ",\"\n;",
                3,
                1 << 16},
               [](const Source& source, Issues& issues) {
                 return HasItems(flows::ReadAnswerCsv(source, issues), issues);
               });
}

// As large as one message may be: no work may grow with the square of it.
TEST(DocumentFuzz, LargeFilesOfAnswersComeToAnEndSoon) {
  constexpr size_t kLargest = 4 << 20;
  std::string many = "item,level\n";
  for (size_t i = 0; many.size() < kLargest; ++i) many += fmt::format("i{},\n", i);
  std::string wide = "item,level\nlead";
  wide.append(kLargest - wide.size(), ',');
  std::string listed = "items:\n";
  for (size_t i = 0; i < 60'000; ++i) listed += fmt::format("- {{id: i{}}}\n", i);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr auto kSoon = std::chrono::seconds(300);
#else
  constexpr auto kSoon = std::chrono::seconds(30);
#endif
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : {many, wide}) {
    const auto source = std::make_shared<SourceText>(SourceText{"large.csv", text});
    Issues issues;
    flows::ReadAnswerCsv(source, issues);
    EXPECT_EQ(issues.error_count(), 1u);
  }
  Issues issues;
  flows::ReadAnswerYaml(std::make_shared<SourceText>(SourceText{"large.yaml", listed}), issues);
  EXPECT_EQ(issues.error_count(), 1u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kSoon);
}

}  // namespace
}  // namespace concordat
