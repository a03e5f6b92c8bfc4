// Sheets as they really come: titles, groups of headings, gaps, totals, footnotes, several sheets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins/spreadsheet/support.h"

namespace concordat::spreadsheet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Table, TitlesAboveTheHeaderAreSkipped) {
  const ReadResult read = Read(MakeXlsx(Rows({{"Crimes by ward"},
                                              {},
                                              {"Run on", "43496"},
                                              {"Ward", "Month", "Crimes", "Rate"},
                                              {"North", "2019-01", "5", "1.5"},
                                              {"South", "2019-01", "6", "2.5"}})));
  EXPECT_EQ(read.header_row, 4u);
  EXPECT_THAT(read.columns, ElementsAre("Ward", "Month", "Crimes", "Rate"));
  EXPECT_THAT(read.records, ElementsAre("5: North|2019-01|5|1.5", "6: South|2019-01|6|2.5"));
  EXPECT_THAT(read.all_notes(), HasSubstr("rows 1 to 3 above the header were skipped: \"Crimes by ward\""));
}

TEST(Table, HeadingsInTwoRowsAreJoined) {
  const std::vector<std::vector<std::string>> rows = {{"Area", "2019/20", "", "2020/21", ""},
                                                      {"", "Q1", "Q2", "Q1", "Q2"},
                                                      {"North", "1", "2", "3", "4"},
                                                      {"South", "5", "6", "7", "8"}};
  const ReadResult read = Read(MakeXlsx(Rows(rows)));
  EXPECT_THAT(read.columns,
              ElementsAre("Area", "2019/20 / Q1", "2019/20 / Q2", "2020/21 / Q1", "2020/21 / Q2"));
  EXPECT_THAT(read.records, ElementsAre("3: North|1|2|3|4", "4: South|5|6|7|8"));
  const ReadResult merged = Read(MakeXlsx(Rows(rows),
                                          "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell "
                                          "ref=\"B1:C1\"/><mergeCell ref=\"D1:E1\"/></mergeCells>"));
  EXPECT_EQ(merged.columns, read.columns);
  EXPECT_THAT(merged.all_notes(), HasSubstr("the headings were put together from rows 1 to 2"));
  EXPECT_THAT(merged.all_notes(), Not(HasSubstr("merged area")));
}

TEST(Table, GroupsStandBesideSingleHeadings) {
  const ReadResult read = Read(MakeXlsx(Rows({{"Area code", "Area name", "Offences", "", "Rate"},
                                              {"", "", "2019", "2020", ""},
                                              {"E1", "North", "1", "2", "3"},
                                              {"E2", "South", "1", "2", "3"}}),
                                        "<mergeCells><mergeCell ref=\"C1:D1\"/></mergeCells>"));
  EXPECT_THAT(read.columns,
              ElementsAre("Area code", "Area name", "Offences / 2019", "Offences / 2020", "Rate"));
}

TEST(Table, AGroupRowAboveFullNamesIsFoundByNamesThatStandTwice) {
  const ReadResult read = Read(MakeXlsx(Rows({{"", "Men", "", "Women", ""},
                                              {"Area", "Count", "Rate", "Count", "Rate"},
                                              {"North", "1", "2", "3", "4"},
                                              {"South", "1", "2", "3", "4"}})));
  EXPECT_THAT(read.columns,
              ElementsAre("Area", "Men / Count", "Men / Rate", "Women / Count", "Women / Rate"));
}

TEST(Table, ThreeRowsOfHeadingsWhereTheFeedSaysSo) {
  Options options;
  options.header = Options::Header::kRow;
  options.header_row = 2;
  options.header_rows = 3;
  const ReadResult read = Read(
      MakeXlsx(
          Rows({{"Title"}, {"", "Year", ""}, {"", "Q1", "Q2"}, {"Area", "n", "n"}, {"North", "1", "2"}})),
      options);
  EXPECT_THAT(read.columns, ElementsAre("Area", "Year / Q1 / n", "Year / Q2 / n"));
  EXPECT_THAT(read.records, ElementsAre("5: North|1|2"));
}

