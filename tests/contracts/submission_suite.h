// SubmissionStore: what becomes of an attempt.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreSuite, KeepsEverythingAboutAnAttempt) {
  Attempt attempt = AttemptOf("S-1");
  attempt.verdict = record::Verdict::kAcceptWithQuarantine;
  attempt.reason = "late stations";
  attempt.mends = "S-0";
  attempt.root_source = "S-0";
  attempt.corrections = R"({"columns":["a"]})";
  Stage(attempt, {{"a", "1"}});
  attempt.accepted = 1;
  attempt.total = 7;
  ASSERT_OK(store_->Publish(attempt));
  Reopen();

  const auto kept = store_->Get(attempt.id);
  ASSERT_OK(kept);
  EXPECT_EQ(kept->id, attempt.id);
  EXPECT_EQ(kept->feed, attempt.feed);
  EXPECT_EQ(kept->partner, attempt.partner);
  EXPECT_EQ(kept->dataset, attempt.dataset);
  EXPECT_EQ(kept->period, "2026-05");
  EXPECT_EQ(kept->number, 1);
  EXPECT_EQ(kept->verdict, record::Verdict::kAcceptWithQuarantine);
  EXPECT_EQ(kept->state, "current");
  EXPECT_EQ(kept->supersedes, "");
  EXPECT_EQ(kept->reason, "late stations");
  EXPECT_EQ(kept->submitter, attempt.submitter);
  EXPECT_EQ(kept->received, attempt.received);
  EXPECT_EQ(kept->due, attempt.due);
  EXPECT_EQ(kept->source_name, "incidents.csv");
  EXPECT_EQ(kept->source_bytes, 4096u);
  EXPECT_EQ(kept->source_digest, "sha256:S-1");
  EXPECT_EQ(kept->policy_digest, "sha256:p");
  EXPECT_EQ(kept->contract_digest, "sha256:c");
  EXPECT_EQ(kept->mends, "S-0");
  EXPECT_EQ(kept->root_source, "S-0");
  EXPECT_EQ(kept->corrections, R"({"columns":["a"]})");
  EXPECT_EQ(json::Compact(kept->result), json::Compact(attempt.result));
  EXPECT_EQ(json::Compact(kept->receipt), json::Compact(attempt.receipt));
  EXPECT_EQ(kept->accepted, 1u);
  EXPECT_EQ(kept->total, 7u);
  EXPECT_TRUE(kept->withdrawal_receipt.is_null());
}

TEST_P(StoreSuite, AnAttemptWithoutDueTimeComesBackWithoutOne) {
  Attempt attempt = AttemptOf("S-1");
  attempt.due.reset();
  ASSERT_OK(Submit(attempt, {}));
  EXPECT_EQ(store_->Get(attempt.id)->due, std::nullopt);
}

