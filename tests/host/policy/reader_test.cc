#include "host/policy/reader.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Mistake {
  std::string name;
  std::string yaml;
  std::vector<std::string> marks;
};

class StrictReader : public testing::TestWithParam<Mistake> {};

TEST_P(StrictReader, RefusesWithThePlace) {
  Issues issues;
  ReadText(GetParam().yaml, issues);
  EXPECT_EQ(Marks(issues), GetParam().marks);
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, StrictReader,
    testing::Values(
        Mistake{"duplicate_key", "a: 1\nb: 2\na: 3\n", {"3:1 duplicate-key"}},
        Mistake{"duplicate_key_in_flow", "x: {a: 1, \"a\": 2}\n", {"1:11 duplicate-key"}},
        Mistake{"same_key_in_two_maps_is_fine", "x: {a: 1}\ny: {a: 2}\n", {}},
        Mistake{"anchor_and_alias", "a: &n 5\nb: *n\n", {"1:4 anchor", "2:4 alias"}},
        Mistake{"alias_of_nothing", "a: *n\n", {"1:4 yaml-syntax"}},
        Mistake{"merge_key", "a: &n {x: 1}\nb:\n  <<: *n\n", {"1:4 anchor", "3:3 merge-key", "3:7 alias"}},
        Mistake{"quoted_merge_key_is_a_word", "\"<<\": 1\n", {}},
        Mistake{"tag_on_scalar", "a: !!str 5\n", {"1:4 tag"}},
        Mistake{"tag_on_map", "a: !thing {x: 1}\n", {"1:4 tag"}},
        Mistake{"bare_tag", "a: ! 5\n", {"1:4 tag"}},
        Mistake{"two_documents", "a: 1\n---\nb: 2\n", {"2:1 several-documents"}},
        Mistake{"a_document_mark_in_front_is_fine", "---\na: 1\n...\n", {}},
        Mistake{"map_key", "? {a: b}\n: c\n", {"1:3 key-not-text"}},
        Mistake{"list_key", "? [a]\n: c\n", {"1:3 key-not-text"}},
        Mistake{"null_key", "~: c\n", {"1:1 key-not-text"}}, Mistake{"empty", "", {"1:1 empty-document"}},
        Mistake{"comments_only", "# nothing\n", {"1:1 empty-document"}},
        Mistake{"open_quote", "a: \"open\nb: 1\n", {"1:4 unclosed-quote"}},
        Mistake{"open_single_quote", "a: 'it''s\n", {"1:4 unclosed-quote"}},
        Mistake{"apostrophe_in_single_quotes", "a: 'it's'\n", {"1:8 yaml-syntax"}},
        Mistake{"two_colons", "a: b: c\n", {"1:5 yaml-syntax"}},
        Mistake{"tab", "a:\n\tb: 1\n", {"2:3 yaml-syntax"}},
        Mistake{"outdented", "  a: 1\n b: 2\n", {"2:2 yaml-syntax"}},
        Mistake{"map_after_list", "- a\nb: 1\n", {"2:1 yaml-syntax"}},
        Mistake{"open_bracket", "a: [1, 2\nb: 3\n", {"2:2 yaml-syntax"}},
        Mistake{"open_brace", "a: {b: 1\n", {"2:1 yaml-syntax"}},
        Mistake{"stray_bracket", "a: ]\n", {"1:4 yaml-syntax"}},
        Mistake{"at_sign", "a: @home\n", {"1:4 yaml-syntax"}},
        Mistake{"backslash", "a: \"C:\\q\"\n", {"1:7 yaml-syntax"}}),
    [](const auto& info) { return info.param.name; });

TEST(Reader, CountsColumnsInCharactersNotBytes) {
  EXPECT_THAT(MarksOf([](const Node&, Issues&) {}, "größe: {é: 1, é: 2}\n"),
              ElementsAre("1:15 duplicate-key"));
}

