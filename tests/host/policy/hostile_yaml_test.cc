// Files meant to hurt: the reader must answer with an issue, soon, and keep nothing big.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/policy/fields.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string Repeat(std::string_view text, size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::vector<std::string> MarksOfText(const std::string& text) {
  return MarksOf([](const Node&, Issues&) {}, text);
}

TEST(HostileYaml, DeepNestingIsRefused) {
  constexpr size_t kLevels = 100'000;
  EXPECT_THAT(MarksOfText(Repeat("[", kLevels)), ElementsAre(HasSubstr("too-deep")));
  EXPECT_THAT(MarksOfText(Repeat("{a: ", kLevels)), ElementsAre(HasSubstr("too-deep")));
  EXPECT_THAT(MarksOfText(Repeat("- ", kLevels)), ElementsAre("1:129 too-deep"));
  EXPECT_THAT(MarksOfText(Repeat("[", kLevels) + Repeat("]", kLevels)), ElementsAre("1:65 too-deep"));
  EXPECT_THAT(MarksOfText(Repeat("[", 64) + Repeat("]", 64)), testing::IsEmpty());
}

TEST(HostileYaml, DeepIndentationIsRefused) {
  std::string text;
  for (size_t i = 0; i < 1000; ++i) text += std::string(i, ' ') + "a:\n";
  EXPECT_THAT(MarksOfText(text), ElementsAre("65:65 too-deep"));
}

TEST(HostileYaml, AnAliasBombStaysSmall) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    text += fmt::format("a{0}: &a{0} [{1}]\n", i, Repeat(fmt::format("*a{}, ", i - 1), 10));
  }
  Issues issues;
  const Node node = ReadText(text, issues);
  EXPECT_EQ(issues.error_count(), 9u + 8u * 10u);
  EXPECT_LT(json::Canonical(node.ToJson()).size(), 500u);
}

TEST(HostileYaml, MistakesOfFormAreCountedOut) {
  const std::vector<std::string> marks = MarksOfText(Repeat("a: 1\n", 100'000));
  EXPECT_THAT(marks, SizeIs(101));
  EXPECT_EQ(marks.back(), "102:1 too-many-mistakes");
}

TEST(HostileYaml, TooManyBytesAreNotEvenParsed) {
  EXPECT_THAT(MarksOfText("a: " + Repeat("x", 5 << 20)), ElementsAre("1:1 too-large"));
}

TEST(HostileYaml, TooManyValuesAreRefused) {
  EXPECT_THAT(MarksOfText(fmt::format("[{}]", Repeat("1,", 300'000))),
              ElementsAre("1:400000 too-many-nodes"));
}

TEST(HostileYaml, HugeKeysAreRefused) {
  EXPECT_THAT(MarksOfText(Repeat("k", 501) + ": 1\n"), ElementsAre("1:1 key-too-long"));
  EXPECT_THAT(MarksOfText(fmt::format("? {}\n: 1\n", Repeat("k", 100'000))), ElementsAre("1:3 key-too-long"));
  EXPECT_THAT(MarksOfText(Repeat("k", 100'000) + ": 1\n"), ElementsAre("1:100001 yaml-syntax"));
}

TEST(HostileYaml, BinaryIsRefusedWhereItBegins) {
  EXPECT_THAT(MarksOfText("a: b\nc: \xFF\xFE\n"), ElementsAre("2:4 not-utf8"));
  EXPECT_THAT(MarksOfText("a: \xC0\xAF\n"), ElementsAre("1:4 not-utf8"));  // an overlong slash
  EXPECT_THAT(MarksOfText("\xFF\xFE"
                          "a\0:\0"),
              ElementsAre("1:1 not-utf8"));
  EXPECT_THAT(MarksOfText(std::string("PK\x03\x04 zip", 9)), ElementsAre("1:3 control-character"));
}

TEST(HostileYaml, ControlCharactersAreRefused) {
  EXPECT_THAT(MarksOfText(std::string("a: b\0c\n", 7)), ElementsAre("1:5 control-character"));
  // yaml-cpp takes U+0004 for the end of the file: what follows would be lost in silence.
  EXPECT_THAT(MarksOfText("a: 1\n\x04\nb: 2\n"), ElementsAre("2:1 control-character"));
  EXPECT_THAT(MarksOfText("a: \x1B[31mred\n"), ElementsAre("1:4 control-character"));
  EXPECT_THAT(MarksOfText("a: \xC2\x9B\n"), ElementsAre("1:4 control-character"));
  EXPECT_THAT(MarksOfText("a: 1\rb: 2\n"), ElementsAre("1:5 control-character"));
}

TEST(HostileYaml, AnEndlessWordCostsNoMoreThanItsMessage) {
  Issues issues;
  const Node document = ReadText(fmt::format("on_fail: {}\n", Repeat("x", 3 << 20)), issues);
  Fields fields(document, "quality condition", issues);
  fields.WordOr("on_fail", "refuse", {"refuse", "caveat"});
  ASSERT_THAT(issues.list(), SizeIs(1));
  EXPECT_LT(RenderIssue(issues.list()[0]).size(), 2000u);
}

TEST(HostileYaml, WhatATerminalWouldObeyIsNotRepeatedToIt) {
  Issues issues;
  const Node document = ReadText("on_fail: \"\\e[2J\\x9B31m\\nfake: ok\"\n", issues);
  Fields fields(document, "quality condition", issues);
  fields.WordOr("on_fail", "refuse", {"refuse", "caveat"});
  EXPECT_EQ(issues.list()[0].message,
            "\" [2J 31m fake: ok\" is no word for \"on_fail\" of the quality condition");
}

TEST(HostileYaml, OfAVeryLongLineTheSurroundingsOfTheCaretAreShown) {
  Issues issues;
  ReadText(fmt::format("{{{}}}", Repeat("é: 1, ", 20'000)), issues);
  const std::string shown = RenderIssue(issues.list()[0]);
  EXPECT_LT(shown.size(), 1000u);
  EXPECT_THAT(shown, HasSubstr("test.yaml:1:8: error: the key \"é\" stands here twice"));
  EXPECT_THAT(RenderIssue(issues.list()[50]), HasSubstr("\n  ..., é: 1"));
}

TEST(HostileYaml, WhateverThreeCharactersStandTogetherTheReaderReturns) {
  const std::string alphabet = "a:-?[]{},&*!|>'\"%@` \n#\t0~";
  size_t read = 0;
  for (const char a : alphabet) {
    for (const char b : alphabet) {
      for (const char c : alphabet) {
        Issues issues;
        const Node node = ReadText({a, b, c}, issues);
        EXPECT_TRUE(node.present() || issues.has_errors()) << a << b << c;
        ++read;
      }
    }
  }
  EXPECT_EQ(read, alphabet.size() * alphabet.size() * alphabet.size());
}

}  // namespace
}  // namespace concordat::policy
