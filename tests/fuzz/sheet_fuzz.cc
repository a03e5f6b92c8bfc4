// Workbooks and packed files that nobody meant: parts broken at random within an honest zip file, and the
// zip, gzip and Zstandard bytes themselves. Each must come to records or to a word for the steward, soon and
// in little memory.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>

#include "plugins/packed/byte_stream.h"
#include "tests/fuzz/breaker.h"
#include "tests/plugins/spreadsheet/support.h"

namespace concordat::spreadsheet {
namespace {

std::string SheetSeed() {
  return Rows({{"Title"},
               {"Area", "2019/20", "", "Note"},
               {"", "Q1", "Q2", ""},
               {"North", "1", "2.5", "x"},
               {"South", "= s=\"1\"><v>43496</v>", "= t=\"s\"><v>0</v>", "= t=\"e\"><v>#N/A</v>"},
               {"Total", "3", "4"},
               {"Source: x"}});
}

std::string OdsSeed() {
  return "<table:table table:name=\"T\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell "
         "table:number-columns-repeated=\"3\" "
         "office:value-type=\"string\"><text:p>a</text:p></table:table-cell><table:covered-table-cell/></"
         "table:table-row></table:table>";
}

BreakerWords Words() {
  BreakerWords words;
  words.seeds = {SheetSeed(), OdsSeed(), SheetSeed() + SheetSeed()};
  words.tokens = {"<row r=\"3\">",
                  "</row>",
                  "<c r=\"XFD1048576\">",
                  "</c>",
                  "<v>",
                  "</v>",
                  "<is><t>",
                  "</t></is>",
                  "<f/>",
                  " t=\"s\"",
                  " s=\"1\"",
                  "1e999",
                  "-1",
                  "<!--",
                  "-->",
                  "<![CDATA[",
                  "]]>",
                  "<mergeCell ref=\"A1:XFD1048576\"/>",
                  "table:number-rows-repeated=\"1000000000\"",
                  "table:number-columns-repeated=\"16384\"",
                  "<table:table>",
                  "</table:table>",
                  "&#0;",
                  "&lt;",
                  "\xC3",
                  "\xFF"};
  words.openers = "<&\"";
  words.longest = 1 << 16;
  return words;
}

// A few characters only, so that most of it still means something.
std::string Touched(std::string text, Breaker& breaker) {
  const BreakerWords words = Words();
  for (size_t i = 0, count = 1 + breaker.Pick(3); i < count; ++i) {
    const size_t at = breaker.Pick(text.size());
    if (breaker.Pick(2) == 0) {
      text[at] = static_cast<char>('0' + breaker.Pick(75));
    } else {
      text.insert(at, words.tokens[breaker.Pick(words.tokens.size())]);
    }
  }
  return text;
}

// A source must be read, or refused with words; "failed" is for disks.
void ReadOne(const std::string& bytes, const Options& options, size_t& read) {
  const auto start = std::chrono::steady_clock::now();
  packed::TextSource source(bytes);
  uint64_t records = 0;
  const Status status = CountRecords(&source, options, records);
  if (status.ok()) {
    ++read;
    ASSERT_LE(records, kMostRows);
  } else {
    ASSERT_EQ(status.code(), CONCORDAT_SOURCE_UNREADABLE) << status.message();
    ASSERT_FALSE(status.message().empty());
  }
  ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(SheetFuzz, EveryWorkbookComesToAnEnd) {
  Breaker breaker(11, Words());
  size_t read = 0;
  const size_t rounds = Rounds(1'500);
  for (size_t round = 0; round < rounds; ++round) {
    Options options;
    options.fill_merged = round % 3 == 0;
    options.header = round % 5 == 0 ? Options::Header::kNone : Options::Header::kAuto;
    options.header_rows = round % 4;
    const bool ods = round % 2 == 1;
    const std::string text =
        breaker.Pick(2) == 0 ? breaker.Next() : Touched(ods ? OdsSeed() : SheetSeed(), breaker);
    XlsxText book;
    book.sheets.push_back({"Sheet1", text});
    book.styles =
        round % 7 == 0 ? breaker.Next() : "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
    book.strings = round % 11 == 0 ? breaker.Next() : "<si><t>text</t></si>";
    ReadOne(ods ? MakeOds(text) : MakeXlsx(book), options, read);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(read, rounds / 40) << "some of them must be readable";
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
#ifndef __SANITIZE_ADDRESS__
  EXPECT_LT(usage.ru_maxrss, 1 << 20) << "kilobytes";
#endif
}

TEST(PackedFuzz, EveryPackedFileComesToAnEnd) {
  std::mt19937_64 random(13);
  const std::string text = SheetSeed();
  XlsxText book;
  book.sheets.push_back({"Sheet1", text});
  book.strings = "<si><t>text</t></si>";
  const std::string zip = MakeXlsx(book), gzip = packed::Gzip(text), zstd = packed::Zstd(text);
  size_t read = 0;
  for (size_t round = 0; round < Rounds(20'000); ++round) {
    std::string bytes = zip;
    for (size_t i = 0, count = 1 + random() % 4; i < count; ++i) {
      const size_t near_end = random() % 2 == 0 ? 0 : bytes.size() - std::min<size_t>(bytes.size(), 700);
      bytes[near_end + random() % (bytes.size() - near_end)] = static_cast<char>(random());
    }
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    ReadOne(bytes, {}, read);
    if (HasFatalFailure()) return;
    for (const std::string* whole : {&gzip, &zstd}) {
      std::string broken = *whole;
      broken[random() % broken.size()] = static_cast<char>(random());
      packed::TextSource source(broken);
      auto raw = std::make_unique<packed::SourceStream>(&source, 0, source.size());
      auto stream = whole == &gzip ? packed::Inflate(std::move(raw), packed::Deflated::kGzip, "x")
                                   : packed::UnpackZstd(std::move(raw), "x");
      std::string out(1 << 16, '\0');
      size_t total = 0;
      for (int64_t got = 1; got > 0 && total < (1u << 26);) {
        got = stream->Read(out.data(), out.size());
        if (got > 0) total += static_cast<size_t>(got);
      }
    }
  }
  EXPECT_GT(read, 0u);
}

}  // namespace
}  // namespace concordat::spreadsheet
