// An upgrade of control.db's schema can be undone as long as nothing was stored since.
#include "host/store/administration.h"
#include "host/store/sqlite/control_schema.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {
namespace {

constexpr int64_t kOlder = 9;  // before administration

class UndoUpgrade_ : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_.path());
    const auto control = Value(Connection::Open(Path(), Connection::Mode::kShared));
    ASSERT_OK(MigrateControl(*control, kOlder));
    ASSERT_OK(
        control->Execute("INSERT INTO enrolments VALUES ('sha256:1', 'spiffe://x/partner/a/steward/s', 'a', "
                         "'steward', 's', 'PEM', "
                         "'2026-05-20T12:00:00.000000000Z', 0)"));
  }
  std::string Path() const { return folder_.path() + "/control.db"; }
  std::unique_ptr<Store> Open() { return Value(OpenSqliteStore(folder_.path(), std::string(32, 'k'))); }
  int64_t Version() const {
    return Value(
        Value(Connection::Open(Path(), Connection::Mode::kReader))->ReadInteger("PRAGMA user_version"));
  }
  bool HasCopy() const { return std::filesystem::exists(Path() + ".before-step-10"); }

  const store::TemporaryFolder folder_;
};

TEST_F(UndoUpgrade_, PutsTheOldStoreBackWithEverythingInIt) {
  Open();
  EXPECT_GT(Version(), kOlder);
  ASSERT_TRUE(HasCopy());
  Open();  // a second start changes nothing
  const std::string said = Value(UndoUpgrade(folder_.path()));
  EXPECT_NE(said.find("version 9 again"), std::string::npos) << said;
  EXPECT_EQ(Version(), kOlder);
  EXPECT_FALSE(HasCopy());
  EXPECT_CODE(UndoUpgrade(folder_.path()), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Value(Open()->ListEnrolments()).size(), 1u);  // and forward again
}

TEST_F(UndoUpgrade_, IsRefusedWhenSomethingWasStoredSince) {
  ASSERT_OK(Open()->Revoke("sha256:1"));
  const auto undone = UndoUpgrade(folder_.path());
  EXPECT_CODE(undone, absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(undone.status().message().find("changes in enrolments"), absl::string_view::npos)
      << undone.status();
  EXPECT_GT(Version(), kOlder);
  EXPECT_TRUE(HasCopy());
}

TEST_F(UndoUpgrade_, WaitsForNobodyWhileAHostHasIt) {
  const auto store = Open();
  EXPECT_CODE(UndoUpgrade(folder_.path()), absl::StatusCode::kUnavailable);
}

TEST_F(UndoUpgrade_, AFreshStoreHasNothingToUndo) {
  std::filesystem::remove(Path());
  Open();
  EXPECT_FALSE(HasCopy());
  EXPECT_CODE(UndoUpgrade(folder_.path()), absl::StatusCode::kFailedPrecondition);
}

TEST_F(UndoUpgrade_, AnErasureForgetsTheCopyThatHoldsTheKeys) {
  const auto store = Open();
  ASSERT_TRUE(HasCopy());
  (void)store->EraseSubject(DatasetId("incidents"), std::nullopt, "person", "x",
                            [](const json::Value& result) { return result; });
  EXPECT_FALSE(HasCopy());
}

}  // namespace
}  // namespace concordat::store
