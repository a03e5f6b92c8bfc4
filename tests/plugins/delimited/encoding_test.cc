// Every way in which characters are stored, and what becomes of bytes that fit none.
#include "plugins/delimited/encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plugins/delimited/support.h"

namespace concordat::delimited {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::string_literals;

std::string Utf16(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

struct EncodingCase {
  const char* fact;
  std::string bytes;
  std::string encoding;
  std::string cell;  // of the first record, second column
};

TEST(Encoding, IsFoundOut) {
  const std::u16string wide = u"a,b\n1,\u00A35 \U0001F600\n";
  const std::string text = "a,b\n1,\u00A35 \U0001F600\n";
  const std::string cell = "\u00A35 \U0001F600";
  const EncodingCase cases[] = {
      {"plain ASCII is UTF-8", "a,b\n1,x\n", "utf-8", "x"},
      {"UTF-8", text, "utf-8", cell},
      {"UTF-8 with a byte order mark", "\xEF\xBB\xBF" + text, "utf-8", cell},
      {"Windows-1252",
       "a,b\n1,\xA3"
       "5 \x80 \x93x\x94\n",
       "windows-1252", "\u00A35 \u20AC \u201Cx\u201D"},
      {"UTF-16, little end first", "\xFF\xFE" + Utf16(wide, false), "utf-16le", cell},
      {"UTF-16, big end first", "\xFE\xFF" + Utf16(wide, true), "utf-16be", cell},
      {"UTF-16 without a mark", Utf16(u"aaaaaaaaaaaaaaaa,b\n1,xyz\n", false), "utf-16le", "xyz"},
      {"the other UTF-16 without a mark", Utf16(u"aaaaaaaaaaaaaaaa,b\n1,xyz\n", true), "utf-16be", "xyz"},
  };
  for (const EncodingCase& expected : cases) {
    SCOPED_TRACE(expected.fact);
    const ReadResult read = ReadText(expected.bytes);
    EXPECT_EQ(read.facts.encoding, expected.encoding);
    ASSERT_EQ(read.table().size(), 1u);
    EXPECT_EQ(read.table()[0][1], expected.cell);
    EXPECT_EQ(read.layout.names[1], "b");
  }
}

TEST(Encoding, IsDecidedByTheWholeFile) {
  std::string ascii = "a,b\n";
  while (ascii.size() < (10u << 20)) ascii += "some,plain text\n";
  const ReadResult late = ReadText(ascii +
                                   "1,\xA3"
                                   "5\n");
  EXPECT_EQ(late.facts.encoding, "windows-1252");
  EXPECT_EQ(late.records.back().cells[1], "\u00A35");

  const ReadResult utf8 = ReadText(ascii + "1,\u00A35\n");
  EXPECT_EQ(utf8.facts.encoding, "utf-8");
  EXPECT_EQ(utf8.records.back().cells[1], "\u00A35");
}

TEST(Encoding, OfAnEarlyCharacterIsJudgedByLaterOnes) {
  std::string text = "a,b\n1,\xC2\xA3\n";  // a pound sign in UTF-8, or two letters in Windows-1252
  while (text.size() < (3u << 20)) text += "some,plain text\n";
  const ReadResult read = ReadText(text + "1,\xA3\n");
  EXPECT_EQ(read.facts.encoding, "windows-1252");
  EXPECT_EQ(read.table()[0][1], "\u00C2\u00A3");
  EXPECT_TRUE(
      read.HasNote("read as Windows-1252, though characters that look like UTF-8 stand in it, too: 1"));
}

TEST(Encoding, StaysUtf8WhenOnlyFewBytesAreDamaged) {
  std::string text = "a,b\n";
  for (int i = 0; i < 30; ++i) text += "1,caf\u00E9\n";
  const ReadResult read = ReadText(text + "2,caf\xE9\n3,x\n");
  EXPECT_EQ(read.facts.encoding, "utf-8");
  EXPECT_THAT(read.unreadable_lines(), ElementsAre(32));
  EXPECT_THAT(read.records[30].reason, HasSubstr("bytes that are not utf-8"));
  EXPECT_EQ(read.records[30].raw, "2,caf\uFFFD");
  EXPECT_EQ(read.records[31].cells[0], "3");
  EXPECT_TRUE(read.HasNote("bytes that are not, 1"));
}

TEST(Encoding, UndefinedInWindows1252MakesTheRecordUnreadable) {
  for (const char undefined : {'\x81', '\x8D', '\x8F', '\x90', '\x9D'}) {
    const ReadResult read = ReadText("a,b\n1,\xE9\n2,"s + undefined + "\n3,\xE8\n");
    EXPECT_EQ(read.facts.encoding, "windows-1252");
    EXPECT_THAT(read.unreadable_lines(), ElementsAre(3));
    EXPECT_THAT(read.records[1].reason, HasSubstr("bytes that are not windows-1252"));
    EXPECT_EQ(read.table().size(), 2u);
  }
}

TEST(Encoding, CanBeGiven) {
  Options utf8;
  utf8.encoding = Encoding::kUtf8;
  EXPECT_THAT(ReadText("a,b\n1,\xE9\n2,x\n", utf8).unreadable_lines(), ElementsAre(2));
  Options windows;
  windows.encoding = Encoding::kWindows1252;
  EXPECT_EQ(ReadText("a,b\n1,\xC3\xA9\n", windows).table()[0][1], "\u00C3\u00A9");
  Options utf16;
  utf16.encoding = Encoding::kUtf16Le;
  EXPECT_EQ(ReadText("\xFE\xFF" + Utf16(u"a,b\n1,x\n", true), utf16).table()[0][1], "x");
  EXPECT_EQ(ReadText(Utf16(u"a,b\n1,x\n", false), utf16).table()[0][1], "x");
}

TEST(Encoding, AByteOrderMarkIsBelievedBeforeAnOption) {
  Options windows;
  windows.encoding = Encoding::kWindows1252;
  const ReadResult read = ReadText(
      "\xEF\xBB\xBF"
      "a,b\n1,\u00E9\n",
      windows);
  EXPECT_EQ(read.table()[0][1], "\u00E9");
  EXPECT_TRUE(read.HasNote("the byte order mark says utf-8; it was believed"));
}

TEST(Encoding, HalfACharacterAtTheEndIsDamage) {
  EXPECT_THAT(ReadText("\xEF\xBB\xBF"
                       "a,b\n1,x\n2,\xE2\x82")
                  .unreadable_lines(),
              ElementsAre(3));
  EXPECT_THAT(ReadText("\xFF\xFE" + Utf16(u"a,b\n1,x\n2,\xD83D", false)).unreadable_lines(), ElementsAre(3));
  EXPECT_THAT(ReadText("\xFF\xFE" + Utf16(u"a,b\n1,x\n2,y", false) + "z").unreadable_lines(), ElementsAre(3));
}

// RFC 3629: overlong forms, surrogates, beyond U+10FFFF, stray continuations.
TEST(Utf8, IsJudgedStrictly) {
  const char* bad[] = {
      "\xC0\xAF", "\xC1\xBF",         "\xE0\x80\x80",     "\xE0\x9F\xBF",     "\xED\xA0\x80",
      "\x80",     "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
      "\xFE",     "\xE2\x28\xA1",     "\xE2\x82"};
  for (const std::string bytes : bad) {
    Utf8Census census;
    EXPECT_EQ(CountUtf8("ab" + bytes, true, census), 2 + bytes.size());
    EXPECT_GT(census.invalid, 0u) << ::testing::PrintToString(bytes);
  }
  const char* good[] = {"\u0080", "\u07FF", "\u0800",     "\uD7FF",
                        "\uE000", "\uFFFF", "\U00010000", "\U0010FFFF"};
  for (const std::string bytes : good) {
    Utf8Census census;
    CountUtf8(bytes, true, census);
    EXPECT_EQ(census.invalid, 0u) << ::testing::PrintToString(bytes);
    EXPECT_EQ(census.sequences, 1u);
  }
}

TEST(Utf8, WaitsForTheRestOfACharacterThatAPieceCutsOff) {
  Utf8Census census;
  EXPECT_EQ(CountUtf8("abcdefghij\xF0\x9F\x98", false, census), 10u);
  EXPECT_EQ(census.invalid, 0u);
}

TEST(TextForPeople, ReplacesWhatCouldNotBeDecodedAndKeepsCharactersWhole) {
  EXPECT_EQ(ForPeople("a\xFFz", 100), "a\uFFFDz");
  EXPECT_EQ(ForPeople("ab\u00E9", 3), "ab");
  EXPECT_EQ(ForPeople("ab\u00E9", 4), "ab\u00E9");
}

}  // namespace
}  // namespace concordat::delimited
