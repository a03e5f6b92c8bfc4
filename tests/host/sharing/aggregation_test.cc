#include "host/sharing/aggregation.h"

#include <gtest/gtest.h>

#include "tests/host/sharing/support.h"

namespace concordat::sharing {
namespace {

using Function = policy::AggregateMeasure::Function;
using Rows = std::vector<std::vector<std::string>>;

policy::Share ShareOf(std::vector<std::string> keys, std::vector<policy::AggregateMeasure> measures,
                      bool margins = false) {
  policy::Share share;
  share.aggregate = policy::Aggregate{.measures = std::move(measures), .margins = margins};
  for (std::string& key : keys) share.aggregate->by.push_back({.name = std::move(key)});
  return share;
}

policy::AggregateMeasure Measure(Function function, std::string field = "", std::string denominator = "",
                                 double per = 1) {
  policy::AggregateMeasure measure;
  measure.name = "figure";
  measure.function = function;
  measure.field = std::move(field);
  measure.denominator = std::move(denominator);
  measure.per = per;
  return measure;
}

ReleasedRows Treated(size_t columns, const Rows& rows) {
  ReleasedRows treated = EmptyRows(std::vector<std::string>(columns, "column"));
  for (const auto& row : rows) {
    for (size_t i = 0; i < columns; ++i) treated.columns[i]->Append(row[i]);
  }
  return treated;
}

Rows Printed(const ReleasedRows& released) {
  Rows rows(released.rows());
  for (size_t row = 0; row < rows.size(); ++row) {
    for (const auto& column : released.columns) rows[row].emplace_back(column->at(row));
  }
  return rows;
}

AggregateResult Aggregated(const policy::Share& share, size_t columns, const Rows& rows) {
  Aggregation aggregation(share);
  EXPECT_TRUE(aggregation.Add(Treated(columns, rows)).ok());
  auto result = aggregation.Finish({});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : AggregateResult();
}

TEST(Aggregation, CountsInTheOrderOfTheKeys) {
  const auto result = Aggregated(ShareOf({"ward", "month"}, {Measure(Function::kCount)}), 2,
                                 {{"B", "05"}, {"A", "06"}, {"B", "05"}, {"A", "05"}});
  EXPECT_EQ(Printed(result.rows), (Rows{{"A", "05", "1"}, {"A", "06", "1"}, {"B", "05", "2"}}));
  EXPECT_EQ(result.records, 4u);
  EXPECT_EQ(result.suppressed, 0u);
}

TEST(Aggregation, SumsAndMeansLeaveOutWhatIsNoNumber) {
  const Rows rows = {{"A", "1.5"}, {"A", ""}, {"A", "2.5"}, {"B", "n/a"}};
  EXPECT_EQ(Printed(Aggregated(ShareOf({"ward"}, {Measure(Function::kSum, "spend")}), 2, rows).rows),
            (Rows{{"A", "4"}, {"B", "0"}}));
  EXPECT_EQ(Printed(Aggregated(ShareOf({"ward"}, {Measure(Function::kMean, "spend")}), 2, rows).rows),
            (Rows{{"A", "2"}, {"B", ""}}));
}

TEST(Aggregation, ARatioIsOfSumsAndNeverAMeanOfRates) {
  // 1 of 10 and 9 of 10: ten of twenty, and not the mean of two rates; nothing over nothing has no figure.
  const Rows rows = {{"A", "1", "10"}, {"A", "9", "10"}, {"B", "3", "0"}};
  const auto share = ShareOf({"ward"}, {Measure(Function::kRatio, "met", "of", 100)});
  EXPECT_EQ(Printed(Aggregated(share, 3, rows).rows), (Rows{{"A", "50"}, {"B", ""}}));
}

TEST(Aggregation, MarginsStandLastAndAddUp) {
  const auto result = Aggregated(ShareOf({"ward", "month"}, {Measure(Function::kCount)}, true), 2,
                                 {{"A", "05"}, {"A", "05"}, {"B", "06"}});
  const Rows rows = Printed(result.rows);
  EXPECT_EQ(rows.back().back(), "3");
  int64_t inner = 0;
  int64_t by_month = 0;
  for (const auto& row : rows) {
    const bool ward = row[0] != kTotal;
    const bool month = row[1] != kTotal;
    if (ward && month) inner += std::stoll(row[2]);
    if (!ward && month) by_month += std::stoll(row[2]);
  }
  EXPECT_EQ(inner, 3);
  EXPECT_EQ(by_month, 3);
}

TEST(Aggregation, ACombinationThatDoesNotOccurIsAZeroWhenZerosTell) {
  policy::Share share = ShareOf({"ward", "month"}, {Measure(Function::kCount)});
  share.small_counts = policy::SmallCountsDuty{.threshold = 2, .zeros_disclosive = true, .secondary = false};
  Rows rows;
  for (int i = 0; i < 5; ++i) rows.insert(rows.end(), {{"A", "05"}, {"A", "06"}, {"B", "05"}});
  const auto result = Aggregated(share, 2, rows);
  EXPECT_EQ(Printed(result.rows),
            (Rows{{"A", "05", "5"}, {"A", "06", "5"}, {"B", "05", "5"}, {"B", "06", "[c]"}}));
  EXPECT_EQ(result.suppressed, 1u);
}

TEST(Aggregation, ASuppressedCellTellsNoneOfItsFigures) {
  policy::Share share = ShareOf({"ward"}, {Measure(Function::kCount), Measure(Function::kSum, "spend")});
  share.small_counts = policy::SmallCountsDuty{.threshold = 3, .secondary = false};
  const auto result = Aggregated(share, 2, {{"A", "1"}, {"A", "1"}, {"A", "1"}, {"B", "7"}});
  EXPECT_EQ(Printed(result.rows), (Rows{{"A", "3", "3"}, {"B", "[c]", "[c]"}}));
}

TEST(Aggregation, AKeyThatReadsLikeAMarginIsRefused) {
  const auto share = ShareOf({"ward"}, {Measure(Function::kCount)});
  Aggregation aggregation(share);
  EXPECT_EQ(aggregation.Add(Treated(1, {{"A"}, {std::string(kTotal)}})).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace concordat::sharing
