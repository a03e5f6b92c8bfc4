// row_count: the dataset has between `min` and `max` readable records.
//   with: {min, max}, or an ODCS threshold of metric rowCount
#include "fmt/format.h"
#include "host/quality/kinds/kinds.h"
#include "host/quality/threshold.h"

namespace concordat::quality {
namespace {

class RowCount : public Rule {
 public:
  RowCount(uint64_t min, uint64_t max, std::optional<policy::Threshold> threshold)
      : min_(min), max_(max), threshold_(std::move(threshold)) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  bool about_dataset() const override { return true; }

  DatasetRun::Result Judge(uint64_t rows) const {
    const bool good =
        rows >= min_ && rows <= max_ && (!threshold_ || Holds(*threshold_, static_cast<double>(rows)));
    if (good) return {Answer::kPass, {}, {}};
    return {Answer::kFail,
            {fmt::format("there are {} records where {} are expected", rows, Wanted()),
             "check that the extract is whole and is the right one"},
            {}};
  }

 private:
  std::string Wanted() const {
    if (threshold_) return InWords(*threshold_);
    if (max_ == UINT64_MAX) return fmt::format("at least {}", min_);
    return min_ == 0 ? fmt::format("at most {}", max_) : fmt::format("{} to {}", min_, max_);
  }

  const uint64_t min_;
  const uint64_t max_;
  const std::optional<policy::Threshold> threshold_;
};

class RowCountRun : public DatasetRun {
 public:
  explicit RowCountRun(const RowCount& rule) : rule_(rule) {}
  void Add(const data::Batch& batch, const uint8_t* applies) override {
    if (applies == nullptr) rows_ += batch.rows();
    for (size_t row = 0; applies != nullptr && row < batch.rows(); ++row) rows_ += applies[row];
  }
  Result Finish() override { return rule_.Judge(rows_); }

 private:
  const RowCount& rule_;
  uint64_t rows_ = 0;
};

absl::StatusOr<RuleRun> RowCount::Start(const RunContext&) const {
  return RuleRun(std::make_unique<RowCountRun>(*this));
}

}  // namespace

std::unique_ptr<const Rule> CompileRowCount(RuleReader& reader) {
  const std::optional<int64_t> min = reader.with().Integer("min");
  const std::optional<int64_t> max = reader.with().Integer("max");
  if (!min && !max && !reader.spec().threshold) {
    reader.Error("missing-key", "a row count needs min or max", "min: 1");
    return nullptr;
  }
  if (min.value_or(0) < 0 || max.value_or(0) < 0 || min.value_or(0) > max.value_or(INT64_MAX)) {
    reader.with().Error(max ? "max" : "min", "bad-bounds",
                        fmt::format("rule {}: no number of records is at least {} and at most {}",
                                    reader.spec().id, min.value_or(0), max.value_or(0)));
    return nullptr;
  }
  return std::make_unique<RowCount>(static_cast<uint64_t>(min.value_or(0)),
                                    max ? static_cast<uint64_t>(*max) : UINT64_MAX, reader.spec().threshold);
}

}  // namespace concordat::quality
