// OpenDocument spreadsheets, and what only looks like a workbook.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins/spreadsheet/support.h"

namespace concordat::spreadsheet {
namespace {

using namespace std::string_view_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text(const std::string& text) {
  return "<table:table-cell office:value-type=\"string\"><text:p>" + text + "</text:p></table:table-cell>";
}
std::string Row(const std::string& cells, const std::string& attributes = "") {
  return "<table:table-row" + attributes + ">" + cells + "</table:table-row>";
}
std::string Table(const std::string& rows, const std::string& name = "Data") {
  return "<table:table table:name=\"" + name + "\">" + rows + "</table:table>";
}

TEST(Ods, CellsAreWhatTheyAreStoredAs) {
  const std::string rows =
      Row(Text("Name") + Text("Value")) +
      Row(Text("number") +
          "<table:table-cell office:value-type=\"float\" "
          "office:value=\"0.30000000000000004\"><text:p>0.30</text:p></table:table-cell>") +
      Row(Text("percent") +
          "<table:table-cell office:value-type=\"percentage\" "
          "office:value=\"0.125\"><text:p>12.5%</text:p></table:table-cell>") +
      Row(Text("date") +
          "<table:table-cell office:value-type=\"date\" "
          "office:date-value=\"2019-01-31\"><text:p>31/01/19</text:p></table:table-cell>") +
      Row(Text("time") +
          "<table:table-cell office:value-type=\"time\" "
          "office:time-value=\"PT13H45M00S\"><text:p>13:45</text:p></table:table-cell>") +
      Row(Text("yes") +
          "<table:table-cell office:value-type=\"boolean\" "
          "office:boolean-value=\"true\"><text:p>TRUE</text:p></table:table-cell>") +
      Row(Text("a<text:s text:c=\"2\"/>b") + Text("1st</text:p><text:p>2nd")) +
      Row(Text("remark") +
          "<table:table-cell "
          "office:value-type=\"string\"><office:annotation><text:p>remark</text:p></"
          "office:annotation><text:p>text</text:p></table:table-cell>") +
      Row(Text("error") +
          "<table:table-cell table:formula=\"of:=1/0\" "
          "office:value-type=\"string\"><text:p>#DIV/0!</text:p></table:table-cell>");
  const ReadResult read = Read(MakeOds(Table(rows)));
  ASSERT_TRUE(read.status.ok()) << read.message;
  EXPECT_THAT(read.records,
              ElementsAre("2: number|0.3", "3: percent|0.125", "4: date|2019-01-31", "5: time|13:45:00",
                          "6: yes|TRUE", "7: a  b|1st\n2nd", "8: remark|text", "9: error|#DIV/0!"));
  ASSERT_EQ(read.bad.size(), 1u);
}

TEST(Ods, RepeatedCellsAndRowsAreSoMany) {
  const std::string rows =
      Row(Text("A") + Text("B") + Text("C")) +
      Row("<table:table-cell office:value-type=\"float\" office:value=\"7\" "
          "table:number-columns-repeated=\"3\"/><table:table-cell table:number-columns-repeated=\"16381\"/>",
          " table:number-rows-repeated=\"2\"") +
      Row("<table:table-cell table:number-columns-repeated=\"16384\"/>",
          " table:number-rows-repeated=\"3\"") +
      Row(Text("x") + "<table:table-cell/>" + Text("z")) +
      Row("<table:table-cell/>", " table:number-rows-repeated=\"1048570\"");
  const ReadResult read = Read(MakeOds(Table(rows)));
  EXPECT_THAT(read.records, ElementsAre("2: 7|7|7", "3: 7|7|7", "7: x||z"));
  EXPECT_EQ(read.blank, 3u);
}

TEST(Ods, RepetitionsWithoutEndAreRefused) {
  const std::string header = Row(Text("A") + Text("B"));
  EXPECT_THAT(
      Read(MakeOds(Table(header + Row(Text("x") + Text("y"), " table:number-rows-repeated=\"2000000000\""))))
          .message,
      HasSubstr("rows"));
  EXPECT_THAT(
      Read(MakeOds(Table(header + Row("<table:table-cell table:number-columns-repeated=\"2000000000\" "
                                      "office:value-type=\"float\" office:value=\"1\"/>"))))
          .message,
      HasSubstr("more than 16,384 columns"));
  EXPECT_TRUE(Read(MakeOds(Table(header + Row(Text("x") + Text("y")) +
                                 Row("<table:table-cell table:number-columns-repeated=\"2000000000\"/>"))))
                  .status.ok());
}

TEST(Ods, MergedCellsCoverOthers) {
  const std::string rows = Row(Text("Area") + Text("N")) +
                           Row("<table:table-cell table:number-rows-spanned=\"2\" "
                               "office:value-type=\"string\"><text:p>North</text:p></table:table-cell>" +
                               Text("a")) +
                           Row("<table:covered-table-cell/>" + Text("b")) + Row(Text("South") + Text("c"));
  Options fill;
  fill.fill_merged = true;
  EXPECT_THAT(Read(MakeOds(Table(rows)), fill).records,
              ElementsAre("2: North|a", "3: North|b", "4: South|c"));
}

TEST(Ods, SheetsStandOneBehindTheOther) {
  const std::string one = Table(Row(Text("A") + Text("B")) + Row(Text("1") + Text("2")), "One");
  const std::string two = Table(Row(Text("C") + Text("D")) + Row(Text("3") + Text("4")), "Two");
  EXPECT_THAT(Read(MakeOds(one + two)).message, HasSubstr("several sheets have a table: \"One\", \"Two\""));
  Options options;
  options.sheet = "two";
  EXPECT_THAT(Read(MakeOds(one + two), options).columns, ElementsAre("C", "D"));
  const std::string hidden = "<table:table table:name=\"H\" table:style-name=\"ta2\">" +
                             Row(Text("X") + Text("Y")) + Row(Text("1") + Text("2")) + "</table:table>";
  EXPECT_THAT(Read(MakeOds(hidden + two)).columns, ElementsAre("C", "D"));
}

TEST(Ods, APasswordIsToldAsSuch) {
  const std::string manifest =
      "<m:manifest xmlns:m=\"m\"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
  EXPECT_THAT(Read(MakeOds("", manifest)).message, HasSubstr("has a password: remove it"));
}

std::string Ole(std::string_view stream) {
  return std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv) + std::string(2000, '\0') + std::string(stream) +
         std::string(2000, '\0');
}

TEST(Signature, WhatIsNoWorkbookIsNamedWithWhatToDo) {
  const std::pair<std::string, std::string> cases[] = {
      {Ole("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv), "this workbook has a password: remove it"},
      {Ole("W\0o\0r\0k\0b\0o\0o\0k\0"sv),
       "this is an old Excel file (.xls), whatever its name says: save it as .xlsx"},
      {packed::MakeZip({{"[Content_Types].xml", "<a/>"}, {"xl/workbook.bin", "x"}}),
       "this is a binary Excel workbook (.xlsb): save it as .xlsx"},
      {packed::MakeZip({{"word/document.xml", "<a/>"}}), "this is a Word document"},
      {packed::MakeZip({{"x.csv", "a,b"}}), "this is a ZIP archive that is no workbook"},
      {"Name,Value\na,1\n",
       "this is plain text such as CSV, whatever its name says: let the feed read it with the adapter "
       "delimited"},
      {"\xEF\xBB\xBF<html><body><table>", "this is a web page (HTML), whatever its name says"},
      {"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
       "Excel file in the XML form of 2003"},
      {"<?xml version=\"1.0\"?><list/>",
       "this is an XML file, no workbook: let the feed read it with the adapter xml"},
      {"{\"a\": 1}", "this is a JSON file, no workbook"},
      {"%PDF-1.7 ", "this is a PDF document"},
      {"\x1F\x8B\x08", "this is a gzip file"},
      {"", "the file is empty"},
      {"PK\x03\x04 cut off here", "the workbook is a damaged zip file"},
  };
  for (const auto& [bytes, words] : cases) {
    const ReadResult read = Read(bytes);
    EXPECT_EQ(read.status.code(), CONCORDAT_SOURCE_UNREADABLE) << words;
    EXPECT_THAT(read.message, HasSubstr(words));
  }
}

}  // namespace
}  // namespace concordat::spreadsheet
