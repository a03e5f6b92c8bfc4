// EnrolmentStore: which certificate speaks for whom.
#pragma once

#include "tests/contracts/store_fixture.h"

namespace concordat::store {

inline Enrolment EnrolmentOf(std::string fingerprint, int64_t enrolled = 1779278400) {
  Enrolment enrolment;
  enrolment.fingerprint = std::move(fingerprint);
  enrolment.spiffe_id = "spiffe://partnership.example/constabulary/steward";
  enrolment.partner = PartnerId("constabulary");
  enrolment.role = "steward";
  enrolment.name = "A. Steward";
  enrolment.certificate = "-----BEGIN CERTIFICATE-----";
  enrolment.enrolled = absl::FromUnixSeconds(enrolled);
  return enrolment;
}

TEST_P(StoreSuite, AnEnrolmentIsFoundAtOnceAndAfterAStart) {
  EXPECT_CODE(store_->FindEnrolment("sha256:a"), absl::StatusCode::kNotFound);
  ASSERT_OK(store_->Enrol(EnrolmentOf("sha256:a")));
  for (const char* when : {"at once", "after a start"}) {
    const auto found = store_->FindEnrolment("sha256:a");
    ASSERT_OK(found) << when;
    EXPECT_EQ(found->fingerprint, "sha256:a");
    EXPECT_EQ(found->spiffe_id, "spiffe://partnership.example/constabulary/steward");
    EXPECT_EQ(found->partner, PartnerId("constabulary"));
    EXPECT_EQ(found->role, "steward");
    EXPECT_EQ(found->name, "A. Steward");
    EXPECT_EQ(found->certificate, "-----BEGIN CERTIFICATE-----");
    EXPECT_EQ(found->enrolled, absl::FromUnixSeconds(1779278400));
    EXPECT_FALSE(found->revoked);
    Reopen();
  }
}

TEST_P(StoreSuite, ARevocationHoldsAtOnceAndForGood) {
  ASSERT_OK(store_->Enrol(EnrolmentOf("sha256:a")));
  ASSERT_OK(store_->Revoke("sha256:a"));
  EXPECT_TRUE(store_->FindEnrolment("sha256:a")->revoked);
  EXPECT_CODE(store_->Enrol(EnrolmentOf("sha256:a")), absl::StatusCode::kAlreadyExists);
  Reopen();
  EXPECT_TRUE(store_->FindEnrolment("sha256:a")->revoked);
  EXPECT_CODE(store_->Revoke("sha256:b"), absl::StatusCode::kNotFound);
}

TEST_P(StoreSuite, ListsEnrolmentsOldestFirst) {
  ASSERT_OK(store_->Enrol(EnrolmentOf("sha256:b", 200)));
  ASSERT_OK(store_->Enrol(EnrolmentOf("sha256:a", 300)));
  ASSERT_OK(store_->Enrol(EnrolmentOf("sha256:c", 100)));
  std::vector<std::string> fingerprints;
  for (const Enrolment& enrolment : Value(store_->ListEnrolments()))
    fingerprints.push_back(enrolment.fingerprint);
  EXPECT_THAT(fingerprints, testing::ElementsAre("sha256:c", "sha256:b", "sha256:a"));
}

}  // namespace concordat::store