TEST(Table, YearsAreHeadings) {
  const ReadResult read = Read(MakeXlsx(
      Rows({{"Area", "2018", "2019", "2020"}, {"North", "1.5", "2", "3"}, {"South", "4", "5", "6"}})));
  EXPECT_THAT(read.columns, ElementsAre("Area", "2018", "2019", "2020"));
}

TEST(Table, MonthsThatAreDatesAreHeadings) {
  XlsxText book;
  book.styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"17\"/></cellXfs>";
  const std::string april = "= s=\"1\"><v>43556</v>", may = "= s=\"1\"><v>43586</v>";
  book.sheets.push_back({"Data", Rows({{"Area", april, may}, {"North", "1", "2"}, {"South", "3", "4"}})});
  EXPECT_THAT(Read(MakeXlsx(book)).columns, ElementsAre("Area", "2019-04-01", "2019-05-01"));
  book.sheets[0].rows = Rows({{"North", april, "1"}, {"South", may, "2"}, {"East", may, "3"}});
  EXPECT_EQ(Read(MakeXlsx(book)).records.size(), 3u) << "dates below dates are records";
}

TEST(Table, WithoutHeaderColumnsAreCalledAfterTheirPlace) {
  const std::string book =
      MakeXlsx(Rows({{"North", "1", "0.5"}, {"South", "2", "0.7"}, {"East", "3", "0.9"}}));
  const ReadResult read = Read(book);
  EXPECT_THAT(read.columns, ElementsAre("column A", "column B", "column C"));
  EXPECT_EQ(read.records.size(), 3u);
  EXPECT_THAT(read.all_notes(), HasSubstr("no row looks like a header"));
  Options none;
  none.header = Options::Header::kNone;
  EXPECT_EQ(Read(book, none).records, read.records);
}

TEST(Table, HeadingsAreOneLineEachWithANameOfItsOwn) {
  const ReadResult read = Read(MakeXlsx(Rows({{"Site\n name ", "Amount", "Amount", "", "Note"},
                                              {"a", "1", "2", "x", "n"},
                                              {"b", "1", "2", "y", ""}})));
  EXPECT_THAT(read.columns, ElementsAre("Site name", "Amount", "Amount (2)", "column D", "Note"));
  EXPECT_THAT(read.all_notes(), HasSubstr("headings that stand twice were numbered: \"Amount\""));
  EXPECT_THAT(read.all_notes(), HasSubstr("columns without a heading were named after their place: D"));
}

TEST(Table, EmptyColumnsAreNoneAndEmptyRowsAreCounted) {
  const ReadResult read =
      Read(MakeXlsx(Rows({{"", "Name", "", "N"}, {"", "a", "", "1"}, {}, {}, {"", "b", "", "2"}, {}, {}})));
  EXPECT_THAT(read.columns, ElementsAre("Name", "N"));
  EXPECT_THAT(read.records, ElementsAre("2: a|1", "5: b|2"));
  EXPECT_EQ(read.blank, 2u);
}

TEST(Table, TotalsAndFootnotesBelowItAreLeftOutAndTold) {
  const std::string book = MakeXlsx(Rows({{"Ward", "Month", "Crimes"},
                                          {"North", "Jan", "5"},
                                          {"South", "Jan", "6"},
                                          {"Total", "", "11"},
                                          {},
                                          {"Source: police extract"},
                                          {"* provisional"}}));
  const ReadResult read = Read(book);
  EXPECT_THAT(read.records, ElementsAre("2: North|Jan|5", "3: South|Jan|6"));
  EXPECT_THAT(read.all_notes(), HasSubstr("left out as a total: row 4 (\"Total | 11\")"));
  EXPECT_THAT(
      read.all_notes(),
      HasSubstr("left out as footnotes: row 6 (\"Source: police extract\"), row 7 (\"* provisional\")"));
  Options keep;
  keep.totals = Options::Totals::kKeep;
  keep.skip_footnotes = false;
  EXPECT_THAT(Read(book, keep).records, ElementsAre("2: North|Jan|5", "3: South|Jan|6", "4: Total||11",
                                                    "6: Source: police extract||", "7: * provisional||"));
}

