// Mistakes in rules: each is reported, all at once, with a place and a hint.
#include "gmock/gmock.h"
#include "tests/host/quality/batch_builder.h"

namespace concordat::quality {
namespace {

using testing::HasSubstr;

struct MistakeCase {
  std::string kind;
  std::string with;
  std::string code;
  std::string message;
  std::string hint;
};

TEST(CompileRules, ReportsMistakesWithPlaceAndHint) {
  const std::vector<MistakeCase> cases = {
      {"requird", "{field: code}", "unknown-rule-kind", "there is no rule kind \"requird\"",
       "did you mean \"required\"?"},
      {"required", "{field: cod}", "unknown-field", "the contract has no field \"cod\"",
       "did you mean \"code\"?"},
      {"required", "{}", "missing-key", "needs \"field\"", ""},
      {"required", "{field: code, fild: x}", "unknown-key", "has no key \"fild\"", "did you mean \"field\"?"},
      {"in_list", "{field: code}", "missing-key", "either values or file", ""},
      {"in_list", "{field: code, values: [a], file: lists/areas.csv}", "missing-key", "either values or file",
       ""},
      {"in_list", "{field: code, values: []}", "empty-list", "is empty", ""},
      {"in_list", "{field: code, file: lists/area.csv}", "unknown-list",
       "there is no list file \"lists/area.csv\"", "did you mean \"lists/areas.csv\"?"},
      {"in_list", "{field: code, file: lists/broken.csv}", "bad-list",
       "lists/broken.csv:2: 1 cell where the header has 2", ""},
      {"in_list", "{field: code, file: lists/areas.csv, column: nam}", "unknown-column", "no column \"nam\"",
       "did you mean \"name\"?"},
      {"in_list", "{field: code2, file: lists/areas.csv}", "unknown-column", "no column \"code2\"", ""},
      {"regex", "{field: code, pattern: \"a(\"}", "bad-pattern", "missing )", ""},
      {"regex", "{field: code, pattern: \"(?=a)\"}", "bad-pattern", "invalid perl operator", ""},
      {"regex", "{field: code}", "missing-key", "needs \"pattern\"", ""},
      {"length", "{field: code, min: 5, max: 4}", "bad-bounds", "at least 5 and at most 4", ""},
      {"length", "{field: code}", "missing-key", "min or max", ""},
      {"length", "{field: code, min: two}", "wrong-type", "must be a whole number", ""},
      {"range", "{field: x, min: 5, max: 4}", "bad-bounds", "nothing is at least 5 and at most 4", ""},
      {"range", "{field: x, min: low}", "wrong-type", "\"min\" must be a number", ""},
      {"range", "{field: d, min: 5}", "wrong-type", "must be a date such as", ""},
      {"range", "{field: code, min: 5}", "wrong-type", "\"code\" is string", ""},
      {"range", "{field: x}", "missing-key", "min or max", ""},
      {"decimal_places", "{field: code, max: 2}", "wrong-type", "\"code\" is string", ""},
      {"decimal_places", "{field: x, max: -2}", "bad-bounds", "decimal places", ""},
      {"unique", "{fields: [code, coode2]}", "unknown-field", "no field \"coode2\"",
       "did you mean \"code2\"?"},
      {"unique", "{fields: [code, code]}", "duplicate-field", "stands twice", ""},
      {"unique", "{fields: []}", "too-few-fields", "at least 1", ""},
      {"compare", "{left: d, op: \"=>\", right: d2}", "unknown-word", "\"=>\" is no comparison", ""},
      {"compare", "{left: d, op: \"<\", right: x}", "wrong-type", "cannot be compared", ""},
      {"compare", "{left: d, op: \"<\", right: {value: soon}}", "wrong-type", "must be a date", ""},
      {"compare", "{left: d, op: \"<\", right: {valu: 2024-01-01}}", "unknown-key", "has no key \"valu\"",
       ""},
      {"compare", "{left: d, op: \"<\", right: d2, value: 2024-01-01}", "unknown-key",
       "either right or value", ""},
      {"date_diff", "{from: d, to: d2, min: 5 days}", "bad-duration", "", ""},
      {"date_diff", "{from: d, to: d2, min: P5D, max: P1D}", "bad-bounds", "longer than max", ""},
      {"date_diff", "{from: d, to: code, min: P5D}", "wrong-type", "\"code\" is string", ""},
      {"date_diff", "{from: d, to: d2}", "missing-key", "min or max", ""},
      {"all_or_none", "{fields: [code]}", "too-few-fields", "at least 2", ""},
      {"exactly_n_of", "{fields: [code, code2], n: 3}", "bad-bounds", "there are 2 fields", ""},
      {"in_reference", "{fields: [code]}", "missing-key", "either dataset or file", ""},
      {"in_reference", "{fields: [code], dataset: station}", "unknown-dataset", "no dataset \"station\"",
       "did you mean \"stations\"?"},
      {"in_reference", "{fields: [code], dataset: stations, key: [idd]}", "unknown-field",
       "has no field \"idd\"", ""},
      {"in_reference", "{fields: [code, code2], dataset: stations, key: [id]}", "bad-key",
       "2 fields cannot match a key of 1", ""},
      {"in_reference", "{fields: [code], file: lists/areas.csv, key: [codes]}", "unknown-column",
       "no column \"codes\"", "did you mean \"code\"?"},
      {"expression", "{check: \"record.nope > 1\"}", "bad-expression", "nope", ""},
      {"expression", "{check: \"record.n >\"}", "bad-expression", "", ""},
      {"row_count", "{}", "missing-key", "min or max", ""},
      {"row_count", "{min: 2, max: 1}", "bad-bounds", "at least 2 and at most 1", ""},
      {"freshness", "{field: d}", "missing-key", "max_age", ""},
      {"freshness", "{field: code, max_age: P1D}", "wrong-type", "\"code\" is string", ""},
      {"period", "{field: code}", "wrong-type", "\"code\" is string", ""},
      {"lateness", "{field: d}", "unknown-key", "has no key \"field\"", ""},
      {"format", "{field: code, name: postcode}", "unknown-word", "no format is named \"postcode\"", ""},
      {"check_digit", "{field: code, scheme: nhs}", "unknown-word", "no check digit scheme is named \"nhs\"",
       ""},
  };
  for (const MistakeCase& one : cases) {
    Issues issues;
    EXPECT_EQ(CompileAll({Spec(one.kind, one.with)}, issues), nullptr) << one.kind << " " << one.with;
    bool found = false;
    for (const Issue& issue : issues.list()) {
      found = found || (issue.code == one.code && issue.message.find(one.message) != std::string::npos &&
                        issue.hint.find(one.hint) != std::string::npos && issue.place.line == 1);
    }
    std::string all;
    for (const Issue& issue : issues.list()) all += RenderIssue(issue) + "\n";
    EXPECT_TRUE(found) << one.kind << " " << one.with << " wanted " << one.code << ": " << one.message << " ("
                       << one.hint << ") got\n"
                       << all;
  }
}

TEST(CompileRules, ReportsTheMistakesOfAllRulesAtOnce) {
  Issues issues;
  CompileAll({Spec("required", "{field: cod, nonsense: 1}"), Spec("range", "{field: nope, mn: 1}"),
              Spec("regex", "{field: code, pattern: \"(\"}", "record.unknown == 1")},
             issues);
  EXPECT_EQ(issues.error_count(), 6u);
}

TEST(CompileRules, PointsIntoTheExpression) {
  Issues issues;
  CompileAll({Spec("expression", "{check: \"record.n > record.nope\"}")}, issues);
  ASSERT_EQ(issues.error_count(), 1u);
  const std::string line = "{check: \"record.n > record.nope\"}";
  const auto column = static_cast<size_t>(issues.list()[0].place.column);
  EXPECT_THAT(line.substr(column - 1),
              testing::AnyOf(testing::StartsWith("nope"), testing::StartsWith("record.nope"),
                             testing::StartsWith(".nope")));
}

TEST(CompileRules, WarnsOfWhatHasNoEffect) {
  policy::RuleSpec presence = Spec("required", "{field: code}");
  presence.on_missing = policy::Handling::kFail;
  policy::RuleSpec tolerance = Spec("in_list", "{field: code, values: [a]}");
  tolerance.tolerance.warn = policy::Allowance{0.1};
  Issues issues;
  EXPECT_NE(CompileAll({presence, tolerance}, issues), nullptr) << "warnings do not stop a run";
  ASSERT_EQ(issues.list().size(), 2u);
  EXPECT_EQ(issues.list()[0].code, "no-effect");
  EXPECT_EQ(issues.list()[1].code, "no-effect");
}

TEST(CompileRules, RefusesAWarnThresholdAboveTheBreach) {
  policy::RuleSpec spec = Spec("required", "{field: code}");
  spec.tolerance = {policy::Allowance{0.5}, policy::Allowance{0.1}};
  Issues issues;
  EXPECT_EQ(CompileAll({spec}, issues), nullptr);
  EXPECT_EQ(issues.list()[0].code, "bad-bounds");
}

TEST(CompileRules, TakesTheFieldOfTheProperty) {
  policy::RuleSpec spec = Spec("required", "{}");
  spec.field = "code";
  EXPECT_EQ(AnswersOf(spec, {"code"}, {{"a"}, {""}}), "PF");
  policy::RuleSpec unique = Spec("unique", "{}");
  unique.field = "code";
  EXPECT_EQ(AnswersOf(unique, {"code"}, {{"a"}, {"a"}}), "PF");
}

TEST(CompileRules, KeepsTheHostsOwnRuleIdForItself) {
  policy::RuleSpec spec = Spec("required", "{field: code}");
  spec.id = "record_readable";
  Issues issues;
  EXPECT_EQ(CompileAll({spec}, issues), nullptr);
  EXPECT_EQ(issues.list()[0].code, "reserved-id");
}

TEST(CompileRules, ListsWhatNobodyRuns) {
  policy::RuleSpec spec = Spec("sql", "{}");
  spec.not_evaluated = "the host runs no SQL";
  const auto rules = MustCompile({spec});
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  const record::RuleResult result = judge.Finish(0).scorecard.rules.at(0);
  EXPECT_EQ(result.status, record::RuleStatus::kNotEvaluated);
  EXPECT_EQ(result.note, "the host runs no SQL");
}

}  // namespace
}  // namespace concordat::quality
