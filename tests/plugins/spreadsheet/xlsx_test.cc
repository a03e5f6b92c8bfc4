// What stands in the cells of a workbook becomes the text that people see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins/spreadsheet/support.h"

namespace concordat::spreadsheet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// One column of cells (raw, behind "<c r=.."), read back.
std::vector<std::string> Cells(const std::vector<std::string>& cells, XlsxText book = {},
                               const Options& options = {}) {
  std::vector<std::vector<std::string>> rows = {{"Name", "Value"}};
  for (const std::string& cell : cells) rows.push_back({"x", "=" + cell});
  XlsxSheetText sheet;
  sheet.name = "Sheet1";
  sheet.rows = Rows(rows);
  book.sheets.push_back(sheet);
  const ReadResult read = Read(MakeXlsx(book), options);
  EXPECT_TRUE(read.status.ok()) << read.message;
  std::vector<std::string> values;
  for (const std::string& record : read.records) values.push_back(record.substr(record.find('|') + 1));
  return values;
}

std::string Number(const std::string& stored) { return "><v>" + stored + "</v>"; }
std::string Styled(int style, const std::string& stored) {
  return " s=\"" + std::to_string(style) + "\"><v>" + stored + "</v>";
}

TEST(XlsxCells, NumbersAreAsShownAndNotAsBinaryArithmeticLeavesThem) {
  EXPECT_THAT(
      Cells({Number("0.30000000000000004"), Number("29199"), Number("-0.5"), Number("1.1000000000000001"),
             Number("1E-3"), Number("1.5E+20"), Number("123456789012345678"), Number("100.0"),
             Number("1E-30"), Number("-0"), Number("12.50"), Number("-0.0"), Number("7.0"),
             Number("0.00000001"), Number("007.5"), Number(".5")}),
      ElementsAre("0.3", "29199", "-0.5", "1.1", "0.001", "150000000000000000000", "123456789012345678",
                  "100", "1e-30", "0", "12.5", "0", "7", "1e-08", "7.5", "0.5"));
}

TEST(XlsxCells, TextsAreSharedInlineAndRich) {
  XlsxText book;
  book.strings =
      "<si><t>plain</t></si><si><r><t>rich </t></r><r><rPr><b/></rPr><t "
      "xml:space=\"preserve\">text</t></r><rPh><t>no</t></rPh></si>"
      "<si><t>a_x000D__x0041_b &amp; \xC3\xA9</t></si>";
  EXPECT_THAT(Cells({" t=\"s\"><v>0</v>", " t=\"s\"><v>1</v>", " t=\"s\"><v>2</v>",
                     " t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is>",
                     " t=\"str\"><f>A1</f><v>formula</v>", " t=\"b\"><v>1</v>", " t=\"b\"><v>0</v>"},
                    book),
              ElementsAre("plain", "rich text", "a\rAb & \xC3\xA9", "inline", "formula", "TRUE", "FALSE"));
}

constexpr char kStyles[] =
    "<numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt numFmtId=\"165\" "
    "formatCode=\"[$-809]d mmmm yyyy hh:mm\"/>"
    "<numFmt numFmtId=\"166\" formatCode=\"[h]:mm:ss\"/><numFmt numFmtId=\"167\" formatCode=\"00000\"/>"
    "<numFmt numFmtId=\"168\" formatCode=\"&quot;d&quot;0.0\\m;[Red]-0.0\"/><numFmt numFmtId=\"169\" "
    "formatCode=\"0.0%\"/></numFmts>"
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf "
    "numFmtId=\"166\"/>"
    "<xf numFmtId=\"167\"/><xf numFmtId=\"168\"/><xf numFmtId=\"169\"/><xf numFmtId=\"20\"/><xf "
    "numFmtId=\"22\"/></cellXfs>";

