// What a person reads when a file is full of mistakes. After a change that is meant, set
// CONCORDAT_UPDATE_GOLDEN=1, run the test once and read the difference.
#include <cstdlib>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "host/policy/feed.h"
#include "host/policy/issue_json.h"
#include "yaml_text.h"

namespace concordat::policy {
namespace {

std::string GoldenPath(const std::string& name) {
  return std::string(CONCORDAT_SOURCE_DIR "/tests/golden/policy/") + name;
}

Issues IssuesOfFeed(const std::string& name) {
  Issues issues;
  auto text = ReadFile(GoldenPath(name));
  EXPECT_TRUE(text.ok()) << text.status();
  const Node document = ReadYaml(std::make_shared<SourceText>(SourceText{"feeds/" + name, *text}), issues);
  ReadFeed(document, issues);
  issues.SortAndDeduplicate();
  return issues;
}

void ExpectGolden(const std::string& name, const std::string& actual) {
  if (std::getenv("CONCORDAT_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(WriteFileAtomically(GoldenPath(name), actual).ok());
  }
  const auto expected = ReadFile(GoldenPath(name));
  ASSERT_TRUE(expected.ok()) << expected.status();
  EXPECT_EQ(actual, *expected);
}

TEST(GoldenIssues, AreShownWithLineCaretReasonAndRemedy) {
  std::string rendered;
  const Issues issues = IssuesOfFeed("ten-mistakes.yaml");
  for (const Issue& issue : issues.list()) rendered += RenderIssue(issue) + "\n";
  EXPECT_GE(issues.error_count(), 10u);
  ExpectGolden("ten-mistakes.txt", rendered);
}

TEST(GoldenIssues, ArePrintedAsJsonForOtherTools) {
  ExpectGolden("ten-mistakes.json", json::Pretty(IssuesToJson(IssuesOfFeed("ten-mistakes.yaml"))));
}

TEST(IssueJson, AFileAsAWholeHasLineZero) {
  Issues issues;
  Place place;
  place.source = std::make_shared<SourceText>(SourceText{"policies", ""});
  issues.Warn(place, "no-feed", "nothing here", "add it");
  EXPECT_EQ(json::Compact(IssuesToJson(issues)),
            R"([{"file":"policies","line":0,"column":0,"severity":"warning","code":"no-feed",)"
            R"("message":"nothing here","hint":"add it"}])");
}

}  // namespace
}  // namespace concordat::policy
