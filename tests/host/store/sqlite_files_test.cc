// What only SQLite's files can show: other tools read them, damage and foreign files are told apart, a full
// disk hurts nobody.

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "host/base/files.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {
namespace {

/// The answer of any SQLite tool: rows of text.
std::vector<Row> Ask(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  std::vector<Row> rows;
  const auto collect = [](void* context, int count, char** texts, char**) {
    Row row;
    for (int i = 0; i < count; ++i) row.emplace_back(texts[i] == nullptr ? "NULL" : texts[i]);
    static_cast<std::vector<Row>*>(context)->push_back(std::move(row));
    return 0;
  };
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), collect, &rows, &error), SQLITE_OK) << error;
  sqlite3_free(error);
  sqlite3_close(database);
  return rows;
}

class SqliteFiles : public testing::Test {
 protected:
  void Open() {
    store_.reset();
    auto opened = OpenSqliteStore(folder_.path(), std::string(32, 'k'));
    ASSERT_OK(opened);
    store_ = *std::move(opened);
  }

  absl::Status Submit(const Attempt& attempt, const std::vector<Row>& rows,
                      const std::shared_ptr<const data::Schema>& schema = SmallSchema()) {
    ASSIGN_OR_RETURN(const auto writer, store_->Begin(attempt.id, attempt.dataset, schema));
    const data::Batch batch = BatchOf(schema, rows);
    RETURN_IF_ERROR(writer->AppendAccepted(batch, All(batch)));
    RETURN_IF_ERROR(writer->Seal({}));
    return store_->Publish(attempt);
  }

  absl::Status ReadAllOf(const std::string& id) {
    return store_->ReadRecords(DatasetId("incidents"), SmallSchema(), {SubmissionId(id)},
                               [](const auto&) { return absl::OkStatus(); });
  }

  std::string Path(const std::string& relative) const { return folder_.path() + "/" + relative; }
  std::string ControlPath() const { return Path("control.db"); }

  const TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteFiles, AnySqliteToolReadsTypedTablesWithTheContractsNames) {
  using data::LogicalType;
  data::Field rate = FieldOf("Rate", LogicalType::kNumber);
  rate.markers = {{"c", "suppressed"}};
  const auto schema = SchemaOf({FieldOf("Crime ID"), FieldOf("count", LogicalType::kInteger), rate,
                                FieldOf("open", LogicalType::kBoolean), FieldOf("day", LogicalType::kDate)});
  Open();
  ASSERT_OK(
      Submit(AttemptOf("S-1"), {{"x", "7", "0.5", "Yes", "2026-05-20"}, {"", "", "c", "", ""}}, schema));
  const std::string file = Path("datasets/incidents/S-1.db");
  EXPECT_THAT(
      Ask(file,
          R"(SELECT _record, _line, "Crime ID", count, Rate, open, day FROM incidents ORDER BY _record)"),
      testing::ElementsAre(Row{"1", "2", "x", "7", "0.5", "1", "2026-05-20"},
                           Row{"2", "3", "NULL", "NULL", "c", "NULL", "NULL"}));
  EXPECT_THAT(
      Ask(file,
          R"(SELECT typeof("Crime ID"), typeof(count), typeof(Rate), typeof(open), typeof(day) FROM incidents)"),
      testing::ElementsAre(Row{"text", "integer", "real", "integer", "text"},
                           Row{"null", "null", "text", "null", "null"}));
  EXPECT_THAT(Ask(file, "SELECT avg(Rate) FROM incidents WHERE typeof(Rate) = 'real'"),
              testing::ElementsAre(Row{"0.5"}));
}

TEST_F(SqliteFiles, ControlNamesTheFilesThatCount) {
  Open();
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  ASSERT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {{"b", "2"}}));
  EXPECT_THAT(Ask(ControlPath(), "SELECT dataset, period, submission, file FROM current_files"),
              testing::ElementsAre(Row{"incidents", "2026-05", "S-2", "datasets/incidents/S-2.db"}));
  EXPECT_THAT(Ask(ControlPath(), "SELECT json_extract(result, '$.grade') FROM attempts WHERE id = 'S-1'"),
              testing::ElementsAre(Row{"B"}));
  EXPECT_THAT(Ask(ControlPath(), "PRAGMA journal_mode"), testing::ElementsAre(Row{"wal"}));
}

