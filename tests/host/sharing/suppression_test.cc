// Small counts do not leave, and cannot be computed from what does: tables small enough to be checked by
// hand.
#include "host/sharing/disclosure/suppression.h"

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::sharing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Rows of counts, columns "a", "b", ..., rows "1", "2", ...; a negative count leaves the cell out.
CountTable Rows(const std::vector<std::vector<int64_t>>& rows) {
  CountTable table;
  table.dimensions = {"ward", "month"};
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j < rows[i].size(); ++j) {
      if (rows[i][j] < 0) continue;
      CountCell cell{.count = rows[i][j]};
      cell.key = {fmt::format("{}", i + 1), std::string(1, static_cast<char>('a' + j))};
      table.cells.push_back(std::move(cell));
    }
  }
  return WithMargins(std::move(table));
}

CountTable Line(const std::vector<int64_t>& counts) {
  CountTable table;
  table.dimensions = {"ward"};
  for (size_t i = 0; i < counts.size(); ++i) {
    CountCell cell{.count = counts[i]};
    cell.key = {fmt::format("{}", i + 1)};
    table.cells.push_back(std::move(cell));
  }
  return WithMargins(std::move(table));
}

CountCell& At(CountTable& table, const std::vector<std::string>& key) {
  for (CountCell& cell : table.cells) {
    if (cell.key == key) return cell;
  }
  ADD_FAILURE() << "no cell " << testing::PrintToString(key);
  static CountCell none;
  return none;
}

/// What stands in the printed table, cell by cell in its order.
std::vector<std::string> Prints(const SmallCounts& rule, const CountTable& table) {
  std::vector<std::string> prints;
  for (const CountCell& cell : table.cells) prints.push_back(Printed(rule, cell));
  return prints;
}

int Hidden(const CountTable& table) {
  int hidden = 0;
  for (const CountCell& cell : table.cells) hidden += cell.suppressed ? 1 : 0;
  return hidden;
}

void MustSuppress(const SmallCounts& rule, const std::vector<EarlierTable>& earlier, CountTable& table) {
  const absl::Status suppressed = Suppress(rule, earlier, table);
  ASSERT_TRUE(suppressed.ok()) << suppressed;
  const absl::Status verified = VerifySuppression(rule, earlier, table);
  ASSERT_TRUE(verified.ok()) << verified;
}

TEST(CountTable, AddsEveryCombinationOfTotals) {
  const CountTable table = Rows({{1, 2}, {3, 4}});
  ASSERT_EQ(table.cells.size(), 9u);
  CountTable copy = table;
  EXPECT_EQ(At(copy, {"1", "[total]"}).count, 3);
  EXPECT_EQ(At(copy, {"[total]", "b"}).count, 6);
  EXPECT_EQ(At(copy, {"[total]", "[total]"}).count, 10);
  EXPECT_EQ(WithMargins(table).cells.size(), 9u);  // margins are made anew, not summed
  CountTable cube;
  cube.dimensions = {"x", "y", "z"};
  cube.cells.push_back({.key = {"1", "1", "1"}, .count = 7});
  EXPECT_EQ(WithMargins(cube).cells.size(), 8u);
  CountTable one;
  one.cells.push_back({.count = 7});
  EXPECT_EQ(WithMargins(one).cells.size(), 1u);
}

TEST(Suppression, LeavesALargeTableAsItIs) {
  CountTable table = Rows({{10, 20}, {30, 40}});
  MustSuppress({}, {}, table);
  EXPECT_EQ(Hidden(table), 0);
}

TEST(Suppression, TakesTheCheapestOfALine) {
  CountTable table = Line({5, 60, 40, 90});
  MustSuppress({}, {}, table);
  EXPECT_THAT(Prints({}, table), ElementsAre("[c]", "60", "[c]", "90", "195"));
  EXPECT_TRUE(At(table, {"1"}).primary);
  EXPECT_FALSE(At(table, {"3"}).primary);
}

TEST(Suppression, ClosesARectangleOfTheCheapestCorners) {
  CountTable table = Rows({{5, 50, 90}, {40, 30, 90}, {70, 80, 95}});
  MustSuppress({}, {}, table);
  EXPECT_EQ(Hidden(table), 4);
  for (const auto& key :
       std::vector<std::vector<std::string>>{{"1", "a"}, {"1", "b"}, {"2", "a"}, {"2", "b"}})
    EXPECT_TRUE(At(table, key).suppressed) << testing::PrintToString(key);
}

