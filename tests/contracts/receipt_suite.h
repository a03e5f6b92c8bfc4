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

/// A disclosure of some fields of street_crime, as the exchange makes it.
inline StoredReceipt DisclosureOf(uint64_t leaf_index, std::string id, std::string partner,
                                  std::vector<std::string> fields, std::vector<std::string> givers) {
  StoredReceipt receipt = ReceiptOf(leaf_index, std::move(id), partner);
  receipt.kind = "disclosure";
  receipt.time += absl::Hours(leaf_index);
  json::Array forms;
  for (const std::string& field : fields)
    forms.push_back(json::Object{{"field", field}, {"form", "release"}});
  json::Array from;
  for (const std::string& giver : givers) from.emplace_back(giver);
  receipt.receipt = json::Object{{"id", receipt.id},
                                 {"decision", "permit"},
                                 {"subject", json::Object{{"dataset", "street_crime"},
                                                          {"protocol", "asb-hotspots"},
                                                          {"purpose", "dpv:PublicSafety"},
                                                          {"fields", std::move(forms)},
                                                          {"givers", std::move(from)}}},
                                 {"records", json::Object{{"released", 10 + leaf_index}}}};
  return receipt;
}

inline void FillReceipts(Store& store) {
  ASSERT_OK(store.Put(DisclosureOf(0, "R-a", "county-council", {"month", "lsoa"}, {"constabulary"})));
  ASSERT_OK(store.Put(DisclosureOf(1, "R-b", "voluntary-action", {"month"}, {"constabulary", "fire"})));
  ASSERT_OK(store.Put(DisclosureOf(2, "R-c", "county-council", {"crime_id", "month"}, {"fire"})));
  ASSERT_OK(store.Put(ReceiptOf(3, "R-d")));
  ASSERT_OK(store.Put(DisclosureOf(4, "R-e", "county-council", {"month", "lsoa"}, {"constabulary"})));
}

inline std::vector<std::string> FoundIn(const Store& store,
                                        const std::function<void(ReceiptFilter&)>& narrow) {
  ReceiptFilter filter;
  narrow(filter);
  return IdsOf(Value(store.FindReceipts(filter)));
}

TEST_P(StoreSuite, FindsWhoSawWhat) {
  FillReceipts(*store_);
  using testing::ElementsAre;
  EXPECT_THAT(FoundIn(*store_, [](auto&) {}), ElementsAre("R-e", "R-d", "R-c", "R-b", "R-a"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.limit = 2; }), ElementsAre("R-e", "R-d"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.dataset = DatasetId("street_crime"); }),
              ElementsAre("R-e", "R-c", "R-b", "R-a"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.dataset = DatasetId("asb"); }), ElementsAre());
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.field = "lsoa"; }), ElementsAre("R-e", "R-a"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.given_to = PartnerId("county-council"); }),
              ElementsAre("R-e", "R-c", "R-a"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.given_by = PartnerId("fire"); }), ElementsAre("R-c", "R-b"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.seen_by = PartnerId("constabulary"); }),
              ElementsAre("R-e", "R-d", "R-b", "R-a"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.kind = "submission"; }), ElementsAre("R-d"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.purpose = "dpv:Marketing"; }), ElementsAre());
  EXPECT_THAT(
      FoundIn(*store_, [](auto& f) { f.protocol = ProtocolId("asb-hotspots"), f.field = "crime_id"; }),
      ElementsAre("R-c"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.ids = {{"R-b", "R-d", "R-x"}}; }), ElementsAre("R-d", "R-b"));
  EXPECT_THAT(FoundIn(*store_, [](auto& f) { f.ids.emplace(); }), ElementsAre());
}

TEST_P(StoreSuite, ReceiptTimesIncludeTheirStartAndNotTheirEnd) {
  FillReceipts(*store_);
  const absl::Time start = absl::FromUnixSeconds(1779278400);
  EXPECT_THAT(
      FoundIn(*store_, [&](auto& f) { f.from = start + absl::Hours(1), f.until = start + absl::Hours(4); }),
      testing::ElementsAre("R-c", "R-b"));
}

TEST_P(StoreSuite, ASumOfReceiptsCountsEachRowOnce) {
  FillReceipts(*store_);
  ReceiptFilter filter;
  filter.given_by = PartnerId("constabulary");
  const std::vector<ReceiptSum> sums = Value(store_->SumReceipts(filter));
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].partner, "county-council");
  EXPECT_EQ(std::pair(sums[0].receipts, sums[0].rows), std::pair(uint64_t{2}, uint64_t{10 + 14}));
  EXPECT_EQ(sums[1].partner, "voluntary-action");
  EXPECT_THAT(sums[1].givers, testing::ElementsAre("constabulary", "fire"));
  EXPECT_EQ(std::pair(sums[1].receipts, sums[1].rows), std::pair(uint64_t{1}, uint64_t{11}));
}

}  // namespace concordat::store
