// JudgementStore: warnings that people accept, periods that people sign off.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline Acceptance AcceptanceOf(const std::string& submission, std::string rule,
                               std::string reason = "a known gap") {
  const Attempt attempt = AttemptOf(submission);
  Acceptance acceptance;
  acceptance.submission = attempt.id;
  acceptance.feed = attempt.feed;
  acceptance.partner = attempt.partner;
  acceptance.dataset = attempt.dataset;
  acceptance.period = attempt.period;
  acceptance.rule = std::move(rule);
  acceptance.reason = std::move(reason);
  acceptance.by = "spiffe://partnership.example/partner/fire-and-rescue/delegate/lee";
  acceptance.at = absl::FromUnixMicros(1779278400123456);
  acceptance.until = "2026-12-31";
  acceptance.receipt = json::Object{{"id", "R-accept"}};
  return acceptance;
}

inline SignOff SignOffOf(const std::string& submission, std::string assurance = "internal_audit") {
  const Attempt attempt = AttemptOf(submission);
  SignOff sign_off;
  sign_off.submission = attempt.id;
  sign_off.feed = attempt.feed;
  sign_off.partner = attempt.partner;
  sign_off.dataset = attempt.dataset;
  sign_off.period = attempt.period;
  sign_off.assurance = std::move(assurance);
  sign_off.comment = "sampled forty records";
  sign_off.by = "spiffe://partnership.example/partner/fire-and-rescue/delegate/lee";
  sign_off.at = absl::FromUnixMicros(1779278400123456);
  sign_off.receipt = json::Object{{"id", "R-sign-off"}};
  return sign_off;
}

inline SignOff ReopeningOf(const std::string& submission) {
  SignOff reopening = SignOffOf(submission, "");
  reopening.reopened = true;
  reopening.comment = "two stations were left out";
  return reopening;
}

TEST_P(StoreSuite, AnAcceptanceComesBackWholeAndLeavesTheEarlierOnes) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  const Acceptance first = AcceptanceOf("S-1", "no_outliers");
  ASSERT_OK(store_->AddAcceptance(first));
  Acceptance second = AcceptanceOf("S-1", "no_outliers", "asked the station");
  second.until = "2027-01-31";
  ASSERT_OK(store_->AddAcceptance(second));
  Reopen();
  const std::vector<Acceptance> kept = Value(store_->Acceptances({.submission = SubmissionId("S-1")}));
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].submission, first.submission);
  EXPECT_EQ(kept[0].feed, first.feed);
  EXPECT_EQ(kept[0].partner, first.partner);
  EXPECT_EQ(kept[0].dataset, first.dataset);
  EXPECT_EQ(kept[0].period, first.period);
  EXPECT_EQ(kept[0].rule, "no_outliers");
  EXPECT_EQ(kept[0].reason, "a known gap");
  EXPECT_EQ(kept[0].by, first.by);
  EXPECT_EQ(kept[0].at, first.at);
  EXPECT_EQ(kept[0].until, "2026-12-31");
  EXPECT_EQ(json::Compact(kept[0].receipt), json::Compact(first.receipt));
  EXPECT_EQ(kept[1].reason, "asked the station");
  EXPECT_EQ(kept[1].until, "2027-01-31");
}

TEST_P(StoreSuite, AcceptancesAreFoundByWhatTheyAreAbout) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  Attempt other = AttemptOf("S-2");
  other.feed = FeedId("ambulance-calls");
  other.partner = PartnerId("ambulance");
  other.period = "2026-06";
  ASSERT_OK(Submit(other, {{"b", "2"}}));
  ASSERT_OK(store_->AddAcceptance(AcceptanceOf("S-1", "first")));
  Acceptance theirs = AcceptanceOf("S-2", "second");
  theirs.feed = other.feed;
  theirs.partner = other.partner;
  theirs.period = other.period;
  ASSERT_OK(store_->AddAcceptance(theirs));
  EXPECT_CODE(store_->AddAcceptance(AcceptanceOf("S-3", "third")), absl::StatusCode::kNotFound);
  const auto rules = [this](const JudgementStore::JudgementFilter& filter) {
    std::vector<std::string> found;
    for (const Acceptance& acceptance : Value(store_->Acceptances(filter))) found.push_back(acceptance.rule);
    return found;
  };
  EXPECT_THAT(rules({}), testing::ElementsAre("first", "second"));
  EXPECT_THAT(rules({.submission = SubmissionId("S-2")}), testing::ElementsAre("second"));
  EXPECT_THAT(rules({.feed = FeedId("brigade-incidents")}), testing::ElementsAre("first"));
  EXPECT_THAT(rules({.partner = PartnerId("ambulance")}), testing::ElementsAre("second"));
  EXPECT_THAT(rules({.dataset = DatasetId("incidents")}), testing::ElementsAre("first", "second"));
  EXPECT_THAT(rules({.dataset = DatasetId("incidents"), .period = "2026-05"}), testing::ElementsAre("first"));
}