TEST_P(StoreSuite, NothingIsVisibleBeforePublish) {
  const Attempt attempt = AttemptOf("S-1");
  Stage(attempt, {{"a", "1"}});
  EXPECT_CODE(store_->Get(attempt.id), absl::StatusCode::kNotFound);
  EXPECT_EQ(Value(store_->Current(attempt.feed, attempt.period)), std::nullopt);
  EXPECT_THAT(Value(store_->List({})), IsEmpty());
  EXPECT_CODE(store_->ReadRecords(attempt.dataset, SmallSchema(), {attempt.id},
                                  [](const auto&) { return absl::OkStatus(); }),
              absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, WhatWasSealedAndNeverPublishedIsGoneAfterAStart) {
  const Attempt attempt = AttemptOf("S-1");
  Stage(attempt, {{"a", "1"}});
  Reopen();
  EXPECT_CODE(store_->Publish(attempt), absl::StatusCode::kFailedPrecondition);
  EXPECT_OK(Submit(attempt, {{"b", "2"}}));
  EXPECT_THAT(Read({"S-1"}), ElementsAre(Row{"b", "2"}));
}

TEST_P(StoreSuite, AWriterThatIsGivenUpLeavesNothing) {
  const Attempt attempt = AttemptOf("S-1");
  {
    const auto writer = Begin(attempt);
    const data::Batch batch = BatchOf(SmallSchema(), {{"a", "1"}});
    EXPECT_OK(writer->AppendAccepted(batch, All(batch)));
  }
  EXPECT_CODE(store_->Publish(attempt), absl::StatusCode::kFailedPrecondition);
  EXPECT_OK(Submit(attempt, {{"b", "2"}}));
}

TEST_P(StoreSuite, AnAcceptedAttemptMustBeSealedBeforeItIsPublished) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  EXPECT_CODE(store_->Publish(attempt), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->Get(attempt.id), absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, ASealedWriterTakesNothingMore) {
  const auto writer = Begin(AttemptOf("S-1"));
  ASSERT_OK(writer->Seal({}));
  const data::Batch batch = BatchOf(SmallSchema(), {{"a", "1"}});
  EXPECT_CODE(writer->AppendAccepted(batch, All(batch)), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(writer->AppendQuarantined({}), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(writer->AppendFinding({}), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(writer->DropRows(), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(writer->Seal({}), absl::StatusCode::kFailedPrecondition);
}

TEST_P(StoreSuite, AnIdIsUsedOnce) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  EXPECT_CODE(store_->Begin(attempt.id, attempt.dataset, SmallSchema()), absl::StatusCode::kAlreadyExists);
  ASSERT_OK(writer->Seal({}));
  EXPECT_CODE(store_->Begin(attempt.id, attempt.dataset, SmallSchema()), absl::StatusCode::kAlreadyExists);
  ASSERT_OK(store_->Publish(attempt));
  EXPECT_CODE(store_->Begin(attempt.id, attempt.dataset, SmallSchema()), absl::StatusCode::kAlreadyExists);
  EXPECT_CODE(store_->Publish(RejectedAttemptOf("S-1", 2)), absl::StatusCode::kAlreadyExists);
}

TEST_P(StoreSuite, RowsWrittenForAnotherDatasetAreNotPublished) {
  Attempt attempt = AttemptOf("S-1");
  Stage(attempt, {{"a", "1"}});
  attempt.dataset = DatasetId("stations");
  EXPECT_CODE(store_->Publish(attempt), absl::StatusCode::kInvalidArgument);
}

TEST_P(StoreSuite, ALaterSubmissionSupersedesAndTheEarlierStaysRetrievable) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {{"b", "2"}}));
  EXPECT_EQ(StateOf("S-1"), "superseded");
  EXPECT_EQ(StateOf("S-2"), "current");
  EXPECT_EQ(Value(store_->Current(FeedId("brigade-incidents"), "2026-05"))->id.str(), "S-2");
  EXPECT_THAT(Read({"S-1"}), ElementsAre(Row{"a", "1"}));
}

TEST_P(StoreSuite, PeriodsAndFeedsDoNotSupersedeEachOther) {
  Attempt june = AttemptOf("S-2");
  june.period = "2026-06";
  Attempt other_feed = AttemptOf("S-3");
  other_feed.feed = FeedId("county-incidents");
  ASSERT_OK(Submit(AttemptOf("S-1"), {}));
  ASSERT_OK(Submit(june, {}));
  ASSERT_OK(Submit(other_feed, {}));
  for (const char* id : {"S-1", "S-2", "S-3"}) EXPECT_EQ(StateOf(id), "current") << id;
}

TEST_P(StoreSuite, PublishingOnAnOldViewOfThePeriodIsAborted) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  EXPECT_CODE(Submit(AttemptOf("S-2", 2, ""), {{"b", "2"}}), absl::StatusCode::kAborted)
      << "a current one is overlooked";
  EXPECT_CODE(Submit(AttemptOf("S-3", 2, "S-0"), {{"b", "2"}}), absl::StatusCode::kAborted)
      << "another one is current";
  EXPECT_CODE(Submit(AttemptOf("S-4", 1, "S-1"), {{"b", "2"}}), absl::StatusCode::kAborted)
      << "the number is taken";
  EXPECT_CODE(Submit(AttemptOf("S-5", 3, "S-1"), {{"b", "2"}}), absl::StatusCode::kAborted)
      << "a number is left out";
  EXPECT_EQ(StateOf("S-1"), "current");
  EXPECT_EQ(Value(store_->List({})).size(), 1u);

  EXPECT_OK(store_->Publish(AttemptOf("S-2", 2, "S-1"))) << "read anew and try again";
  EXPECT_THAT(Read({"S-2"}), ElementsAre(Row{"b", "2"}));
}