TEST(Table, TotalsWithinItStayUnlessTheFeedSaysSkip) {
  const std::string book = MakeXlsx(Rows({{"Ward", "Month", "Crimes"},
                                          {"North", "Jan", "5"},
                                          {"Subtotal", "", "5"},
                                          {"South", "Jan", "6"},
                                          {"East", "Jan", "6"}}));
  const ReadResult kept = Read(book);
  EXPECT_EQ(kept.records.size(), 4u);
  EXPECT_THAT(kept.all_notes(), HasSubstr("look like totals: row 3 (\"Subtotal | 5\")"));
  Options skip;
  skip.totals = Options::Totals::kSkip;
  const ReadResult read = Read(book, skip);
  EXPECT_THAT(read.records, ElementsAre("2: North|Jan|5", "4: South|Jan|6", "5: East|Jan|6"));
  EXPECT_THAT(read.all_notes(), HasSubstr("left out as a total: row 3"));
  EXPECT_THAT(read.all_notes(), Not(HasSubstr("look like totals")));
}

TEST(Table, ALastRecordWithOneShortTextIsNoFootnote) {
  const ReadResult read = Read(MakeXlsx(Rows({{"Ward", "Month", "Crimes"},
                                              {"North", "Jan", "5"},
                                              {"West Midlands"},
                                              {"South", "Jan", "6"},
                                              {"East"}})));
  EXPECT_THAT(read.records,
              ElementsAre("2: North|Jan|5", "3: West Midlands||", "4: South|Jan|6", "5: East||"));
}

TEST(Table, AValueBesideTheTableIsAnUnreadableRecord) {
  std::vector<std::vector<std::string>> rows = {{"Name", "N", "M"}};
  for (int i = 0; i < 1500; ++i) rows.push_back({"a", "1", "2"});
  rows.push_back({"b", "1", "2", "", "what is this?"});
  const ReadResult read = Read(MakeXlsx(Rows(rows)));
  EXPECT_EQ(read.records.size(), 1500u);
  EXPECT_THAT(
      read.unreadable,
      ElementsAre("1502: the row has a value in column E, which is none of the table's: \"what is this?\""));
}

TEST(Table, OnlyTheRangeCounts) {
  Options options;
  ASSERT_TRUE(ReadArea("B2:C4", *(options.range = Area())));
  const ReadResult read = Read(MakeXlsx(Rows({{"x", "x", "x", "x"},
                                              {"x", "Name", "N", "x"},
                                              {"x", "a", "1", "x"},
                                              {"x", "b", "2", "x"},
                                              {"x", "c", "3", "x"}})),
                               options);
  EXPECT_THAT(read.columns, ElementsAre("Name", "N"));
  EXPECT_THAT(read.records, ElementsAre("3: a|1", "4: b|2"));
}

TEST(Table, MergedCellsHoldTheirValueOnceOrInEach) {
  const std::string book = MakeXlsx(
      Rows({{"Area", "Ward", "N"}, {"North", "a", "1"}, {"", "b", "2"}, {"", "c", "3"}, {"South", "d", "4"}}),
      "<mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells>");
  const ReadResult first = Read(book);
  EXPECT_THAT(first.records, ElementsAre("2: North|a|1", "3: |b|2", "4: |c|3", "5: South|d|4"));
  EXPECT_THAT(first.all_notes(),
              HasSubstr("1 merged area among the records: the value was read for its first cell alone"));
  Options fill;
  fill.fill_merged = true;
  EXPECT_THAT(Read(book, fill).records,
              ElementsAre("2: North|a|1", "3: North|b|2", "4: North|c|3", "5: South|d|4"));
}

TEST(Table, MergedCellsOfALongSheetAreFilledToo) {
  std::vector<std::vector<std::string>> rows = {{"Area", "N"}};
  for (int i = 0; i < 3000; ++i) rows.push_back({i == 0 ? "North" : "", "1"});
  Options fill;
  fill.fill_merged = true;
  const ReadResult read =
      Read(MakeXlsx(Rows(rows), "<mergeCells><mergeCell ref=\"A2:A3001\"/></mergeCells>"), fill);
  ASSERT_EQ(read.records.size(), 3000u);
  EXPECT_EQ(read.records.back(), "3001: North|1");
}

