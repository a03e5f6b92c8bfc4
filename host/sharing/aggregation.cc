#include "host/sharing/aggregation.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "fmt/format.h"
#include "host/data/parse.h"

namespace concordat::sharing {
namespace {

using Function = policy::AggregateMeasure::Function;

// With every combination of the keys' values a table is complete: a row that is not there would be a zero.
constexpr uint64_t kMostCells = 2'000'000;

/// The records of one cell; sums of the measured fields, in the order of the treated columns.
struct Group {
  std::vector<std::string> key;
  int64_t count = 0;
  std::vector<long double> sums;
  std::vector<int64_t> present;  // cells that hold a number, one a sum
};

std::string Joined(const std::vector<std::string>& key) {
  std::string joined;
  for (const std::string& part : key) joined.append(part).push_back('\0');
  return joined;
}

absl::Status NamedLikeATotal(const std::string& key) {
  return absl::FailedPreconditionError(fmt::format(
      "a record has \"{}\" as its {}, which would pass for a margin; map it to another word", kTotal, key));
}

}  // namespace

struct Aggregation::State {
  const policy::Share* share = nullptr;
  size_t keys = 0;
  std::vector<size_t> sum_columns;  // of the treated columns: every measured field, as often as it is named
  std::vector<Group> groups;
  std::unordered_map<std::string, size_t> by_key;
  uint64_t records = 0;

