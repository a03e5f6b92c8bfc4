#include "host/base/utf8.h"

#include "gtest/gtest.h"

namespace concordat {
namespace {

TEST(Utf8, WellFormedTextIsValid) {
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("é€😀"), std::string(1, '\0'), std::string("\x7F"),
        std::string("\xC2\x80"), std::string("\xDF\xBF"), std::string("\xE0\xA0\x80"),
        std::string("\xED\x9F\xBF"), std::string("\xEE\x80\x80"), std::string("\xEF\xBF\xBF"),
        std::string("\xF0\x90\x80\x80"), std::string("\xF4\x8F\xBF\xBF")}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
}

TEST(Utf8, IllFormedTextIsFoundWhereItStarts) {
  const std::pair<const char*, const char*> cases[] = {
      {"\x80", "a lone continuation byte"},
      {"\xC0\xAF", "an overlong slash"},
      {"\xC1\xBF", "an overlong byte"},
      {"\xE0\x9F\xBF", "an overlong three-byte form"},
      {"\xED\xA0\x80", "a high surrogate"},
      {"\xED\xBF\xBF", "a low surrogate"},
      {"\xF0\x8F\xBF\xBF", "an overlong four-byte form"},
      {"\xF4\x90\x80\x80", "above U+10FFFF"},
      {"\xF5\x80\x80\x80", "a lead byte that is none"},
      {"\xFF", "a byte that is none"},
      {"\xC3", "cut after one of two"},
      {"\xE2\x82", "cut after two of three"},
      {"\xF0\x9F\x98", "cut after three of four"},
      {"\xE9t\xE9", "Windows-1252"},
  };
  for (const auto& [bytes, what] : cases) {
    for (const size_t before : {0, 3, 7, 8, 9, 17}) {  // around the eight bytes that are read at once
      const std::string text = std::string(before, 'a') + bytes + "tail of the text";
      EXPECT_EQ(Utf8ValidPrefix(text), before) << what;
      EXPECT_EQ(Utf8ValidPrefix(std::string(before, 'a') + bytes), before) << what << " at the end";
    }
  }
}

TEST(Utf8, EveryCodePointComesBack) {
  for (uint32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(code_point, text);
    ASSERT_TRUE(IsUtf8(text)) << code_point;
    ASSERT_EQ(Utf8Length(text), 1u) << code_point;
  }
}

TEST(Utf8, SurrogatesAreNoCodePoints) {
  std::string text;
  AppendUtf8(0xD800, text);
  AppendUtf8(0x110000, text);
  EXPECT_EQ(text, "\uFFFD\uFFFD");
}

TEST(Utf8, LengthCountsCodePoints) {
  EXPECT_EQ(Utf8Length(""), 0u);
  EXPECT_EQ(Utf8Length("aé€😀"), 4u);
}

TEST(Utf16Order, PutsPairsBeforeTheEndOfTheFirstPlane) {
  const std::vector<std::string> ascending = {"",           "\r",     "1",      "1a",    "\u0080",
                                              "ö",          "€",      "\uD7FF", "😀",     "😁",
                                              "\U0010FFFF", "\uE000", "\uFB33", "\uFFFF"};
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(Utf16Less(ascending[i], ascending[j]), i < j) << i << " and " << j;
      EXPECT_EQ(Utf16Less("x" + ascending[i], "x" + ascending[j]), i < j) << i << " and " << j;
    }
  }
}

}  // namespace
}  // namespace concordat