TEST_P(StoreSuite, ARejectedAttemptIsKeptAndSupersedesNothing) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(Submit(RejectedAttemptOf("S-2", 2), {}));
  EXPECT_EQ(StateOf("S-1"), "current");
  EXPECT_EQ(StateOf("S-2"), "rejected");
  EXPECT_THAT(Read({"S-2"}), IsEmpty());
}

TEST_P(StoreSuite, ARejectedAttemptMayComeWithoutAnyRows) {
  ASSERT_OK(store_->Publish(RejectedAttemptOf("S-1")));
  EXPECT_EQ(StateOf("S-1"), "rejected");
  EXPECT_THAT(Read({"S-1"}), IsEmpty());
  EXPECT_THAT(Value(store_->SourceColumns(SubmissionId("S-1"))), IsEmpty());
  const auto unexpected = [](const auto&) { return absl::InternalError("there should be none"); };
  EXPECT_OK(store_->VisitFindings(SubmissionId("S-1"), "", unexpected));
  EXPECT_OK(store_->VisitQuarantined(SubmissionId("S-1"), unexpected));
}

TEST_P(StoreSuite, AWithdrawnSubmissionIsNotCurrentButRetrievable) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(store_->Withdraw(SubmissionId("S-1"), "sent in error", json::Object{{"id", "R-9"}}));
  Reopen();
  const auto attempt = store_->Get(SubmissionId("S-1"));
  EXPECT_EQ(attempt->state, "withdrawn");
  EXPECT_EQ(attempt->withdrawn_reason, "sent in error");
  EXPECT_EQ(json::Compact(attempt->withdrawal_receipt), R"({"id":"R-9"})");
  EXPECT_EQ(attempt->reason, "") << "the reason given with the submission is another one";
  EXPECT_EQ(Value(store_->Current(FeedId("brigade-incidents"), "2026-05")), std::nullopt);
  EXPECT_THAT(Read({"S-1"}), ElementsAre(Row{"a", "1"}));
  EXPECT_OK(Submit(AttemptOf("S-2", 2), {})) << "the period is free again";
}

TEST_P(StoreSuite, OnlyACurrentSubmissionCanBeWithdrawn) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {}));
  ASSERT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {}));
  ASSERT_OK(store_->Publish(RejectedAttemptOf("S-3", 3)));
  EXPECT_CODE(store_->Withdraw(SubmissionId("S-1"), "why", {}), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->Withdraw(SubmissionId("S-3"), "why", {}), absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->Withdraw(SubmissionId("S-9"), "why", {}), absl::StatusCode::kNotFound);
  EXPECT_EQ(StateOf("S-1"), "superseded");
}

TEST_P(StoreSuite, ListsByEveryFilterNewestFirst) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {}));
  ASSERT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {}));
  Attempt other = AttemptOf("S-3");
  other.partner = PartnerId("county-council");
  other.feed = FeedId("county-spend");
  other.dataset = DatasetId("spend");
  other.period = "2026-Q2";
  ASSERT_OK(Submit(other, {}));

  using Filter = SubmissionStore::Filter;
  const auto ids = [&](const Filter& filter) {
    std::vector<std::string> found;
    for (const Attempt& attempt : Value(store_->List(filter))) found.push_back(attempt.id.str());
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre("S-3", "S-2", "S-1"));
  EXPECT_THAT(ids({.partner = PartnerId("county-council")}), ElementsAre("S-3"));
  EXPECT_THAT(ids({.feed = FeedId("brigade-incidents")}), ElementsAre("S-2", "S-1"));
  EXPECT_THAT(ids({.period = "2026-Q2"}), ElementsAre("S-3"));
  EXPECT_THAT(ids({.dataset = DatasetId("incidents")}), ElementsAre("S-2", "S-1"));
  EXPECT_THAT(ids({.current_only = true}), ElementsAre("S-3", "S-2"));
  EXPECT_THAT(ids({.limit = 2}), ElementsAre("S-3", "S-2"));
  EXPECT_THAT(ids({.dataset = DatasetId("incidents"), .current_only = true}), ElementsAre("S-2"));
  EXPECT_THAT(ids({.partner = PartnerId("nobody")}), IsEmpty());
}

