// SubmissionStore: what was erased is gone, and what was not is as it was.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

/// A finding on one record that shows a value.
inline record::Finding FindingOn(uint64_t record, const std::string& value) {
  record::Finding finding;
  finding.rule = "text_format";
  finding.record = record;
  finding.line = record + 1;
  finding.values = {{"text", value}};
  finding.message = "\"" + value + "\" is no text";
  finding.mend = "did you mean \"other\"?";
  return finding;
}

inline QuarantinedRecord HeldBackWith(uint64_t record, const std::string& value) {
  QuarantinedRecord held;
  held.record = record;
  held.line = record + 1;
  held.cells = {value, "x"};
  held.reasons = "text_format: it is no text";
  return held;
}

/// Rows "a" (record 1) and "b" (2); "a" (3) and "c" (4) held back with a finding each.
inline void SubmitMixed(Store& store, const Attempt& attempt) {
  const auto writer = Value(store.Begin(attempt.id, attempt.dataset, SmallSchema()));
  const data::Batch batch = BatchOf(SmallSchema(), {{"a", "1"}, {"b", "2"}});
  ASSERT_OK(writer->AppendAccepted(batch, All(batch)));
  uint64_t record = 3;
  for (const char* value : {"a", "c"}) {
    ASSERT_OK(writer->AppendQuarantined(HeldBackWith(record, value)));
    ASSERT_OK(writer->AppendFinding(FindingOn(record, value)));
    ++record;
  }
  ASSERT_OK(writer->Seal({"text", "count"}));
  ASSERT_OK(store.Publish(attempt));
}

inline json::Value Scrubbed(const json::Value&) { return json::Object{{"scrubbed", true}}; }

inline std::vector<std::string> HeldBackIn(const Store& store, const std::string& id) {
  std::vector<std::string> cells;
  EXPECT_OK(store.VisitQuarantined(SubmissionId(id), [&](const QuarantinedRecord& record) {
    cells.push_back(record.cells.at(0));
    return absl::OkStatus();
  }));
  return cells;
}

inline std::vector<std::string> FoundIn(const Store& store, const std::string& id) {
  std::vector<std::string> found;
  EXPECT_OK(store.VisitFindings(SubmissionId(id), "", [&](const record::Finding& finding) {
    found.push_back(finding.values.at(0).second + "; " + finding.message + "; " + finding.mend);
    return absl::OkStatus();
  }));
  return found;
}

TEST_P(StoreSuite, AnErasedSubmissionKeepsItsDecisionAndNothingElse) {
  Attempt attempt = AttemptOf("S-1");
  attempt.corrections = R"({"columns":["text"],"corrections":[]})";
  SubmitMixed(*store_, attempt);
  EXPECT_EQ(Value(store_->Get(attempt.id)).corrections, attempt.corrections);
  ASSERT_OK(store_->Erase(attempt.id, "asked to", absl::FromUnixSeconds(1800000000),
                          json::Object{{"id", "R-9"}}, json::Object{{"grade", "C"}}));
  for (int opening = 0; opening < 2; ++opening) {
    const Attempt erased = Value(store_->Get(attempt.id));
    EXPECT_EQ(erased.state, "erased");
    EXPECT_EQ(erased.erased_reason, "asked to");
    EXPECT_EQ(json::TextOr(erased.erasure_receipt, "id", ""), "R-9");
    EXPECT_EQ(erased.receipt, attempt.receipt);
    EXPECT_EQ(json::TextOr(erased.result, "grade", ""), "C");
    EXPECT_EQ(erased.corrections, "");
    EXPECT_THAT(HeldBackIn(*store_, "S-1"), testing::IsEmpty());
    EXPECT_THAT(FoundIn(*store_, "S-1"), testing::IsEmpty());
    EXPECT_CODE(store_->ReadRecords(attempt.dataset, SmallSchema(), {attempt.id},
                                    [](const auto&) { return absl::OkStatus(); }),
                absl::StatusCode::kFailedPrecondition);
    EXPECT_FALSE(Value(store_->Current(attempt.feed, attempt.period)).has_value());
    Reopen();
  }
  EXPECT_CODE(store_->Erase(attempt.id, "again", absl::Now(), nullptr, nullptr),
              absl::StatusCode::kFailedPrecondition);
  EXPECT_CODE(store_->Erase(SubmissionId("S-none"), "x", absl::Now(), nullptr, nullptr),
              absl::StatusCode::kNotFound);
  ASSERT_OK(Submit(AttemptOf("S-2", 2), {{"new", "1"}})) << "its period is free again";
}

