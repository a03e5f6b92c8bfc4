// Sessions with an adapter that keeps every promise: what goes in comes out, whatever the path through worker
// and ring.
#include "host/adapters/session.h"

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/adapters/failure.h"
#include "host/data/worker_protocol.h"
#include "session_runner.h"

namespace concordat::adapters {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SessionTest : public NothingLeftBehind {
 protected:
  Trial Obedient(std::string source) const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "obedient";
    trial.source = std::move(source);
    return trial;
  }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_BROKEN_ADAPTER_DIR);
};

std::string Lines(size_t count) {
  std::string source = "a,b,c\n";
  for (size_t i = 1; i <= count; ++i) source += fmt::format("{},{},red\n", i, i * 7);
  return source;
}

TEST_F(SessionTest, RecordsComeWithTheirNumbersAndLines) {
  const Result result = RunTrial(Obedient("a,b,c\n1,2,3\n\n4,5,6\n"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("a", "b", "c"));
  EXPECT_THAT(result.records, ElementsAre("1@2: 1|2|3", "2@4: 4|5|6"));
  EXPECT_THAT(result.unreadable, IsEmpty());
}

TEST_F(SessionTest, FactsAreTheAdaptersButRecordsAreCountedByTheHost) {
  Trial trial = Obedient("a,b,c\n1,2,3\n\n4,5\n");
  trial.options = {{"greeting", "grüß Gott"}};
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.facts.encoding, "utf-8");
  EXPECT_EQ(result.facts.delimiter, ",");
  EXPECT_EQ(result.facts.header_line, 1u);
  EXPECT_EQ(result.facts.records, 2u);
  EXPECT_EQ(result.facts.unreadable, 1u);
  EXPECT_EQ(result.facts.blank, 1u);
  EXPECT_THAT(result.facts.columns, ElementsAre("a", "b", "c"));
  EXPECT_THAT(result.facts.notes, ElementsAre("grüß Gott"));
}

