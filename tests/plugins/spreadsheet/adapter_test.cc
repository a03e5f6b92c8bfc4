// The adapter as the host meets it: in a worker of its own, behind the ABI, with the options of its manifest;
// and real published workbooks, held to an independent reading of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/host/adapters/session_runner.h"
#include "tests/plugins/spreadsheet/support.h"

namespace concordat::spreadsheet {
namespace {

using adapters::Result;
using adapters::Trial;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char* const kJudge = CONCORDAT_SOURCE_DIR "/tests/plugins/spreadsheet/judge.py";

class SpreadsheetAdapter : public adapters::NothingLeftBehind {
 protected:
  using OptionList = std::vector<std::pair<std::string, std::string>>;

  Trial TrialOf(std::string source, OptionList options = {}) const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = "spreadsheet";
    trial.source = std::move(source);
    trial.source_name = "book.xlsx";
    trial.options = std::move(options);
    return trial;
  }
  Result Run(std::string source, OptionList options = {}) const {
    return RunTrial(TrialOf(std::move(source), std::move(options)));
  }

  const adapters::Catalog catalog_ = adapters::LoadCatalog(CONCORDAT_ADAPTER_DIR);
};

std::string SmallBook() {
  return MakeXlsx(Rows({{"Stations"},
                        {"Code", "Name", "Crews"},
                        {"S1", "North", "2"},
                        {"S2", "South", "= t=\"e\"><v>#N/A</v>"},
                        {"S3", "East", "=><f>1+1</f>"},
                        {"Total", "", "4"}}));
}

TEST_F(SpreadsheetAdapter, TellsRecordsFindingsAndFacts) {
  const Result result = Run(SmallBook());
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("Code", "Name", "Crews"));
  EXPECT_THAT(result.records, ElementsAre("1@3: S1|North|2", "2@4: S2|South|#N/A", "3@5: S3|East|"));
  EXPECT_THAT(
      result.findings,
      ElementsAre(
          "2 cell_has_value fail: column \"Crews\" holds the error #N/A (Crews=#N/A)",
          "3 formula_has_result fail: the formula in column \"Crews\" has no stored result (Crews=)"));
  EXPECT_EQ(result.facts.header_line, 2u);
  EXPECT_THAT(result.facts.notes, Contains(HasSubstr("left out as a total: row 6")));
}

TEST_F(SpreadsheetAdapter, ACorrectedCellIsNoFindingAnyMore) {
  Trial trial = TrialOf(SmallBook());
  trial.corrections.columns = {"Code", "Name", "Crews"};
  trial.corrections.corrections = {{2, false, {"S2", "South", "5"}}, {3, true, {}}};
  const Result result = RunTrial(trial);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@3: S1|North|2", "2@4: S2|South|5"));
  EXPECT_THAT(result.findings, IsEmpty());
}

TEST_F(SpreadsheetAdapter, OptionsOfAFeedReachTheReader) {
  EXPECT_THAT(Run(SmallBook(), {{"header", "none"}, {"range", "B3:C4"}}).records,
              ElementsAre("1@3: North|2", "2@4: South|#N/A"));
  EXPECT_THAT(Run(SmallBook(), {{"totals", "keep"}}).records.back(), "4@6: Total||4");
  const Result wrong = Run(SmallBook(), {{"range", "what"}});
  EXPECT_TRUE(absl::IsAborted(wrong.status)) << wrong.status;
  EXPECT_THAT(wrong.message(), HasSubstr("option range: \"what\" is not"));
}

TEST_F(SpreadsheetAdapter, AWorkbookIsUnpackedByItselfAndReadWhereItIsPacked) {
  const std::string book = SmallBook();
  for (const std::string& source :
       {packed::Gzip(book), packed::Zstd(book), packed::MakeZip({{"in/book.xlsx", book, false}}),
        packed::MakeZip({{"book.xlsx", book}})})
    EXPECT_EQ(Run(source).records.size(), 3u);
  Trial pattern = TrialOf(book);
  pattern.unpack = "*.xlsx";  // for those days on which it comes in a zip file
  EXPECT_EQ(RunTrial(pattern).records.size(), 3u);
}

TEST_F(SpreadsheetAdapter, AnotherFileIsRefusedForTheSteward) {
  const Result result = Run("a,b\n1,2\n");
  EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
  EXPECT_THAT(result.message(), HasSubstr("let the feed read it with the adapter delimited"));
}

TEST_F(SpreadsheetAdapter, TheSamplesComeToWhatIsSaidOfThem) {
  const std::string samples = CONCORDAT_SOURCE_DIR "/plugins/spreadsheet/samples/";
  for (const char* good : {"good.xlsx", "good.ods"}) {
    const Result result = Run(FileBytes(samples + good));
    EXPECT_THAT(result.columns,
                ElementsAre("Station", "2019/20 / Q1", "2019/20 / Q2", "2020/21 / Q1", "2020/21 / Q2"))
        << good;
    EXPECT_THAT(result.records, ElementsAre("1@4: Alder Row|12|9|14|11", "2@5: Birch Hill|7|8|6|9")) << good;
    EXPECT_THAT(result.findings, IsEmpty()) << good;
  }
  EXPECT_EQ(Run(FileBytes(samples + "bad_errors.xlsx")).findings.size(), 2u);
  EXPECT_THAT(Run(FileBytes(samples + "bad_two_tables.xlsx")).message(),
              HasSubstr("several sheets have a table"));
  EXPECT_THAT(Run(FileBytes(samples + "bad_page.xlsx")).message(), HasSubstr("HTML"));
}

