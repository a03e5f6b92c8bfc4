// The gate: each reason to reject, then quarantine, then accept, in the order of interfaces.md.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/quality/judge.h"

namespace concordat::quality {
namespace {

using record::Counts;
using record::Decision;
using record::RuleResult;
using record::Scorecard;
using record::Severity;
using record::Verdict;
using testing::HasSubstr;

RuleResult MakeRule(std::string id, Severity severity, Counts counts, bool dataset_rule = false) {
  RuleResult rule;
  rule.id = std::move(id);
  rule.severity = severity;
  rule.weight = record::DefaultWeight(severity);
  rule.counts = counts;
  rule.dataset_rule = dataset_rule;
  return rule;
}

// A hundred good records under one rule; each test spoils one thing.
Scorecard GoodCard() {
  Scorecard card;
  card.total = card.accepted = 100;
  card.rules = {MakeRule("code_form", Severity::kError, {100, 0, 0, 0, 0})};
  return card;
}

Decision DecideOn(Scorecard card, const policy::Gate& gate = {}, bool on_host = true) {
  ScoreCard(card, {});
  return Decide(card, gate, on_host);
}

TEST(Gate, AcceptsWhatIsGood) {
  const Decision decision = DecideOn(GoodCard());
  EXPECT_EQ(decision.verdict, Verdict::kAccept);
  EXPECT_TRUE(decision.reasons.empty());
}

TEST(Gate, RejectsTooManyUnreadableRecords) {
  Scorecard card = GoodCard();
  card.total = 1000;
  card.unreadable = 50;
  card.accepted = 950;
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kAcceptWithQuarantine) << "5% is allowed, more is not";
  card.unreadable = 51;
  card.accepted = 949;
  const Decision decision = DecideOn(card);
  EXPECT_EQ(decision.verdict, Verdict::kReject);
  EXPECT_EQ(decision.reasons.at(0).rule, "record_readable");
  EXPECT_THAT(decision.reasons.at(0).message, HasSubstr("51 of 1000 records (5.1%)"));
}

TEST(Gate, RejectsABreachedCriticalDatasetRule) {
  Scorecard card = GoodCard();
  card.rules.push_back(MakeRule("enough_rows", Severity::kCritical, {0, 1, 0, 0, 0}, true));
  const Decision decision = DecideOn(card);
  EXPECT_EQ(decision.verdict, Verdict::kReject);
  EXPECT_EQ(decision.reasons.at(0).rule, "enough_rows");
  card.rules.back().severity = Severity::kError;
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kAccept) << "below critical a dataset rule holds nothing back";
}

TEST(Gate, RejectsACriticalRuleThatIsNotEvaluatedOnTheHost) {
  Scorecard card = GoodCard();
  card.rules.push_back(MakeRule("in_period", Severity::kCritical, {}));
  card.rules.back().note = "no period was named";
  const Decision decision = DecideOn(card);
  EXPECT_EQ(decision.verdict, Verdict::kReject);
  EXPECT_THAT(decision.reasons.at(0).message, HasSubstr("no period was named"));
  EXPECT_FALSE(decision.could_not_evaluate);
  EXPECT_EQ(DecideOn(card, {}, false).verdict, Verdict::kAccept) << "a check cannot know";
  card.rules.back().enforced = false;
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kAccept) << "a rule that nobody runs cannot block";
  card.rules.back() = MakeRule("in_period", Severity::kError, {});
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kAccept);
}

TEST(Gate, RejectsARuleThatCouldNotRun) {
  Scorecard card = GoodCard();
  card.rules.push_back(MakeRule("station_known", Severity::kWarning, {0, 0, 0, 0, 1}));
  card.rules.back().note = "dataset stations is absent";
  for (const bool on_host : {true, false}) {
    const Decision decision = DecideOn(card, {}, on_host);
    EXPECT_EQ(decision.verdict, Verdict::kReject);
    EXPECT_TRUE(decision.could_not_evaluate);
    EXPECT_THAT(decision.reasons.at(0).message, HasSubstr("dataset stations is absent"));
  }
}

