// What the host knows of one partner, over a real store and a real log.
#include "host/flows/partner_history.h"

#include <algorithm>
#include <fstream>

#include "tests/host/flows/quality_host.h"

namespace concordat::flows {
namespace {

class PartnerHistoryTest : public QualityHost {
 protected:
  assess::History Now() {
    return store::Value(HistoryOfPartner(host_, PartnerId("constabulary"), clock_.Now()));
  }
  // The due period of the crime feed.
  static const assess::DuePeriod* Find(const assess::History& history, const std::string& period) {
    const auto found =
        std::find_if(history.periods.begin(), history.periods.end(),
                     [&](const assess::DuePeriod& one) { return one.feed == kFeed && one.period == period; });
    return found == history.periods.end() ? nullptr : &*found;
  }
};

TEST_F(PartnerHistoryTest, EveryAttemptStandsInItAsItWas) {
  Send({"S-1",
        "2026-08",
        "2026-09-10T09:00:00Z",
        60,
        true,
        "",
        {{"a", 1, 9, "critical", "accuracy", "breached"}}});
  Send({"S-2",
        "2026-08",
        "2026-09-25T09:00:00Z",
        90,
        false,
        "",
        {{"a", 10, 0}},
        "1.0.0",
        "2026-09-20T23:59:59Z"});
  Send({"S-3", "2026-08", "2026-09-26T09:00:00Z", 95, false, "S-2"});
  Send({"S-4", "2026-09", "2026-10-02T09:00:00Z", 95.5, false, "", {}, "1.0.0", "2026-10-20T23:59:59Z"});
  Send({"S-5", "2026-Q2", "2026-07-02T09:00:00Z"}, "county-council-collisions");
  assess::History history = Now();
  ASSERT_EQ(history.entries.size(), 4u) << "another partner's is not there";
  std::sort(history.entries.begin(), history.entries.end(),
            [](const auto& a, const auto& b) { return a.submission < b.submission; });
  const auto& [rejected, late, correction, good] =
      std::tie(history.entries[0], history.entries[1], history.entries[2], history.entries[3]);
  EXPECT_TRUE(rejected.first_attempt);
  EXPECT_FALSE(rejected.accepted);
  EXPECT_FALSE(rejected.current);
  ASSERT_EQ(rejected.rules.size(), 1u);
  EXPECT_EQ(rejected.rules[0].status, "breached");
  EXPECT_EQ(rejected.rules[0].severity, "critical");
  EXPECT_FALSE(late.first_attempt);
  EXPECT_EQ(late.on_time, false);
  EXPECT_FALSE(late.current) << "superseded";
  EXPECT_TRUE(correction.current);
  EXPECT_EQ(correction.on_time, std::nullopt) << "it had no due date";
  EXPECT_EQ(good.on_time, true);
  EXPECT_EQ(good.score, 95.5);
  EXPECT_EQ(good.dimensions, (std::vector<std::pair<std::string, double>>{{"conformity", 100.5}}))
      << "what was not measured is left out";
}

TEST_F(PartnerHistoryTest, APeriodIsDueFromTheFirstThatWasSentAndMissingWhenNothingWasAccepted) {
  Send({"S-1", "2026-06", "2026-07-10T09:00:00Z"});
  Send({"S-2", "2026-08", "2026-09-10T09:00:00Z", 50, true});
  Send({"S-3", "2026-09", "2026-10-25T09:00:00Z", 80});
  Send({"S-4", "2026-09", "2026-10-26T09:00:00Z", 90, false, "S-3"});
  const assess::History history = Now();
  EXPECT_EQ(Find(history, "2026-05"), nullptr) << "before the first";
  ASSERT_NE(Find(history, "2026-06"), nullptr);
  EXPECT_EQ(Find(history, "2026-06")->received, At("2026-07-10T09:00:00Z"));
  EXPECT_EQ(Find(history, "2026-06")->due, At("2026-07-20T23:59:59Z"));
  ASSERT_NE(Find(history, "2026-07"), nullptr);
  EXPECT_EQ(Find(history, "2026-07")->received, std::nullopt) << "never sent";
  EXPECT_EQ(Find(history, "2026-08")->received, std::nullopt) << "rejected";
  EXPECT_EQ(Find(history, "2026-09")->received, At("2026-10-25T09:00:00Z"))
      << "the first accepted, not the correction";
  EXPECT_EQ(Find(history, "2026-10"), nullptr) << "due at the end of today";
  clock_.Set(At("2026-11-21T00:00:00Z"));
  ASSERT_NE(Find(Now(), "2026-10"), nullptr);
}

TEST_F(PartnerHistoryTest, AWithdrawnSubmissionLeavesItsPeriodMissingAnErasedOneDoesNot) {
  Send({"S-1", "2026-08", "2026-09-10T09:00:00Z"});
  Send({"S-2", "2026-09", "2026-10-10T09:00:00Z"});
  ASSERT_OK(store_->Withdraw(SubmissionId("S-1"), "the wrong month", json::Object{}));
  ASSERT_OK(
      store_->Erase(SubmissionId("S-2"), "kept long enough", clock_.Now(), json::Object{}, json::Object{}));
  EXPECT_EQ(Find(Now(), "2026-08")->received, std::nullopt);
  EXPECT_NE(Find(Now(), "2026-09")->received, std::nullopt);
  ASSERT_OK(
      store_->Erase(SubmissionId("S-1"), "kept long enough", clock_.Now(), json::Object{}, json::Object{}));
  EXPECT_EQ(Find(Now(), "2026-08")->received, std::nullopt) << "erasing it does not bring it back";
}

TEST_F(PartnerHistoryTest, NothingOfTheFutureIsKnown) {
  Send({"S-1", "2026-08", "2026-09-10T09:00:00Z"});
  Send({"S-2", "2026-09", "2026-10-10T09:00:00Z"});
  const auto then =
      store::Value(HistoryOfPartner(host_, PartnerId("constabulary"), At("2026-10-01T00:00:00Z")));
  ASSERT_EQ(then.entries.size(), 1u);
  EXPECT_EQ(Find(then, "2026-08")->received, At("2026-09-10T09:00:00Z"));
  EXPECT_EQ(Find(then, "2026-09"), nullptr);
}

TEST_F(PartnerHistoryTest, ObligationsAndActionsAreTasks) {
  store::Obligation owed;
  owed.id = "O-1";
  owed.kind = "rectification";
  owed.partner = PartnerId("constabulary");
  owed.due = At("2026-11-01T00:00:00Z");
  store::Obligation others = owed;
  others.id = "O-2";
  others.partner = PartnerId("county-council");
  ASSERT_OK(store_->AddObligations({owed, others}));
  ASSERT_OK(store_->CloseObligation("O-1", {At("2026-10-30T00:00:00Z"), "pat", "done", "", "", ""}));
  store::Assessment assessment;
  assessment.id = "A-1";
  assessment.template_id = "dq-themes";
  assessment.partner = PartnerId("constabulary");
  assessment.cycle = "2026/27";
  assessment.state = "open";
  assessment.started = At("2026-10-01T00:00:00Z");
  ASSERT_OK(store_->StartAssessment(assessment));
  store::ImprovementAction action;
  action.id = "ACT-1";
  action.assessment = "A-1";
  action.partner = PartnerId("constabulary");
  action.due = At("2026-12-01T00:00:00Z");
  action.state = "open";
  action.created = At("2026-10-01T00:00:00Z");
  ASSERT_OK(store_->AddAction(action));
  const assess::History history = Now();
  ASSERT_EQ(history.tasks.size(), 2u);
  EXPECT_EQ(history.tasks[0].kind, "rectification");
  EXPECT_EQ(history.tasks[0].closed, At("2026-10-30T00:00:00Z"));
  EXPECT_EQ(history.tasks[1].kind, "action");
  EXPECT_EQ(history.tasks[1].due, At("2026-12-01T00:00:00Z"));
  EXPECT_EQ(history.tasks[1].closed, std::nullopt);
}

TEST_F(PartnerHistoryTest, AcceptedWarningsAndSignOffsStandUntilTheyExpireOrAreReopened) {
  Send({"S-1",
        "2026-09",
        "2026-10-10T09:00:00Z",
        90,
        false,
        "",
        {{"a", 9, 1, "warning"}, {"b", 9, 1, "warning"}}});
  store::Acceptance acceptance;
  acceptance.submission = SubmissionId("S-1");
  acceptance.feed = FeedId(kFeed);
  acceptance.partner = PartnerId("constabulary");
  acceptance.dataset = DatasetId("street_crime");
  acceptance.period = "2026-09";
  acceptance.rule = "a";
  acceptance.at = At("2026-10-11T00:00:00Z");
  acceptance.until = "2026-11-20";
  ASSERT_OK(store_->AddAcceptance(acceptance));
  store::SignOff sign_off;
  sign_off.submission = SubmissionId("S-1");
  sign_off.feed = FeedId(kFeed);
  sign_off.partner = PartnerId("constabulary");
  sign_off.dataset = DatasetId("street_crime");
  sign_off.period = "2026-09";
  sign_off.assurance = "internal_audit";
  sign_off.at = At("2026-10-12T00:00:00Z");
  ASSERT_OK(store_->AddSignOff(sign_off));
  const assess::HistoryEntry entry = Now().entries.at(0);
  EXPECT_EQ(entry.assurance, "internal_audit");
  EXPECT_TRUE(entry.rules.at(0).accepted) << "today is its last day";
  EXPECT_FALSE(entry.rules.at(1).accepted);
  sign_off.reopened = true;
  sign_off.assurance = "";
  sign_off.at = At("2026-11-20T11:00:00Z");
  ASSERT_OK(store_->AddSignOff(sign_off));
  clock_.Set(At("2026-11-21T00:00:00Z"));
  EXPECT_EQ(Now().entries.at(0).assurance, "");
  EXPECT_FALSE(Now().entries.at(0).rules.at(0).accepted);
}

TEST_F(PartnerHistoryTest, AProtocolIsUsedByBothSidesAndNotInForceWithoutSignatures) {
  Release("county-council", "asb-hotspots", "2026-10-01T00:00:00Z");
  Release("county-council", "asb-hotspots", "2026-10-05T00:00:00Z");
  for (const char* partner : {"constabulary", "county-council"}) {
    const auto history = store::Value(HistoryOfPartner(host_, PartnerId(partner), clock_.Now()));
    ASSERT_EQ(history.protocols.size(), 1u) << partner;
    EXPECT_EQ(history.protocols[0].protocol, "asb-hotspots");
    EXPECT_EQ(history.protocols[0].last_used, At("2026-10-05T00:00:00Z"));
    EXPECT_FALSE(history.protocols[0].in_force) << "nobody has signed it";
  }
  EXPECT_TRUE(
      store::Value(HistoryOfPartner(host_, PartnerId("bus-operator"), clock_.Now())).protocols.empty());
}

TEST_F(PartnerHistoryTest, TheWholeLogIsLookedAtOnceAnHour) {
  Release("county-council", "asb-hotspots", "2026-10-01T00:00:00Z");
  const auto first = Now().log;
  ASSERT_TRUE(first.has_value());
  EXPECT_TRUE(first->verified);
  EXPECT_EQ(first->leaves, 1u);
  // A leaf that was tampered with is found by the next look, not by what is remembered.
  const std::string path = folder_.path() + "/audit/leaves.log";
  std::fstream file(path, std::ios::in | std::ios::out);
  file.put('A');
  file.put('A');
  file.close();
  clock_.Set(clock_.Now() + absl::Minutes(59));
  EXPECT_TRUE(Now().log->verified);
  EXPECT_EQ(Now().log->time, first->time);
  clock_.Set(clock_.Now() + absl::Minutes(1));
  EXPECT_FALSE(Now().log->verified);
}

TEST_F(PartnerHistoryTest, AnUnknownPartnerHasNone) {
  Send({"S-1", "2026-08", "2026-09-10T09:00:00Z"});
  const auto history = store::Value(HistoryOfPartner(host_, PartnerId("nobody"), clock_.Now()));
  EXPECT_TRUE(history.entries.empty());
  EXPECT_TRUE(history.periods.empty());
}

}  // namespace
}  // namespace concordat::flows
