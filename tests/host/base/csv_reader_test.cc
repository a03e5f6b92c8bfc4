// Cells and their places, as RFC 4180 has them.
#include "host/base/csv_reader.h"

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat {
namespace {

/// "1:1 text" for each cell, rows one after the other; the mistake at the end.
std::vector<std::string> Cells(std::string_view bytes, char delimiter = ',') {
  CsvReader reader(bytes, "x.csv", delimiter);
  std::vector<std::string> cells;
  while (!reader.done()) {
    const auto row = reader.Next();
    if (!row.ok()) {
      cells.emplace_back(MessageOf(row.status()));
      break;
    }
    for (const CsvCellAt& cell : *row)
      cells.push_back(fmt::format("{}:{} {}", cell.line, cell.column, cell.text));
  }
  return cells;
}

TEST(CsvReader, CellsHaveTheirPlaces) {
  EXPECT_THAT(Cells("a,b\r\nc,\n"), testing::ElementsAre("1:1 a", "1:3 b", "2:1 c", "2:3 "));
  EXPECT_THAT(Cells("\xEF\xBB\xBFé,b"), testing::ElementsAre("1:1 é", "1:3 b")) << "columns are code points";
  EXPECT_THAT(Cells("\"a,\"\"b\"\"\",c\n"), testing::ElementsAre("1:1 a,\"b\"", "1:11 c"));
  EXPECT_THAT(Cells("é,\"\n\né\",d,\"\"\n,f"),
              testing::ElementsAre("1:1 é", "1:3 \n\né", "3:4 d", "3:6 ", "4:1 ", "4:2 f"));
  EXPECT_THAT(Cells("\"a\nbc\",d\ne\n"), testing::ElementsAre("1:1 a\nbc", "2:5 d", "3:1 e"));
}

TEST(CsvReader, AnotherDelimiterLeavesCommasAlone) {
  EXPECT_THAT(Cells("a,b;\"c;d\"\n", ';'), testing::ElementsAre("1:1 a,b", "1:5 c;d"));
}

TEST(CsvReader, TheFirstMistakeEndsIt) {
  EXPECT_THAT(Cells("a\n\"b\n"), testing::ElementsAre("1:1 a", "x.csv:2: a quote that is never closed"));
  EXPECT_THAT(Cells("a\"b\n"), testing::ElementsAre("x.csv:1: a quote inside an unquoted cell"));
  EXPECT_THAT(Cells("\"a\"b\n"), testing::ElementsAre("x.csv:1: text after a closing quote"));
}

}  // namespace
}  // namespace concordat
