// The adapter fixed_width in a real worker: layouts, lines that do not fit, headers, trailers and their
// counts.
#include "tests/plugins/structured.h"

namespace concordat::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kColumns = "ref 3-8, month 9-15, ward name 16-26, hours 27-30";

class FixedWidthTest : public StructuredTest {
 protected:
  FixedWidthTest() : StructuredTest("fixed_width") {}

  Result ReadSample(const std::string& name, OptionList more = {}) const {
    OptionList options = {
        {"columns", kColumns}, {"only", "02"}, {"trailer", "99"}, {"trailer_count", "3-10"}};
    options.insert(options.end(), more.begin(), more.end());
    return Read(Sample(name), options);
  }
};

TEST_F(FixedWidthTest, ColumnsByPosition) {
  const Result result = ReadSample("good.txt");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.columns, ElementsAre("ref", "month", "ward name", "hours"));
  EXPECT_THAT(result.records,
              ElementsAre("1@2: A-001|2026-05|Old Town|0104", "2@3: A-002|2026-05|Riverside|0087",
                          "3@5: A-003|2026-06|Hill|1200"));
  EXPECT_THAT(result.unreadable, IsEmpty());
  EXPECT_THAT(result.facts.notes, ElementsAre("positions 1 to 2 belong to no column",
                                              "2 lines left out that do not begin as option only says",
                                              "the count of the trailer is right"));
}

TEST_F(FixedWidthTest, LinesThatDoNotFitSayWhatIsMissing) {
  const Result result = ReadSample("bad_lines.txt");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.records, ElementsAre("1@2: A-001|2026-05|Old Town|0104"));
  ASSERT_THAT(result.unreadable, SizeIs(3));
  EXPECT_EQ(
      result.unreadable[0],
      "2@3: the line has 20 characters of 30: ward name is cut off, hours is missing [02A-002 2026-05River]");
  EXPECT_THAT(result.unreadable[1],
              HasSubstr("3@4: a tab stands at byte 8: how many positions it stands for cannot be told"));
  EXPECT_THAT(result.unreadable[2],
              HasSubstr("4@5: the line has 39 characters, 9 more than its columns: \" and more\""));
  const Result lenient = ReadSample("bad_lines.txt", {{"short_lines", "pad"}, {"long_lines", "cut"}});
  EXPECT_THAT(lenient.records, ElementsAre("1@2: A-001|2026-05|Old Town|0104", "2@3: A-002|2026-05|River|",
                                           "4@5: A-004|2026-06|Hill|1200"));
}

TEST_F(FixedWidthTest, TheTrailerIsHeldToItsCount) {
  EXPECT_THAT(ReadSample("bad_trailer.txt").message(),
              HasSubstr("line 4: the trailer says 120 records, there are 2: some were lost"));
  EXPECT_THAT(ReadSample("bad_cut_off.txt").message(),
              HasSubstr("the trailer is missing, the last line that begins with \"99\""));
  const OptionList lines = {{"columns", "a 2-3"},
                            {"skip", "H, X"},
                            {"trailer", "T"},
                            {"trailer_count", "2-4"},
                            {"trailer_counts", "lines"}};
  EXPECT_THAT(Read("H\nD01\nD02\nX\nT  5\n", lines).records, ElementsAre("1@2: 01", "2@3: 02"));
  EXPECT_THAT(Read("H\nD01\nT  5\n", lines).message(), HasSubstr("says 5 lines, there are 3"));
  EXPECT_THAT(Read("H\nD01\nTabc\n", lines).message(),
              HasSubstr("the trailer has no count at positions 2-4: \"abc\""));
  EXPECT_THAT(Read("H\nD01\nT  3\nD02\n", lines).message(),
              HasSubstr("line 4: something stands behind the trailer of line 3"));
}

