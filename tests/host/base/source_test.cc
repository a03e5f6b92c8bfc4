#include "host/base/source.h"

#include "gtest/gtest.h"

namespace concordat {
namespace {

std::shared_ptr<const SourceText> Source(std::string text) {
  return std::make_shared<const SourceText>(SourceText{"feeds/a.yaml", std::move(text)});
}

TEST(SourceText, GivesLinesWithoutTheirEnds) {
  const auto source = Source("one\r\ntwo\n\nfour");
  EXPECT_EQ(source->Line(1), "one");
  EXPECT_EQ(source->Line(2), "two");
  EXPECT_EQ(source->Line(3), "");
  EXPECT_EQ(source->Line(4), "four");
  for (const int beyond : {-1, 0, 5, 100}) EXPECT_EQ(source->Line(beyond), "") << beyond;
}

TEST(Place, IsWrittenAsFarAsItIsKnown) {
  const auto source = Source("x");
  EXPECT_EQ((Place{source, 3, 7}.str()), "feeds/a.yaml:3:7");
  EXPECT_EQ((Place{source, 3, 0}.str()), "feeds/a.yaml:3");
  EXPECT_EQ((Place{source, 0, 0}.str()), "feeds/a.yaml");
  EXPECT_EQ(Place{}.str(), "");
}

TEST(RenderIssue, PointsWithACaret) {
  Issues issues;
  issues.Error({Source("kind: Feed\nfed: x\n"), 2, 1}, "unknown-key", "unknown key \"fed\"",
               "did you mean \"feed\"?");
  issues.Warn({Source(""), 0, 0}, "empty", "nothing here");
  issues.Error({Source("\té€x"), 1, 4}, "c", "m");
  EXPECT_EQ(RenderIssue(issues.list()[0]),
            "feeds/a.yaml:2:1: error: unknown key \"fed\" [unknown-key]\n"
            "  fed: x\n"
            "  ^\n"
            "  mend: did you mean \"feed\"?\n");
  EXPECT_EQ(RenderIssue(issues.list()[1]), "feeds/a.yaml: warning: nothing here [empty]\n");
  EXPECT_EQ(RenderIssue(issues.list()[2]), "feeds/a.yaml:1:4: error: m [c]\n  \té€x\n  \t  ^\n")
      << "columns are code points; tabs are kept";
}

TEST(Issues, AreSortedAndStandOnce) {
  const auto source = Source("a\nb\n");
  Issues issues;
  issues.Warn({source, 2, 1}, "late", "second line");
  issues.Error({source, 1, 5}, "b", "first line, later");
  issues.Error({source, 1, 2}, "a", "first line");
  issues.Error({source, 1, 2}, "a", "first line");
  EXPECT_EQ(issues.error_count(), 3u);
  issues.SortAndDeduplicate();
  ASSERT_EQ(issues.list().size(), 3u);
  EXPECT_EQ(issues.list()[0].message, "first line");
  EXPECT_EQ(issues.list()[1].message, "first line, later");
  EXPECT_EQ(issues.list()[2].message, "second line");
  EXPECT_TRUE(issues.has_errors());
}

TEST(Issues, WarningsAreNoErrors) {
  Issues issues;
  issues.Warn({}, "w", "only a warning");
  EXPECT_FALSE(issues.has_errors());
}

TEST(Nearest, FindsSlipsAndNothingFarther) {
  const std::vector<std::string> words = {"required", "range", "regex", "dataset", "feed"};
  const std::pair<const char*, const char*> cases[] = {
      {"requird", "required"}, {"requierd", "required"}, {"REGEX", "regex"}, {"fed", "feed"},
      {"rnage", "range"},      {"datasets", "dataset"},  {"xyz", ""},        {"", ""},
      {"completely", ""}};
  for (const auto& [word, nearest] : cases) EXPECT_EQ(Nearest(word, words), nearest) << word;
}

TEST(DidYouMean, SuggestsTheNearestElseTheChoices) {
  EXPECT_EQ(DidYouMean("fed", {"feed", "partner"}), "did you mean \"feed\"?");
  EXPECT_EQ(DidYouMean("zzz", {"feed", "partner"}), "one of: feed, partner");
  EXPECT_EQ(DidYouMean("zzz", {}), "");
  EXPECT_EQ(DidYouMean("zzzzz", std::vector<std::string>(13, "something")), "");
}

}  // namespace
}  // namespace concordat