TEST_P(StoreSuite, ErasingASubjectLeavesTheOthersAsTheyWere) {
  SubmitMixed(*store_, AttemptOf("S-1"));
  SubmitMixed(*store_, AttemptOf("S-2", 2, "S-1"));
  ASSERT_OK(Submit(AttemptOf("S-3", 3, "S-2"), {{"b", "7"}, {"", ""}}));
  const auto erased =
      Value(store_->EraseSubject(DatasetId("incidents"), std::nullopt, "text", "a", Scrubbed));
  ASSERT_EQ(erased.size(), 2u) << "S-3 knows nothing of it";
  for (const SubmissionStore::ErasedRows& rows : erased) {
    EXPECT_EQ(rows.accepted, 1u);
    EXPECT_EQ(rows.quarantined, 1u);
    EXPECT_EQ(rows.findings, 1u);
  }
  for (int opening = 0; opening < 2; ++opening) {
    for (const char* id : {"S-1", "S-2"}) {
      EXPECT_THAT(Read({id}), testing::ElementsAre(Row{"b", "2"}));
      EXPECT_THAT(HeldBackIn(*store_, id), testing::ElementsAre("c"));
      EXPECT_THAT(FoundIn(*store_, id), testing::ElementsAre("c; \"c\" is no text; did you mean \"other\"?"));
      EXPECT_THAT(Value(store_->SourceColumns(SubmissionId(id))), testing::ElementsAre("text", "count"));
    }
    EXPECT_THAT(Read({"S-3"}), testing::ElementsAre(Row{"b", "7"}, Row{"(missing)", "(missing)"}));
    EXPECT_EQ(StateOf("S-1"), "superseded");
    EXPECT_NE(json::Find(Value(store_->Get(SubmissionId("S-1"))).result, "scrubbed"), nullptr);
    EXPECT_EQ(json::Find(Value(store_->Get(SubmissionId("S-3"))).result, "scrubbed"), nullptr);
    Reopen();
  }
  EXPECT_THAT(Value(store_->EraseSubject(DatasetId("incidents"), std::nullopt, "text", "a", Scrubbed)),
              testing::IsEmpty());
  EXPECT_CODE(store_->EraseSubject(DatasetId("incidents"), std::nullopt, "text", "", Scrubbed),
              absl::StatusCode::kInvalidArgument);
}

TEST_P(StoreSuite, WhatWasReadWhileASubjectWasErasedIsReadAgain) {
  SubmitMixed(*store_, AttemptOf("S-1"));
  uint64_t meanwhile = 0;
  const auto look = [&](const json::Value& result) {
    meanwhile = store_->Revision();
    return Scrubbed(result);
  };
  ASSERT_EQ(Value(store_->EraseSubject(DatasetId("incidents"), std::nullopt, "text", "a", look)).size(), 1u);
  EXPECT_GT(meanwhile, 0u);
  EXPECT_GT(store_->Revision(), meanwhile);
}

TEST_P(StoreSuite, ASubjectIsFoundByANumberToo) {
  SubmitMixed(*store_, AttemptOf("S-1"));
  ASSERT_EQ(Value(store_->EraseSubject(DatasetId("incidents"), std::nullopt, "count", "2", Scrubbed)).size(),
            1u);
  EXPECT_THAT(Read({"S-1"}), testing::ElementsAre(Row{"a", "1"}));
}

TEST_P(StoreSuite, TheKeyOfASourceComesBackUntilTheAttemptIsErased) {
  const Attempt attempt = AttemptOf("S-1");
  const std::string key(32, '\x07');
  const auto writer = Begin(attempt);
  const absl::Status put = writer->PutSourceKey(key);
  if (FieldClassification() < data::Classification::kConfidential) {
    EXPECT_CODE(put, absl::StatusCode::kFailedPrecondition);
    return;
  }
  ASSERT_OK(put);
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  Reopen();
  EXPECT_EQ(Value(store_->SourceKey(attempt.id)), key);
  ASSERT_OK(store_->Erase(attempt.id, "x", absl::Now(), nullptr, nullptr));
  EXPECT_EQ(Value(store_->SourceKey(attempt.id)), "");
}

}  // namespace concordat::store
