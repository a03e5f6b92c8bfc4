// A whole run: batches in, scorecard and decision out.
#include "gmock/gmock.h"
#include "host/base/json.h"
#include "host/quality/check_json.h"
#include "tests/host/quality/batch_builder.h"

namespace concordat::quality {
namespace {

using record::Counts;
using record::Finding;
using record::RuleStatus;
using record::Severity;
using record::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;

policy::RuleSpec Named(std::string id, policy::RuleSpec spec) {
  spec.id = std::move(id);
  return spec;
}

policy::RuleSpec WithSeverity(Severity severity, policy::RuleSpec spec) {
  spec.severity = severity;
  spec.weight = record::DefaultWeight(severity);
  return spec;
}

class Collector : public FindingSink {
 public:
  void OnFinding(const Finding& finding) override { findings.push_back(finding); }
  std::vector<Finding> findings;
};

// Records with a seeded mixture of good, missing, marked and bad cells.
Rows MixedRows(size_t count) {
  uint32_t state = 12345;
  const auto next = [&state](uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % below;
  };
  Rows rows;
  for (size_t i = 0; i < count; ++i) {
    const std::string code = next(10) == 0 ? "" : "K" + std::to_string(next(static_cast<uint32_t>(count)));
    const std::string n = next(12) == 0 ? "bad" : next(9) == 0 ? "c" : std::to_string(next(100));
    const std::string x = next(8) == 0 ? "N/A" : std::to_string(next(100)) + "." + std::to_string(next(1000));
    const std::string d = next(15) == 0
                              ? "31/12/2024"
                              : "2024-0" + std::to_string(1 + next(9)) + "-1" + std::to_string(next(9));
    rows.push_back({code, n, x, d});
  }
  return rows;
}

std::vector<policy::RuleSpec> MixedRules() {
  return {Spec("required", "{field: code}"),
          Spec("unique", "{fields: [code]}"),
          Spec("type", "{field: n}"),
          WithSeverity(Severity::kWarning, Spec("range", "{field: x, max: 90}")),
          Spec("compare", "{left: n, op: \"<=\", right: x}", "record.n < 20"),
          Spec("regex", "{field: code, pattern: \"K[0-9]{1,2}\"}"),
          Spec("freshness", "{field: d, max_age: P100D}"),
          Spec("period", "{field: d}"),
          Spec("row_count", "{min: 10}")};
}

// Everything a run says, as JSON text, and the held back records.
std::string RunInBatches(const std::shared_ptr<const CompiledRules>& rules, const Rows& rows,
                         size_t batch_size, FindingSink* sink) {
  RunContext context;
  context.period = TestPeriod();
  context.as_of = absl::FromCivil(absl::CivilDay(2024, 12, 1), absl::UTCTimeZone());
  Judge judge(rules, policy::Gate(), context, {}, sink);
  std::string held;
  for (size_t begin = 0; begin < rows.size(); begin += batch_size) {
    const Rows part(rows.begin() + begin, rows.begin() + std::min(begin + batch_size, rows.size()));
    const data::RowSet back =
        judge.Add(MakeBatch(rules->schema, {"code", "n", "x", "d"}, part, begin + 1), {});
    for (size_t row = 0; row < back.rows(); ++row) held += back.has(row) ? '1' : '0';
  }
  const Outcome outcome = judge.Finish(3);
  return json::Pretty(CheckJson({}, outcome.scorecard, outcome.decision, rules->schema.get(), true)) + held;
}

TEST(Judge, SaysTheSameForAnyBatchSize) {
  const auto rules = MustCompile(MixedRules());
  const Rows rows = MixedRows(600);
  const std::string whole = RunInBatches(rules, rows, 8192, nullptr);
  EXPECT_EQ(RunInBatches(rules, rows, 1, nullptr), whole);
  EXPECT_EQ(RunInBatches(rules, rows, 7, nullptr), whole);
  EXPECT_THAT(whole, HasSubstr("\"breached\""));
}

TEST(Judge, AFindingSinkChangesNothingAndHearsEverything) {
  const auto rules = MustCompile(MixedRules());
  const Rows rows = MixedRows(600);
  Collector whole, single;
  EXPECT_EQ(RunInBatches(rules, rows, 8192, &whole), RunInBatches(rules, rows, 8192, nullptr));
  RunInBatches(rules, rows, 7, &single);
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  ASSERT_EQ(whole.findings.size(), single.findings.size());
  uint64_t last = 0;
  for (size_t i = 0; i < whole.findings.size(); ++i) {
    EXPECT_EQ(whole.findings[i].message, single.findings[i].message);
    if (whole.findings[i].record == 0) continue;
    EXPECT_GE(whole.findings[i].record, last) << "record order";
    last = whole.findings[i].record;
  }
}

TEST(Judge, CountsAddUpToTheRecords) {
  const auto rules = MustCompile(MixedRules());
  Collector all;
  RunContext context;
  context.period = TestPeriod();
  Judge judge(rules, policy::Gate(), context, {}, &all);
  judge.Add(MakeBatch(rules->schema, {"code", "n", "x", "d"}, MixedRows(500)), {});
  const Outcome outcome = judge.Finish(0);
  std::map<std::string, uint64_t> heard;
  for (const Finding& finding : all.findings) ++heard[finding.rule];
  for (const record::RuleResult& rule : outcome.scorecard.rules) {
    EXPECT_EQ(rule.counts.total(), rule.dataset_rule ? 1u : 500u) << rule.id;
    EXPECT_EQ(heard[rule.id], rule.counts.fail + rule.counts.unresolved) << rule.id;
  }
}

TEST(Judge, HoldsBackRecordsOfQuarantinedSeverities) {
  const auto rules = MustCompile({Spec("required", "{field: code}"),
                                  WithSeverity(Severity::kWarning, Spec("required", "{field: code2}")),
                                  Spec("compare", "{left: n, op: \"<\", right: x}")});
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  const data::RowSet held = judge.Add(MakeBatch(rules->schema, {"code", "code2", "n", "x"},
                                                {{"a", "b", "1", "2"},
                                                 {"", "b", "1", "2"},
                                                 {"a", "", "1", "2"},
                                                 {"a", "b", "bad", "2"},
                                                 {"", "", "3", "2"}}),
                                      {});
  EXPECT_FALSE(held.has(0));
  EXPECT_TRUE(held.has(1)) << "fails an error rule";
  EXPECT_FALSE(held.has(2)) << "fails only a warning";
  EXPECT_TRUE(held.has(3)) << "unresolved on an error rule";
  EXPECT_TRUE(held.has(4));
  const Outcome outcome = judge.Finish(2);
  EXPECT_EQ(outcome.scorecard.total, 5u);
  EXPECT_EQ(outcome.scorecard.accepted, 2u);
  EXPECT_EQ(outcome.scorecard.quarantined, 3u);
  EXPECT_EQ(outcome.scorecard.blank, 2u);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kAcceptWithQuarantine);
}

TEST(Judge, ARejectionCountsAllReadableRecordsAsQuarantined) {
  const auto rules = MustCompile({Spec("required", "{field: code}")});
  policy::Gate gate;
  gate.reject_score = 99;
  Judge judge(rules, gate, {}, {}, nullptr);
  judge.Add(MakeBatch(rules->schema, {"code"}, {{"a"}, {""}, {"b"}}), {});
  judge.AddUnreadable({{4, 5, "a quote is never closed", "\"x"}});
  const Outcome outcome = judge.Finish(0);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kReject);
  EXPECT_EQ(outcome.scorecard.accepted, 0u);
  EXPECT_EQ(outcome.scorecard.quarantined, 3u);
  EXPECT_EQ(outcome.scorecard.total, 4u);
}

