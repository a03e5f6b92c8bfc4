// row_count: the dataset has between `min` and `max` readable records.
//   with: {min, max}, or an ODCS threshold of metric rowCount
//   with: {same_as: stations}: as many as that dataset has accepted ones, which only a host knows
#include "fmt/format.h"
#include "host/quality/kinds/kinds.h"
#include "host/quality/threshold.h"

namespace concordat::quality {
namespace {

class RowCount : public Rule {
 public:
  RowCount(uint64_t min, uint64_t max, std::optional<policy::Threshold> threshold)
      : min_(min), max_(max), threshold_(std::move(threshold)) {}
  explicit RowCount(std::string same_as) : same_as_(std::move(same_as)) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  bool about_dataset() const override { return true; }

  DatasetRun::Result Judge(uint64_t rows) const {
    const bool good =
        rows >= min_ && rows <= max_ && (!threshold_ || Holds(*threshold_, static_cast<double>(rows)));
    if (good) return {Answer::kPass, {}, {}, static_cast<double>(rows)};
    return {Answer::kFail,
            {fmt::format("there are {} records where {} are expected", rows, Wanted()),
             "check that the extract is whole and is the right one"},
            {},
            static_cast<double>(rows)};
  }

 private:
  std::string Wanted() const {
    if (threshold_) return InWords(*threshold_);
    if (max_ == UINT64_MAX) return fmt::format("at least {}", min_);
    if (min_ == max_) return fmt::format("{}", min_);
    return min_ == 0 ? fmt::format("at most {}", max_) : fmt::format("{} to {}", min_, max_);
  }

  const uint64_t min_ = 0;
  const uint64_t max_ = UINT64_MAX;
  const std::optional<policy::Threshold> threshold_;
  const std::string same_as_;  // a dataset; empty: the bounds hold
};

class RowCountRun : public DatasetRun {
 public:
  explicit RowCountRun(const RowCount& rule) : rule_(rule) {}
  RowCountRun(std::unique_ptr<const RowCount> own) : own_(std::move(own)), rule_(*own_) {}
  void Add(const data::Batch& batch, const uint8_t* applies) override {
    if (applies == nullptr) rows_ += batch.rows();
    for (size_t row = 0; applies != nullptr && row < batch.rows(); ++row) rows_ += applies[row];
  }
  Result Finish() override { return rule_.Judge(rows_); }

 private:
  const std::unique_ptr<const RowCount> own_;  // bounds of this run alone; may be null
  const RowCount& rule_;
  uint64_t rows_ = 0;
};

absl::StatusOr<RuleRun> RowCount::Start(const RunContext& context) const {
  if (same_as_.empty()) return RuleRun(std::make_unique<RowCountRun>(*this));
  const std::string only_host = fmt::format("only the host has the records of dataset {}", same_as_);
  if (!context.dataset) return absl::UnavailableError(only_host);
  const auto table = context.dataset(DatasetId(same_as_));
  if (!context.on_host && absl::IsUnavailable(table.status())) return absl::UnavailableError(only_host);
  if (!table.ok() && !absl::IsNotFound(table.status()))
    return absl::FailedPreconditionError(std::string(MessageOf(table.status())));
  const uint64_t rows = table.ok() && !(*table)->columns.empty() ? (*table)->columns[0]->rows() : 0;
  return RuleRun(std::make_unique<RowCountRun>(std::make_unique<const RowCount>(rows, rows, std::nullopt)));
}

}  // namespace

std::unique_ptr<const Rule> CompileRowCount(RuleReader& reader) {
  if (reader.with().Has("same_as")) {
    const std::string dataset = reader.with().Text("same_as");
    if (dataset.empty()) return nullptr;
    if (reader.policies().FindDataset(DatasetId(dataset)).second == nullptr) {
      std::vector<std::string> known;
      for (const policy::Contract& contract : reader.policies().contracts) known.push_back(contract.name);
      reader.with().Error("same_as", "unknown-dataset",
                          fmt::format("rule {}: there is no dataset \"{}\"", reader.spec().id, dataset),
                          DidYouMean(dataset, known));
      return nullptr;
    }
    return std::make_unique<RowCount>(dataset);
  }
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
