// The whole store under many threads: no one waits for a slow upload or a long read, and races have one
// winner.
#pragma once

#include <atomic>
#include <latch>
#include <thread>

#include "tests/contracts/findings_suite.h"
#include "tests/contracts/receipt_suite.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {

TEST_P(StoreSuite, ALongReadDoesNotHoldUpASubmissionNorSeeIt) {
  ASSERT_OK(Submit(AttemptOf("S-1"), std::vector<Row>(20'000, Row{"old", "1"})));
  int batches = 0;
  ASSERT_OK(store_->ReadRecords(DatasetId("incidents"), SmallSchema(), {SubmissionId("S-1")},
                                [&](const data::Batch& batch) {
                                  if (batches++ == 0) {
                                    EXPECT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {{"new", "2"}}));
                                  }
                                  EXPECT_EQ(RowsOf(batch).front(), (Row{"old", "1"}));
                                  return absl::OkStatus();
                                }));
  EXPECT_EQ(batches, 3);
  EXPECT_EQ(StateOf("S-1"), "superseded");
}

TEST_P(StoreSuite, AnUnfinishedUploadHoldsNobodyUp) {
  const auto slow = Begin(AttemptOf("S-slow"));
  const data::Batch batch = BatchOf(SmallSchema(), {{"slow", "1"}});
  ASSERT_OK(slow->AppendAccepted(batch, All(batch)));
  ASSERT_OK(Submit(AttemptOf("S-quick"), {{"quick", "2"}}));
  ASSERT_OK(slow->AppendAccepted(batch, All(batch)));
  ASSERT_OK(slow->Seal({}));
  ASSERT_OK(store_->Publish(AttemptOf("S-slow", 2, "S-quick")));
  EXPECT_THAT(Read({"S-slow", "S-quick"}),
              testing::ElementsAre(Row{"quick", "2"}, Row{"slow", "1"}, Row{"slow", "1"}));
}

TEST_P(StoreSuite, ManySubmissionsOfOneDatasetAreWrittenAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kBatches = 5;
  const auto submit = [&](int thread) {
    Attempt attempt = AttemptOf("S-" + std::to_string(thread));
    attempt.feed = FeedId("feed-" + std::to_string(thread));
    const auto writer = Begin(attempt);
    for (uint64_t i = 0; i < kBatches; ++i) {
      const data::Batch batch =
          BatchOf(SmallSchema(), std::vector<Row>(1000, Row{"t", std::to_string(thread)}), 1 + i * 1000);
      EXPECT_OK(writer->AppendAccepted(batch, All(batch)));
      EXPECT_OK(writer->AppendFinding(FindingOf(i, "a")));
      EXPECT_OK(store_->List({}));
    }
    EXPECT_OK(writer->Seal({}));
    EXPECT_OK(store_->Publish(attempt));
    EXPECT_OK(store_->Put(ReceiptOf(static_cast<uint64_t>(thread), "R-" + std::to_string(thread))));
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(submit, i);
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < kThreads; ++i) {
    const std::vector<Row> expected(1000 * kBatches, Row{"t", std::to_string(i)});
    EXPECT_EQ(Read({"S-" + std::to_string(i)}), expected);
    EXPECT_EQ(FindingsOf(*store_, "S-" + std::to_string(i)).size(), size_t{kBatches});
  }
  EXPECT_EQ(Value(store_->ListReceipts({}, 100)).size(), size_t{kThreads});
}

TEST_P(StoreSuite, OfManyThatWouldSupersedeTheSameOneExactlyOneDoes) {
  constexpr int kThreads = 8;
  ASSERT_OK(Submit(AttemptOf("S-old"), {}));
  std::latch start(kThreads);
  std::atomic<int> published = 0;
  std::atomic<int> aborted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const Attempt attempt = AttemptOf("S-" + std::to_string(i), 2, "S-old");
      Stage(attempt, {{"a", "1"}});
      start.arrive_and_wait();
      const absl::Status status = store_->Publish(attempt);
      if (status.ok()) ++published;
      if (absl::IsAborted(status)) ++aborted;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(published, 1);
  EXPECT_EQ(aborted, kThreads - 1);
  EXPECT_EQ(Value(store_->List({.current_only = true})).size(), 1u);
  EXPECT_EQ(Value(store_->List({})).size(), 2u);
}

TEST_P(StoreSuite, AllWhoAskForAPseudonymKeyAtOnceGetTheSame) {
  constexpr int kThreads = 8;
  std::latch start(kThreads);
  std::vector<std::string> keys(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      const auto key = store_->PseudonymKey(ProtocolId("asb-hotspots"));
      EXPECT_OK(key);
      if (key.ok()) keys[static_cast<size_t>(i)] = key->second;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(keys, testing::Each(keys.front()));
}

}  // namespace concordat::store