TEST_P(StoreSuite, ASignedOffPeriodIsLockedUntilItIsReopened) {
  const Attempt attempt = AttemptOf("S-1");
  ASSERT_OK(Submit(attempt, {{"a", "1"}}));
  EXPECT_EQ(Value(store_->StandingSignOff(attempt.feed, attempt.period)), std::nullopt);
  ASSERT_OK(store_->AddSignOff(SignOffOf("S-1")));
  Reopen();
  EXPECT_CODE(Submit(AttemptOf("S-2", 2, "S-1"), {{"b", "2"}}), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->Publish(RejectedAttemptOf("S-3", 2)), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->Withdraw(attempt.id, "mistake", nullptr), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(StateOf("S-1"), "current");

  ASSERT_OK(store_->AddSignOff(ReopeningOf("S-1")));
  EXPECT_EQ(Value(store_->StandingSignOff(attempt.feed, attempt.period)), std::nullopt);
  EXPECT_OK(Submit(AttemptOf("S-4", 2, "S-1"), {{"c", "3"}}));
  EXPECT_EQ(StateOf("S-1"), "superseded");
}

TEST_P(StoreSuite, ASignOffLocksItsOwnPeriodAlone) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(store_->AddSignOff(SignOffOf("S-1")));
  Attempt june = AttemptOf("S-2");
  june.period = "2026-06";
  EXPECT_OK(Submit(june, {{"b", "2"}}));
  Attempt other_feed = AttemptOf("S-3");
  other_feed.feed = FeedId("ambulance-calls");
  EXPECT_OK(Submit(other_feed, {{"c", "3"}}));
  EXPECT_OK(store_->Withdraw(june.id, "mistake", nullptr));
}

TEST_P(StoreSuite, WhatWasSignedOffIsKeptWithEveryReopening) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(store_->AddSignOff(SignOffOf("S-1")));
  ASSERT_OK(store_->AddSignOff(ReopeningOf("S-1")));
  ASSERT_OK(store_->AddSignOff(SignOffOf("S-1", "external_audit")));
  Reopen();
  const std::vector<SignOff> kept = Value(store_->SignOffs({.period = "2026-05"}));
  ASSERT_EQ(kept.size(), 3u);
  const SignOff given = SignOffOf("S-1");
  EXPECT_EQ(kept[0].submission, given.submission);
  EXPECT_EQ(kept[0].feed, given.feed);
  EXPECT_EQ(kept[0].partner, given.partner);
  EXPECT_EQ(kept[0].dataset, given.dataset);
  EXPECT_EQ(kept[0].assurance, "internal_audit");
  EXPECT_EQ(kept[0].comment, given.comment);
  EXPECT_EQ(kept[0].by, given.by);
  EXPECT_EQ(kept[0].at, given.at);
  EXPECT_EQ(json::Compact(kept[0].receipt), json::Compact(given.receipt));
  EXPECT_FALSE(kept[0].reopened);
  EXPECT_TRUE(kept[1].reopened);
  EXPECT_EQ(kept[1].comment, "two stations were left out");
  EXPECT_EQ(kept[2].assurance, "external_audit");
  const auto standing = Value(store_->StandingSignOff(given.feed, given.period));
  ASSERT_TRUE(standing.has_value());
  EXPECT_EQ(standing->assurance, "external_audit");
}

TEST_P(StoreSuite, OnlyTheCurrentSubmissionIsSignedOffAndOnlyOnce) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {{"b", "2"}}));
  EXPECT_CODE(store_->AddSignOff(SignOffOf("S-1")), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->AddSignOff(SignOffOf("S-9")), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->AddSignOff(ReopeningOf("S-2")), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(store_->AddSignOff(SignOffOf("S-2", "a_hunch")).ok());
  ASSERT_OK(store_->AddSignOff(SignOffOf("S-2")));
  EXPECT_CODE(store_->AddSignOff(SignOffOf("S-2")), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->AddSignOff(ReopeningOf("S-1")), absl::StatusCode::kFailedPrecondition);
}

TEST_P(StoreSuite, TheLawErasesWhatIsSignedOffAndThePeriodStaysLocked) {
  const Attempt attempt = AttemptOf("S-1");
  ASSERT_OK(Submit(attempt, {{"a", "1"}}));
  ASSERT_OK(store_->AddSignOff(SignOffOf("S-1")));
  ASSERT_OK(store_->Erase(attempt.id, "retention is over", absl::Now(), nullptr, nullptr));
  EXPECT_EQ(StateOf("S-1"), "erased");
  EXPECT_TRUE(Value(store_->StandingSignOff(attempt.feed, attempt.period)).has_value());
  EXPECT_CODE(Submit(AttemptOf("S-2", 2), {{"b", "2"}}), absl::StatusCode::kFailedPrecondition);
  ASSERT_OK(store_->AddSignOff(ReopeningOf("S-1")));
  EXPECT_OK(Submit(AttemptOf("S-3", 2), {{"b", "2"}}));
}

}  // namespace concordat::store
