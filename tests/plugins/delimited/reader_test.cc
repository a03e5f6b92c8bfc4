// Small files of every kind, and what a careful human reads in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::string_literals;

using Table = std::vector<std::vector<std::string>>;

struct Case {
  const char* fact;
  std::string text;
  std::vector<std::string> columns;
  Table table;                       // readable records
  std::vector<uint64_t> lines;       // on which they start
  std::vector<uint64_t> unreadable;  // lines of the others
  uint64_t blank = 0;
  uint64_t header_line = 1;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.fact; }

std::vector<uint64_t> ReadableLines(const ReadResult& read) {
  std::vector<uint64_t> lines;
  for (const ReadRecord& record : read.records) {
    if (record.readable) lines.push_back(record.line);
  }
  return lines;
}

class Reading : public ::testing::TestWithParam<Case> {};

TEST_P(Reading, GivesWhatACarefulHumanReads) {
  const Case& expected = GetParam();
  for (const ScanFunction scan : {BestScan(), ScanFunction{ScanPortable}}) {
    Options options;
    options.scan = scan;
    const ReadResult read = ReadText(expected.text, options);
    ASSERT_EQ(read.outcome, Outcome::kEnd) << read.message;
    EXPECT_EQ(read.layout.names, expected.columns);
    EXPECT_EQ(read.table(), expected.table);
    EXPECT_EQ(ReadableLines(read), expected.lines);
    EXPECT_EQ(read.unreadable_lines(), expected.unreadable);
    EXPECT_EQ(read.facts.blank, expected.blank);
    EXPECT_EQ(read.layout.header_line, expected.header_line);
    EXPECT_EQ(read.facts.records, expected.table.size() + expected.unreadable.size());
    EXPECT_EQ(read.facts.unreadable, expected.unreadable.size());
  }
}

const std::vector<std::string> kAbc = {"a", "b", "c"};
const std::vector<std::string> kAb = {"a", "b"};