TEST(Gate, RejectsALowScoreOrNone) {
  Scorecard card = GoodCard();
  card.rules[0].severity = Severity::kWarning;
  card.rules[0].counts = {70, 30, 0, 0, 0};
  policy::Gate gate;
  gate.reject_score = 70;
  EXPECT_EQ(DecideOn(card, gate).verdict, Verdict::kAccept) << "70 is not below 70";
  gate.reject_score = 70.1;
  const Decision low = DecideOn(card, gate);
  EXPECT_EQ(low.verdict, Verdict::kReject);
  EXPECT_EQ(low.reasons.at(0).rule, "gate");
  EXPECT_THAT(low.reasons.at(0).message, HasSubstr("the score is 70.0; the gate asks for 70.1"));
  card.rules[0].weight = 0;
  EXPECT_THAT(DecideOn(card).reasons.at(0).message, HasSubstr("no score"));
}

TEST(Gate, RejectsALowEvaluatedShare) {
  Scorecard card = GoodCard();
  card.rules[0].severity = Severity::kWarning;
  card.rules[0].counts = {90, 0, 0, 10, 0};
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kAccept);
  card.rules[0].counts = {89, 0, 0, 11, 0};
  const Decision decision = DecideOn(card);
  EXPECT_EQ(decision.verdict, Verdict::kReject);
  EXPECT_THAT(decision.reasons.at(0).message, HasSubstr("only 89%"));
}

TEST(Gate, RejectsWhenNoRecordWouldBeAccepted) {
  Scorecard card = GoodCard();
  card.accepted = 0;
  card.quarantined = 100;
  EXPECT_EQ(DecideOn(card).reasons.at(0).message, "no record would be accepted");
  card = Scorecard();
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kReject);
  ASSERT_EQ(DecideOn(card).reasons.size(), 1u);
  EXPECT_EQ(DecideOn(card).reasons[0].message, "there is no record");
}

TEST(Gate, NamesTheRulesThatHoldRecordsBack) {
  Scorecard card = GoodCard();
  card.accepted = 97;
  card.quarantined = 3;
  card.rules = {MakeRule("form", Severity::kError, {98, 1, 0, 1, 0}),
                MakeRule("advice", Severity::kWarning, {50, 50, 0, 0, 0}),
                MakeRule("key", Severity::kCritical, {98, 2, 0, 0, 0})};
  const Decision decision = DecideOn(card);
  EXPECT_EQ(decision.verdict, Verdict::kAcceptWithQuarantine);
  ASSERT_EQ(decision.reasons.size(), 3u);
  EXPECT_EQ(decision.reasons[0].message, "1 record held back");
  EXPECT_THAT(decision.reasons[1].message, HasSubstr("it cannot be told"));
  EXPECT_EQ(decision.reasons[2].rule, "key");
}

TEST(Gate, AQuarantineOfWarningsHoldsBackWarnings) {
  Scorecard card = GoodCard();
  card.accepted = 50;
  card.quarantined = 50;
  card.rules = {MakeRule("advice", Severity::kWarning, {50, 50, 0, 0, 0})};
  policy::Gate gate;
  gate.quarantine = {Severity::kWarning};
  EXPECT_EQ(DecideOn(card, gate).reasons.at(0).rule, "advice");
}

TEST(Gate, ToleranceMovesTheStatusNotTheRecords) {
  Scorecard card = GoodCard();
  card.accepted = 99;
  card.quarantined = 1;
  card.rules[0].counts = {99, 1, 0, 0, 0};
  card.rules[0].threshold_broken = false;
  EXPECT_EQ(DecideOn(card).verdict, Verdict::kAcceptWithQuarantine);
}

}  // namespace
}  // namespace concordat::quality