TEST_F(FixedWidthTest, PositionsCountCharactersUnlessTheFeedSaysBytes) {
  const std::string utf8 = "caf\xC3\xA9 1\nplan  2\n";
  EXPECT_THAT(Read(utf8, {{"columns", "name 1-5, n 6"}}).records, ElementsAre("1@1: café|1"));
  EXPECT_THAT(Read(utf8, {{"columns", "name 1-5, n 6"}}).unreadable, SizeIs(1));
  EXPECT_THAT(
      Read(utf8, {{"columns", "name 1-6, n 7"}, {"positions", "bytes"}, {"short_lines", "pad"}}).records,
      ElementsAre("1@1: café|1", "2@2: plan|2"));
  const Result cut =
      Read(utf8, {{"columns", "name 1-4, n 5-7"}, {"positions", "bytes"}, {"short_lines", "pad"}});
  ASSERT_THAT(cut.unreadable, SizeIs(1));
  EXPECT_THAT(cut.unreadable[0], HasSubstr("name begins or ends within a character"));
  // In Windows-1252 a byte is a character.
  for (const char* const positions : {"bytes", "characters"}) {
    EXPECT_THAT(Read("caf\xE9 1\n", {{"columns", "name 1-5, n 6"}, {"positions", positions}}).records,
                ElementsAre("1@1: café|1"));
  }
}

TEST_F(FixedWidthTest, BytesThatAreNotTheEncodingMakeTheirLineUnreadable) {
  const Result result = Read("caf\xE9 1\nplan 2\n", {{"columns", "name 1-5, n 6"}, {"encoding", "utf-8"}});
  EXPECT_THAT(result.records, ElementsAre("2@2: plan|2"));
  EXPECT_THAT(result.unreadable, SizeIs(1));
}

TEST_F(FixedWidthTest, LayoutsOfAllForms) {
  const std::string text = " ab  cd rest of it \n";
  EXPECT_THAT(Read(text, {{"columns", "a 1-4\n b 6-7,\nflag 8 , tail 9-"}}).records,
              ElementsAre("1@1: ab|cd||rest of it"));
  EXPECT_THAT(Read(text, {{"columns", "a 1-4, tail 9-"}, {"trim", "right"}}).records,
              ElementsAre("1@1:  ab|rest of it"));
  EXPECT_THAT(Read(text, {{"columns", "a 1-4, tail 9-"}, {"trim", "none"}}).records,
              ElementsAre("1@1:  ab |rest of it "));
  EXPECT_THAT(Read(text, {{"columns", "all 1-, year 2-3"}}).facts.notes,
              ElementsAre("positions 2 to 3 belong to more than one column"));
  for (const auto& [columns, why] :
       std::vector<std::pair<std::string, std::string>>{{"", "option columns is missing"},
                                                        {"a 5-3", "\"a 5-3\" ends before it begins"},
                                                        {"a 1-2, a 3", "has the name of another column"},
                                                        {"1-2", "is no column such as: month 11-17"},
                                                        {"a 0-2", "is no column such as"},
                                                        {"a x", "is no column such as"}}) {
    EXPECT_THAT(Read(text, {{"columns", columns}}).message(), HasSubstr(why)) << columns;
  }
}

TEST_F(FixedWidthTest, HeadersBlankLinesAndOldEnds) {
  const Result result =
      Read("TITLE\nTWO\n\nA1\r\n   \nB2\n\x1A", {{"columns", "a 1, n 2"}, {"header_lines", "2"}});
  EXPECT_THAT(result.records, ElementsAre("1@4: A|1", "2@6: B|2"));
  EXPECT_EQ(result.facts.blank, 2u);
}

TEST_F(FixedWidthTest, FilesWithoutLineBreaks) {
  const Result result = Read("A01B02C03", {{"columns", "a 1, n 2-3"}, {"record_length", "3"}});
  EXPECT_THAT(result.records, ElementsAre("1@1: A|01", "2@2: B|02", "3@3: C|03"));
  EXPECT_THAT(Read("A01B02C", {{"columns", "a 1, n 2-3"}, {"record_length", "3"}}).unreadable, SizeIs(1));
}

TEST_F(FixedWidthTest, WhatIsNoSuchFileIsRefused) {
  const OptionList options = {{"columns", "a 1"}, {"only", "Q"}};
  EXPECT_THAT(Refusal("", options), HasSubstr("the file is empty"));
  EXPECT_THAT(Refusal("%PDF-1.7\n", options), HasSubstr("this is a PDF document, not a text of fixed width"));
  EXPECT_THAT(Refusal("A\nB\n", options),
              HasSubstr("the file has no records: none of its lines begins as option only says"));
  EXPECT_THAT(Refusal(std::string(20u << 20, 'x'), options), HasSubstr("longer than 16 MiB"));
}

}  // namespace
}  // namespace concordat::adapters