// A million rows and as many different texts: the texts are kept, nothing else.
TEST_F(SpreadsheetAdapter, AMillionRowsTakeTheMemoryOfTheirTexts) {
  XlsxText book;
  XlsxSheetText sheet;
  sheet.name = "Data";
  sheet.rows = Rows({{"Code", "N", "Text"}});
  for (int i = 2; i <= 1'000'000; ++i) {
    const std::string n = std::to_string(i);
    sheet.rows += "<row r=\"" + n + "\"><c r=\"A" + n + "\" t=\"s\"><v>" + std::to_string(i % 100'000) +
                  "</v></c><c r=\"B" + n + "\"><v>" + std::to_string(i * 7919LL % 1'000'003) +
                  "</v></c></row>";
  }
  for (int i = 0; i < 100'000; ++i) book.strings += "<si><t>text number " + std::to_string(i) + "</t></si>";
  book.sheets.push_back(std::move(sheet));
  Trial trial = TrialOf(MakeXlsx(book));
  trial.limits.memory_bytes = uint64_t{96} << 20;
  auto session = StartTrial(trial);
  ASSERT_TRUE(session.ok()) << session.status();
  uint64_t records = 0;
  for (;;) {
    adapters::AdapterBatch batch;
    const absl::StatusOr<bool> more = (*session)->Next(batch);
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) break;
    records += batch.records.rows();
  }
  EXPECT_EQ(records, 999'999u);
}

// "2: a|b" of the judge: another reader in another language.
std::vector<std::string> JudgedRecords(const std::string& path, const std::string& sheet, int header) {
  const std::string out =
      (std::filesystem::temp_directory_path() / ("concordat-judge-" + std::to_string(getpid()))).string();
  const std::string command = std::string("python3 '") + kJudge + "' '" + path + "' '" + sheet + "' " +
                              std::to_string(header) + " > '" + out + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream file(out);
  std::vector<std::string> records;
  for (std::string line; std::getline(file, line);) records.push_back(line);
  std::filesystem::remove(out);
  return records;
}

struct RealSheet {
  std::string path, sheet;
  int header;
  size_t records;
};

TEST_F(SpreadsheetAdapter, RealWorkbooksHaveTheRecordsThatAnotherReaderFinds) {
  const std::string data = SharedData();
  if (data.empty()) GTEST_SKIP() << "skipped: the shared sample data is not beside the checkout";
  const RealSheet sheets[] = {
      {"deprivation/imd-ward-sheff.xlsx", "Sheet1", 1, 28},
      {"deprivation/File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx", "IMD2019", 1, 32844},
      {"fire/stations-derbyshire.xlsx", "Sheet1", 2, 56},
      {"fire/fire-data.xlsx", "fire-authority", 1, 45},
      {"fire/fire-data.xlsx", "fire-station", 1, 572},
      {"fire/fire-data.xlsx", "fire-duty-type", 1, 5}};
  for (const RealSheet& real : sheets) {
    SCOPED_TRACE(real.path + " " + real.sheet);
    const Result result = Run(FileBytes(data + "/" + real.path), {{"sheet", real.sheet}});
    ASSERT_TRUE(result.status.ok()) << result.status;
    EXPECT_THAT(result.unreadable, IsEmpty());
    std::vector<std::string> read;
    for (const std::string& record : result.records) {
      std::string line = record.substr(record.find('@') + 1);
      std::replace(line.begin(), line.end(), '\n', ' ');
      read.push_back(line);
    }
    EXPECT_EQ(read, JudgedRecords(data + "/" + real.path, real.sheet, real.header));
    EXPECT_EQ(read.size(), real.records);
    EXPECT_EQ(result.facts.header_line, static_cast<uint64_t>(real.header));
  }
}

// The same table, published as a workbook and as packed CSV; there with a comma between thousands.
TEST_F(SpreadsheetAdapter, ARealWorkbookAndItsPackedTwinAreTheSameRecords) {
  const std::string data = SharedData();
  if (data.empty()) GTEST_SKIP() << "skipped: the shared sample data is not beside the checkout";
  const std::string stem = data + "/deprivation/File_1_-_IMD2019_Index_of_Multiple_Deprivation";
  const Result sheet = Run(FileBytes(stem + ".xlsx"));
  Trial trial = TrialOf(FileBytes(stem + ".csv.gz"));
  trial.adapter = "delimited";
  const Result text = RunTrial(trial);
  ASSERT_TRUE(sheet.status.ok() && text.status.ok()) << sheet.status << text.status;
  EXPECT_EQ(sheet.columns, text.columns);
  ASSERT_EQ(sheet.records.size(), 32844u);
  ASSERT_EQ(text.records.size(), sheet.records.size());
  for (size_t i = 0; i < sheet.records.size(); ++i) {
    std::string record = text.records[i];
    const size_t decile = record.rfind('|'), rank = record.rfind('|', decile - 1);
    for (size_t at = rank; (at = record.find(',', at)) < decile;) record.erase(at, 1);
    ASSERT_EQ(sheet.records[i], record);
  }
}

}  // namespace
}  // namespace concordat::spreadsheet