TEST(Judge, UnreadableRecordsAreFindingsOfARuleOfTheirOwn) {
  const auto rules = MustCompile({Spec("required", "{field: code}")});
  policy::Gate gate;
  gate.reject_unreadable = 0.5;
  Collector sink;
  Judge judge(rules, gate, {}, {}, &sink);
  judge.Add(MakeBatch(rules->schema, {"code"}, {{"a"}, {"b"}, {"d"}}), {});
  judge.AddUnreadable({{4, 5, "2 cells where the header has 3", "a,b"}});
  const Outcome outcome = judge.Finish(0);
  const record::RuleResult& readable = outcome.scorecard.rules.at(1);
  EXPECT_EQ(readable.id, "record_readable");
  EXPECT_EQ(readable.severity, Severity::kCritical);
  EXPECT_EQ(readable.status, RuleStatus::kBreached);
  EXPECT_EQ(readable.counts, (Counts{3, 1, 0, 0, 0}));
  EXPECT_EQ(readable.samples.at(0).record, 4u);
  EXPECT_EQ(readable.samples.at(0).values.at(0), (std::pair<std::string, std::string>("_raw", "a,b")));
  EXPECT_EQ(sink.findings.size(), 1u);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kAcceptWithQuarantine);
  EXPECT_EQ(outcome.decision.reasons.at(0).rule, "record_readable");
  EXPECT_DOUBLE_EQ(*outcome.scorecard.score, 100) << "a record that takes part in no rule moves no score";
}

