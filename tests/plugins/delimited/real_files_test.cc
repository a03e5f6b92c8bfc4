// Every CSV and TSV file of the shared sample data has the records that a careful human counts; see
// real_files.tsv.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

namespace fs = std::filesystem;

const char* const kTable = CONCORDAT_SOURCE_DIR "/tests/plugins/delimited/real_files.tsv";
const char* const kJudge = CONCORDAT_SOURCE_DIR "/tests/plugins/delimited/judge.py";

struct RealFile {
  std::string path, encoding;
  uint64_t header_line, columns, records, blank, unreadable;
  int64_t judge;
  std::string reason;
};

// The table is itself delimited text, but its reader must not be the one under test.
std::vector<RealFile> ReadTable() {
  std::vector<RealFile> files;
  std::istringstream table(FileBytes(kTable));
  std::string line;
  while (std::getline(table, line)) {
    if (line[0] == '#' || line.rfind("path\t", 0) == 0) continue;
    RealFile& file = files.emplace_back();
    std::istringstream cells(line);
    std::getline(cells, file.path, '\t');
    std::getline(cells, file.encoding, '\t');
    cells >> file.header_line >> file.columns >> file.records >> file.blank >> file.unreadable >> file.judge;
    cells.ignore(1);
    std::getline(cells, file.reason);
  }
  return files;
}

class RealFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (data_.empty()) GTEST_SKIP() << "skipped: the shared sample data is not beside the checkout";
  }
  const std::string data_ = SharedData();
};

TEST_F(RealFiles, AllHaveTheRightNumberOfRecords) {
  for (const RealFile& file : ReadTable()) {
    SCOPED_TRACE(file.path);
    const ReadResult read = ReadText(FileBytes(data_ + "/" + file.path));
    ASSERT_EQ(read.outcome, Outcome::kEnd) << read.message;
    EXPECT_EQ(read.facts.encoding, file.encoding);
    EXPECT_EQ(read.layout.header_line, file.header_line);
    EXPECT_EQ(read.layout.columns(), file.columns);
    EXPECT_EQ(read.facts.records, file.records);
    EXPECT_EQ(read.records.size(), file.records);
    EXPECT_EQ(read.facts.blank, file.blank);
    EXPECT_EQ(read.facts.unreadable, file.unreadable);
  }
}

TEST_F(RealFiles, StandInTheTableWithoutException) {
  std::vector<std::string> told, found;
  for (const RealFile& file : ReadTable()) told.push_back(file.path);
  for (const auto& entry : fs::recursive_directory_iterator(data_)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".csv" || path.extension() == ".tsv")
      found.push_back(fs::relative(path, data_).string());
  }
  std::sort(told.begin(), told.end());
  std::sort(found.begin(), found.end());
  EXPECT_EQ(told, found);
}

TEST_F(RealFiles, HaveAReasonWhereTheJudgeDiffers) {
  for (const RealFile& file : ReadTable()) {
    const bool differs = static_cast<int64_t>(file.records) != file.judge || file.unreadable > 0;
    EXPECT_EQ(differs, !file.reason.empty()) << file.path;
  }
}

TEST_F(RealFiles, AreCountedByTheJudgeAsTheTableSays) {
  if (std::system("python3 -c 'import csv' > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "skipped: python3 is not installed";
  const std::string command = std::string("python3 '") + kJudge + "' '" + data_ + "' '" + kTable + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace concordat::delimited
