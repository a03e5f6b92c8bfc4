#include "tools/concordat/text_width.h"

#include <gtest/gtest.h>

namespace concordat::cli {
namespace {

TEST(TextWidth, WideCharactersTakeTwoColumnsAndMarksNone) {
  const std::pair<std::string, size_t> cases[] = {{"", 0},       {"abc", 3},     {"Wałęsa", 6},
                                                  {"品質", 4},   {"e\u0301", 1}, {"\x1b[1mbold\x1b[0m", 4},
                                                  {"▲ over", 6}, {"🙂", 2}};
  for (const auto& [text, columns] : cases) EXPECT_EQ(Columns(text), columns) << text;
}

TEST(TextWidth, LinesBreakAtBlanksAndInsideWordsOnlyWhenTheyMust) {
  EXPECT_EQ(Wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(Wrapped("abcdefghij kl", 4), (std::vector<std::string>{"abcd", "efgh", "ij", "kl"}));
  EXPECT_EQ(Wrapped("品質管理", 5), (std::vector<std::string>{"品質", "管理"}));
  EXPECT_EQ(Wrapped("", 10), (std::vector<std::string>{""}));
  for (size_t width = 1; width < 30; ++width) {
    for (const std::string& line : Wrapped("Is data right first time, rather than cleaned later?", width))
      EXPECT_LE(Columns(line), width);
  }
}

TEST(TextWidth, WhatStrangersWroteCannotMoveTheCursor) {
  EXPECT_EQ(Harmless("a\x1b[2Jb"), "a\xEF\xBF\xBD[2Jb");
  EXPECT_EQ(Harmless("two\nlines\tand\rmore"), "two lines andmore");
  EXPECT_EQ(Harmless("\u202Edesrever"),
            "\xEF\xBF\xBD"
            "desrever");
  EXPECT_EQ(Harmless("Wałęsa 品質"), "Wałęsa 品質");
}

TEST(TextWidth, APageKeepsItsLinesAndColoursAndNothingElse) {
  EXPECT_EQ(HarmlessPage("\x1b[1mhead\x1b[0m\n\tone\r\n"), "\x1b[1mhead\x1b[0m\n\tone\n");
  EXPECT_EQ(HarmlessPage("a\x1b]0;title\x07"
                         "b\x1b[2Jc\x1b"),
            "a\xEF\xBF\xBD]0;title\xEF\xBF\xBD"
            "b\xEF\xBF\xBD[2Jc\xEF\xBF\xBD");
  EXPECT_EQ(HarmlessPage("\u202Egnp.csv"),
            "\xEF\xBF\xBD"
            "gnp.csv");
  EXPECT_EQ(HarmlessPage(""), "");
}

TEST(TextWidth, CutTextSaysSoAndPaddedTextIsAsWideAsAsked) {
  EXPECT_EQ(CutTo("abcdef", 4), "abc…");
  EXPECT_EQ(CutTo("abcd", 4), "abcd");
  EXPECT_EQ(CutTo("品質管理", 4), "品…");
  EXPECT_EQ(CutTo("abc", 0), "");
  EXPECT_EQ(PaddedTo("品", 4), "品  ");
  EXPECT_EQ(Indented("one two", 4, 8, "a"), "a   one\n    two\n");
}

}  // namespace
}  // namespace concordat::cli