TEST(Judge, AWholeUnreadableSourceIsARejectionThatSaysWhy) {
  Judge judge(MustCompile({Spec("required", "{field: code}")}), policy::Gate(), {}, {}, nullptr);
  const Outcome outcome = judge.Unreadable("this is an Excel file: save it as CSV UTF-8");
  EXPECT_EQ(outcome.decision.verdict, Verdict::kReject);
  EXPECT_TRUE(outcome.decision.could_not_evaluate);
  EXPECT_EQ(outcome.decision.reasons.at(0).message, "this is an Excel file: save it as CSV UTF-8");
  EXPECT_FALSE(outcome.scorecard.score.has_value());
}

TEST(Judge, KeepsTheFirstSamplesAndCountsAll) {
  const auto rules =
      MustCompile({Spec("required", "{field: code}"), Spec("compare", "{left: n, op: \"<\", value: 5}")});
  RunContext context;
  context.samples = 3;
  Judge judge(rules, policy::Gate(), context, {}, nullptr);
  Rows rows(10, Row{"", "bad"});
  rows[7][1] = "9";
  judge.Add(MakeBatch(rules->schema, {"code", "n"}, rows), {});
  const Outcome outcome = judge.Finish(0);
  const record::RuleResult& required = outcome.scorecard.rules[0];
  EXPECT_EQ(required.counts.fail, 10u);
  ASSERT_EQ(required.samples.size(), 3u);
  EXPECT_EQ(required.samples[2].record, 3u);
  const record::RuleResult& compare = outcome.scorecard.rules[1];
  EXPECT_EQ(compare.counts.unresolved, 9u);
  ASSERT_EQ(compare.samples.size(), 3u);
  EXPECT_THAT(std::vector<uint64_t>(
                  {compare.samples[0].record, compare.samples[1].record, compare.samples[2].record}),
              ElementsAre(1, 2, 8))
      << "a failing record comes before an unresolved one, and all stand in record order";
}

TEST(Judge, TolerancesAndThresholdsDecideTheStatus) {
  policy::RuleSpec tolerant = Named("tolerant", Spec("required", "{field: code}"));
  tolerant.tolerance = {policy::Allowance{0.1}, policy::Allowance{0.3}};
  policy::RuleSpec percent = Named("percent", Spec("required", "{field: code}"));
  percent.threshold = policy::Threshold{"mustBeLessThan", 20, 0, true};
  policy::RuleSpec groups = Named("groups", Spec("unique", "{fields: [code2]}"));
  groups.threshold = policy::Threshold{"mustBeLessOrEqualTo", 1, 0, false, true};
  policy::RuleSpec between = Named("between", Spec("required", "{field: code}"));
  between.threshold = policy::Threshold{"mustBeBetween", 0, 1};
  const auto rules = MustCompile({tolerant, percent, groups, between});
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  Rows rows(10, Row{"a", "same"});
  rows[0][0] = rows[1][0] = "";
  judge.Add(MakeBatch(rules->schema, {"code", "code2"}, rows), {});
  const std::vector<record::RuleResult> results = judge.Finish(0).scorecard.rules;
  EXPECT_EQ(results[0].status, RuleStatus::kWarned);
  EXPECT_EQ(results[0].threshold, "breach over 30%, warn over 10%");
  EXPECT_EQ(results[1].status, RuleStatus::kBreached) << "20 percent is not less than 20";
  EXPECT_EQ(results[1].threshold, "mustBeLessThan 20 percent");
  EXPECT_EQ(results[2].status, RuleStatus::kMet) << "nine repeats, but one group";
  EXPECT_EQ(results[3].status, RuleStatus::kBreached);
  EXPECT_EQ(results[3].threshold, "mustBeBetween 0 and 1");
}

std::vector<AdapterRule> TwoAdapterRules() {
  AdapterRule coding;
  coding.id = "incident_coding";
  coding.description = "station and incident type agree";
  AdapterRule advice;
  advice.id = "advice";
  advice.severity = Severity::kWarning;
  return {coding, advice};
}

