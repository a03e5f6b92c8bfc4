// Classes of rows that look alike are counted exactly.
#include "host/sharing/disclosure/k_anonymity.h"

#include <map>
#include <random>

#include "fmt/format.h"
#include "gtest/gtest.h"

namespace concordat::sharing {
namespace {

using Texts = std::vector<std::string_view>;

TEST(EquivalenceClasses, CountsRowsThatLookAlike) {
  EquivalenceClasses classes(2);
  classes.Add(Texts{"1980", "LS1"});
  classes.Add(Texts{"1980", "LS2"});
  classes.Add(Texts{"1980", "LS1"});
  EXPECT_EQ(classes.SizeOf(Texts{"1980", "LS1"}), 2u);
  EXPECT_EQ(classes.SizeOf(Texts{"1980", "LS2"}), 1u);
  EXPECT_EQ(classes.SizeOf(Texts{"1981", "LS1"}), 0u);
  EXPECT_EQ(classes.SizeOf(Texts{"LS1", "1980"}), 0u);
  EXPECT_EQ(classes.rows(), 3u);
  EXPECT_EQ(classes.classes(), 2u);
  EXPECT_EQ(classes.Smallest(), 1u);
  EXPECT_EQ(classes.RowsBelow(2), 1u);
  EXPECT_EQ(classes.RowsBelow(3), 3u);
}

TEST(EquivalenceClasses, DoesNotRunValuesTogether) {
  EquivalenceClasses classes(2);
  classes.Add(Texts{"ab", "c"});
  classes.Add(Texts{"a", "bc"});
  classes.Add(Texts{"", "abc"});
  EXPECT_EQ(classes.classes(), 3u);
  EXPECT_EQ(classes.SizeOf(Texts{"abc", ""}), 0u);
}

TEST(EquivalenceClasses, ATupleOfAnotherWidthStandsInNoClass) {
  EquivalenceClasses classes(2);
  classes.Add(Texts{"a"});
  EXPECT_EQ(classes.rows(), 0u);
  EXPECT_EQ(classes.SizeOf(Texts{"a"}), 0u);
  EXPECT_EQ(classes.Smallest(), 0u);
}

TEST(EquivalenceClasses, WithoutQuasiIdentifiersAllRowsAreAlike) {
  EquivalenceClasses classes(0);
  EXPECT_EQ(classes.SizeOf({}), 0u);
  for (int i = 0; i < 5; ++i) classes.Add({});
  EXPECT_EQ(classes.SizeOf({}), 5u);
  EXPECT_EQ(classes.classes(), 1u);
}

TEST(EquivalenceClasses, AgreesWithASlowCountOfManyRows) {
  std::mt19937 random(4);
  EquivalenceClasses classes(3);
  std::map<std::vector<std::string>, uint64_t> slow;
  for (int i = 0; i < 20000; ++i) {
    const std::vector<std::string> row = {fmt::format("{}", random() % 40), fmt::format("{}", random() % 30),
                                          fmt::format("{}", random() % 10)};
    classes.Add(Texts(row.begin(), row.end()));
    ++slow[row];
  }
  uint64_t below = 0;
  for (const auto& [row, size] : slow) {
    EXPECT_EQ(classes.SizeOf(Texts(row.begin(), row.end())), size);
    below += size < 3 ? size : 0;
  }
  EXPECT_EQ(classes.classes(), slow.size());
  EXPECT_EQ(classes.RowsBelow(3), below);
  EXPECT_GT(below, 0u);
}

}  // namespace
}  // namespace concordat::sharing