INSTANTIATE_TEST_SUITE_P(
    LineBreaks, Reading,
    ::testing::Values(
        Case{"LF", "a,b\n1,2\n3,4\n", kAb, {{"1", "2"}, {"3", "4"}}, {2, 3}, {}},
        Case{"CRLF", "a,b\r\n1,2\r\n3,4\r\n", kAb, {{"1", "2"}, {"3", "4"}}, {2, 3}, {}},
        Case{"bare CR", "a,b\r1,2\r3,4\r", kAb, {{"1", "2"}, {"3", "4"}}, {2, 3}, {}},
        Case{"all three mixed",
             "a,b\r\n1,2\n3,4\r5,6\r\n",
             kAb,
             {{"1", "2"}, {"3", "4"}, {"5", "6"}},
             {2, 3, 4},
             {}},
        Case{"CR CR LF is a row and a blank row", "a,b\r\r\n1,2\r\r\n", kAb, {{"1", "2"}}, {3}, {}, 2},
        Case{"no break after the last row", "a,b\n1,2\n3,4", kAb, {{"1", "2"}, {"3", "4"}}, {2, 3}, {}},
        Case{"the last cell is empty and nothing follows",
             "a,b\n1,2\n3,",
             kAb,
             {{"1", "2"}, {"3", ""}},
             {2, 3},
             {}},
        Case{"a DOS end-of-file mark", "a,b\r\n1,2\r\n\x1A", kAb, {{"1", "2"}}, {2}, {}}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

INSTANTIATE_TEST_SUITE_P(
    Quotes, Reading,
    ::testing::Values(
        Case{"a delimiter in quotes", "a,b\n\"1,5\",2\n", kAb, {{"1,5", "2"}}, {2}, {}},
        Case{"doubled quotes", "a,b\n\"say \"\"yes\"\"\",\"\"\"\"\n", kAb, {{"say \"yes\"", "\""}}, {2}, {}},
        Case{"an empty quoted cell", "a,b\n\"\",2\n", kAb, {{"", "2"}}, {2}, {}},
        Case{"line breaks in quotes count as lines",
             "a,b\n\"x\ny\r\nz\rw\",2\n3,4\n",
             kAb,
             {{"x\ny\r\nz\rw", "2"}, {"3", "4"}},
             {2, 6},
             {}},
        Case{
            "a blank line in quotes is no blank row", "a,b\n\"x\n\ny\",2\n", kAb, {{"x\n\ny", "2"}}, {2}, {}},
        Case{"a quote within an unquoted cell is literal",
             "a,b\n5\" pipe,2\nx\"y\"z,4\n",
             kAb,
             {{"5\" pipe", "2"}, {"x\"y\"z", "4"}},
             {2, 3},
             {}},
        Case{"a space before a quote makes the cell unquoted",
             "a,b\n1, \"2\"\n",
             kAb,
             {{"1", " \"2\""}},
             {2},
             {}},
        Case{"a quoted header", "\"a\",\"b, or c\"\n1,2\n", {"a", "b, or c"}, {{"1", "2"}}, {2}, {}},
        Case{"a header with a line break", "a,\"b\nc\"\n1,2\n", {"a", "b\nc"}, {{"1", "2"}}, {3}, {}}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

INSTANTIATE_TEST_SUITE_P(
    BrokenQuotes, Reading,
    ::testing::Values(
        Case{"text after a closing quote", "a,b\n\"x\"y,2\n3,4\n", kAb, {{"3", "4"}}, {3}, {2}},
        Case{"quotes inside quotes, not doubled",
             "a,b\n\"he said \"no\" twice\",2\n3,4\n",
             kAb,
             {{"3", "4"}},
             {3},
             {2}},
        Case{"a space after a closing quote", "a,b\n\"x\" ,2\n3,4\n", kAb, {{"3", "4"}}, {3}, {2}},
        Case{"a quote that never closes",
             "a,b,c\n1,\"x,2\n3,4,5\n6,7,8\n",
             kAbc,
             {{"3", "4", "5"}, {"6", "7", "8"}},
             {3, 4},
             {2}},
        Case{"it does not swallow quoted rows below",
             "a,b,c\n1,\"x,2\n3,\"4\",5\n\"6\",7,\"8\"\n",
             kAbc,
             {{"3", "4", "5"}, {"6", "7", "8"}},
             {3, 4},
             {2}},
        Case{"nor rows that span lines",
             "a,b,c\n1,\"x,2\n3,\"4\n4\",5\n6,7,8\n",
             kAbc,
             {{"3", "4\n4", "5"}, {"6", "7", "8"}},
             {3, 5},
             {2}},
        Case{"two of them",
             "a,b,c\n1,\"x,2\n3,4,5\n6,\"y,7\n8,9,0\n",
             kAbc,
             {{"3", "4", "5"}, {"8", "9", "0"}},
             {3, 5},
             {2, 4}},
        Case{"in the last row", "a,b\n1,2\n\"3,4\n", kAb, {{"1", "2"}}, {2}, {3}},
        Case{"in the last row without a break", "a,b\n1,2\n3,\"", kAb, {{"1", "2"}}, {2}, {3}},
        Case{"a cell of two lines with text after its quote is one record",
             "a,b,c\n1,\"x\ny\"z,2\n3,4,5\n",
             kAbc,
             {{"3", "4", "5"}},
             {4},
             {2}},
        Case{"a row of proper quotes and too few cells stays one",
             "a,b,c\n\"x\ny\",2\n3,4,5\n",
             kAbc,
             {{"3", "4", "5"}},
             {4},
             {2}},
        Case{"a stray pair of quotes that would swallow whole rows",
             "a,b,c\n1,\"x,2\n3,4,5\n6,7,8\n9,10,\"\n11,12,13\n",
             kAbc,
             {{"3", "4", "5"}, {"6", "7", "8"}, {"11", "12", "13"}},
             {3, 4, 6},
             {2, 5}},
        Case{"one column: the rest of the line only", "a\n\"x\ny\nz\n", {"a"}, {{"y"}, {"z"}}, {3, 4}, {2}}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

INSTANTIATE_TEST_SUITE_P(
    Shapes, Reading,
    ::testing::Values(
        Case{"blank rows",
             "a,b\n\n1,2\n,\n\"\",\"\"\n\"\"\n,,,\n3,4\n\n",
             kAb,
             {{"1", "2"}, {"3", "4"}},
             {3, 8},
             {},
             6},
        Case{"a cell of one space is not blank", "a,b\n ,\n1,2\n", kAb, {{" ", ""}, {"1", "2"}}, {2, 3}, {}},
        Case{"too few cells", "a,b,c\n1,2\n3,4,5\n6\n", kAbc, {{"3", "4", "5"}}, {3}, {2, 4}},
        Case{"too many cells", "a,b\n1,2,3\n4,5\n", kAb, {{"4", "5"}}, {3}, {2}},
        Case{"empty cells too many are none",
             "a,b\n1,2,,\n3,4,\"\"\n5,6\n",
             kAb,
             {{"1", "2"}, {"3", "4"}, {"5", "6"}},
             {2, 3, 4},
             {}},
        Case{"a totals row with too few cells", "a,b,c\n1,2,3\nTotal,3\n", kAbc, {{"1", "2", "3"}}, {2}, {3}},
        Case{"header only", "a,b,c\n", kAbc, {}, {}, {}},
        Case{"header only, no break", "a,b,c", kAbc, {}, {}, {}},
        Case{"one column", "name\nAda\n\nBob\n", {"name"}, {{"Ada"}, {"Bob"}}, {2, 4}, {}, 1},
        Case{"an empty file", "", {}, {}, {}, {}, 0, 0},
        Case{"nothing but blank lines", "\n\r\n\n", {}, {}, {}, {}, 3, 0},
        Case{"NUL bytes are kept", "a,b\n1,x\0y\n2,3\n"s, kAb, {{"1", "x\0y"s}, {"2", "3"}}, {2, 3}, {}}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

INSTANTIATE_TEST_SUITE_P(
    Delimiters, Reading,
    ::testing::Values(
        Case{"semicolons", "a;b\n1,5;2,5\n3,5;4,5\n", kAb, {{"1,5", "2,5"}, {"3,5", "4,5"}}, {2, 3}, {}},
        Case{"tabs", "a\tb\n1, or 2\t3\nx, y\tz\n", kAb, {{"1, or 2", "3"}, {"x, y", "z"}}, {2, 3}, {}},
        Case{"bars", "a|b\n1|2\n", kAb, {{"1", "2"}}, {2}, {}},
        Case{"commas with bars inside",
             "a,b\nx | y,2\nz | w,4\n",
             kAb,
             {{"x | y", "2"}, {"z | w", "4"}},
             {2, 3},
             {}},
        Case{"commas with semicolons in quotes",
             "a,b\n\"x;y;z\",2\n\"u;v;w\",4\n",
             kAb,
             {{"x;y;z", "2"}, {"u;v;w", "4"}},
             {2, 3},
             {}},
        Case{"Excel's own separator line", "sep=;\na;b\n1;2\n", kAb, {{"1", "2"}}, {3}, {}, 0, 2}),
    [](const auto& info) { return "Case" + std::to_string(info.index); });

TEST(Records, AreNumberedWithoutBlankRowsAndWithUnreadableOnes) {
  const ReadResult read = ReadText("a,b\n1,2\n\n3\n4,5\n");
  ASSERT_THAT(read.records, SizeIs(3));
  EXPECT_EQ(read.records[0].number, 1u);
  EXPECT_EQ(read.records[1].number, 2u);
  EXPECT_FALSE(read.records[1].readable);
  EXPECT_EQ(read.records[2].number, 3u);
  EXPECT_EQ(read.records[2].line, 5u);
}

TEST(Records, ComeInBatchesOfTheSizeThatWasAsked) {
  std::string text = "a,b\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + ",x\n";
  for (const uint64_t rows : {1u, 7u, 100u, 1000u}) {
    EXPECT_THAT(ReadText(text, {}, rows).records, SizeIs(100)) << rows;
  }
}

struct Reason {
  std::string text;
  std::string reason;
  std::string raw;
};

TEST(AnUnreadableRecord, SaysWhyAndHowToMendIt) {
  const Reason cases[] = {
      {"a,b,c\n1,2\n",
       "it has 2 cells, the header has 3 columns: add the missing delimiters, or the part that was cut off",
       "1,2"},
      {"a,b\n1,2,3\n",
       "it has 3 cells, the header has 2 columns: a cell that contains the delimiter must stand in quotes",
       "1,2,3"},
      {"a,name\n1,\"x\"y\r\n",
       "in column 2 (\"name\") text follows the closing quote: double a quote that is part of the text",
       "1,\"x\"y"},
      {"a,name\n1,\"x\n2,y\n",
       "in column 2 (\"name\") a quote is opened and not closed: close it, or double it if it is part of the "
       "text",
       "1,\"x"},
      {"a,b,c\n1,\"x,2\nragged\n3,4,5\n",
       "in column 2 (\"b\") a quote is opened and not closed: close it, or double it if it is part of the "
       "text; reading "
       "goes on at line 4",
       "1,\"x,2\nragged"},
  };
  for (const Reason& expected : cases) {
    const ReadResult read = ReadText(expected.text);
    ASSERT_FALSE(read.records.empty());
    EXPECT_FALSE(read.records[0].readable);
    EXPECT_EQ(read.records[0].reason, expected.reason);
    EXPECT_EQ(read.records[0].raw, expected.raw);
  }
}

TEST(AnUnreadableRecord, KeepsFourKibibytesOfItsText) {
  const ReadResult read = ReadText("a,b\n1,2,\u00E9" + std::string(9000, 'x') + "\n" + "1,2," +
                                   std::string(4091, 'x') + "\u00E9\n3,4\n");
  ASSERT_THAT(read.records, SizeIs(3));
  EXPECT_EQ(read.records[0].raw.size(), 4096u);
  EXPECT_EQ(read.records[1].raw.size(), 4095u) << "a character is not cut in two";
}

TEST(ARecord, IsUnreadableBeyondSixteenMegabytes) {
  const std::string long_line = std::string((17u << 20), 'x');
  const ReadResult plain = ReadText("a,b\n1,2\n" + long_line + "\n3,4\n");
  EXPECT_EQ(plain.outcome, Outcome::kEnd);
  EXPECT_EQ(plain.table(), (Table{{"1", "2"}, {"3", "4"}}));
  EXPECT_THAT(plain.unreadable_lines(), ElementsAre(3));
  EXPECT_EQ(plain.records[2].line, 4u);
  EXPECT_THAT(plain.records[1].reason, HasSubstr("longer than 16 MB"));
}

TEST(ARecord, MayBeLongerThanAnyWindow) {
  const std::string cell(3u << 20, 'x');
  std::string lines;
  for (int i = 0; i < 300000; ++i) lines += "line \"\"" + std::to_string(i) + "\n";
  const ReadResult read = ReadText("a,b\n" + cell + ",2\n\"" + lines + "\",4\n5,6\n");
  ASSERT_THAT(read.table(), SizeIs(3));
  EXPECT_EQ(read.table()[0][0], cell);
  EXPECT_EQ(read.table()[1][1], "4");
  EXPECT_EQ(read.records[2].line, 3u + 300001u);
  EXPECT_TRUE(read.HasNote("record 2 (line 3) spans 300001 lines"));
}

TEST(AQuoteThatNeverCloses, CostsOneRecordOfALargeFile) {
  std::string text = "a,b,c\n1,\"never closed,3\n";
  for (int i = 0; i < 200000; ++i)
    text += std::to_string(i) + ",some text that is long enough to fill the file,x\n";
  const ReadResult read = ReadText(text);
  EXPECT_EQ(read.facts.records, 200001u);
  EXPECT_THAT(read.unreadable_lines(), ElementsAre(2));
  EXPECT_EQ(read.records.back().cells[0], "199999");
}

TEST(ASourceThatCannotBeRead, IsAFailureOfTheSystem) {
  BrokenSource source;
  EXPECT_EQ(ReadSource(&source).outcome, Outcome::kFailed);
}

TEST(ATableOfAThousandColumns, IsReadAsOne) {
  std::string text;
  for (const char* prefix : {"name", "x", "y"}) {
    for (int i = 0; i < 1000; ++i) text += (i > 0 ? "," : "") + (prefix + std::to_string(i));
    text += "\n";
  }
  const ReadResult read = ReadText(text);
  EXPECT_EQ(read.layout.columns(), 1000u);
  ASSERT_THAT(read.table(), SizeIs(2));
  EXPECT_EQ(read.table()[1][999], "y999");
}

TEST(Options, FixWhatWouldBeFoundOut) {
  Options semicolon;
  semicolon.delimiter = ';';
  EXPECT_EQ(ReadText("a,b;c\n1,2;3\n", semicolon).table(), (Table{{"1,2", "3"}}));

  Options apostrophe;
  apostrophe.quote = '\'';
  EXPECT_EQ(ReadText("a,b\n'1,2',3\"\n", apostrophe).table(), (Table{{"1,2", "3\""}}));

  Options unquoted;
  unquoted.quoting = false;
  EXPECT_EQ(ReadText("a\tb\n\"1\t2\n\"\"\t\n", unquoted).table(), (Table{{"\"1", "2"}, {"\"\"", ""}}));
}

}  // namespace
}  // namespace concordat::delimited
