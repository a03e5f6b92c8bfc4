// ObligationStore: what is owed after a release; closed once and for good.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline Obligation ObligationOf(std::string id, std::string partner = "county-council",
                               std::string kind = "deletion_certificate", int64_t due = 1790000000) {
  Obligation obligation;
  obligation.id = std::move(id);
  obligation.kind = std::move(kind);
  obligation.partner = PartnerId(partner);
  obligation.role = "steward";
  obligation.asked_by = PartnerId("constabulary");
  obligation.asker = "spiffe://partnership.example/constabulary/steward/pat";
  obligation.dataset = DatasetId("street_crime");
  obligation.protocol = ProtocolId("asb-hotspots");
  obligation.disclosure = "R-1";
  obligation.submission = "S-1";
  obligation.record_token = "token";
  obligation.field = "lsoa_code";
  obligation.label = std::string("\x00\xff label", 8);
  obligation.reason = std::string("\x01\x00 reason", 9);
  obligation.created = absl::FromUnixMicros(1779278400123456);
  obligation.due = absl::FromUnixSeconds(due);
  obligation.receipts = {"R-1"};
  return obligation;
}

inline ObligationStore::ObligationClosing ClosingOf(std::string receipt) {
  return {absl::FromUnixSeconds(1780000000),
          "spiffe://partnership.example/county-council/steward/sam",
          std::string("\x02\x00 evidence", 11),
          "sha256:e",
          "upheld",
          std::move(receipt)};
}

inline std::vector<std::string> IdsOf(const std::vector<Obligation>& obligations) {
  std::vector<std::string> ids;
  for (const Obligation& obligation : obligations) ids.push_back(obligation.id);
  return ids;
}

TEST_P(StoreSuite, AnObligationComesBackWholeOpenAndClosed) {
  const Obligation given = ObligationOf("O-1");
  ASSERT_OK(store_->AddObligations({given}));
  Reopen();
  auto kept = store_->GetObligation("O-1");
  ASSERT_OK(kept);
  EXPECT_EQ(kept->kind, given.kind);
  EXPECT_EQ(kept->partner, given.partner);
  EXPECT_EQ(kept->role, given.role);
  EXPECT_EQ(kept->asked_by, given.asked_by);
  EXPECT_EQ(kept->asker, given.asker);
  EXPECT_EQ(kept->dataset, given.dataset);
  EXPECT_EQ(kept->protocol, given.protocol);
  EXPECT_EQ(kept->disclosure, given.disclosure);
  EXPECT_EQ(kept->submission, given.submission);
  EXPECT_EQ(kept->record_token, given.record_token);
  EXPECT_EQ(kept->field, given.field);
  EXPECT_EQ(kept->label, given.label);
  EXPECT_EQ(kept->reason, given.reason);
  EXPECT_EQ(kept->created, given.created);
  EXPECT_EQ(kept->due, given.due);
  EXPECT_EQ(kept->state, "open");
  EXPECT_EQ(kept->closed_at, std::nullopt);
  EXPECT_EQ(kept->receipts, std::vector<std::string>{"R-1"});

  ASSERT_OK(store_->CloseObligation("O-1", ClosingOf("R-2")));
  Reopen();
  kept = store_->GetObligation("O-1");
  ASSERT_OK(kept);
  EXPECT_EQ(kept->state, "closed");
  EXPECT_EQ(kept->closed_at, ClosingOf("R-2").time);
  EXPECT_EQ(kept->closed_by, ClosingOf("R-2").by);
  EXPECT_EQ(kept->evidence, ClosingOf("R-2").evidence);
  EXPECT_EQ(kept->evidence_digest, "sha256:e");
  EXPECT_EQ(kept->outcome, "upheld");
  EXPECT_THAT(kept->receipts, testing::ElementsAre("R-1", "R-2"));
  EXPECT_EQ(kept->reason, given.reason);
}

TEST_P(StoreSuite, AnObligationIsClosedOnce) {
  ASSERT_OK(store_->AddObligations({ObligationOf("O-1")}));
  ASSERT_OK(store_->CloseObligation("O-1", ClosingOf("R-2")));
  EXPECT_CODE(store_->CloseObligation("O-1", ClosingOf("R-3")), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Value(store_->GetObligation("O-1")).receipts, testing::ElementsAre("R-1", "R-2"));
  EXPECT_CODE(store_->CloseObligation("O-2", ClosingOf("R-3")), absl::StatusCode::kNotFound);
  EXPECT_CODE(store_->GetObligation("O-2"), absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, ObligationsAreAddedAllOrNone) {
  ASSERT_OK(store_->AddObligations({ObligationOf("O-1")}));
  EXPECT_CODE(store_->AddObligations({ObligationOf("O-2"), ObligationOf("O-1")}),
              absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(IdsOf(Value(store_->ListObligations({}))), testing::ElementsAre("O-1"));
  EXPECT_FALSE(store_->AddObligations({ObligationOf("O-3", "county-council", "favour")}).ok());
}

TEST_P(StoreSuite, ObligationsAreListedEarliestDueFirstByWhatIsAsked) {
  Obligation later = ObligationOf("O-a", "county-council", "rectification", 1790000900);
  later.disclosure = "R-9";
  later.submission = "S-9";
  later.dataset = DatasetId("incidents");
  later.asked_by = PartnerId("fire-and-rescue");
  ASSERT_OK(store_->AddObligations(
      {later, ObligationOf("O-b"), ObligationOf("O-c", "constabulary", "dispute", 1780000000)}));
  ASSERT_OK(store_->CloseObligation("O-b", ClosingOf("R-2")));
  const auto ids = [this](const ObligationStore::ObligationFilter& filter) {
    return IdsOf(Value(store_->ListObligations(filter)));
  };
  EXPECT_THAT(ids({}), testing::ElementsAre("O-c", "O-b", "O-a"));
  EXPECT_THAT(ids({.partner = PartnerId("county-council")}), testing::ElementsAre("O-b", "O-a"));
  EXPECT_THAT(ids({.partner = PartnerId("county-council"), .state = "open"}), testing::ElementsAre("O-a"));
  EXPECT_THAT(ids({.state = "closed"}), testing::ElementsAre("O-b"));
  EXPECT_THAT(ids({.kind = "dispute"}), testing::ElementsAre("O-c"));
  EXPECT_THAT(ids({.asked_by = PartnerId("fire-and-rescue")}), testing::ElementsAre("O-a"));
  EXPECT_THAT(ids({.dataset = DatasetId("incidents")}), testing::ElementsAre("O-a"));
  EXPECT_THAT(ids({.disclosure = "R-9"}), testing::ElementsAre("O-a"));
  EXPECT_THAT(ids({.submission = "S-9"}), testing::ElementsAre("O-a"));
}

}  // namespace concordat::store
