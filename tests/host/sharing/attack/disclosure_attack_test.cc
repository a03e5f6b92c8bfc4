// Linear programming attacks what Suppress lets through: seeded tables with margins, and pairs of releases
// that overlap. No suppressed cell may be narrowed down below the width promised.
#include <algorithm>
#include <random>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/sharing/disclosure/suppression.h"
#include "tests/host/sharing/attack/lp_attacker.h"

namespace concordat::sharing {
namespace {

constexpr double kTolerance = 1e-6;  // of the solver

class Dice {
 public:
  explicit Dice(uint32_t seed) : random_(seed) {}
  int64_t Below(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }
  bool Percent(int64_t chance) { return Below(100) < chance; }

 private:
  std::mt19937 random_;  // the same numbers everywhere
};

// Counts of a kind: mostly large, mostly small, or a few among many zeros.
int64_t Draw(Dice& dice, int64_t kind) {
  if (kind == 0) return 20 + dice.Below(200) - (dice.Percent(10) ? dice.Below(20) : 0);
  if (kind == 1) return dice.Below(12);
  if (kind == 2) return dice.Percent(60) ? 0 : dice.Below(40);
  return dice.Percent(30) ? dice.Below(10) : dice.Below(500);
}

struct Shape {
  std::vector<int64_t> sizes;
  int64_t kind = 0;
  bool lists_zeros = false;  // inner cells of 0 stand in the table
};

Shape DrawShape(Dice& dice, int dimensions) {
  Shape shape{.kind = dice.Below(4), .lists_zeros = dice.Percent(50)};
  for (int i = 0; i < dimensions; ++i)
    shape.sizes.push_back(dimensions == 3 ? 2 + dice.Below(3) : 1 + dice.Below(12));
  return shape;
}

CountTable Fill(Dice& dice, const Shape& shape) {
  CountTable table;
  int64_t places = 1;
  for (size_t i = 0; i < shape.sizes.size(); ++i) {
    table.dimensions.push_back(fmt::format("d{}", i));
    places *= shape.sizes[i];
  }
  for (int64_t place = 0; place < places; ++place) {
    CountCell cell;
    int64_t rest = place;
    for (const int64_t size : shape.sizes) {
      cell.key.push_back(fmt::format("v{}", rest % size));
      rest /= size;
    }
    cell.count = Draw(dice, shape.kind);
    if (cell.count != 0 || shape.lists_zeros) table.cells.push_back(std::move(cell));
  }
  return WithMargins(std::move(table));
}

// Some tables leave some of their margins out: those are unknowns that nobody has to protect.
CountTable WithoutSomeMargins(Dice& dice, CountTable table) {
  if (!dice.Percent(25)) return table;
  const int64_t left_out = 10 + dice.Below(60);
  std::erase_if(table.cells, [&](const CountCell& cell) {
    const bool is_margin = std::find(cell.key.begin(), cell.key.end(), kTotal) != cell.key.end();
    return is_margin && dice.Percent(left_out);
  });
  return table;
}

SmallCounts DrawRule(Dice& dice) {
  return {.threshold = dice.Percent(50) ? 10 : 3 + dice.Below(8), .zeros_disclosive = dice.Percent(50)};
}

int Suppressed(const CountTable& table) {
  int suppressed = 0;
  for (const CountCell& cell : table.cells) suppressed += cell.suppressed ? 1 : 0;
  return suppressed;
}

struct Tally {
  int tables = 0, cells = 0, refused = 0;
};

void AttackTable(const SmallCounts& rule, const CountTable& table, uint32_t seed, Tally& tally) {
  const AttackResult result = Attack({&table});
  EXPECT_EQ(result.suppressed, Suppressed(table));
  EXPECT_GE(result.narrowest, static_cast<double>(rule.threshold) - kTolerance)
      << "seed " << seed << ": " << result.where;
  ++tally.tables;
  tally.cells += result.suppressed;
}

TEST(DisclosureAttack, NoSuppressedCellOfATableIsNarrowedDown) {
  Tally tally[4];
  for (uint32_t seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    const int dimensions = seed % 5 == 0 ? 1 : seed % 5 == 4 ? 3 : 2;
    const SmallCounts rule = DrawRule(dice);
    CountTable table = WithoutSomeMargins(dice, Fill(dice, DrawShape(dice, dimensions)));
    const absl::Status status = Suppress(rule, {}, table);
    ASSERT_TRUE(status.ok()) << "seed " << seed << ": " << status;
    const absl::Status verified = VerifySuppression(rule, {}, table);
    EXPECT_TRUE(verified.ok()) << "seed " << seed << ": " << verified;
    AttackTable(rule, table, seed, tally[dimensions]);
  }
  fmt::print("attacked {} tables, {} suppressed cells (1-D {}, 2-D {}, 3-D {} cells): none narrowed down\n",
             tally[1].tables + tally[2].tables + tally[3].tables,
             tally[1].cells + tally[2].cells + tally[3].cells, tally[1].cells, tally[2].cells,
             tally[3].cells);
  EXPECT_GT(tally[1].cells, 100);
  EXPECT_GT(tally[2].cells, 4000);
  EXPECT_GT(tally[3].cells, 1000);
}

// The release after: some months more (values of the last dimension), some counts corrected.
CountTable Later(Dice& dice, const CountTable& before, const Shape& shape, int64_t changed_percent) {
  Shape longer = shape;
  longer.sizes.back() += 1 + dice.Below(3);
  CountTable now = Fill(dice, longer);
  std::erase_if(now.cells, [&](const CountCell& cell) {
    for (int64_t i = 0; i < shape.sizes.back(); ++i) {
      if (cell.key.back() == fmt::format("v{}", i)) return true;
    }
    return false;
  });
  for (CountCell cell : before.cells) {
    if (cell.key.back() == kTotal) continue;
    if (dice.Percent(changed_percent)) cell.count = std::max<int64_t>(0, cell.count + dice.Below(31) - 15);
    cell.suppressed = cell.primary = false;
    now.cells.push_back(std::move(cell));
  }
  return WithMargins(std::move(now));
}

bool HasValue(const CountTable& table, const std::string& value) {
  for (const CountCell& cell : table.cells) {
    if (cell.key.back() == value) return true;
  }
  return false;
}

TEST(DisclosureAttack, NoSuppressedCellOfTwoOverlappingReleasesIsNarrowedDown) {
  Tally tally;
  for (uint32_t seed = 1000; seed < 1300; ++seed) {
    Dice dice(seed);
    const SmallCounts rule = DrawRule(dice);
    const Shape shape = DrawShape(dice, seed % 6 == 0 ? 1 : seed % 6 == 5 ? 3 : 2);
    CountTable first = Fill(dice, shape);
    ASSERT_TRUE(Suppress(rule, {}, first).ok());
    CountTable second = Later(dice, first, shape, seed % 3 == 0 ? 8 : 0);
    const std::vector<EarlierTable> earlier = {{first, "R1"}};
    const absl::Status status = Suppress(rule, earlier, second);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
      EXPECT_THAT(std::string(status.message()), testing::HasSubstr("R1"));
      ++tally.refused;
      continue;
    }
    const absl::Status verified = VerifySuppression(rule, earlier, second);
    EXPECT_TRUE(verified.ok()) << "seed " << seed << ": " << verified;
    const AttackResult result = Attack({&first, &second});
    EXPECT_GE(result.narrowest, static_cast<double>(rule.threshold) - kTolerance)
        << "seed " << seed << ": " << result.where;
    ++tally.tables;
    tally.cells += result.suppressed;
  }
  fmt::print(
      "attacked {} pairs of releases, {} suppressed cells: none narrowed down; {} second releases refused\n",
      tally.tables, tally.cells, tally.refused);
  EXPECT_GT(tally.tables, 150);
  EXPECT_LT(tally.refused, 100);
}

// A party that asks each month collects four tables; every figure ever suppressed stays hidden behind all of
// them together.
TEST(DisclosureAttack, NoSuppressedCellOfAYearOfReleasesIsNarrowedDown) {
  Tally tally;
  for (uint32_t seed = 3000; seed < 3100; ++seed) {
    Dice dice(seed);
    const SmallCounts rule = DrawRule(dice);
    Shape shape = DrawShape(dice, 2);
    std::vector<EarlierTable> given;
    CountTable table = Fill(dice, shape);
    for (int month = 0; month < 4; ++month) {
      if (month > 0)
        table = Later(dice, given.empty() ? table : given.back().table, shape, seed % 2 == 0 ? 5 : 0);
      while (HasValue(table, fmt::format("v{}", shape.sizes.back()))) ++shape.sizes.back();
      const absl::Status status = Suppress(rule, given, table);
      tally.refused += status.ok() ? 0 : 1;
      if (!status.ok()) continue;
      const absl::Status verified = VerifySuppression(rule, given, table);
      EXPECT_TRUE(verified.ok()) << "seed " << seed << ": " << verified;
      given.push_back({table, fmt::format("R{}", month)});
    }
    std::vector<const CountTable*> tables;
    for (const EarlierTable& release : given) tables.push_back(&release.table);
    const AttackResult result = Attack(tables);
    EXPECT_GE(result.narrowest, static_cast<double>(rule.threshold) - kTolerance)
        << "seed " << seed << ": " << result.where;
    tally.tables += static_cast<int>(given.size());
    tally.cells += result.suppressed;
  }
  fmt::print(
      "attacked {} releases in rows of up to four, {} suppressed cells: none narrowed down; {} releases "
      "refused\n",
      tally.tables, tally.cells, tally.refused);
  EXPECT_GT(tally.tables, 150);
}

// Whoever forgets what was given before is attacked with success, and the audit says so.
TEST(DisclosureAttack, ForgettingTheEarlierReleaseIsCaught) {
  int broken = 0, pairs = 0;
  for (uint32_t seed = 1000; seed < 1200; ++seed) {
    Dice dice(seed);
    const SmallCounts rule = DrawRule(dice);
    const Shape shape = DrawShape(dice, seed % 6 == 0 ? 1 : seed % 6 == 5 ? 3 : 2);
    CountTable first = Fill(dice, shape);
    ASSERT_TRUE(Suppress(rule, {}, first).ok());
    CountTable second = Later(dice, first, shape, 8);
    ASSERT_TRUE(Suppress(rule, {}, second).ok());
    const bool breaks =
        Attack({&first, &second}).narrowest < static_cast<double>(rule.threshold) - kTolerance;
    ++pairs;
    broken += breaks ? 1 : 0;
    if (breaks) {
      EXPECT_EQ(VerifySuppression(rule, {{first, "R1"}}, second).code(), absl::StatusCode::kInternal)
          << "seed " << seed;
    }
  }
  fmt::print("of {} pairs suppressed each for itself, {} are broken by linear programming, all caught\n",
             pairs, broken);
  EXPECT_GT(broken, pairs / 4);
}

// Prints one secondary suppression after all: the audit must see whatever the attacker can make of it.
TEST(DisclosureAttack, ASecondarySuppressionLeftOutIsCaught) {
  int broken = 0, harmless = 0, caught = 0;
  for (uint32_t seed = 2000; seed < 2200; ++seed) {
    Dice dice(seed);
    const SmallCounts rule = DrawRule(dice);
    const Shape shape = DrawShape(dice, seed % 5 == 0 ? 1 : seed % 5 == 4 ? 3 : 2);
    CountTable table = WithoutSomeMargins(dice, Fill(dice, shape));
    ASSERT_TRUE(Suppress(rule, {}, table).ok());
    std::vector<CountCell*> secondaries;
    for (CountCell& cell : table.cells) {
      if (cell.suppressed && !cell.primary) secondaries.push_back(&cell);
    }
    if (secondaries.empty()) continue;
    secondaries[dice.Below(static_cast<int64_t>(secondaries.size()))]->suppressed = false;
    const absl::Status verified = VerifySuppression(rule, {}, table);
    const bool breaks = Attack({&table}).narrowest < static_cast<double>(rule.threshold) - kTolerance;
    (breaks ? broken : harmless) += 1;
    caught += verified.ok() ? 0 : 1;
    if (breaks) {
      EXPECT_EQ(verified.code(), absl::StatusCode::kInternal) << "seed " << seed;
    }
    // In two dimensions the audit is exact: it does not cry wolf either.
    if (!breaks && shape.sizes.size() <= 2) {
      EXPECT_TRUE(verified.ok()) << "seed " << seed << ": " << verified;
    }
  }
  fmt::print("left out one secondary suppression in {} tables: {} broken by it, {} caught\n",
             broken + harmless, broken, caught);
  EXPECT_GT(broken, (broken + harmless) / 2);
}

}  // namespace
}  // namespace concordat::sharing
