// ReceiptStore: receipts in log order.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline StoredReceipt ReceiptOf(uint64_t leaf_index, std::string id, std::string partner = "constabulary") {
  StoredReceipt receipt;
  receipt.leaf_index = leaf_index;
  receipt.id = std::move(id);
  receipt.kind = "submission";
  receipt.partner = std::move(partner);
  receipt.subject = "street_crime 2026-05: accept";
  receipt.time = absl::FromUnixSeconds(1779278400);
  receipt.receipt = json::Object{{"id", receipt.id}, {"decision", "accept"}};
  return receipt;
}

inline std::vector<std::string> IdsOf(const std::vector<StoredReceipt>& receipts) {
  std::vector<std::string> ids;
  for (const StoredReceipt& receipt : receipts) ids.push_back(receipt.id);
  return ids;
}

TEST_P(StoreSuite, AReceiptComesBackWhole) {
  ASSERT_OK(store_->Put(ReceiptOf(7, "R-1")));
  Reopen();
  const auto receipt = store_->GetReceipt(ReceiptId("R-1"));
  ASSERT_OK(receipt);
  EXPECT_EQ(receipt->leaf_index, 7u);
  EXPECT_EQ(receipt->id, "R-1");
  EXPECT_EQ(receipt->kind, "submission");
  EXPECT_EQ(receipt->partner, "constabulary");
  EXPECT_EQ(receipt->subject, "street_crime 2026-05: accept");
  EXPECT_EQ(receipt->time, absl::FromUnixSeconds(1779278400));
  EXPECT_EQ(json::Compact(receipt->receipt), R"({"id":"R-1","decision":"accept"})");
  EXPECT_CODE(store_->GetReceipt(ReceiptId("R-2")), absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, ListsTheNewestReceiptsInLogOrder) {
  ASSERT_OK(store_->Put(ReceiptOf(2, "R-c")));
  ASSERT_OK(store_->Put(ReceiptOf(0, "R-a")));
  ASSERT_OK(store_->Put(ReceiptOf(1, "R-b", "county-council")));
  ASSERT_OK(store_->Put(ReceiptOf(3, "R-d")));
  EXPECT_THAT(IdsOf(Value(store_->ListReceipts({}, 100))), testing::ElementsAre("R-a", "R-b", "R-c", "R-d"));
  EXPECT_THAT(IdsOf(Value(store_->ListReceipts({}, 2))), testing::ElementsAre("R-c", "R-d"));
  EXPECT_THAT(IdsOf(Value(store_->ListReceipts(PartnerId("county-council"), 100))),
              testing::ElementsAre("R-b"));
  EXPECT_THAT(IdsOf(Value(store_->ListReceipts(PartnerId("constabulary"), 2))),
              testing::ElementsAre("R-c", "R-d"));
}

TEST_P(StoreSuite, DisclosuresAreFoundByTheSubmissionsTheyName) {
  const auto disclosure = [](uint64_t leaf, std::string id, json::Array submissions) {
    StoredReceipt receipt = ReceiptOf(leaf, std::move(id));
    receipt.kind = "disclosure";
    receipt.receipt = json::Object{{"subject", json::Object{{"submissions", std::move(submissions)}}}};
    return receipt;
  };
  StoredReceipt submission = ReceiptOf(0, "R-a");
  submission.receipt = json::Object{{"subject", json::Object{{"submissions", json::Array{"S-1"}}}}};
  StoredReceipt mention = disclosure(3, "R-d", {});
  mention.receipt.as_object()["reasons"] = json::Array{"S-1"};
  for (const StoredReceipt& receipt :
       {submission, disclosure(1, "R-b", {"S-1", "S-2"}), disclosure(2, "R-c", {"S-2"}), mention})
    ASSERT_OK(store_->Put(receipt));
  EXPECT_THAT(IdsOf(Value(store_->DisclosuresOf(SubmissionId("S-1")))), testing::ElementsAre("R-b"));
  EXPECT_THAT(IdsOf(Value(store_->DisclosuresOf(SubmissionId("S-2")))), testing::ElementsAre("R-b", "R-c"));
  EXPECT_THAT(IdsOf(Value(store_->DisclosuresOf(SubmissionId("S-")))), testing::IsEmpty());
}

TEST_P(StoreSuite, TheSameReceiptAgainIsFineAnotherInItsPlaceIsNot) {
  ASSERT_OK(store_->Put(ReceiptOf(0, "R-1")));
  EXPECT_OK(store_->Put(ReceiptOf(0, "R-1")));
  EXPECT_CODE(store_->Put(ReceiptOf(0, "R-2")), absl::StatusCode::kAlreadyExists);
  EXPECT_CODE(store_->Put(ReceiptOf(1, "R-1")), absl::StatusCode::kAlreadyExists);
  StoredReceipt changed = ReceiptOf(0, "R-1");
  changed.receipt = json::Object{{"decision", "reject"}};
  EXPECT_CODE(store_->Put(changed), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(json::TextOr(store_->GetReceipt(ReceiptId("R-1"))->receipt, "decision", ""), "accept");
}

}  // namespace concordat::store
