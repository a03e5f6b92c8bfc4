// Invitations are used once, with the right code; requests are decided once; a copy is a whole store.
#include "host/store/administration.h"

#include "host/base/files.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class AdministrationTest : public testing::Test {
 protected:
  AdministrationTest() : store_(Value(OpenSqliteStore(folder_.path(), std::string(32, 'k')))) {
    invitation_.id = "I-1";
    invitation_.spiffe_id = "spiffe://x/partner/a/steward/s";
    invitation_.code_hash = "right";
    invitation_.bootstrap = "sha256:b";
    invitation_.created = kNow;
    invitation_.expires = kNow + absl::Hours(24);
    request_.id = "R-1";
    request_.invitation = "I-1";
    request_.spiffe_id = invitation_.spiffe_id;
    request_.asked = kNow;
  }
  AdministrationStore& Store() { return AdministrationOf(*store_); }

  const store::TemporaryFolder folder_;
  std::unique_ptr<store::Store> store_;
  Invitation invitation_;
  EnrolmentRequest request_;
};

TEST_F(AdministrationTest, AnInvitationIsUsedOnceWithItsCode) {
  ASSERT_OK(Store().AddInvitation(invitation_));
  EXPECT_CODE(Store().Redeem("sha256:b", "wrong", 5, request_), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Value(Store().InvitationOf("sha256:b")).attempts, 1u);
  EXPECT_TRUE(Value(Store().EnrolmentRequests()).empty());
  EXPECT_CODE(Store().Redeem("sha256:other", "right", 5, request_), absl::StatusCode::kNotFound);
  ASSERT_OK(Store().Redeem("sha256:b", "right", 5, request_));
  EXPECT_CODE(Store().Redeem("sha256:b", "right", 5, request_), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Value(Store().GetEnrolmentRequest("R-1")).state, "waiting");
}

TEST_F(AdministrationTest, WrongCodesAndTimeCloseAnInvitation) {
  ASSERT_OK(Store().AddInvitation(invitation_));
  for (int i = 0; i < 3; ++i) (void)Store().Redeem("sha256:b", "wrong", 3, request_);
  EXPECT_CODE(Store().Redeem("sha256:b", "right", 3, request_), absl::StatusCode::kFailedPrecondition);
  Invitation late = invitation_;
  late.id = "I-2";
  late.bootstrap = "sha256:c";
  ASSERT_OK(Store().AddInvitation(late));
  request_.asked = late.expires;
  EXPECT_CODE(Store().Redeem("sha256:c", "right", 3, request_), absl::StatusCode::kFailedPrecondition);
  ASSERT_OK(Store().WithdrawInvitation("I-2"));
  EXPECT_CODE(Store().WithdrawInvitation("I-2"), absl::StatusCode::kNotFound);
}

TEST_F(AdministrationTest, ARequestIsDecidedOnce) {
  request_.invitation.clear();
  ASSERT_OK(Store().AddEnrolmentRequest(request_));
  EnrolmentRequest second = request_;
  second.id = "R-2";
  EXPECT_CODE(Store().AddEnrolmentRequest(second), absl::StatusCode::kAlreadyExists);
  request_.state = "approved";
  request_.certificate = "PEM";
  request_.decided = kNow;
  ASSERT_OK(Store().DecideEnrolmentRequest(request_));
  EXPECT_CODE(Store().DecideEnrolmentRequest(request_), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Value(Store().GetEnrolmentRequest("R-1")).certificate, "PEM");
  ASSERT_OK(Store().AddEnrolmentRequest(second));
}

TEST_F(AdministrationTest, ACopyOfTheControlDatabaseIsAWholeStore) {
  ASSERT_OK(Store().AddBackup({kNow, "/b", 10, "sha256:x", 3, 4, true, "", "ops"}));
  ASSERT_OK(Store().AddRevocation({"sha256:1", kNow, "ops", "lost laptop"}));
  const store::TemporaryFolder other;
  std::filesystem::create_directories(other.path());
  ASSERT_OK(Store().CopyControl(other.path() + "/control.db"));
  EXPECT_CODE(Store().CopyControl(other.path() + "/control.db"), absl::StatusCode::kAlreadyExists);
  ASSERT_OK(CheckStoreIntegrity(other.path()));
  const auto copy = Value(OpenSqliteStore(other.path(), std::string(32, 'k')));
  EXPECT_EQ(Value(AdministrationOf(*copy).Backups()).front().submissions, 3u);
  EXPECT_EQ(Value(AdministrationOf(*copy).Revocations()).front().reason, "lost laptop");
}

TEST_F(AdministrationTest, DamageIsFound) {
  const store::TemporaryFolder other;
  std::filesystem::create_directories(other.path());
  const std::string path = other.path() + "/control.db";
  ASSERT_OK(Store().CopyControl(path));
  std::string bytes = Value(ReadFile(path));
  for (size_t at = 8192; at < bytes.size(); at += 512) bytes[at] = static_cast<char>(bytes[at] ^ 0x5a);
  ASSERT_OK(WriteFileAtomically(path, bytes));
  EXPECT_FALSE(CheckStoreIntegrity(other.path()).ok());
}

}  // namespace
}  // namespace concordat::store