TEST(Suppression, SmallCountsThatProtectEachOtherNeedNoMore) {
  CountTable table = Rows({{5, 6, 90}, {7, 8, 90}, {70, 80, 95}});
  MustSuppress({}, {}, table);
  EXPECT_EQ(Hidden(table), 4);
}

TEST(Suppression, AZeroIsSmallOnlyWhereZerosAreDisclosive) {
  CountTable table = Rows({{0, 50}, {60, 70}});
  MustSuppress({.zeros_disclosive = false}, {}, table);
  EXPECT_EQ(Hidden(table), 0);
  MustSuppress({.zeros_disclosive = true}, {}, table);
  EXPECT_TRUE(At(table, {"1", "a"}).suppressed);
  EXPECT_GE(Hidden(table), 4);
}

TEST(Suppression, ARowOfZeros) {
  CountTable table = Rows({{0, 0, 0}, {60, 70, 80}, {90, 90, 90}});
  MustSuppress({}, {}, table);
  for (const auto& key :
       std::vector<std::vector<std::string>>{{"1", "a"}, {"1", "b"}, {"1", "c"}, {"1", "[total]"}})
    EXPECT_TRUE(At(table, key).suppressed);
}

TEST(Suppression, ASingleCell) {
  CountTable large = Line({12});
  MustSuppress({}, {}, large);
  EXPECT_EQ(Hidden(large), 0);
  CountTable small = Line({3});
  MustSuppress({}, {}, small);
  EXPECT_THAT(Prints({}, small), ElementsAre("[c]", "[c]"));
}

TEST(Suppression, OneCountWithoutDimensions) {
  CountTable table;
  table.cells.push_back({.count = 3});
  MustSuppress({}, {}, table);
  EXPECT_THAT(Prints({}, table), ElementsAre("[c]"));
  table.cells[0] = {.count = 30};
  MustSuppress({}, {}, table);
  EXPECT_THAT(Prints({}, table), ElementsAre("30"));
}

TEST(Suppression, EverythingGoesWhenAllIsSmall) {
  CountTable table = Rows({{1, 0}, {2, 1}});
  MustSuppress({}, {}, table);
  EXPECT_EQ(Hidden(table), 9);
}

TEST(Suppression, ATotalGoesWhereCellsCannotProtect) {
  // Nothing else stands in the row or the column: only the totals can hide it.
  CountTable table = Rows({{5, -1, -1}, {-1, 50, 60}, {-1, 70, 80}});
  MustSuppress({}, {}, table);
  EXPECT_TRUE(At(table, {"1", "a"}).suppressed);
  EXPECT_TRUE(At(table, {"1", "[total]"}).suppressed);
  EXPECT_TRUE(At(table, {"[total]", "a"}).suppressed);
  EXPECT_FALSE(At(table, {"2", "b"}).suppressed && At(table, {"[total]", "[total]"}).suppressed);
}

TEST(Suppression, WithoutMarginsOnlySmallCountsGo) {
  CountTable table = Rows({{5, 50}, {60, 70}});
  table.cells.resize(4);
  MustSuppress({}, {}, table);
  EXPECT_EQ(Hidden(table), 1);
}

TEST(Suppression, WithSomeMarginsOnlyThoseCount) {
  CountTable table = Rows({{5, 50}, {60, 70}});
  std::erase_if(table.cells, [](const CountCell& cell) { return cell.key[0] == "[total]"; });
  MustSuppress({}, {}, table);  // row totals stand, column totals do not
  EXPECT_EQ(Hidden(table), 2);
  EXPECT_TRUE(At(table, {"1", "b"}).suppressed);
}

TEST(Suppression, MarginsOnly) {
  CountTable table = Rows({{3, 40}, {60, 70}, {20, 50}});
  std::erase_if(table.cells,
                [](const CountCell& cell) { return cell.key[0] != "[total]" && cell.key[1] != "[total]"; });
  At(table, {"1", "[total]"}).count = 4;
  At(table, {"[total]", "[total]"}).count = 204;
  At(table, {"[total]", "b"}).count = 121;
  ASSERT_EQ(table.cells.size(), 6u);
  MustSuppress({}, {}, table);
  EXPECT_TRUE(At(table, {"1", "[total]"}).suppressed);
  EXPECT_EQ(Hidden(table), 2);
  EXPECT_TRUE(At(table, {"3", "[total]"}).suppressed);
}

TEST(Suppression, WithoutSecondaryOnlySmallCountsGo) {
  CountTable table = Rows({{5, 50}, {60, 70}});
  MustSuppress({.secondary = false}, {}, table);
  EXPECT_EQ(Hidden(table), 1);
}

