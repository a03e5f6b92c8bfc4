// Where the header is found, and what columns are called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct HeaderCase {
  const char* fact;
  std::string text;
  uint64_t header_line;
  std::string first_column;
  size_t records;
};

TEST(Header, IsFoundWhereAHumanSeesIt) {
  const HeaderCase cases[] = {
      {"on the first line", "name,count\nx,1\ny,2\n", 1, "name", 2},
      {"though all is text", "name,town\nAda,Derby\nBob,Leeds\n", 1, "name", 2},
      {"below blank lines", "\n\nname,count\nx,1\ny,2\n", 3, "name", 2},
      {"below blank rows of delimiters", ",\n,\nname,count\nx,1\ny,2\n", 3, "name", 2},
      {"below a title", "Spend over 500\n\nname,count,town\nx,1,Derby\ny,2,Leeds\n", 3, "name", 2},
      {"below a title filled up with delimiters",
       "Spend over 500,,\n,,\nname,count,town\nx,1,Derby\ny,2,Leeds\n", 3, "name", 2},
      {"below labelled facts",
       "Organisation,,PfS,,\nMonth,,01.10.2010 to 31.10.2010,,\nLimit,,\"25,000\",,\n"
       "name,town,date,code,amount\nx,Derby,01/10/2010,A1,10.5\ny,Leeds,02/10/2010,A2,11\nz,York,03/10/"
       "2010,A3,12\n",
       4, "name", 3},
      {"below a query and its own column list",
       "select a from b\nquery\ncolumns,col_b,col_c,amount\nheading,Second heading,Third,Value paid\n"
       "detail,Resources,Smith,100.00\ndetail,Capital,Jones,2.50\ndetail,Capital,Smith,3\n",
       4, "heading", 3},
      {"with years as headings", "area,2011,2012,2013\nx,1.5,2.5,3.5\ny,4.5,5.5,6.5\nz,1.1,1.2,1.3\n", 1,
       "area", 3},
      {"with financial years as headings", "area,2011/12,2012-13\nx,1.5,2.5\ny,4.5,5.5\nz,1.1,1.2\n", 1,
       "area", 3},
      {"with dates as headings", "area,01/01/2019,01/02/2019\nx,15,25\ny,45,55\nz,11,12\n", 1, "area", 3},
      {"with months as headings", "area,Jan-19,Feb-19\nx,15,25\ny,45,55\nz,11,12\n", 1, "area", 3},
      {"with ages as headings", "area,0,1,2,3\nx,15,25,35,3\ny,45,55,65,8\nz,11,12,13,9\n", 1, "area", 3},
      {"though the first record has no number", "name,amount\nx,withheld\ny,5\nz,6\nw,7\nv,8\n", 1, "name",
       5},
      {"in one column", "count\n5\n6\n7\n", 1, "count", 3},
      {"when there is nothing else", "1,2,3\n", 1, "1", 0},
  };
  for (const HeaderCase& expected : cases) {
    SCOPED_TRACE(expected.fact);
    const ReadResult read = ReadText(expected.text);
    EXPECT_EQ(read.layout.header_line, expected.header_line);
    ASSERT_THAT(read.layout.names, ::testing::Not(IsEmpty()));
    EXPECT_EQ(read.layout.names[0], expected.first_column);
    EXPECT_EQ(read.facts.records, expected.records);
  }
}

TEST(Header, IsMissingOnlyWhenTheFirstRowLooksLikeTheOthers) {
  const ReadResult postcodes =
      ReadText("\"DE1 0AL\",10,435996\n\"DE1 0AQ\",10,435997\n\"DE1 0BD\",10,435998\n");
  EXPECT_EQ(postcodes.layout.header_line, 0u);
  EXPECT_THAT(postcodes.layout.names, ElementsAre("column 1", "column 2", "column 3"));
  EXPECT_EQ(postcodes.facts.records, 3u);
  EXPECT_EQ(ReadText("01/02/2019,x\n02/02/2019,y\n03/02/2019,z\n").layout.header_line, 0u);
  EXPECT_EQ(ReadText("5\n6\n7\n").layout.header_line, 0u);
  EXPECT_EQ(ReadText("x,2019-01-31T10:00:00Z,\xC2\xA3"
                     "5\ny,2019-02-28T09:30:00Z,(7)\nz,2019-03-31,-8%\n")
                .layout.header_line,
            0u);
}