TEST_F(SessionTest, AnUnreadableRecordStandsApartAndShiftsNothing) {
  const Result result = RunTrial(Obedient("a,b,c\n1,2,3\n4,5\n6,7,8\n9\n"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: 1|2|3", "3@4: 6|7|8"));
  EXPECT_THAT(result.unreadable, ElementsAre("2@3: 2 cells [4,5]", "4@5: 1 cells [9]"));
}

TEST_F(SessionTest, BytesThatAreNoUtf8AreShownInAnUnreadableRecord) {
  const Result result = RunTrial(Obedient("a,b,c\n\xFF,\xC3\xA9\n"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.unreadable, ElementsAre("1@2: 2 cells [\xEF\xBF\xBD,\xC3\xA9]"));
}

TEST_F(SessionTest, ASourceWithAHeaderOnlyHasColumnsAndNoRecords) {
  const Result result = RunTrial(Obedient("a,b,c\n"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("a", "b", "c"));
  EXPECT_THAT(result.records, IsEmpty());
  EXPECT_EQ(result.facts.records, 0u);
}

TEST_F(SessionTest, ASourceThatIsUnreadableAsAWholeIsToldInTheAdaptersWords) {
  const Result result = RunTrial(Obedient(""));
  EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
  EXPECT_EQ(result.message(), "the file is empty");
}

TEST_F(SessionTest, TooManyColumnsAreTheSourcesDoingAndNoFailureOfTheAdapter) {
  std::string header = "c0";
  for (size_t i = 1; i <= data::kMostColumns; ++i) header += fmt::format(",c{}", i);
  const Result result = RunTrial(Obedient(header + "\n"));
  EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
  EXPECT_THAT(result.message(), ::testing::HasSubstr("it has 16385 columns, and at most 16384 are read"));
  EXPECT_FALSE(FailureIn(result.status)) << "it would count towards a quarantine";
  const Result most = RunTrial(Obedient(header.substr(0, header.rfind(',')) + "\n"));
  EXPECT_TRUE(most.status.ok()) << most.status;
  EXPECT_EQ(most.columns.size(), data::kMostColumns);
}

TEST_F(SessionTest, ManySmallBatchesPassThroughFewSlotsInOrder) {
  Trial trial = Obedient(Lines(1000));
  trial.options = {{"batch", "3"}};
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.batches, 334u);
  ASSERT_THAT(result.records, SizeIs(1000));
  for (size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(result.records[i], fmt::format("{}@{}: {}|{}|red", i + 1, i + 2, i + 1, (i + 1) * 7));
  }
}

TEST_F(SessionTest, ABatchLargerThanASlotIsCutAndLosesNothing) {
  Trial trial = Obedient(Lines(20'000));
  trial.options = {{"batch", "20000"}};
  trial.limits.batch_bytes = 64 << 10;
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_GT(result.batches, 4u);
  ASSERT_THAT(result.records, SizeIs(20'000));
  EXPECT_EQ(result.records[19'999], "20000@20001: 20000|140000|red");
}

TEST_F(SessionTest, CuttingABatchKeepsUnreadableRecordsAndFindingsInTheirPlaces) {
  std::string source = "a,b,c\n";
  for (size_t i = 1; i <= 6000; ++i) source += i % 3 == 0 ? "bad\n" : fmt::format("{},-1,\n", i);
  Trial trial = Obedient(source);
  trial.limits.batch_bytes = 64 << 10;
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_GT(result.batches, 1u);
  EXPECT_THAT(result.records, SizeIs(4000));
  EXPECT_THAT(result.unreadable, SizeIs(2000));
  ASSERT_THAT(result.findings, SizeIs(4000));
  EXPECT_EQ(result.findings[3999], "5999 b_positive fail: \"-1\" will not do (b=-1)");
}

TEST_F(SessionTest, ARecordLargerThanASlotIsUnreadableAndItsNeighboursAreNot) {
  Trial trial = Obedient("a,b,c\n1,2,3\n" + std::string(100'000, 'x') + ",,\n4,5,6\n");
  trial.limits.batch_bytes = 64 << 10;
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: 1|2|3", "3@4: 4|5|6"));
  ASSERT_THAT(result.unreadable, SizeIs(1));
  EXPECT_THAT(result.unreadable[0],
              AllOf(HasSubstr("2@3: the record is larger than 64 KiB"), HasSubstr("[xxxx")));
}

TEST_F(SessionTest, ASourceCanBeMapped) {
  Trial trial = Obedient("a,b,c\n1,2,3\n");
  trial.options = {{"mode", "map"}};
  EXPECT_THAT(RunTrial(trial).facts.notes, ElementsAre("mapped 12 bytes"));
}

TEST_F(SessionTest, ValidateSeesTheReferenceTableAndFindsWithIt) {
  Trial trial = Obedient("a,b,c\n1,2,red\n2,-3,pink\n3,,red\n4,?,\n");
  trial.references.emplace_back("colours", Table({{"id", "colour"}, {"1", "red"}, {"2", "blue"}}));
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.findings, ElementsAre("2 b_positive fail: \"-3\" will not do (b=-3)",
                                           "2 c_known fail: \"pink\" will not do (c=pink)",
                                           "3 b_positive skip: \"\" will not do (b=)",
                                           "4 b_positive unresolved: \"?\" will not do (b=?)"));
}

TEST_F(SessionTest, ScoreComesWithItsBasis) {
  const Result result = RunTrial(Obedient("a,b,c\n1,2,red\n2,3,\n3,4,blue\n4,5,\n"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  ASSERT_THAT(result.dimensions, SizeIs(1));
  EXPECT_EQ(result.dimensions[0].name, "filled");
  EXPECT_EQ(result.dimensions[0].score, 50);
  EXPECT_EQ(result.dimensions[0].basis, "2 of 4");
}

TEST_F(SessionTest, EveryArrowTypeBecomesText) {
  Trial trial = Obedient("");
  trial.adapter = "all_types";
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns,
              ElementsAre("utf8", "large_utf8", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16",
                          "uint32", "uint64", "float32", "float64", "date32", "timestamp", "dictionary"));
  EXPECT_THAT(result.records,
              ElementsAre("1@0: hi|hi|true|-128|-32768|-2147483648|-9223372036854775808|255|65535|4294967295|"
                          "18446744073709551615|0.1|0.1|2026-05-20|2026-05-20T12:00:00Z|green",
                          "2@0: |||||||||||||||"));
}

TEST_F(SessionTest, ASessionThatIsLetGoEarlyStopsItsWorker) {
  Trial trial = Obedient(Lines(100'000));
  trial.options = {{"batch", "10"}};
  const auto session = StartTrial(trial);
  ASSERT_TRUE(session.ok()) << session.status();
  AdapterBatch batch;
  ASSERT_TRUE((*session)->Next(batch).value());
  EXPECT_THAT((*session)->columns(), ElementsAre("a", "b", "c"));
}

TEST_F(SessionTest, ASessionThatIsNeverReadStopsItsWorker) {
  ASSERT_TRUE(StartTrial(Obedient(Lines(100'000))).ok());
}

TEST_F(SessionTest, SeveralSessionsRunAtOnce) {
  std::vector<std::unique_ptr<Session>> sessions;
  for (size_t i = 0; i < 8; ++i) {
    auto session = StartTrial(Obedient(Lines(100 + i)));
    ASSERT_TRUE(session.ok()) << session.status();
    sessions.push_back(*std::move(session));
  }
  for (size_t i = 0; i < 8; ++i) {
    AdapterBatch batch;
    ASSERT_TRUE(sessions[i]->Next(batch).value());
    EXPECT_EQ(batch.records.rows(), 100 + i);
    EXPECT_FALSE(sessions[i]->Next(batch).value());
  }
}

TEST_F(SessionTest, TheEndIsToldAsOftenAsItIsAskedFor) {
  const auto session = StartTrial(Obedient("a,b,c\n"));
  ASSERT_TRUE(session.ok()) << session.status();
  AdapterBatch batch;
  EXPECT_FALSE((*session)->Next(batch).value());
  EXPECT_FALSE((*session)->Next(batch).value());
}

}  // namespace
}  // namespace concordat::adapters
