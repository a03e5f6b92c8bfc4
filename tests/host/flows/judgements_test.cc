// People judge too: warnings accepted for a time, periods signed off and reopened, over a real store and a
// real log.
#include "fmt/format.h"
#include "host/flows/acceptance.h"
#include "host/flows/erase.h"
#include "host/flows/sign_off.h"
#include "host/flows/submission_views.h"
#include "host/flows/submit.h"
#include "tests/host/flows/host_fixture.h"

namespace concordat::flows {
namespace {

const PartnerId kConstabulary("constabulary");
const FeedId kFeed("constabulary-street-crime");

const Caller kPat = CallerOf("constabulary", "steward", "pat");
const Caller kPatAsDelegate = CallerOf("constabulary", "delegate", "pat");
const Caller kDana = CallerOf("constabulary", "delegate", "dana");
const Caller kPip = CallerOf("constabulary", "steward", "pip");
const Caller kAsh = CallerOf("constabulary", "analyst", "ash");
const Caller kDrew = CallerOf("county-council", "delegate", "drew");

json::Object RuleOf(const std::string& id, const std::string& severity, const std::string& status) {
  return {{"id", id}, {"severity", severity}, {"status", status}, {"state", "enforced"}, {"fail", 3}};
}

class JudgementsTest : public HostFixture {
 protected:
  JudgementsTest() : HostFixture("2026-10-14T10:00:00Z") {}
  void SetUp() override { OpenHost(); }

  // An accepted submission of 2026-05 by Pat, with rules of every severity.
  store::Attempt Submit(const std::string& id, int number = 1, const std::string& supersedes = "",
                        const std::string& mends = "") {
    store::Attempt attempt = store::AttemptOf(id, number, supersedes);
    attempt.feed = kFeed;
    attempt.partner = kConstabulary;
    attempt.dataset = DatasetId("street_crime");
    attempt.submitter = mends.empty() ? kPat.spiffe_id : kPip.spiffe_id;
    attempt.mends = mends;
    attempt.result = json::Object{
        {"score", 91.5},
        {"rules", json::Array{RuleOf("few_records", "warning", "breached"),
                              RuleOf("odd_hours", "warning", "warned"), RuleOf("kept", "warning", "met"),
                              RuleOf("codes", "error", "breached"), RuleOf("nearly", "error", "warned"),
                              RuleOf("key", "critical", "warned"), RuleOf("aside", "info", "breached")}}};
    const auto schema = store::SmallSchema();
    auto writer = store_->Begin(attempt.id, attempt.dataset, schema);
    EXPECT_OK(writer);
    const data::Batch batch = store::BatchOf(schema, {{"a", "1"}});
    EXPECT_OK((*writer)->AppendAccepted(batch, store::All(batch)));
    EXPECT_OK((*writer)->Seal({}));
    attempt.accepted = attempt.total = 1;
    EXPECT_OK(store_->Publish(attempt));
    return attempt;
  }

