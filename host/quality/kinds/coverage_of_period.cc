// coverage_of_period: every day (P1D), week (P1W) or month (P1M) of the period that is submitted has at least
// one record, by the date in `field`.
//   with: {field, every: P1D, min: 100%}
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosADay = 86'400'000'000;

struct Wanted {
  size_t field = 0;
  std::string name;
  bool is_date = true;
  policy::Duration every;
  double min = 1;
};

class CoverageRun : public DatasetRun {
 public:
  CoverageRun(const Wanted& wanted, const policy::Period& period)
      : wanted_(wanted), period_(period), seen_(static_cast<size_t>(period.to - period.from + 1), 0) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[wanted_.field];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (column.states[row] != data::CellState::kValue || (applies != nullptr && applies[row] == 0))
        continue;
      const int64_t value = column.integers[row];
      const int64_t day = wanted_.is_date ? value : value / kMicrosADay - (value % kMicrosADay < 0 ? 1 : 0);
      if (day >= period_.from && day <= period_.to) seen_[static_cast<size_t>(day - period_.from)] = 1;
    }
  }

  Result Finish() override {
    size_t parts = 0;
    std::vector<std::string> empty;
    for (int64_t begin = period_.from; begin <= period_.to;) {
      const int64_t next = NextAfter(begin);
      ++parts;
      if (!AnyIn(begin, std::min(next - 1, period_.to))) empty.push_back(data::DateText(begin));
      begin = next;
    }
    const double covered = 1 - static_cast<double>(empty.size()) / static_cast<double>(parts);
    if (covered >= wanted_.min) return {Answer::kPass, {}, {}, covered};
    constexpr size_t kNamed = 5;
    const bool more = empty.size() > kNamed;
    const size_t count = empty.size();
    if (more) empty.resize(kNamed);
    return {Answer::kFail,
            {fmt::format("{} of {} parts of {} ({}) have no record: {}{}", count, parts, period_.id,
                         wanted_.every.text, fmt::join(empty, ", "), more ? " ..." : ""),
             "check that the extract covers the whole period"},
            {},
            covered};
  }

 private:
  // Parts are counted from the period's first day; a month by the calendar.
  int64_t NextAfter(int64_t begin) const { return std::max(wanted_.every.AddTo(begin), begin + 1); }
  bool AnyIn(int64_t from, int64_t to) const {
    for (int64_t day = from; day <= to; ++day) {
      if (seen_[static_cast<size_t>(day - period_.from)] != 0) return true;
    }
    return false;
  }

  const Wanted& wanted_;
  const policy::Period period_;
  std::vector<uint8_t> seen_;  // by day of the period
};

class CoverageOfPeriod : public Rule {
 public:
  explicit CoverageOfPeriod(Wanted wanted) : wanted_(std::move(wanted)) {}
  bool about_dataset() const override { return true; }
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    if (context.period.id.empty()) return absl::UnavailableError("no period was named (--period)");
    return RuleRun(std::make_unique<CoverageRun>(wanted_, context.period));
  }

 private:
  const Wanted wanted_;
};

}  // namespace

std::unique_ptr<const Rule> CompileCoverageOfPeriod(RuleReader& reader) {
  Wanted wanted;
  const std::optional<size_t> index = reader.Field();
  std::optional<policy::Duration> every = reader.Duration("every");
  if (!reader.with().Has("every"))
    reader.Error("missing-key", "coverage_of_period needs every", "every: P1D");
  wanted.min = reader.with().ShareOr("min", 1);
  if (!index || !every) return nullptr;
  const data::Field& field = reader.schema().fields[*index];
  if (ComparableGroup(field.type) != "date" || every->AddTo(0) < 1) {
    reader.Error("wrong-type", "coverage_of_period needs a date or timestamp, and parts of whole days");
    return nullptr;
  }
  wanted.field = *index;
  wanted.name = field.name;
  wanted.is_date = field.type == data::LogicalType::kDate;
  wanted.every = *std::move(every);
  return std::make_unique<CoverageOfPeriod>(std::move(wanted));
}

}  // namespace concordat::quality