TEST(Judge, AnAdaptersFindingsCountLikeTheHosts) {
  const auto rules = MustCompile({Spec("required", "{field: code}")});
  Collector sink;
  Judge judge(rules, policy::Gate(), {}, TwoAdapterRules(), &sink);
  using Kind = AdapterFinding::Outcome;
  const std::vector<AdapterFinding> findings = {
      {2, 0, Kind::kUnresolved, {}, "", ""},
      {2, 0, Kind::kFail, {{"Station", "S1"}}, "S1 has no boat", "choose another"},
      {1, 1, Kind::kFail, {}, "odd", ""},
      {4, 0, Kind::kSkip, {}, "", ""},
      {3, 0, Kind::kUnresolved, {}, "", ""},
      {99, 0, Kind::kFail, {}, "no such record", ""},
      {1, 7, Kind::kFail, {}, "no such rule", ""}};
  const data::RowSet held =
      judge.Add(MakeBatch(rules->schema, {"code"}, {{"a"}, {"b"}, {"d"}, {"e"}, {"f"}}), findings);
  EXPECT_FALSE(held.has(0)) << "a warning holds nothing back";
  EXPECT_TRUE(held.has(1));
  EXPECT_TRUE(held.has(2));
  EXPECT_FALSE(held.has(3));
  judge.AddAdapterDimension("coding", 40, "5 incidents");
  const Outcome outcome = judge.Finish(0);
  const record::RuleResult& coding = outcome.scorecard.rules.at(1);
  EXPECT_EQ(coding.origin, record::Origin::kAdapter);
  EXPECT_EQ(coding.counts, (Counts{2, 1, 1, 1, 0}));
  EXPECT_EQ(coding.samples.at(0).message, "S1 has no boat");
  EXPECT_EQ(outcome.scorecard.dimensions.back().dimension, "adapter/coding");
  EXPECT_LT(*outcome.scorecard.score, 100);
  ASSERT_EQ(sink.findings.size(), 3u);
  EXPECT_TRUE(sink.findings[0].from_adapter);
  EXPECT_EQ(sink.findings[2].message, "station and incident type agree")
      << "without a message the rule's own words serve";
}

TEST(Judge, AnAdapterScoreThatIsNoNumberCountsAsZero) {
  const auto rules = MustCompile({Spec("required", "{field: code}")});
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  judge.Add(MakeBatch(rules->schema, {"code"}, {{"a"}}), {});
  judge.AddAdapterDimension("odd", std::numeric_limits<double>::quiet_NaN(), "");
  judge.AddAdapterDimension("high", 1e9, "");
  const Outcome outcome = judge.Finish(0);
  EXPECT_DOUBLE_EQ(*outcome.scorecard.dimensions.at(1).score, 0);
  EXPECT_DOUBLE_EQ(*outcome.scorecard.dimensions.at(2).score, 100);
  EXPECT_LT(*outcome.scorecard.score, 100);
}

TEST(Judge, WorkedExampleOfTheInterfacesFromRecords) {
  policy::RuleSpec a = WithSeverity(Severity::kCritical, Named("a", Spec("required", "{field: code}")));
  a.dimension = record::Dimension::kCompleteness;
  policy::RuleSpec b = Named("b", Spec("range", "{field: x, max: 10}"));
  policy::RuleSpec c =
      WithSeverity(Severity::kWarning, Named("c", Spec("compare", "{left: d2, op: \">=\", right: d}")));
  c.dimension = record::Dimension::kConsistency;
  const auto rules = MustCompile({a, b, c});
  Rows rows(100, Row{"k", "1", "2024-01-01", "2024-01-02"});
  rows[0][0] = rows[1][0] = "";
  for (int i = 2; i < 7; ++i) rows[i][1] = "11";
  for (int i = 10; i < 15; ++i) rows[i][1] = "";
  for (int i = 20; i < 30; ++i) rows[i][3] = "2023-12-31";
  for (int i = 30; i < 40; ++i) rows[i][3] = "";
  Judge judge(rules, policy::Gate(), {}, {}, nullptr);
  judge.Add(MakeBatch(rules->schema, {"code", "x", "d", "d2"}, rows), {});
  const Outcome outcome = judge.Finish(0);
  const record::Scorecard& card = outcome.scorecard;
  EXPECT_DOUBLE_EQ(record::ShownScore(*card.score), 93.8);
  EXPECT_EQ(card.grade, record::Grade::kD);
  EXPECT_EQ(card.accepted, 93u);
  EXPECT_EQ(card.quarantined, 7u);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kAcceptWithQuarantine);
}

TEST(Judge, AnEmptySourceIsRejected) {
  Judge judge(MustCompile({Spec("required", "{field: code}")}), policy::Gate(), {}, {}, nullptr);
  const Outcome outcome = judge.Finish(0);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kReject);
  EXPECT_EQ(outcome.decision.reasons.back().message, "there is no record");
}

