// AdapterStore: what was decided of adapters, and how often they failed.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline AdapterFailureRecord FailureOf(std::string feed, std::string kind = "crash") {
  AdapterFailureRecord failure;
  failure.adapter = "gauges";
  failure.version = "1.2.0";
  failure.feed = FeedId(std::move(feed));
  failure.kind = std::move(kind);
  failure.cause = "it crashed with SIGSEGV";
  failure.submission = "S-1";
  failure.by = "spiffe://partnership.example/partner/council/steward/sam";
  failure.at = absl::FromUnixMicros(1779278400123456);
  return failure;
}

inline AdapterDecision DecisionOf(std::string what, std::string version = "", std::string feed = "") {
  AdapterDecision decision;
  decision.adapter = "gauges";
  decision.version = std::move(version);
  decision.feed = FeedId(std::move(feed));
  decision.what = std::move(what);
  decision.by = "unix:0";
  decision.at = absl::FromUnixMicros(1779278400123456);
  decision.reason = "seen to";
  decision.receipt = "R-1";
  return decision;
}

// "feed: failures/in a row"
inline std::vector<std::string> TalliesOf(const Store& store) {
  std::vector<std::string> lines;
  for (const AdapterTally& tally : Value(store.AdapterTallies())) {
    lines.push_back(tally.feed.str() + ": " + std::to_string(tally.failures) + "/" +
                    std::to_string(tally.in_a_row));
  }
  return lines;
}

TEST_P(StoreSuite, DecisionsAboutAdaptersComeBackWholeAndInOrder) {
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("use", "1.2.0")));
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("quarantine", "1.2.0", "levels")));
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("enable")));
  Reopen();
  const std::vector<AdapterDecision> kept = Value(store_->AdapterDecisions());
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].what, "use");
  EXPECT_EQ(kept[2].what, "enable");
  EXPECT_EQ(kept[2].version, "");
  const AdapterDecision& quarantine = kept[1];
  EXPECT_EQ(quarantine.adapter, "gauges");
  EXPECT_EQ(quarantine.version, "1.2.0");
  EXPECT_EQ(quarantine.feed, FeedId("levels"));
  EXPECT_EQ(quarantine.by, "unix:0");
  EXPECT_EQ(quarantine.at, absl::FromUnixMicros(1779278400123456));
  EXPECT_EQ(quarantine.reason, "seen to");
  EXPECT_EQ(quarantine.receipt, "R-1");
}

TEST_P(StoreSuite, FailuresAreCountedAFeedAndASuccessEndsTheirRow) {
  EXPECT_EQ(Value(store_->AddAdapterFailure(FailureOf("levels"), true)), 1u);
  EXPECT_EQ(Value(store_->AddAdapterFailure(FailureOf("levels"), true)), 2u);
  EXPECT_EQ(Value(store_->AddAdapterFailure(FailureOf("flows"), true)), 1u)
      << "another feed counts by itself";
  EXPECT_EQ(Value(store_->AddAdapterFailure(FailureOf("levels", "failed"), false)), 2u) << "not a grave one";
  Reopen();
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/1", "levels: 3/2"));
  ASSERT_OK(store_->EndAdapterFailures("gauges", "1.1.0", FeedId("levels")));
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/1", "levels: 3/2")) << "another version";
  ASSERT_OK(store_->EndAdapterFailures("gauges", "1.2.0", FeedId("levels")));
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/1", "levels: 3/0"));
  EXPECT_EQ(Value(store_->AddAdapterFailure(FailureOf("levels"), true)), 1u);
  const AdapterTally tally = Value(store_->AdapterTallies()).back();
  EXPECT_EQ(tally.last.kind, "crash");
  EXPECT_EQ(tally.last.cause, "it crashed with SIGSEGV");
  EXPECT_EQ(tally.last.submission, "S-1");
  EXPECT_EQ(tally.last.by, FailureOf("levels").by);
  EXPECT_EQ(tally.last.at, FailureOf("levels").at);
}

TEST_P(StoreSuite, EnablingAnAdapterLetsItBeginAnew) {
  for (const char* feed : {"flows", "levels"}) ASSERT_OK(store_->AddAdapterFailure(FailureOf(feed), true));
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("disable")));
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("enable", "1.1.0")));
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/1", "levels: 1/1"));
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("enable", "1.2.0", "flows")));
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/0", "levels: 1/1"));
  ASSERT_OK(store_->AddAdapterDecision(DecisionOf("enable")));
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/0", "levels: 1/0"));
}

TEST_P(StoreSuite, TheNewestFailuresAreKeptAndAllAreCounted) {
  for (int i = 0; i < 130; ++i) {
    AdapterFailureRecord failure = FailureOf("levels");
    failure.submission = "S-" + std::to_string(i);
    ASSERT_OK(store_->AddAdapterFailure(failure, true));
  }
  ASSERT_OK(store_->AddAdapterFailure(FailureOf("flows"), true));
  const std::vector<AdapterFailureRecord> kept = Value(store_->AdapterFailures("gauges", 1000));
  ASSERT_EQ(kept.size(), 101u);
  EXPECT_EQ(kept[0].feed, FeedId("flows"));
  EXPECT_EQ(kept[1].submission, "S-129");
  EXPECT_EQ(kept[100].submission, "S-30");
  EXPECT_THAT(TalliesOf(*store_), testing::ElementsAre("flows: 1/1", "levels: 130/130"));
  EXPECT_EQ(Value(store_->AdapterFailures("", 7)).size(), 7u);
  EXPECT_TRUE(Value(store_->AdapterFailures("another", 7)).empty());
}

}  // namespace concordat::store