TEST(Header, LeavesANoteOnTheLinesItSkips) {
  EXPECT_TRUE(
      ReadText("Title\n\nname,count,town\nx,1,a\ny,2,b\n").HasNote("2 lines above the header were skipped"));
  EXPECT_TRUE(
      ReadText("Title\nname,count,town\nx,1,a\ny,2,b\n").HasNote("1 line above the header was skipped"));
  EXPECT_THAT(ReadText("name,count\nx,1\n").facts.notes, IsEmpty());
}

TEST(AnEmptyFile, HasANoteThatSaysSo) {
  EXPECT_TRUE(ReadText("").HasNote("the file is empty"));
  EXPECT_TRUE(ReadText("\xEF\xBB\xBF").HasNote("the file is empty"));
  EXPECT_FALSE(ReadText("a,b\n").HasNote("the file is empty"));
}

TEST(HeaderOption, NoneMakesEveryRowARecord) {
  Options none;
  none.header = Options::Header::kNone;
  const ReadResult read = ReadText("name,count\nx,1\n\ny\n", none);
  EXPECT_EQ(read.layout.header_line, 0u);
  EXPECT_THAT(read.layout.names, ElementsAre("column 1", "column 2"));
  EXPECT_EQ(read.table(), (std::vector<std::vector<std::string>>{{"name", "count"}, {"x", "1"}}));
  EXPECT_THAT(read.unreadable_lines(), ElementsAre(4));
  EXPECT_EQ(read.facts.blank, 1u);
}

TEST(HeaderOption, ALineIsTakenAtItsWord) {
  Options line;
  line.header = Options::Header::kLine;
  line.header_line = 3;
  const ReadResult read = ReadText("x,y\n1,2\na,b\n3,4\n", line);
  EXPECT_EQ(read.layout.header_line, 3u);
  EXPECT_THAT(read.layout.names, ElementsAre("a", "b"));
  EXPECT_EQ(read.records[0].line, 4u);
}

TEST(HeaderOption, ALineThatIsNotThereMakesTheSourceUnreadable) {
  Options line;
  line.header = Options::Header::kLine;
  for (const uint64_t number : {2u, 5u}) {
    line.header_line = number;
    const ReadResult read = ReadText("a,b\n\n1,2\n", line);
    EXPECT_EQ(read.outcome, Outcome::kUnreadable);
    EXPECT_THAT(read.message, HasSubstr("the header should stand on line " + std::to_string(number)));
  }
}

TEST(Columns, OfTheSameNameAreToldApart) {
  const ReadResult read = ReadText("Amount,Amount,Amount (2),amount,Amount\nx,y,z,u,v\n");
  EXPECT_THAT(read.layout.names, ElementsAre("Amount", "Amount (3)", "Amount (2)", "amount", "Amount (4)"));
  EXPECT_THAT(read.layout.written, ElementsAre("Amount", "Amount", "Amount (2)", "amount", "Amount"));
  EXPECT_TRUE(read.HasNote(
      "column 2 has the name \"Amount\" of an earlier column: it is called \"Amount (3)\" here"));
}

TEST(Columns, WithoutANameAreNumbered) {
  const ReadResult read = ReadText("a,,c, ,column 2\n1,2,3,4,5\n");
  EXPECT_THAT(read.layout.names, ElementsAre("a", "column 2 (2)", "c", "column 4", "column 2"));
  EXPECT_TRUE(read.HasNote("column 4 has no name in the header"));
}

TEST(Columns, AtTheEndWithoutNameAndValueAreLeftOut) {
  const ReadResult read = ReadText("a,b,,,\n1,2,,,\n3,4\n5,6,,,,,\n");
  EXPECT_THAT(read.layout.names, ElementsAre("a", "b"));
  EXPECT_THAT(read.table(), SizeIs(3));
  EXPECT_TRUE(read.HasNote("columns at the end without name and value, which were left out: 3"));
}

TEST(Columns, AtTheEndWithAValueButNoNameAreKeptAndMayBeCutOff) {
  const ReadResult read = ReadText("a,b,,,\n1,2,,note,\n3,4\n5\n");
  EXPECT_THAT(read.layout.names, ElementsAre("a", "b", "column 3", "column 4"));
  EXPECT_EQ(read.table(),
            (std::vector<std::vector<std::string>>{{"1", "2", "", "note"}, {"3", "4", "", ""}}));
  EXPECT_THAT(read.unreadable_lines(), ElementsAre(4));
}

TEST(Columns, KeepTheirNamesAsTheyStand) {
  EXPECT_THAT(ReadText("Supplier , Amount (\u00A3) \nx,1\n").layout.names,
              ElementsAre("Supplier ", " Amount (\u00A3) "));
}

}  // namespace
}  // namespace concordat::delimited