TEST(Table, AHeaderWhereThereIsNoneIsRefused) {
  Options options;
  options.header = Options::Header::kRow;
  options.header_row = 7;
  const ReadResult read = Read(MakeXlsx(Rows({{"Name", "N"}, {"a", "1"}})), options);
  EXPECT_EQ(read.status.code(), CONCORDAT_SOURCE_UNREADABLE);
  EXPECT_EQ(read.message,
            "the header should stand on row 7, as the feed says, but there is nothing on that row");
}

class Sheets : public ::testing::Test {
 protected:
  Sheets() {
    const std::string table = Rows({{"Name", "N"}, {"a", "1"}, {"b", "2"}});
    const std::string other = Rows({{"Other", "M"}, {"c", "3"}});
    book_.sheets = {{"Cover", Rows({{"About this workbook"}, {"Text"}})},
                    {"Data 2019", table},
                    {"Old", other, "", "hidden"},
                    {"Empty", ""}};
    two_ = book_;
    two_.sheets.push_back({"Data 2020", other});
  }
  ReadResult ReadSheet(const XlsxText& book, const std::string& sheet) {
    Options options;
    options.sheet = sheet;
    return Read(MakeXlsx(book), options);
  }
  XlsxText book_, two_;
};

TEST_F(Sheets, TheOneWithATableIsMeant) {
  const ReadResult read = ReadSheet(book_, "auto");
  EXPECT_THAT(read.columns, ElementsAre("Name", "N"));
  EXPECT_THAT(read.all_notes(),
              HasSubstr("read the sheet \"Data 2019\"; not read: \"Cover\", \"Old\" (hidden), \"Empty\""));
}

TEST_F(Sheets, SeveralWithATableAreRefusedAndListed) {
  const ReadResult read = ReadSheet(two_, "auto");
  EXPECT_EQ(read.status.code(), CONCORDAT_SOURCE_UNREADABLE);
  EXPECT_THAT(
      read.message,
      HasSubstr("several sheets have a table: \"Data 2019\", \"Data 2020\"; the feed must say which"));
}

TEST_F(Sheets, AFeedNamesOne) {
  for (const char* name : {"Data 2020", "data 2020", "5", "*2020"})
    EXPECT_THAT(ReadSheet(two_, name).columns, ElementsAre("Other", "M")) << name;
  EXPECT_THAT(ReadSheet(two_, "Old").all_notes(),
              HasSubstr("the sheet is hidden, and was read because the feed asks for it"));
  EXPECT_THAT(ReadSheet(two_, "Data*").message,
              HasSubstr("several are like it: \"Data 2019\", \"Data 2020\""));
  EXPECT_THAT(ReadSheet(two_, "2021").message,
              HasSubstr("the workbook has none like it; it has \"Cover\", \"Data 2019\""));
}

TEST_F(Sheets, NoTableIsRefused) {
  book_.sheets = {{"Cover", ""}, {"Empty", ""}};
  EXPECT_THAT(ReadSheet(book_, "auto").message, HasSubstr("no sheet of the workbook has a table"));
  book_.sheets.pop_back();
  EXPECT_THAT(ReadSheet(book_, "auto").message, HasSubstr("sheet \"Cover\" is empty"));
}

TEST(Options, AreReadAndRefusedByName) {
  const auto read = [](const std::string& name, const std::string& text) {
    Options options;
    return ReadOptionValues(
        [&](const char* asked) { return asked == name ? std::string_view(text) : std::string_view(); },
        options);
  };
  EXPECT_TRUE(read("range", "A5:F").ok());
  EXPECT_TRUE(read("header", "12").ok());
  EXPECT_EQ(read("range", "F5:A1").message(),
            "option range: \"F5:A1\" is not all or an area such as A5:F200, A5:F or A5");
  EXPECT_EQ(read("header", "0").message(), "option header: \"0\" is not auto, none or the number of a row");
  EXPECT_EQ(read("header_rows", "99").message(), "option header_rows: \"99\" is not auto or 1 to 10");
}

}  // namespace
}  // namespace concordat::spreadsheet
