// Files that are no delimited text are named for what they are, with the way out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

using namespace std::string_literals;

struct ForeignCase {
  std::string bytes;
  std::string message;
};

std::string Padded(std::string bytes) { return bytes + std::string(600, '\x01'); }

TEST(AForeignFile, IsNamedWithTheWayOut) {
  const std::string zip = "PK\x03\x04"s + std::string(26, '\0');
  const std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s + std::string(600, '\0');
  const ForeignCase cases[] = {
      {Padded(zip + "[Content_Types].xml") + "xl/workbook.xml",
       "this is an Excel file: save it as CSV UTF-8, or have the feed read it with the adapter spreadsheet"},
      {Padded(zip + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
       "this is an OpenDocument spreadsheet (.ods): save it as CSV UTF-8, or have the feed read it with the "
       "adapter spreadsheet"},
      {Padded(zip + "[Content_Types].xml") + "word/document.xml",
       "this is a Word document: export its table as CSV UTF-8"},
      {Padded(zip + "data.csv"), "this is a ZIP archive: unpack it and send the CSV file in it"},
      {ole + "W\0o\0r\0k\0b\0o\0o\0k\0"s, "this is an old Excel file (.xls): save it as CSV UTF-8"},
      {ole + "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"s,
       "this is a Word document: export its table as CSV UTF-8"},
      {ole, "this is a Microsoft Office file: save it as CSV UTF-8"},
      {"\x09\x08\x10\x00\x00\x06\x05\x00"s, "this is an old Excel file (.xls): save it as CSV UTF-8"},
      {"%PDF-1.7\n", "this is a PDF document: export its table as CSV UTF-8"},
      {"\x1F\x8B\x08", "this is a gzip archive: unpack it and send the CSV file in it"},
      {"7z\xBC\xAF\x27\x1C", "this is a 7-Zip archive: unpack it and send the CSV file in it"},
      {"<!DOCTYPE html>\n<html>", "this is a web page (HTML): save it as CSV UTF-8"},
      {"\xEF\xBB\xBF \n<HTML><body>", "this is a web page (HTML): save it as CSV UTF-8"},
      {"<?xml version=\"1.0\"?><a/>",
       "this is an XML file: save it as CSV UTF-8, or have the feed read it with the adapter xml"},
      {"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
       "this is an Excel file (XML): save it as CSV UTF-8"},
      {"<records><r>1</r></records>",
       "this is an XML file: save it as CSV UTF-8, or have the feed read it with the adapter xml"},
      {"{\"a\": 1}\n",
       "this is a JSON file: save it as CSV UTF-8, or have the feed read it with the adapter json"},
      {"[\n  {\"a\": 1}\n]",
       "this is a JSON file: save it as CSV UTF-8, or have the feed read it with the adapter json"},
      {"\x89PNG\r\n\x1A\n", "this is a picture (PNG): export its table as CSV UTF-8"},
      {"\xFF\xD8\xFF\xE0", "this is a picture (JPEG): export its table as CSV UTF-8"},
      {"SQLite format 3\0"s, "this is an SQLite database: export its table as CSV UTF-8"},
      {"\xFF\xFE\0\0a\0\0\0"s, "this is a text file in UTF-32: save it as CSV UTF-8"},
      {"-----BEGIN PGP MESSAGE-----", "this is an encrypted message: decrypt it and send the CSV file in it"},
      {std::string(40, '\x02'), "this is a binary file, not text: export its table as CSV UTF-8"},
      {std::string(20, '\0'),
       "the file holds nothing but NUL bytes: it was damaged on its way, send it again"},
  };
  for (const ForeignCase& expected : cases) {
    const ReadResult read = ReadText(expected.bytes);
    EXPECT_EQ(read.outcome, Outcome::kUnreadable) << expected.message;
    EXPECT_EQ(read.message, expected.message);
  }
}

TEST(ATextFile, IsNotMistakenForAnotherFormat) {
  const char* texts[] = {"[Date],[Amount]\n1,2\n", "{key},b\n1,2\n", "<5,>5\n1,2\n",  "PKS,PK\n1,2\n",
                         "BZh,GIF8\n1,2\n",        "PAR1,b\n1,2\n",  "%PDF,b\n1,2\n", "MM*,II*\n1,2\n"};
  for (const char* text : texts) EXPECT_EQ(ReadText(text).table().size(), 1u) << text;
}

TEST(TheSharedWorkbooksAndArchives, AreRefusedForWhatTheyAre) {
  const std::string data = SharedData();
  if (data.empty()) GTEST_SKIP() << "skipped: the shared sample data is not beside the checkout";
  const std::pair<std::string, std::string> words[] = {{".xlsx", "an Excel file"},
                                                       {".gz", "a gzip archive"},
                                                       {".geojson", "a JSON file"},
                                                       {".json", "a JSON file"},
                                                       {".xml", "an XML file"}};
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    for (const auto& [extension, word] : words) {
      if (entry.path().extension() != extension) continue;
      const ReadResult read = ReadText(FileBytes(entry.path().string()));
      EXPECT_EQ(read.outcome, Outcome::kUnreadable) << entry.path();
      EXPECT_THAT(read.message, ::testing::HasSubstr(word)) << entry.path();
      ++files;
    }
  }
  EXPECT_GT(files, 20);
}

}  // namespace
}  // namespace concordat::delimited