  absl::StatusOr<json::Value> Accept(const Caller& caller, const std::string& rule = "few_records",
                                     const std::string& until = "2026-12-31",
                                     const std::string& reason = "holidays") {
    return AcceptWarning(host_, {caller, SubmissionId("S-1"), rule, reason, until});
  }
  absl::StatusOr<json::Value> SignOff(const Caller& caller, const std::string& id = "S-1",
                                      const std::string& assurance = "random_checks") {
    return SignOffPeriod(host_, {caller, SubmissionId(id), assurance, "forty records"});
  }
  absl::StatusOr<json::Value> Reopen(const Caller& caller, const std::string& id = "S-1",
                                     const std::string& reason = "two stations left out") {
    return ReopenPeriod(host_, {caller, SubmissionId(id), reason});
  }
  json::Value Shown(const std::string& id = "S-1") {
    auto view = ViewSubmission(host_, kPat, SubmissionId(id));
    EXPECT_OK(view);
    return view.ok() ? view->result : json::Value();
  }
};

TEST_F(JudgementsTest, ASecondPersonAcceptsAWarningAndItsReceiptSaysWhy) {
  Submit("S-1");
  const auto receipt = Accept(kDana);
  ASSERT_OK(receipt);
  EXPECT_EQ(json::TextOr(*receipt, "decision", ""), "warning_accepted");
  const json::Value& subject = *json::Find(*receipt, "subject");
  EXPECT_EQ(json::TextOr(subject, "rule", ""), "few_records");
  EXPECT_EQ(json::TextOr(subject, "by", ""), kDana.spiffe_id);
  EXPECT_EQ(json::TextOr(subject, "until", ""), "2026-12-31");
  const json::Value shown = Shown();
  const json::Array& acceptances = shown.at("acceptances").as_array();
  ASSERT_EQ(acceptances.size(), 1u);
  EXPECT_EQ(json::TextOr(acceptances[0], "rule", ""), "few_records");
  EXPECT_EQ(json::TextOr(acceptances[0], "reason", ""), "holidays");
  EXPECT_EQ(json::TextOr(acceptances[0], "by", ""), kDana.spiffe_id);
  EXPECT_EQ(json::TextOr(acceptances[0], "at", ""), "2026-10-14T10:00:00Z");
  EXPECT_FALSE(acceptances[0].at("expired").as_bool());
  EXPECT_EQ(json::TextOr(acceptances[0], "receipt", ""), json::TextOr(*receipt, "id", "-"));
  EXPECT_EQ(shown.at("score").as_double(), 91.5);
}

TEST_F(JudgementsTest, NobodyAcceptsTheirOwnInWhateverRole) {
  Submit("S-1");
  EXPECT_CODE(Accept(kPat), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Accept(kPatAsDelegate), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Accept(kAsh), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Accept(kDrew), absl::StatusCode::kPermissionDenied);
  EXPECT_OK(Accept(kPip));
  EXPECT_OK(Accept(Administrator()));
}

TEST_F(JudgementsTest, WhoSentWhatWasMendedDoesNotAcceptTheMendedOneEither) {
  Submit("S-0");
  Submit("S-1", 2, "S-0", /*mends=*/"S-0");
  EXPECT_CODE(Accept(kPip), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Accept(kPat), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(SignOff(kPat), absl::StatusCode::kPermissionDenied);
  EXPECT_OK(Accept(kDana));
}

TEST_F(JudgementsTest, OnlyWhatWarnedIsAccepted) {
  Submit("S-1");
  EXPECT_OK(Accept(kDana, "odd_hours"));
  EXPECT_OK(Accept(kDana, "nearly"));  // an error rule of which only the warn threshold is broken
  EXPECT_CODE(Accept(kDana, "kept"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(Accept(kDana, "codes"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(Accept(kDana, "key"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(Accept(kDana, "aside"), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(Accept(kDana, "few_record"), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(Accept(kDana, "codes").status().message()),
              testing::HasSubstr("submission mend S-1"));
}

TEST_F(JudgementsTest, ItsLastDayLiesAheadAndAtMostAYearAway) {
  Submit("S-1");
  for (const char* day : {"", "2026-10-14", "2026-10-13", "2027-10-15", "tomorrow", "2027-02-30"})
    EXPECT_CODE(Accept(kDana, "few_records", day), absl::StatusCode::kInvalidArgument) << day;
  EXPECT_OK(Accept(kDana, "few_records", "2026-10-15"));
  EXPECT_OK(Accept(kDana, "few_records", "2027-10-14"));
  EXPECT_CODE(Accept(kDana, "few_records", "2026-12-31", ""), absl::StatusCode::kInvalidArgument);
}

TEST_F(JudgementsTest, ItExpiresAfterItsLastDayAndIsCountedSo) {
  const store::Attempt attempt = Submit("S-1");
  ASSERT_OK(Accept(kDana, "few_records", "2026-10-20"));
  ASSERT_OK(Accept(kDana, "odd_hours", "2026-12-31"));
  clock_.Set(absl::FromUnixSeconds(1792540799));  // the last second of 2026-10-20
  AcceptanceCounts counts = store::Value(AcceptanceCountsOf(host_, attempt));
  EXPECT_EQ(counts.warned, 3u);
  EXPECT_EQ(counts.standing, 2u);
  EXPECT_EQ(counts.expired, 0u);
  clock_.Set(absl::FromUnixSeconds(1792540800));
  counts = store::Value(AcceptanceCountsOf(host_, attempt));
  EXPECT_EQ(counts.standing, 1u);
  EXPECT_EQ(counts.expired, 1u);
  const auto list = store::Value(ListSubmissions(host_, {}));
  EXPECT_EQ(list.at(0).at("warned").to_number<int>(), 3);
  EXPECT_EQ(list.at(0).at("acceptances").to_number<int>(), 1);
  EXPECT_EQ(list.at(0).at("acceptancesExpired").to_number<int>(), 1);
}

TEST_F(JudgementsTest, AcceptingAgainTakesThePlaceAndKeepsWhatWas) {
  Submit("S-1");
  ASSERT_OK(Accept(kDana, "few_records", "2026-10-20", "holidays"));
  ASSERT_OK(Accept(kPip, "few_records", "2026-11-30", "the station is closed"));
  const json::Value shown = Shown();
  const json::Array& acceptances = shown.at("acceptances").as_array();
  ASSERT_EQ(acceptances.size(), 1u);
  EXPECT_EQ(json::TextOr(acceptances[0], "reason", ""), "the station is closed");
  ASSERT_EQ(acceptances[0].at("earlier").as_array().size(), 1u);
  EXPECT_EQ(json::TextOr(acceptances[0].at("earlier").at(0), "reason", ""), "holidays");
}

TEST_F(JudgementsTest, OnlyTheCurrentSubmissionIsJudged) {
  Submit("S-1");
  Submit("S-2", 2, "S-1");
  EXPECT_CODE(Accept(kDana), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(SignOff(kDana), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(SignOff(kDana, "S-9"), absl::StatusCode::kNotFound);
}

TEST_F(JudgementsTest, ASignedOffPeriodIsLockedAndTheMessageSaysHowToReopenIt) {
  Submit("S-1");
  EXPECT_CODE(SignOff(kPat), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(SignOff(kDrew), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(SignOff(kDana, "S-1", "a_hunch"), absl::StatusCode::kInvalidArgument);
  const auto receipt = SignOff(kDana);
  ASSERT_OK(receipt);
  EXPECT_EQ(json::TextOr(*receipt, "decision", ""), "signed_off");
  EXPECT_EQ(json::TextOr(*json::Find(*receipt, "subject"), "assurance", ""), "random_checks");
  EXPECT_CODE(SignOff(kPip), absl::StatusCode::kFailedPrecondition);

  const absl::Status refused = Withdraw(host_, {kPat, SubmissionId("S-1"), "mistake"}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("dana, delegate of constabulary"));
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("2026-10-14T10:00:00Z"));
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("concordat submission reopen S-1"));
  EXPECT_EQ(RequireNotSignedOff(host_, kFeed, "2026-05").message(), refused.message());
  EXPECT_OK(RequireNotSignedOff(host_, kFeed, "2026-06"));

  const json::Value shown = Shown();
  EXPECT_EQ(json::TextOr(shown.at("signedOff"), "by", ""), kDana.spiffe_id);
  EXPECT_EQ(json::TextOr(shown.at("signedOff"), "assurance", ""), "random_checks");
  EXPECT_EQ(json::TextOr(shown.at("signedOff"), "comment", ""), "forty records");
}

TEST_F(JudgementsTest, ADayOfALockedMonthIsLockedToo) {
  Submit("S-1");
  const auto admits = [&](const std::string& period) {
    return RequireNoneSignedOff(host_, kFeed, *policy::ParsePeriod(period, 4, 1));
  };
  EXPECT_OK(admits("2026-05-14"));
  ASSERT_OK(SignOff(kDana));
  for (const char* period : {"2026-05", "2026-05-01", "2026-05-31", "2026-W20", "2026-Q2", "2026/27-Q1"})
    EXPECT_CODE(admits(period), absl::StatusCode::kFailedPrecondition) << period;
  EXPECT_OK(admits("2026-06"));
  EXPECT_OK(admits("2026-04-30"));
  ASSERT_OK(Reopen(kPip));
  EXPECT_OK(admits("2026-05-14"));
}

TEST_F(JudgementsTest, BlanksAndControlsAreNoReason) {
  Submit("S-1");
  for (const std::string& reason : {std::string(" \n"), std::string("\x1b[2J"), std::string(5000, 'x')})
    EXPECT_CODE(Accept(kDana, "few_records", "2026-12-31", reason), absl::StatusCode::kInvalidArgument);
  ASSERT_OK(SignOff(kDana));
  for (const std::string& reason : {std::string(), std::string("  "), std::string("\x1b[2J")})
    EXPECT_CODE(Reopen(kPip, "S-1", reason), absl::StatusCode::kInvalidArgument);
}

TEST_F(JudgementsTest, SomebodyElseReopensItAndAllOfItIsKept) {
  Submit("S-1");
  EXPECT_CODE(Reopen(kPip), absl::StatusCode::kFailedPrecondition);
  ASSERT_OK(SignOff(kDana));
  EXPECT_CODE(Reopen(kDana), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Reopen(kDrew), absl::StatusCode::kPermissionDenied);
  EXPECT_CODE(Reopen(kPip, "S-1", ""), absl::StatusCode::kInvalidArgument);
  ASSERT_OK(Reopen(kPat));
  EXPECT_OK(RequireNotSignedOff(host_, kFeed, "2026-05"));
  ASSERT_OK(SignOff(Administrator(), "S-1", "external_audit"));
  const json::Value shown = Shown();
  std::vector<std::string> actions;
  for (const json::Value& step : shown.at("signOffs").as_array())
    actions.push_back(json::TextOr(step, "action", "") + " " + json::TextOr(step, "assurance", "-"));
  EXPECT_THAT(actions,
              testing::ElementsAre("signed_off random_checks", "reopened -", "signed_off external_audit"));
}

TEST_F(JudgementsTest, WhileASubmissionIsUnderWayNothingIsSignedOffOrWithdrawn) {
  Submit("S-1");
  {
    const Turn turn(turns_, kFeed, "2026-05");
    ASSERT_TRUE(turn.taken());
    EXPECT_CODE(SignOff(kDana), absl::StatusCode::kAborted);
    EXPECT_CODE(Withdraw(host_, {kPat, SubmissionId("S-1"), "mistake"}), absl::StatusCode::kAborted);
  }
  EXPECT_OK(SignOff(kDana));
}

TEST_F(JudgementsTest, TheLawErasesAllTheSameAndTheCertificateSaysWhoHadSignedOff) {
  Submit("S-1");
  ASSERT_OK(SignOff(kDana));
  const auto certificate =
      EraseSubmission(host_, {Administrator(), SubmissionId("S-1"), "retention is over"});
  ASSERT_OK(certificate);
  EXPECT_EQ(json::TextOr(json::Find(*certificate, "subject")->at("signedOff"), "by", ""), kDana.spiffe_id);
  EXPECT_CODE(RequireNotSignedOff(host_, kFeed, "2026-05"), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace concordat::flows
