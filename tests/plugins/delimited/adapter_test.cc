// The adapter as the host meets it: in a worker of its own, behind the ABI, with the options of its manifest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/host/adapters/session_runner.h"
#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

using adapters::Result;
using adapters::Trial;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kSamples = CONCORDAT_SOURCE_DIR "/plugins/delimited/samples";

class DelimitedAdapter : public adapters::NothingLeftBehind {
 protected:
  using OptionList = std::vector<std::pair<std::string, std::string>>;

  Result Run(std::string source, OptionList options = {}) const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "delimited";
    trial.source = std::move(source);
    trial.options = std::move(options);
    return RunTrial(trial);
  }

  const adapters::Catalog catalog_ = adapters::LoadCatalog(CONCORDAT_ADAPTER_DIR);
};

TEST_F(DelimitedAdapter, TellsRecordsUnreadableOnesAndFacts) {
  const Result result = Run("Title\n\nid;name;paid\n1;\"Ada; B\";2,50\n2;Bob\n;;\n3;Cy;4,00\n");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("id", "name", "paid"));
  EXPECT_THAT(result.records, ElementsAre("1@4: 1|Ada; B|2,50", "3@7: 3|Cy|4,00"));
  EXPECT_THAT(result.unreadable, ElementsAre(AllOf(HasSubstr("2@5: it has 2 cells"), HasSubstr("[2;Bob]"))));
  EXPECT_EQ(result.facts.encoding, "utf-8");
  EXPECT_EQ(result.facts.delimiter, ";");
  EXPECT_EQ(result.facts.header_line, 3u);
  EXPECT_EQ(result.facts.records, 3u);
  EXPECT_EQ(result.facts.blank, 1u);
  EXPECT_EQ(result.facts.unreadable, 1u);
  EXPECT_THAT(result.facts.notes, ElementsAre("2 lines above the header were skipped"));
}

TEST_F(DelimitedAdapter, TellsColumnsAsTheyStandBesideTheirDistinctNames) {
  const Result result = Run("Amount,,Amount\n1,2,3\n");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("Amount", "column 2", "Amount (2)"));
  EXPECT_THAT(result.facts.columns, ElementsAre("Amount", "", "Amount"));
}

TEST_F(DelimitedAdapter, HeedsTheOptionsOfTheFeed) {
  EXPECT_THAT(Run("1,2\n3,4\n", {{"header", "none"}}).columns, ElementsAre("column 1", "column 2"));
  EXPECT_THAT(Run("x\ny,z\n1,2\n", {{"header", "2"}}).columns, ElementsAre("y", "z"));
  EXPECT_THAT(Run("a b\tc\n1\t2\n", {{"delimiter", "tab"}}).columns, ElementsAre("a b", "c"));
  EXPECT_THAT(Run("a,b\tc\n1,2\t3\n", {{"delimiter", ","}}).columns, ElementsAre("a", "b\tc"));
  EXPECT_THAT(Run("a,b\n'1,2',3\n", {{"quote", "'"}}).records, ElementsAre("1@2: 1,2|3"));
  EXPECT_THAT(Run("a,b\n\"1,2\n", {{"quote", "none"}}).records, ElementsAre("1@2: \"1|2"));
  EXPECT_THAT(Run("a,b\n1,\xC2\xA3\n", {{"encoding", "windows-1252"}}).records,
              ElementsAre("1@2: 1|\u00C2\u00A3"));
}

TEST_F(DelimitedAdapter, BlamesAnOptionItCannotHeedOnTheFeed) {
  const std::pair<std::string, std::string> wrong[] = {
      {"header", "first"}, {"header", "0"}, {"delimiter", "::"}, {"quote", "''"}, {"encoding", "latin-9"}};
  for (const auto& [name, value] : wrong) {
    const Result result = Run("a,b\n1,2\n", {{name, value}});
    EXPECT_EQ(result.status.code(), absl::StatusCode::kAborted) << result.status;
    EXPECT_THAT(result.message(), AllOf(HasSubstr("option " + name), HasSubstr(value)));
  }
  EXPECT_THAT(Run("a,b\n", {{"delimiter", "\""}}).message(),
              HasSubstr("another character than the delimiter"));
}

TEST_F(DelimitedAdapter, TellsTheStewardWhatAForeignFileIs) {
  const Result result = Run("%PDF-1.7\n");
  EXPECT_EQ(result.status.code(), absl::StatusCode::kInvalidArgument) << result.status;
  EXPECT_THAT(result.message(), HasSubstr("this is a PDF document: export its table as CSV UTF-8"));
}

TEST_F(DelimitedAdapter, ReadsManyBatchesAsOneFile) {
  std::string source = "id,text\n";
  for (int i = 1; i <= 300000; ++i) source += std::to_string(i) + ",\"some text, quoted\"\n";
  const Result result = Run(source);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_GT(result.batches, 1u);
  ASSERT_THAT(result.records, SizeIs(300000));
  EXPECT_EQ(result.records.back(), "300000@300001: 300000|some text, quoted");
}

TEST_F(DelimitedAdapter, ReadsATableOfFiveThousandColumns) {
  std::string source;
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 5000; ++i)
      source += (i > 0 ? "," : "") + std::string(row == 0 ? "name" : "x") + std::to_string(i);
    source += "\n";
  }
  const Result result = Run(source);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, SizeIs(5000));
  EXPECT_THAT(result.records, SizeIs(2));
}

TEST_F(DelimitedAdapter, ReadsItsGoodSamplesWhole) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kSamples)) {
    if (entry.path().filename().string().rfind("good", 0) != 0) continue;
    const Result result = Run(FileBytes(entry.path().string()));
    ASSERT_TRUE(result.status.ok()) << entry.path() << result.status;
    EXPECT_THAT(result.unreadable, IsEmpty()) << entry.path();
    EXPECT_THAT(result.records, SizeIs(3)) << entry.path();
    EXPECT_THAT(result.columns, ElementsAre("Incident", "Place", "Cost (\u00A3)")) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 4);
}

TEST_F(DelimitedAdapter, NamesWhatIsWrongInItsBadSamples) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kSamples)) {
    if (entry.path().filename().string().rfind("bad", 0) != 0) continue;
    const Result result = Run(FileBytes(entry.path().string()));
    EXPECT_TRUE(!result.status.ok() || !result.unreadable.empty()) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 4);
}

}  // namespace
}  // namespace concordat::delimited
