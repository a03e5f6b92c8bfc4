// SubmissionStore: findings and held-back records of an attempt.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline record::Finding FindingOf(uint64_t record, std::string rule, std::string value = "x") {
  record::Finding finding;
  finding.record = record;
  finding.line = record + 1;
  finding.rule = std::move(rule);
  finding.dimension = record::Dimension::kUniqueness;
  finding.severity = record::Severity::kCritical;
  finding.values = {{"text", value}};
  finding.message = "\"" + value + "\" is wrong";
  finding.mend = "look it up";
  return finding;
}

inline QuarantinedRecord HeldBackOf(uint64_t record, std::vector<std::string> cells) {
  QuarantinedRecord held_back;
  held_back.record = record;
  held_back.line = record + 1;
  held_back.cells = std::move(cells);
  held_back.reasons = "text_unique: repeated";
  return held_back;
}

/// "3 text_unique" for each finding, in the order of the visit.
inline std::vector<std::string> FindingsOf(const Store& store, const std::string& id,
                                           const std::string& rule = "") {
  std::vector<std::string> seen;
  EXPECT_OK(store.VisitFindings(SubmissionId(id), rule, [&](const record::Finding& finding) {
    seen.push_back(std::to_string(finding.record) + " " + finding.rule);
    return absl::OkStatus();
  }));
  return seen;
}

inline std::vector<QuarantinedRecord> QuarantineOf(const Store& store, const std::string& id) {
  std::vector<QuarantinedRecord> seen;
  EXPECT_OK(store.VisitQuarantined(SubmissionId(id), [&](const QuarantinedRecord& record) {
    seen.push_back(record);
    return absl::OkStatus();
  }));
  return seen;
}

TEST_P(StoreSuite, AFindingComesBackWhole) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  record::Finding first = FindingOf(7, "a", "tab\t\"quote\" \\ \x01 Ærø\n");
  first.values.emplace_back("other", "");
  first.unresolved = true;
  record::Finding second = FindingOf(8, "a");
  second.values.emplace_back("other", "1");
  second.mend = "another hint";
  record::Finding whole_dataset;
  whole_dataset.rule = "rows";
  whole_dataset.message = "too few";
  for (const record::Finding& finding : {first, second, whole_dataset})
    ASSERT_OK(writer->AppendFinding(finding));
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));

  std::vector<record::Finding> expected = {whole_dataset, first, second};
  size_t next = 0;
  ASSERT_OK(store_->VisitFindings(attempt.id, "", [&](const record::Finding& finding) {
    const record::Finding& original = expected.at(next++);
    EXPECT_EQ(finding.record, original.record);
    EXPECT_EQ(finding.line, original.line);
    EXPECT_EQ(finding.rule, original.rule);
    EXPECT_EQ(finding.dimension, original.dimension);
    EXPECT_EQ(finding.severity, original.severity);
    EXPECT_EQ(finding.unresolved, original.unresolved);
    EXPECT_EQ(finding.values, original.values);
    EXPECT_EQ(finding.message, original.message);
    EXPECT_EQ(finding.mend, original.mend);
    return absl::OkStatus();
  }));
  EXPECT_EQ(next, expected.size());
}

TEST_P(StoreSuite, FindingsAreVisitedInRecordOrderHoweverTheyCame) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  const std::vector<std::pair<uint64_t, const char*>> appended = {
      {1, "a"}, {3, "b"}, {3, "a"}, {9, "a"}, {2, "b"}, {3, "c"}, {0, "d"}, {9, "b"}, {2, "a"}};
  for (const auto& [record, rule] : appended) ASSERT_OK(writer->AppendFinding(FindingOf(record, rule)));
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  EXPECT_THAT(FindingsOf(*store_, "S-1"),
              testing::ElementsAre("0 d", "1 a", "2 b", "2 a", "3 b", "3 a", "3 c", "9 a", "9 b"));
  EXPECT_THAT(FindingsOf(*store_, "S-1", "a"), testing::ElementsAre("1 a", "2 a", "3 a", "9 a"));
  EXPECT_THAT(FindingsOf(*store_, "S-1", "unheard_of"), testing::IsEmpty());
}

TEST_P(StoreSuite, ARecordMayHaveManyFindingsOfOneRule) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  for (int i = 0; i < 300; ++i) ASSERT_OK(writer->AppendFinding(FindingOf(5, "a", std::to_string(i))));
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  EXPECT_EQ(FindingsOf(*store_, "S-1").size(), 300u);
}

TEST_P(StoreSuite, FindingsOverMoreFieldListsThanMemoryKeepsAreNotMixedUp) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  constexpr uint64_t kLists = 5000;
  const auto field_of = [](uint64_t record) { return "field" + std::to_string(record % kLists); };
  for (uint64_t record = 1; record <= 2 * kLists; ++record) {
    record::Finding finding = FindingOf(record, "a");
    finding.values = {{field_of(record), "x"}};
    ASSERT_OK(writer->AppendFinding(finding));
  }
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  uint64_t seen = 0;
  ASSERT_OK(store_->VisitFindings(attempt.id, "a", [&](const record::Finding& finding) {
    EXPECT_EQ(finding.values.front().first, field_of(++seen));
    return absl::OkStatus();
  }));
  EXPECT_EQ(seen, 2 * kLists);
}

