// Nothing confidential stands in any file of the store, in no form; what is open does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "host/base/encoding.h"
#include "host/base/files.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {
namespace {

constexpr char kToken[] = "Zyxwvut-Tsrqpon-4711";

class SealedFiles : public testing::Test {
 protected:
  void Open(char key = 'k') {
    store_.reset();
    auto opened = OpenSqliteStore(folder_.path(), std::string(32, key));
    ASSERT_OK(opened);
    store_ = *std::move(opened);
  }

  static std::shared_ptr<const data::Schema> Schema() {
    data::Field name = FieldOf("name");
    name.classification = data::Classification::kRestricted;
    data::Field number = FieldOf("number", data::LogicalType::kInteger);
    number.classification = data::Classification::kConfidential;
    return SchemaOf({name, number, FieldOf("ward")});
  }

  void SubmitToken() {
    Attempt attempt = AttemptOf("S-1");
    attempt.corrections = std::string("{\"cells\":[\"") + kToken + "\"]}";
    const auto writer = Begin(attempt);
    const data::Batch batch = BatchOf(Schema(), {{kToken, "471147114711", "OpenWard"}, {"", "", ""}});
    ASSERT_OK(writer->AppendAccepted(batch, All(batch)));
    QuarantinedRecord unreadable;
    unreadable.record = 3;
    unreadable.unreadable = true;
    unreadable.raw = std::string("x,") + kToken;
    unreadable.reasons = std::string("not readable: ") + kToken;
    ASSERT_OK(writer->AppendQuarantined(unreadable));
    record::Finding finding;
    finding.rule = "name_format";
    finding.record = 4;
    finding.values = {{"name", kToken}};
    finding.message = std::string(kToken) + " is no name";
    finding.mend = std::string("did you mean ") + kToken;
    ASSERT_OK(writer->AppendFinding(finding));
    ASSERT_OK(writer->PutSourceKey(std::string(32, 's')));
    ASSERT_OK(writer->Seal({"name", "number", "ward"}));
    ASSERT_OK(store_->Publish(attempt));
  }
  std::unique_ptr<AttemptWriter> Begin(const Attempt& attempt) {
    return Value(store_->Begin(attempt.id, attempt.dataset, Schema()));
  }

  /// All bytes below the store's folder, while it is open: with its log.
  std::string Everything() const {
    std::string all;
    for (const std::string& name : Value(ListFiles(folder_.path()))) {
      std::ifstream file(folder_.path() + "/" + name, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

  absl::Status ReadAll() {
    return store_->ReadRecords(DatasetId("incidents"), Schema(), {SubmissionId("S-1")},
                               [](const auto&) { return absl::OkStatus(); });
  }
  std::string Path() const { return folder_.path() + "/datasets/incidents/S-1.db"; }
  void Change(const std::string& file, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  const TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(SealedFiles, ATokenIsNowhereAndAnOpenValueIs) {
  Open();
  SubmitToken();
  const std::string all = Everything();
  for (const std::string& form : {std::string(kToken), HexEncode(kToken), Base64Encode(kToken).substr(0, 20),
                                  std::string("471147114711"), std::string(32, 's')}) {
    EXPECT_EQ(all.find(form), std::string::npos) << form;
  }
  EXPECT_NE(all.find("OpenWard"), std::string::npos) << "an open column stays a plain one";
  EXPECT_EQ(Value(store_->Get(SubmissionId("S-1"))).corrections.substr(11, sizeof kToken - 1), kToken);
  Open();
  bool seen = false;
  ASSERT_OK(store_->ReadRecords(
      DatasetId("incidents"), Schema(), {SubmissionId("S-1")}, [&](const data::Batch& batch) {
        seen = batch.columns[0].text->at(0) == kToken && batch.columns[1].integers[0] == 471147114711 &&
               batch.columns[0].states[1] == data::CellState::kMissing;
        return absl::OkStatus();
      }));
  EXPECT_TRUE(seen);
}

TEST_F(SealedFiles, OnlyTheKeyThatSealedAStoreOpensIt) {
  Open();
  store_.reset();
  EXPECT_TRUE(HasWrappedKeys(folder_.path()));
  const auto opened = OpenSqliteStore(folder_.path(), std::string(32, 'x'));
  EXPECT_CODE(opened, absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(MessageOf(opened.status())), testing::HasSubstr("store_key"));
  EXPECT_CODE(OpenSqliteStore(folder_.path(), "short"), absl::StatusCode::kInvalidArgument);
  Open();
}

TEST_F(SealedFiles, AChangedOrMovedCellIsNoticed) {
  for (const char* change : {"UPDATE incidents SET name = zeroblob(48) WHERE _record = 1",
                             "UPDATE incidents SET name = number WHERE _record = 1",
                             "UPDATE incidents SET _record = 9 WHERE _record = 1"}) {
    std::filesystem::remove_all(folder_.path());
    Open();
    SubmitToken();
    ASSERT_OK(ReadAll());
    Change(Path(), change);
    EXPECT_CODE(ReadAll(), absl::StatusCode::kDataLoss) << change;
    store_.reset();
  }
}

TEST_F(SealedFiles, AfterAnErasureNoCopyOfTheFileOpens) {
  Open();
  SubmitToken();
  const std::string copy = folder_.path() + "/copy";
  std::filesystem::copy_file(Path(), copy);
  ASSERT_OK(store_->Erase(SubmissionId("S-1"), "x", absl::Now(), nullptr, nullptr));
  EXPECT_FALSE(std::filesystem::exists(Path()));
  // Somebody puts file and row back; the key stays gone.
  std::filesystem::rename(copy, Path());
  Change(folder_.path() + "/control.db",
         "UPDATE attempts SET file = 'datasets/incidents/S-1.db', erased_at = NULL, state = 'current'");
  EXPECT_CODE(ReadAll(), absl::StatusCode::kDataLoss);
}

TEST_F(SealedFiles, AnErasedKeyIsNotLeftInPagesOfTheDatabase) {
  Open();
  SubmitToken();
  std::string wrapped;
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder_.path() + "/control.db").c_str(), &database), SQLITE_OK);
  sqlite3_exec(
      database, "SELECT hex(key) FROM attempt_keys",
      [](void* into, int, char** values, char**) {
        *static_cast<std::string*>(into) = values[0];
        return 0;
      },
      &wrapped, nullptr);
  sqlite3_close(database);
  const std::string bytes = HexDecode(wrapped).value_or("");
  ASSERT_GE(bytes.size(), 32u);
  EXPECT_NE(Everything().find(bytes), std::string::npos);
  ASSERT_OK(store_->Erase(SubmissionId("S-1"), "x", absl::Now(), nullptr, nullptr));
  EXPECT_EQ(Everything().find(bytes), std::string::npos);
}

}  // namespace
}  // namespace concordat::store