TEST_P(StoreSuite, FindsPeriodsThatShareADay) {
  const auto submit = [&](const char* id, const char* feed, std::optional<DaySpan> days) {
    Attempt attempt = AttemptOf(id);
    attempt.feed = FeedId(feed);
    attempt.period = id;
    attempt.days = days;
    ASSERT_OK(Submit(attempt, {}));
  };
  submit("S-year", "a", DaySpan{0, 365});
  submit("S-first", "a", DaySpan{0, 9});
  submit("S-second", "a", DaySpan{10, 19});
  submit("S-unknown", "a", std::nullopt);
  submit("S-other", "b", DaySpan{0, 365});
  const auto touching = [&](int64_t from, int64_t to) {
    std::vector<std::string> found;
    for (const Attempt& attempt : Value(store_->List({.feed = FeedId("a"), .touching = DaySpan{from, to}})))
      found.push_back(attempt.id.str());
    return found;
  };
  EXPECT_THAT(touching(9, 9), ElementsAre("S-unknown", "S-first", "S-year"));
  EXPECT_THAT(touching(5, 12), ElementsAre("S-unknown", "S-second", "S-first", "S-year"));
  EXPECT_THAT(touching(365, 730), ElementsAre("S-unknown", "S-year"));
  EXPECT_THAT(touching(366, 366), ElementsAre("S-unknown"));
  EXPECT_EQ(Value(store_->Get(SubmissionId("S-second"))).days->to, 19);
}

TEST_P(StoreSuite, ABriefListLeavesTheDocumentsOut) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {}));
  const Attempt brief = Value(store_->List({.brief = true})).front();
  const Attempt whole = Value(store_->Get(SubmissionId("S-1")));
  EXPECT_FALSE(whole.receipt.is_null());
  EXPECT_TRUE(brief.receipt.is_null() && brief.result.is_null());
  EXPECT_EQ(brief.source_digest, whole.source_digest);
}

TEST_P(StoreSuite, FindsTheSameBytesOnlyUnderAnotherPeriodOfTheFeed) {
  const auto attempt_of = [](const char* id, const char* period, const char* feed) {
    Attempt attempt = AttemptOf(id);
    attempt.period = period;
    attempt.feed = FeedId(feed);
    attempt.source_digest = "sha256:same";
    return attempt;
  };
  ASSERT_OK(Submit(attempt_of("S-1", "2026-04", "a"), {}));
  ASSERT_OK(store_->Withdraw(SubmissionId("S-1"), "why", {}));
  Attempt rejected = attempt_of("S-2", "2026-03", "b");
  rejected.verdict = record::Verdict::kReject;
  ASSERT_OK(store_->Publish(rejected));

  EXPECT_EQ(Value(store_->SameBytes(FeedId("a"), "sha256:same", "2026-05"))->id.str(), "S-1")
      << "in any state";
  EXPECT_EQ(Value(store_->SameBytes(FeedId("a"), "sha256:same", "2026-04")), std::nullopt)
      << "the same period";
  EXPECT_EQ(Value(store_->SameBytes(FeedId("a"), "sha256:other", "2026-05")), std::nullopt) << "other bytes";
  EXPECT_EQ(Value(store_->SameBytes(FeedId("b"), "sha256:same", "2026-05")), std::nullopt)
      << "never accepted";
}

TEST_P(StoreSuite, AnUnknownSubmissionIsNotFound) {
  const SubmissionId id("S-9");
  const auto ignore = [](const auto&) { return absl::OkStatus(); };
  EXPECT_CODE(store_->Get(id), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->SourceColumns(id), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->VisitFindings(id, "", ignore), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->VisitQuarantined(id, ignore), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->ReadRecords(DatasetId("incidents"), SmallSchema(), {id}, ignore),
              absl::StatusCode::kNotFound);
}

}  // namespace concordat::store
