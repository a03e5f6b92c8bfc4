#include "host/flows/finding_patterns.h"

#include <gtest/gtest.h>

namespace concordat::flows {
namespace {

record::Finding Failing(std::string rule, std::string column, std::string value, uint64_t line) {
  record::Finding finding;
  finding.rule = std::move(rule);
  finding.line = line;
  finding.record = line - 1;
  finding.values = {{std::move(column), std::move(value)}};
  return finding;
}

TEST(PatternOf, ShowsTheShapeOfAValue) {
  const std::pair<std::string, std::string> cases[] = {
      {"E0101324", "A9{7}"},        {"ab-12", "aa-99"}, {"", "(empty)"},
      {"12/05/2026", "99/99/9{4}"}, {" x ", " a "},
  };
  for (const auto& [value, pattern] : cases) {
    EXPECT_EQ(PatternOf(value), pattern) << value;
  }
  EXPECT_LE(PatternOf(std::string(1000, '-') + "1a1a1a").size(), 60u);
}

TEST(FindingPatterns, CountsEqualShapesOnceWithTheFirstExample) {
  FindingPatterns patterns;
  patterns.OnFinding(Failing("code", "lsoa", "E0101324", 5));
  patterns.OnFinding(Failing("code", "lsoa", "E0101999", 9));
  patterns.OnFinding(Failing("code", "lsoa", "none", 11));
  const std::vector<PatternCount> counts = patterns.Take();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].pattern, "A9{7}");
  EXPECT_EQ(counts[0].count, 2u);
  EXPECT_EQ(counts[0].example, "E0101324");
  EXPECT_EQ(counts[0].first_line, 5u);
}

TEST(FindingPatterns, KeepBoundedHoweverManyShapesThereAre) {
  FindingPatterns patterns(3);
  for (size_t i = 1; i <= 50; ++i) patterns.OnFinding(Failing("code", "lsoa", std::string(i, '-'), i + 1));
  const std::vector<PatternCount> counts = patterns.Take();
  EXPECT_LE(counts.size(), 4u);
  EXPECT_EQ(counts.front().pattern, "(others)");
}

}  // namespace
}  // namespace concordat::flows