TEST(XlsxCells, DatesAreIso8601WhateverTheirFormat) {
  XlsxText book;
  book.styles = kStyles;
  EXPECT_THAT(
      Cells({Styled(0, "43496"), Styled(1, "43496"), Styled(2, "43496.75"), Styled(3, "43496.75"),
             Styled(4, "1.5"), Styled(8, "0.572916666666667"), Styled(9, "43496.000011574"), Styled(1, "1"),
             Styled(1, "59"), Styled(1, "60"), Styled(1, "61"), Styled(1, "-3"), Styled(1, "2958465"),
             Styled(1, "2958466"), " s=\"1\" t=\"d\"><v>2019-01-31T00:00:00</v>"},
            book),
      ElementsAre("43496", "2019-01-31", "2019-01-31", "2019-01-31T18:00:00", "36:00:00", "13:45:00",
                  "2019-01-31T00:00:01", "1900-01-01", "1900-02-28", "1900-02-29", "1900-03-01", "-3",
                  "9999-12-31", "2958466", "2019-01-31"));
}

TEST(XlsxCells, TheCalendarOfOldMacsCountsFrom1904) {
  XlsxText book;
  book.styles = kStyles;
  book.properties = "<workbookPr date1904=\"1\"/>";
  EXPECT_THAT(Cells({Styled(1, "0"), Styled(1, "42034")}, book), ElementsAre("1904-01-01", "2019-01-31"));
}

TEST(XlsxCells, FormatsThatOnlyLookLikeDatesAreNone) {
  XlsxText book;
  book.styles = kStyles;
  EXPECT_THAT(Cells({Styled(6, "43496.5"), Styled(5, "123"), Styled(5, "123456")}, book),
              ElementsAre("43496.5", "00123", "123456"));
}

TEST(XlsxCells, PercentagesAreAsStoredOrAsShown) {
  XlsxText book;
  book.styles = kStyles;
  EXPECT_THAT(Cells({Styled(7, "0.125")}, book), ElementsAre("0.125"));
  Options shown;
  shown.read.percent_shown = true;
  EXPECT_THAT(Cells({Styled(7, "0.125"), Styled(7, "0.07")}, book, shown), ElementsAre("12.5%", "7%"));
}

TEST(XlsxCells, ErrorsAndFormulasWithoutAResultAreTold) {
  const ReadResult read = Read(MakeXlsx(Rows({{"Name", "Value"},
                                              {"a", "1"},
                                              {"b", "= t=\"e\"><f>1/0</f><v>#DIV/0!</v>"},
                                              {"c", "=><f>A1+1</f>"},
                                              {"d", "2"},
                                              {"e", "=><f>A1+1</f><v></v>"},
                                              {"f", "= t=\"str\"><f>A9</f><v></v>"}})));
  EXPECT_THAT(read.records, ElementsAre("2: a|1", "3: b|#DIV/0!", "4: c|", "5: d|2", "6: e|", "7: f|"));
  ASSERT_EQ(read.bad.size(), 3u);
  EXPECT_EQ(read.bad[0].record, 2u);
  EXPECT_EQ(read.bad[0].error, "#DIV/0!");
  EXPECT_EQ(read.bad[1].record, 3u);
  EXPECT_THAT(read.all_notes(),
              HasSubstr("column \"Value\" has 2 formulas without a stored result (the first on row 4)"));
}

TEST(XlsxCells, NumbersInAColumnOfCodesAreRemarkedOn) {
  EXPECT_THAT(
      Read(MakeXlsx(Rows({{"Practice code", "List size"}, {"84001", "120"}, {"84002", "130"}}))).all_notes(),
      HasSubstr("column \"Practice code\" looks like a code and is stored as numbers"));
  EXPECT_THAT(
      Read(MakeXlsx(Rows({{"Practice", "List size"}, {"84001", "120"}, {"84002", "130"}}))).all_notes(),
      Not(HasSubstr("code")));
}

TEST(XlsxBook, StrictFilesAndPrefixesReadAlike) {
  XlsxText book;
  book.prefix = "x:";
  book.strings = "<si><t>Name</t></si><si><t>a</t></si>";
  XlsxSheetText sheet;
  sheet.name = "Data";
  sheet.rows =
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
      "t=\"inlineStr\"><is><t>N</t></is></c></row><row><c t=\"s\"><v>1</v></c><c><v>5</v></c></row>";
  book.sheets.push_back(sheet);
  const ReadResult read = Read(MakeXlsx(book));
  EXPECT_THAT(read.columns, ElementsAre("Name", "N"));
  EXPECT_THAT(read.records, ElementsAre("2: a|5"));
}