TEST(Suppression, AMarkOfTheCallerStays) {
  CountTable table = Line({50, 60, 40, 90});
  table.cells[0].primary = true;
  MustSuppress({}, {}, table);
  EXPECT_THAT(Prints({}, table), ElementsAre("[c]", "60", "[c]", "90", "240"));
}

TEST(Suppression, ThreeDimensions) {
  CountTable cube;
  cube.dimensions = {"x", "y", "z"};
  for (int i = 0; i < 27; ++i) {
    CountCell cell{.count = i == 0 ? 4 : 50 + i};
    cell.key = {fmt::format("{}", i % 3), fmt::format("{}", i / 3 % 3), fmt::format("{}", i / 9)};
    cube.cells.push_back(std::move(cell));
  }
  cube = WithMargins(std::move(cube));
  MustSuppress({}, {}, cube);
  EXPECT_EQ(Hidden(cube), 8);  // one hypercube
  for (CountCell& cell : cube.cells) {
    if (!cell.suppressed || cell.primary) continue;
    cell.suppressed = false;
    EXPECT_EQ(VerifySuppression({}, {}, cube).code(), absl::StatusCode::kInternal);
    cell.suppressed = true;
  }
}

TEST(Suppression, TheAuditNamesTheCell) {
  CountTable table = Rows({{5, 50, 90}, {40, 30, 90}, {70, 80, 95}});
  EXPECT_THAT(std::string(VerifySuppression({}, {}, table).message()),
              HasSubstr("the count of ward=1, month=a is less than the threshold 10"));
  At(table, {"1", "a"}).suppressed = true;
  const absl::Status verified = VerifySuppression({}, {}, table);
  EXPECT_EQ(verified.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(verified.message()), HasSubstr("ward=1, month=a can be computed to within 0"));
}

TEST(Suppression, RefusesWhatIsNoTable) {
  const auto code = [](CountTable table) {
    const absl::StatusCode code = Suppress({}, {}, table).code();
    for (const CountCell& cell : table.cells) EXPECT_TRUE(cell.suppressed);  // nothing leaves after an error
    return code;
  };
  CountTable twice = Line({20, 30});
  twice.cells.push_back(twice.cells[0]);
  EXPECT_EQ(code(twice), absl::StatusCode::kInvalidArgument);
  CountTable wrong = Line({20, 30});
  wrong.cells[2].count = 51;
  EXPECT_EQ(code(wrong), absl::StatusCode::kInvalidArgument);
  CountTable negative = Line({20, 30});
  negative.cells[0].count = -1;
  EXPECT_EQ(code(negative), absl::StatusCode::kInvalidArgument);
  CountTable narrow = Line({20, 30});
  narrow.cells[0].key.clear();
  EXPECT_EQ(code(narrow), absl::StatusCode::kInvalidArgument);
  CountTable none;
  EXPECT_EQ(code(none), absl::StatusCode::kOk);
}

TEST(Suppression, PrintsRounded) {
  const SmallCounts rule{.round_to = 5};
  EXPECT_EQ(Printed(rule, {.count = 12}), "10");
  EXPECT_EQ(Printed(rule, {.count = 13}), "15");
  EXPECT_EQ(Printed({.round_to = 10}, {.count = 15}), "20");
  EXPECT_EQ(Printed(rule, {.count = 0}), "0");
  EXPECT_EQ(Printed({}, {.count = 13}), "13");
  EXPECT_EQ(Printed(rule, {.count = 3, .suppressed = true}), "[c]");
}

TEST(Differencing, ASmallChangeOfWhatWasPrintedIsSuppressed) {
  CountTable before = Line({50, 60, 70});
  MustSuppress({}, {}, before);
  CountTable now = Line({53, 60, 70});
  MustSuppress({}, {{before, "R1"}}, now);
  EXPECT_TRUE(At(now, {"1"}).primary);
  EXPECT_TRUE(At(now, {"[total]"}).primary);
  EXPECT_THAT(Prints({}, now), ElementsAre("[c]", "60", "70", "[c]"));
  At(now, {"1"}).suppressed = At(now, {"1"}).primary = false;
  EXPECT_THAT(std::string(VerifySuppression({}, {{before, "R1"}}, now).message()),
              HasSubstr("differs by less than 10 from release R1"));
}