TEST(Reader, CountsColumnsRightBehindManyLongLines) {
  std::string text = "a: \"" + std::string(1000, 'x') + "ü" + std::string(300, 'y') + "\"\n";
  text += "b: {" + std::string(700, ' ') + "é: 1, é: 2}\n";
  EXPECT_THAT(MarksOf([](const Node&, Issues&) {}, text), ElementsAre("2:711 duplicate-key"));
}

TEST(Reader, AcceptsAByteOrderMarkAndCarriageReturns) {
  Issues issues;
  const Node node = ReadText("\xEF\xBB\xBFkind: Feed\r\nid: x\r\nid: y\r\n", issues);
  EXPECT_EQ(node["kind"].text(), "Feed");
  EXPECT_EQ(node["kind"].place().str(), "test.yaml:1:7");
  EXPECT_EQ(node["id"].text(), "x");
  EXPECT_THAT(Marks(issues), ElementsAre("3:1 duplicate-key"));
}

TEST(Reader, ReadsOnAfterMistakesOfForm) {
  Issues issues;
  const Node node = ReadText("a: &x 1\na: 2\nb: *x\nc: !t 3\nd: 4\n", issues);
  EXPECT_THAT(Marks(issues), ElementsAre("1:4 anchor", "2:1 duplicate-key", "3:4 alias", "4:4 tag"));
  EXPECT_EQ(json::Canonical(node.ToJson()), R"({"a":1,"b":1,"c":3,"d":4})");
}

TEST(Reader, GivesNothingWhenReadingBrokeOff) {
  Issues issues;
  EXPECT_FALSE(ReadText("a: 1\nb: [\n", issues).present());
  EXPECT_TRUE(issues.has_errors());
}

TEST(Reader, ReadsJsonWithItsTabsAndEscapes) {
  Issues issues;
  const Node node = ReadText("{\n\t\"a\": [\n\t\t1, \"x\\/y\"\n\t]\n}\n", issues);
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(json::Canonical(node.ToJson()), R"({"a":[1,"x/y"]})");
}

TEST(Reader, ABadEscapeIsNotBlamedOnTabs) {
  Issues issues;
  ReadText("{\n\t\"a\": \"\\ud83d\"\n}\n", issues);
  EXPECT_THAT(Marks(issues), ElementsAre("2:8 yaml-syntax"));
  EXPECT_EQ(HintOf(issues, "yaml-syntax"), "write the character itself");
}

TEST(Reader, SaysThatTabsDoNotIndent) {
  Issues issues;
  ReadText("a:\n\tb: 1\n", issues);
  EXPECT_THAT(HintOf(issues, "yaml-syntax"), testing::HasSubstr("indent with spaces"));
}

TEST(Reader, PutsAMissingValueAtItsKey) {
  Issues issues;
  const Node node = ReadText("a:\n  b:\n  c: null\nd: ~\nn:\nnull_like: 1\n", issues);
  EXPECT_THAT(Marks(issues), IsEmpty());
  EXPECT_EQ(node["a"]["b"].place().str(), "test.yaml:2:3");
  EXPECT_EQ(node["a"]["c"].place().str(), "test.yaml:3:6");
  EXPECT_EQ(node["d"].place().str(), "test.yaml:4:4");
  EXPECT_EQ(node["n"].place().str(), "test.yaml:5:1");
  EXPECT_TRUE(node["n"].is_null());
}

TEST(Reader, TellsQuotedAndBlockTextsFromPlainOnes) {
  Issues issues;
  const Node node = ReadText("a: 1\nb: '1'\nc: \"1\"\nd: |\n  1\ne: >-\n  1\n", issues);
  EXPECT_FALSE(node["a"].quoted());
  for (const std::string_view key : {"b", "c", "d", "e"}) EXPECT_TRUE(node[key].quoted()) << key;
}

}  // namespace
}  // namespace concordat::policy