policy::RuleSpec OnTrial(policy::RuleSpec spec) {
  spec.lifetime.state = record::RuleLife::kShadow;
  return spec;
}

Outcome JudgeRows(const std::vector<policy::RuleSpec>& specs, const Rows& rows, FindingSink* sink = nullptr) {
  Issues issues;
  RunContext context;
  context.as_of = absl::FromCivil(absl::CivilDay(2024, 12, 1), absl::UTCTimeZone());
  const auto rules = CompileAll(specs, issues);
  Judge judge(rules, policy::Gate(), context, {}, sink);
  judge.Add(MakeBatch(rules->schema, {"code", "n", "x", "d"}, rows, 1), {});
  return judge.Finish(0);
}

const Rows kHalfBad = {{"K1", "1", "1", "2024-01-01"}, {"", "1", "1", "2024-01-01"}};

TEST(RuleLife, AShadowRuleIsCountedAndShownButTouchesNothing) {
  const policy::RuleSpec good = Named("good", Spec("required", "{field: n}"));
  const policy::RuleSpec bad =
      Named("bad", WithSeverity(Severity::kCritical, Spec("required", "{field: code}")));
  Collector sink;
  const Outcome enforced = JudgeRows({good, bad}, kHalfBad);
  const Outcome trial = JudgeRows({good, OnTrial(bad)}, kHalfBad, &sink);
  EXPECT_EQ(enforced.decision.verdict, Verdict::kAcceptWithQuarantine);
  EXPECT_EQ(trial.decision.verdict, Verdict::kAccept);
  EXPECT_EQ(trial.scorecard.score, JudgeRows({good}, kHalfBad).scorecard.score);
  EXPECT_EQ(trial.scorecard.grade, record::Grade::kA);
  EXPECT_EQ(trial.scorecard.rules[1].counts, enforced.scorecard.rules[1].counts);
  EXPECT_EQ(trial.scorecard.rules[1].status, RuleStatus::kBreached);
  EXPECT_EQ(trial.scorecard.rules[1].life, record::RuleLife::kShadow);
  EXPECT_EQ(trial.scorecard.rules[1].samples.size(), 1u);
  EXPECT_TRUE(sink.findings.empty()) << "a finding on trial holds nobody's record back";
}

TEST(RuleLife, ADraftIsListedAndNotRun) {
  policy::RuleSpec draft = Named("draft", Spec("required", "{field: code}"));
  draft.lifetime.state = record::RuleLife::kDraft;
  const Outcome outcome = JudgeRows({Named("good", Spec("required", "{field: n}")), draft}, kHalfBad);
  EXPECT_EQ(outcome.decision.verdict, Verdict::kAccept);
  EXPECT_EQ(outcome.scorecard.rules[1].counts, Counts());
  EXPECT_EQ(outcome.scorecard.rules[1].status, RuleStatus::kNotEvaluated);
  EXPECT_THAT(outcome.scorecard.rules[1].note, HasSubstr("draft"));
  EXPECT_DOUBLE_EQ(outcome.scorecard.evaluated_share, 1.0);
}

TEST(RuleLife, ARuleIsEnforcedFromItsFirstDayToItsLast) {
  policy::RuleLifetime life;
  life.effective = absl::CivilDay(2026, 4, 1);
  life.until = absl::CivilDay(2026, 4, 30);
  EXPECT_EQ(life.On(absl::CivilDay(2026, 3, 31)), record::RuleLife::kShadow);
  EXPECT_EQ(life.On(absl::CivilDay(2026, 4, 1)), record::RuleLife::kEnforced);
  EXPECT_EQ(life.On(absl::CivilDay(2026, 4, 30)), record::RuleLife::kEnforced);
  EXPECT_EQ(life.On(absl::CivilDay(2026, 5, 1)), record::RuleLife::kShadow);
}

TEST(Tolerance, MayBeANumberOfRecords) {
  for (const auto& [allowed, status] : {std::pair{0.0, RuleStatus::kBreached}, {1.0, RuleStatus::kMet}}) {
    policy::RuleSpec spec = Spec("required", "{field: code}");
    spec.tolerance.breach = policy::Allowance{allowed, true};
    EXPECT_EQ(JudgeRows({spec}, kHalfBad).scorecard.rules[0].status, status) << allowed;
  }
}

}  // namespace
}  // namespace concordat::quality