TEST_P(StoreSuite, HeldBackRecordsComeBackInRecordOrderWithTheSourcesColumns) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  QuarantinedRecord unreadable;
  unreadable.record = 2;
  unreadable.line = 4;
  unreadable.unreadable = true;
  unreadable.raw = "a,\"b";
  unreadable.reasons = "record_readable: a quote is never closed";
  ASSERT_OK(writer->AppendQuarantined(HeldBackOf(5, {"x", "", "\"quoted\"\n"})));
  ASSERT_OK(writer->AppendQuarantined(unreadable));
  ASSERT_OK(writer->Seal({"Crime ID", "", "Month"}));
  ASSERT_OK(store_->Publish(attempt));

  const std::vector<QuarantinedRecord> records = QuarantineOf(*store_, "S-1");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].record, 2u);
  EXPECT_EQ(records[0].line, 4u);
  EXPECT_TRUE(records[0].unreadable);
  EXPECT_EQ(records[0].raw, "a,\"b");
  EXPECT_THAT(records[0].cells, testing::IsEmpty());
  EXPECT_EQ(records[0].reasons, unreadable.reasons);
  EXPECT_EQ(records[1].record, 5u);
  EXPECT_FALSE(records[1].unreadable);
  EXPECT_THAT(records[1].cells, testing::ElementsAre("x", "", "\"quoted\"\n"));
  EXPECT_EQ(records[1].reasons, "text_unique: repeated");
  EXPECT_THAT(Value(store_->SourceColumns(attempt.id)), testing::ElementsAre("Crime ID", "", "Month"));
}

TEST_P(StoreSuite, ARecordIsHeldBackOnce) {
  const auto writer = Begin(AttemptOf("S-1"));
  ASSERT_OK(writer->AppendQuarantined(HeldBackOf(5, {"x"})));
  EXPECT_CODE(writer->AppendQuarantined(HeldBackOf(5, {"y"})), absl::StatusCode::kAlreadyExists);
}

TEST_P(StoreSuite, DroppingRowsKeepsFindingsAndStartsQuarantineAnew) {
  const Attempt attempt = RejectedAttemptOf("S-1");
  const auto writer = Begin(attempt);
  const data::Batch batch = BatchOf(SmallSchema(), {{"a", "1"}});
  ASSERT_OK(writer->AppendAccepted(batch, All(batch)));
  ASSERT_OK(writer->AppendFinding(FindingOf(1, "a")));
  ASSERT_OK(writer->AppendQuarantined(HeldBackOf(2, {"before"})));
  ASSERT_OK(writer->DropRows());
  ASSERT_OK(writer->AppendFinding(FindingOf(2, "b")));
  ASSERT_OK(writer->AppendQuarantined(HeldBackOf(2, {"after"})));
  ASSERT_OK(writer->Seal({"text"}));
  ASSERT_OK(store_->Publish(attempt));
  EXPECT_THAT(FindingsOf(*store_, "S-1"), testing::ElementsAre("1 a", "2 b"));
  ASSERT_EQ(QuarantineOf(*store_, "S-1").size(), 1u);
  EXPECT_THAT(QuarantineOf(*store_, "S-1")[0].cells, testing::ElementsAre("after"));
  EXPECT_THAT(Value(store_->SourceColumns(attempt.id)), testing::ElementsAre("text"));
}

TEST_P(StoreSuite, RowsAfterADropAreTheOnlyOnes) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  const data::Batch dropped = BatchOf(SmallSchema(), {{"a", "1"}});
  const data::Batch kept = BatchOf(SmallSchema(), {{"b", "2"}});
  ASSERT_OK(writer->AppendAccepted(dropped, All(dropped)));
  ASSERT_OK(writer->DropRows());
  ASSERT_OK(writer->AppendAccepted(kept, All(kept)));
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  EXPECT_THAT(Read({"S-1"}), testing::ElementsAre(Row{"b", "2"}));
}

TEST_P(StoreSuite, VisitsStopWithTheVisitorsOwnStatus) {
  const Attempt attempt = AttemptOf("S-1");
  const auto writer = Begin(attempt);
  for (uint64_t record : {1, 2}) {
    ASSERT_OK(writer->AppendFinding(FindingOf(record, "a")));
    ASSERT_OK(writer->AppendQuarantined(HeldBackOf(record, {"x"})));
  }
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  int visits = 0;
  const auto enough = [&](const auto&) {
    ++visits;
    return absl::CancelledError("enough");
  };
  EXPECT_EQ(store_->VisitFindings(attempt.id, "", enough), absl::CancelledError("enough"));
  EXPECT_EQ(store_->VisitQuarantined(attempt.id, enough), absl::CancelledError("enough"));
  EXPECT_EQ(visits, 2);
}

}  // namespace concordat::store