TEST_F(SqliteFiles, OnlyTheHostsUserMayLookInside) {
  Open();
  struct stat status = {};
  ASSERT_EQ(stat(folder_.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(SqliteFiles, AStoreIsOpenOnce) {
  Open();
  const auto second = OpenSqliteStore(folder_.path(), std::string(32, 'k'));
  EXPECT_CODE(second, absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(MessageOf(second.status())), testing::HasSubstr("in use by another process"));
  store_.reset();
  EXPECT_OK(OpenSqliteStore(folder_.path(), std::string(32, 'k')));
}

TEST_F(SqliteFiles, AFolderOfANewerConcordatIsLeftAlone) {
  Open();
  store_.reset();
  Ask(ControlPath(), "PRAGMA user_version = 99");
  std::filesystem::create_directories(Path("datasets/incidents"));
  std::ofstream(Path("datasets/incidents/S-1.db")) << "the newer one's";
  const auto opened = OpenSqliteStore(folder_.path(), std::string(32, 'k'));
  EXPECT_CODE(opened, absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(MessageOf(opened.status())),
              testing::HasSubstr("store version 99, written by a newer Concordat"));
  EXPECT_THAT(Ask(ControlPath(), "PRAGMA user_version"), testing::ElementsAre(Row{"99"}));
  EXPECT_TRUE(std::filesystem::exists(Path("datasets/incidents/S-1.db")));
}

TEST_F(SqliteFiles, AnotherProgramsDatabaseIsLeftAlone) {
  std::filesystem::create_directories(folder_.path());
  Ask(ControlPath(), "CREATE TABLE theirs (x)");
  EXPECT_CODE(OpenSqliteStore(folder_.path(), std::string(32, 'k')), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Ask(ControlPath(), "SELECT name FROM sqlite_schema"), testing::ElementsAre(Row{"theirs"}));
}

TEST_F(SqliteFiles, AControlFileThatIsNoDatabaseIsDataLoss) {
  std::filesystem::create_directories(folder_.path());
  std::ofstream(ControlPath()) << std::string(8192, 'x');
  EXPECT_CODE(OpenSqliteStore(folder_.path(), std::string(32, 'k')), absl::StatusCode::kDataLoss);
}

TEST_F(SqliteFiles, DamagedRecordsAreDataLossAndNameTheFile) {
  const std::string file = Path("datasets/incidents/S-1.db");
  const std::vector<std::pair<std::string, std::function<void()>>> damages = {
      {"gone", [&] { std::filesystem::remove(file); }},
      {"cut short", [&] { std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2); }},
      {"overwritten", [&] { std::ofstream(file) << std::string(50'000, 'x'); }},
      {"another database", [&] { std::filesystem::remove(file), Ask(file, "CREATE TABLE incidents (x)"); }},
  };
  for (const auto& [what, damage] : damages) {
    SCOPED_TRACE(what);
    store_.reset();
    std::filesystem::remove_all(folder_.path());
    Open();
    ASSERT_OK(Submit(AttemptOf("S-1"), std::vector<Row>(20'000, Row{"a", "1"})));
    ASSERT_OK(ReadAllOf("S-1"));
    damage();
    EXPECT_CODE(ReadAllOf("S-1"), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(MessageOf(ReadAllOf("S-1"))), testing::HasSubstr("datasets/incidents/S-1.db"));
  }
}

TEST_F(SqliteFiles, RecordsOfANewerConcordatAreNotMisread) {
  Open();
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  Ask(Path("datasets/incidents/S-1.db"), "PRAGMA user_version = 99");
  EXPECT_CODE(ReadAllOf("S-1"), absl::StatusCode::kFailedPrecondition);
}

TEST_F(SqliteFiles, WhatACrashLeftGoesAwayAndWhatOthersPutThereStays) {
  Open();
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  store_.reset();
  for (const char* file : {"staging/S-2.db", "staging/S-2.db.compact", "datasets/incidents/S-3.db",
                           "datasets/incidents/notes.txt"}) {
    std::ofstream(Path(file)) << "left";
  }
  Open();
  EXPECT_TRUE(std::filesystem::is_empty(Path("staging")));
  EXPECT_FALSE(std::filesystem::exists(Path("datasets/incidents/S-3.db")));
  EXPECT_TRUE(std::filesystem::exists(Path("datasets/incidents/notes.txt")));
  EXPECT_OK(ReadAllOf("S-1"));
}

TEST_F(SqliteFiles, ARejectedUploadDoesNotKeepTheSpaceOfItsRows) {
  Open();
  const Attempt attempt = RejectedAttemptOf("S-1");
  const data::Batch batch = BatchOf(SmallSchema(), std::vector<Row>(8000, Row{std::string(100, 'x'), "1"}));
  const auto writer = Value(store_->Begin(attempt.id, attempt.dataset, SmallSchema()));
  for (int i = 0; i < 10; ++i) ASSERT_OK(writer->AppendAccepted(batch, All(batch)));
  ASSERT_OK(writer->DropRows());
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  const std::string file = Path("datasets/incidents/S-1.db");
  EXPECT_LT(std::filesystem::file_size(file), 100'000u);
  EXPECT_THAT(Value(ReadFile(file)), testing::Not(testing::HasSubstr("xxxxxxxx"))) << "nor what was in them";
}

/// While it lives, no file of this process can grow beyond `bytes`: what a full disk looks like to a writer.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit = {bytes, old_limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    signal(SIGXFSZ, old_handler_);
  }

 private:
  sighandler_t old_handler_;
  rlimit old_limit_ = {};
};

TEST_F(SqliteFiles, WhenTheDiskIsFullTheUploadIsRefusedAndNothingElseHurt) {
  Open();
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  {
    const FileSizeLimit limit(1 << 20);
    const absl::Status status =
        Submit(AttemptOf("S-2", 2, "S-1"), std::vector<Row>(200'000, Row{std::string(100, 'x'), "1"}));
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status.ToString();
  }
  EXPECT_TRUE(std::filesystem::is_empty(Path("staging")));
  EXPECT_CODE(store_->Get(SubmissionId("S-2")), absl::StatusCode::kNotFound);
  EXPECT_OK(ReadAllOf("S-1"));
  EXPECT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {{"b", "2"}}));
}

TEST_F(SqliteFiles, WhenControlCannotGrowNothingIsHalfPublished) {
  Open();
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  Attempt large = AttemptOf("S-2", 2, "S-1");
  large.result = json::Object{{"text", std::string(4 << 20, 'x')}};
  {
    const FileSizeLimit limit(1 << 20);
    const absl::Status status = Submit(large, {{"b", "2"}});
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status.ToString();
  }
  EXPECT_EQ(Value(store_->Get(SubmissionId("S-1"))).state, "current");
  EXPECT_CODE(store_->Get(SubmissionId("S-2")), absl::StatusCode::kNotFound);
  EXPECT_OK(store_->Publish(large)) << "once there is room again";
  EXPECT_EQ(Value(store_->Get(SubmissionId("S-1"))).state, "superseded");
}

}  // namespace
}  // namespace concordat::store