TEST(Differencing, AChangeInSmallStepsIsSeenAgainstEveryRelease) {
  CountTable first = Line({50, 60, 70}), second = Line({65, 60, 70}), third = Line({55, 90, 70});
  MustSuppress({}, {}, first);
  MustSuppress({}, {{first, "R1"}}, second);
  EXPECT_FALSE(At(second, {"1"}).suppressed);
  MustSuppress({}, {{first, "R1"}, {second, "R2"}}, third);
  EXPECT_TRUE(At(third, {"1"}).primary);  // 10 from R2, but 5 from R1
}

TEST(Differencing, TheSameTableLeavesTheSame) {
  CountTable first = Rows({{5, 50, 90}, {40, 30, 90}, {70, 80, 95}});
  MustSuppress({}, {}, first);
  CountTable again = Rows({{5, 50, 90}, {40, 30, 90}, {70, 80, 95}});
  MustSuppress({}, {{first, "R1"}, {first, "R2"}}, again);
  EXPECT_EQ(Prints({}, again), Prints({}, first));
}

TEST(Differencing, AnotherMonthKeepsWhatWasHiddenAndShowsWhatWasShown) {
  CountTable first = Rows({{5, 50}, {40, 30}, {70, 80}});
  MustSuppress({}, {}, first);
  CountTable second = Rows({{5, 50, 60}, {40, 30, 70}, {70, 80, 4}});
  MustSuppress({}, {{first, "R1"}}, second);
  for (const CountCell& cell : first.cells) {
    if (cell.key[0] == "[total]" || cell.key[1] == "[total]") continue;
    EXPECT_EQ(At(second, cell.key).suppressed, cell.suppressed) << testing::PrintToString(cell.key);
  }
  EXPECT_TRUE(At(second, {"3", "c"}).primary);
  EXPECT_TRUE(At(second, {"3", "[total]"}).primary);  // 154 after 150
}

TEST(Differencing, RefusesWhereOldFiguresUncoverTheNewOne) {
  // Somebody careless gave away all of a line but one count, which the total uncovers.
  CountTable loose = Line({50, 60});
  At(loose, {"1"}).suppressed = true;
  CountTable now = Line({50, 60});
  const absl::Status status = Suppress({}, {{loose, "R1"}}, now);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), testing::AllOf(HasSubstr("ward=1"), HasSubstr("release R1")));
  for (const CountCell& cell : now.cells) EXPECT_TRUE(cell.suppressed);
}

TEST(Differencing, ATotalPrintedBeforeUncoversAnEmptyMonth) {
  // Both wards' totals and cells are out; the month that is new has nobody in ward 1, which is disclosive.
  // Its total of 50 may not be printed again: it sums one cell more than the 50 before.
  CountTable first = Rows({{50}, {60}, {70}});
  MustSuppress({}, {}, first);
  CountTable second = Rows({{50, 0}, {60, 40}, {70, 45}});
  MustSuppress({}, {{first, "R1"}}, second);
  EXPECT_TRUE(At(second, {"1", "b"}).primary);
  EXPECT_TRUE(At(second, {"1", "[total]"}).suppressed);
}

TEST(Differencing, ACellThatShrankHidesNoMoreThanItsSmallerCount) {
  // Ward 1 hid behind the 50 of ward 2, of which 3 are left: with today's total printed it could be told to
  // within 8.
  CountTable first = Line({5, 50, 70});
  MustSuppress({}, {}, first);
  ASSERT_TRUE(At(first, {"2"}).suppressed);
  CountTable second = Line({5, 3, 70});
  const absl::Status status = Suppress({}, {{first, "R1"}}, second);
  EXPECT_TRUE(At(second, {"[total]"}).suppressed) << status;
  for (CountCell& cell : second.cells) {
    cell.primary = false;
    cell.suppressed = cell.key[0] == "1" || cell.key[0] == "2";
  }
  EXPECT_EQ(VerifySuppression({}, {{first, "R1"}}, second).code(), absl::StatusCode::kInternal);
}

TEST(Differencing, ACountOnceOutStaysPrinted) {
  CountTable before = Line({7, 60, 70});
  MustSuppress({.threshold = 5}, {}, before);
  CountTable now = Line({7, 60, 70});
  MustSuppress({.threshold = 10}, {{before, "R1"}}, now);  // stricter today, but nothing can be taken back
  EXPECT_EQ(Hidden(now), 0);
}

TEST(Differencing, OtherDimensionsAreRefused) {
  CountTable now = Rows({{50}});
  EXPECT_EQ(Suppress({}, {{Line({50}), "R1"}}, now).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace concordat::sharing