  Group& GroupOf(std::vector<std::string> key);
  absl::Status CompleteGrid();
  void AddTotals();
  CountTable Counts() const;
  absl::Status Protect(const std::vector<EarlierTable>& earlier, CountTable& table) const;
  std::string Figure(const policy::AggregateMeasure& measure, size_t first_sum, const Group& group,
                     const CountCell& cell) const;
  AggregateResult Print(CountTable table) const;
};

Aggregation::Aggregation(const policy::Share& share) : state_(std::make_unique<State>()) {
  state_->share = &share;
  state_->keys = share.aggregate->by.size();
  size_t column = state_->keys;
  for (const policy::AggregateMeasure& measure : share.aggregate->measures) {
    if (!measure.field.empty()) state_->sum_columns.push_back(column++);
    if (!measure.denominator.empty()) state_->sum_columns.push_back(column++);
  }
}

Aggregation::~Aggregation() = default;

Group& Aggregation::State::GroupOf(std::vector<std::string> key) {
  const auto [found, added] = by_key.try_emplace(Joined(key), groups.size());
  if (added) {
    groups.push_back({std::move(key), 0, std::vector<long double>(sum_columns.size()),
                      std::vector<int64_t>(sum_columns.size())});
  }
  return groups[found->second];
}

absl::Status Aggregation::Add(const ReleasedRows& rows) {
  State& state = *state_;
  std::vector<std::string> key(state.keys);
  for (size_t row = 0; row < rows.rows(); ++row) {
    for (size_t i = 0; i < state.keys; ++i) {
      key[i] = rows.columns[i]->at(row);
      if (key[i] == kTotal) return NamedLikeATotal(state.share->aggregate->by[i].name);
    }
    Group& group = state.GroupOf(key);
    ++group.count;
    for (size_t i = 0; i < state.sum_columns.size(); ++i) {
      const auto number = data::ParseNumber(rows.columns[state.sum_columns[i]]->at(row));
      if (!number) continue;
      group.sums[i] += *number;
      ++group.present[i];
    }
  }
  state.records += rows.rows();
  if (state.groups.size() <= kMostCells) return absl::OkStatus();
  return absl::OutOfRangeError(
      fmt::format("the aggregate has more than {} groups; group by something coarser", kMostCells));
}

// A combination that does not occur is a count of 0, which may be disclosive: it gets its own cell.
absl::Status Aggregation::State::CompleteGrid() {
  std::vector<std::vector<std::string>> values;
  uint64_t cells = 1;
  for (size_t i = 0; i < keys; ++i) {
    std::set<std::string> seen;
    for (const Group& group : groups) seen.insert(group.key[i]);
    cells *= seen.size();
    values.emplace_back(seen.begin(), seen.end());
    if (cells > kMostCells)
      return absl::OutOfRangeError(
          fmt::format("the table has more than {} cells; group by something coarser", kMostCells));
  }
  std::vector<std::string> key(keys);
  for (uint64_t cell = 0; cell < cells; ++cell) {
    uint64_t rest = cell;
    for (size_t i = keys; i-- > 0;) {
      key[i] = values[i][rest % values[i].size()];
      rest /= values[i].size();
    }
    GroupOf(key);
  }
  return absl::OkStatus();
}

void Aggregation::State::AddTotals() {
  const size_t inner = groups.size();
  for (size_t pattern = 1; pattern < size_t{1} << keys; ++pattern) {
    for (size_t i = 0; i < inner; ++i) {
      std::vector<std::string> key = groups[i].key;
      for (size_t k = 0; k < keys; ++k) {
        if ((pattern >> k & 1) != 0) key[k] = std::string(kTotal);
      }
      Group& total = GroupOf(std::move(key));
      const Group& group = groups[i];
      total.count += group.count;
      for (size_t s = 0; s < total.sums.size(); ++s) {
        total.sums[s] += group.sums[s];
        total.present[s] += group.present[s];
      }
    }
  }
}

CountTable Aggregation::State::Counts() const {
  CountTable table;
  for (const policy::GroupKey& key : share->aggregate->by) table.dimensions.push_back(key.name);
  for (const Group& group : groups) table.cells.push_back({group.key, group.count, false, false});
  return table;
}

absl::Status Aggregation::State::Protect(const std::vector<EarlierTable>& earlier, CountTable& table) const {
  if (!share->small_counts) return absl::OkStatus();
  const policy::SmallCountsDuty& duty = *share->small_counts;
  const SmallCounts rule{duty.threshold, duty.zeros_disclosive, duty.secondary, duty.round_to};
  RETURN_IF_ERROR(Suppress(rule, earlier, table));
  return VerifySuppression(rule, earlier, table);
}

std::string Aggregation::State::Figure(const policy::AggregateMeasure& measure, size_t first_sum,
                                       const Group& group, const CountCell& cell) const {
  if (cell.suppressed) return "[c]";
  switch (measure.function) {
    case Function::kCount: {
      if (!share->small_counts) return fmt::format("{}", group.count);
      return Printed({.round_to = share->small_counts->round_to}, cell);
    }
    case Function::kSum:
      return data::NumberText(static_cast<double>(group.sums[first_sum]));
    case Function::kMean:
      if (group.present[first_sum] == 0) return "";
      return data::NumberText(static_cast<double>(group.sums[first_sum] / group.present[first_sum]));
    case Function::kRatio:
      if (group.sums[first_sum + 1] == 0) return "";
      return data::NumberText(
          static_cast<double>(group.sums[first_sum] / group.sums[first_sum + 1] * measure.per));
  }
  return "";
}

AggregateResult Aggregation::State::Print(CountTable table) const {
  AggregateResult result;
  result.records = records;
  std::vector<std::string> names = table.dimensions;
  for (const policy::AggregateMeasure& measure : share->aggregate->measures) names.push_back(measure.name);
  result.rows = EmptyRows(names);
  std::vector<size_t> order(table.cells.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto rank = [&](size_t i) {
    const std::vector<std::string>& key = table.cells[i].key;
    return std::pair(std::count(key.begin(), key.end(), kTotal), std::cref(key));
  };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const auto [totals_a, key_a] = rank(a);
    const auto [totals_b, key_b] = rank(b);
    return totals_a != totals_b ? totals_a < totals_b : key_a.get() < key_b.get();
  });
  for (const size_t i : order) {
    const CountCell& cell = table.cells[i];
    if (rank(i).first > 0 && !share->aggregate->margins) continue;
    for (size_t k = 0; k < keys; ++k) result.rows.columns[k]->Append(cell.key[k]);
    size_t first_sum = 0;
    for (size_t m = 0; m < share->aggregate->measures.size(); ++m) {
      const policy::AggregateMeasure& measure = share->aggregate->measures[m];
      result.rows.columns[keys + m]->Append(Figure(measure, first_sum, groups[i], cell));
      first_sum += !measure.field.empty() + !measure.denominator.empty();
    }
    ++result.cells;
    result.suppressed += cell.suppressed;
  }
  result.counts = std::move(table);
  return result;
}

absl::StatusOr<AggregateResult> Aggregation::Finish(const std::vector<EarlierTable>& earlier) {
  State& state = *state_;
  if (state.share->small_counts) RETURN_IF_ERROR(state.CompleteGrid());
  // Totals are often known from elsewhere: what is suppressed is protected against them even where they are
  // not printed.
  state.AddTotals();
  CountTable table = state.Counts();
  RETURN_IF_ERROR(state.Protect(earlier, table));
  return state.Print(std::move(table));
}

}  // namespace concordat::sharing
