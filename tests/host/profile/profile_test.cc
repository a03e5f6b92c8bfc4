// What is said of columns of known content.
#include "gmock/gmock.h"
#include "host/profile/column_profiler.h"
#include "host/profile/text_form.h"

namespace concordat::profile {
namespace {

using data::LogicalType;
using testing::ElementsAre;

ColumnProfile ProfileOf(const std::vector<std::string>& cells) {
  ColumnProfiler profiler("column");
  for (size_t i = 0; i < cells.size(); ++i) profiler.Add(i + 1, cells[i]);
  return profiler.Finish();
}

struct TypeCase {
  std::vector<std::string> cells;
  LogicalType type;
  std::string format;
};

TEST(TypeGuess, FindsTypesAndFormats) {
  const std::vector<TypeCase> cases = {
      {{"1", "-2", "300"}, LogicalType::kInteger, ""},
      {{"1", "2.5"}, LogicalType::kNumber, ""},
      {{"£1,234.50", "(12)", "7"}, LogicalType::kNumber, ""},
      {{"1,2345"}, LogicalType::kString, ""},
      {{"0123", "4567"}, LogicalType::kString, ""},
      {{"0", "10"}, LogicalType::kInteger, ""},
      {{"0.5", "10"}, LogicalType::kNumber, ""},
      {{"Yes", "No"}, LogicalType::kBoolean, ""},
      {{"yes", "no"}, LogicalType::kString, ""},
      {{"2024-05-31", "2024-02-29"}, LogicalType::kDate, ""},
      {{"31/05/2024", "01/02/2024"}, LogicalType::kDate, "dd/MM/yyyy"},
      {{"05/31/2024", "02/01/2024"}, LogicalType::kDate, "MM/dd/yyyy"},
      {{"31-May-24"}, LogicalType::kDate, "dd-MMM-yy"},
      {{"2024-05"}, LogicalType::kDate, "yyyy-MM"},
      {{"2024-05-31T10:00:00Z"}, LogicalType::kTimestamp, ""},
      {{"31/05/2024 23:59"}, LogicalType::kTimestamp, "dd/MM/yyyy HH:mm"},
      {{"23:59", "00:00"}, LogicalType::kTime, "HH:mm"},
      {{"Burglary", "1"}, LogicalType::kString, ""},
      {{"", "N/A"}, LogicalType::kString, ""},
  };
  for (const TypeCase& one : cases) {
    const ColumnProfile profile = ProfileOf(one.cells);
    EXPECT_EQ(profile.type, one.type) << one.cells[0];
    EXPECT_EQ(profile.format, one.format) << one.cells[0];
  }
}

TEST(TypeGuess, NamesTheFewThatDoNotFit) {
  std::vector<std::string> cells(99, "7");
  cells.insert(cells.begin() + 41, "seven");
  const ColumnProfile profile = ProfileOf(cells);
  EXPECT_EQ(profile.type, LogicalType::kInteger);
  EXPECT_EQ(profile.fits, 99u);
  ASSERT_EQ(profile.misfits.size(), 1u);
  EXPECT_EQ(profile.misfits[0].record, 42u);
  EXPECT_EQ(profile.misfits[0].value, "seven");
}

TEST(TypeGuess, ReadsStylesAndSaysWhatItCannotTellApart) {
  const ColumnProfile money = ProfileOf({"£1,234.50", "(12)", "7"});
  EXPECT_TRUE(money.thousands && money.parentheses);
  EXPECT_EQ(money.currency, "£");
  EXPECT_EQ(money.numbers->min, -12);
  EXPECT_TRUE(ProfileOf({"01/02/2024"}).also_month_first);
  EXPECT_FALSE(ProfileOf({"01/02/2024", "13/02/2024"}).also_month_first);
}

TEST(ColumnProfiler, CountsWhatIsThereAndWhatIsNot) {
  const ColumnProfile profile = ProfileOf({"a", " b", "", "N/A", "a", "  ", "é"});
  EXPECT_EQ(profile.records, 7u);
  EXPECT_EQ(profile.empty, 2u);
  EXPECT_EQ(profile.missing(), 3u);
  EXPECT_EQ(profile.values, 4u);
  EXPECT_EQ(profile.distinct, 3u);
  EXPECT_EQ(profile.blanks_at_ends, 1u);
  EXPECT_EQ(profile.min_length, 1u);
  EXPECT_EQ(profile.max_length, 2u);
  EXPECT_EQ(profile.top[0].value, "a");
  EXPECT_EQ(profile.top[0].count, 2u);
}

TEST(ColumnProfiler, SumsUpNumbersExactly) {
  std::vector<std::string> cells;
  for (int i = 1; i <= 101; ++i) cells.push_back(std::to_string(i));
  const NumberSummary numbers = *ProfileOf(cells).numbers;
  EXPECT_EQ(numbers.mean, 51);
  EXPECT_NEAR(numbers.stdev, 29.300170647967224, 1e-12);
  EXPECT_THAT(numbers.quantiles,
              ElementsAre(testing::Pair(0.05, 6), testing::Pair(0.25, 26), testing::Pair(0.5, 51),
                          testing::Pair(0.75, 76), testing::Pair(0.95, 96)));
  EXPECT_FALSE(numbers.sampled);
}

TEST(ColumnProfiler, StaysCloseBeyondItsMemory) {
  ColumnProfiler profiler("column");
  constexpr uint64_t kRecords = 500'000;
  for (uint64_t i = 0; i < kRecords; ++i) profiler.Add(i + 1, i % 3 == 0 ? "again" : std::to_string(i));
  const ColumnProfile profile = profiler.Finish();
  EXPECT_TRUE(profile.distinct_estimated && profile.top_estimated);
  EXPECT_NEAR(static_cast<double>(profile.distinct), 333'334, 0.06 * 333'334);
  EXPECT_EQ(profile.top[0].value, "again");
}

TEST(FormOf, TellsCharactersByKind) {
  EXPECT_EQ(FormOf("DE1 2GU"), "AA9 9AA");
  EXPECT_EQ(FormOf("O'Neill-5é"), "A'Aaaaa-9a");
  EXPECT_EQ(FormOf(std::string(50, 'x') + " 12"), "a+ 9+");
  EXPECT_EQ(FormOf("00ff00ff00ff00ff"), "16 hexadecimal digits");
}

TEST(PatternOf, DescribesTheForm) {
  EXPECT_EQ(PatternOf("AA9 9AA"), "[A-Z]{2}[0-9] [0-9][A-Z]{2}");
  EXPECT_EQ(PatternOf("A.(9)"), "[A-Z]\\.\\([0-9]\\)");
  EXPECT_EQ(PatternOf("16 hexadecimal digits"), "[0-9a-f]{16}");
}

}  // namespace
}  // namespace concordat::profile