TEST(XlsxBook, ADimensionThatLiesCostsNothing) {
  XlsxText book;
  XlsxSheetText sheet;
  sheet.name = "Data";
  sheet.before = "<dimension ref=\"A1:XFD1048576\"/><cols><col min=\"3\" max=\"16384\" hidden=\"1\"/></cols>";
  sheet.rows = Rows({{"Name", "N"}, {"a", "1"}}) + "<row r=\"1048576\"><c r=\"A1048576\" s=\"1\"/></row>";
  book.sheets.push_back(sheet);
  const ReadResult read = Read(MakeXlsx(book));
  EXPECT_THAT(read.records, ElementsAre("2: a|1"));
  EXPECT_EQ(read.blank, 0u);
  EXPECT_THAT(read.all_notes(), Not(HasSubstr("hidden")));
}

TEST(XlsxBook, HiddenRowsAndColumnsAreReadAndTold) {
  XlsxText book;
  XlsxSheetText sheet;
  sheet.name = "Data";
  sheet.before = "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>";
  sheet.rows = Rows({{"Name", "N"}, {"a", "1"}}) +
               "<row r=\"3\" hidden=\"1\"><c r=\"A3\"><v>7</v></c></row>" + Rows({{"c", "3"}}, 4);
  book.sheets.push_back(sheet);
  const ReadResult read = Read(MakeXlsx(book));
  EXPECT_THAT(read.records, ElementsAre("2: a|1", "3: 7|", "4: c|3"));
  EXPECT_THAT(read.all_notes(), HasSubstr("1 hidden row was read with the others"));
  EXPECT_THAT(read.all_notes(), HasSubstr("1 column is hidden and was read with the others"));
}

TEST(XlsxBook, DamageIsToldWithThePart) {
  const std::pair<const char*, const char*> cases[] = {
      {"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>",
       "points to a text that the workbook does not have"},
      {"<row r=\"5\"><c r=\"A5\"><v>9</v></c></row><row r=\"2\"><c r=\"A2\"><v>9</v></c></row>",
       "rows are not in order"},
      {"<row r=\"1\"><c r=\"B1\"><v>9</v></c><c r=\"A1\"><v>9</v></c></row>",
       "cells of row 1 are not in order"},
      {"<row r=\"1\"><c r=\"A1\"><v>9</c></row>", "damaged in xl/worksheets/sheet1.xml"},
      {"<row r=\"1\"><c r=\"ZZZZ1\"><v>9</v></c></row>", "a cell at \"ZZZZ1\""},
  };
  for (const auto& [rows, words] : cases) {
    const ReadResult read = Read(MakeXlsx(rows));
    EXPECT_EQ(read.status.code(), CONCORDAT_SOURCE_UNREADABLE) << rows;
    EXPECT_THAT(read.message, HasSubstr(words));
  }
}

TEST(XlsxBook, EntitiesAndDeepNestingAreRefused) {
  std::vector<packed::ZipFile> files = {
      {"xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><workbook>&a;</workbook>"}};
  EXPECT_THAT(Read(packed::MakeZip(files)).message, HasSubstr("document type"));
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<a>";
  EXPECT_THAT(Read(MakeXlsx(deep)).message, HasSubstr("nested too deep"));
  const std::string tag = "<row r=\"1\" x=\"" + std::string(20 << 20, 'a') + "\"/>";
  EXPECT_THAT(Read(MakeXlsx(tag)).message,
              ::testing::AnyOf(HasSubstr("longer than 8 MB"), HasSubstr("damaged")));
}

TEST(XlsxBook, ABombIsRefusedAsItUnpacks) {
  EXPECT_THAT(Read(MakeXlsx(std::string(100 << 20, ' '))).message, HasSubstr("zip bomb"));
}

}  // namespace
}  // namespace concordat::spreadsheet
