// aggregate: a figure over all numbers of `field` lies between `min` and `max`.
//   with: {field, of: mean, min, max}      of: min, max, sum, mean, median, stdev (of the sample, n - 1)
// Missing cells, markers and what is no number take no part; without any number the rule is skipped.
// The median keeps all numbers (8 bytes a record); the others keep a few.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "host/quality/kinds/number_cells.h"

namespace concordat::quality {
namespace {

enum class Figure { kMin, kMax, kSum, kMean, kMedian, kStdev };
constexpr std::string_view kFigures[] = {"min", "max", "sum", "mean", "median", "stdev"};

// Numbers in record order, reduced to what the figure needs.
class Numbers {
 public:
  explicit Numbers(Figure figure) : figure_(figure) {}

  void Add(double value) {
    least_ = count_ == 0 ? value : std::min(least_, value);
    greatest_ = count_ == 0 ? value : std::max(greatest_, value);
    ++count_;
    sum_.Add(value);
    // B. P. Welford, 1962: no difference of great squares.
    const double before = value - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (value - mean_);
    if (figure_ == Figure::kMedian) all_.push_back(value);
  }

  std::optional<double> Result() {
    if (count_ == 0 || (figure_ == Figure::kStdev && count_ < 2)) return std::nullopt;
    switch (figure_) {
      case Figure::kMin:
        return least_;
      case Figure::kMax:
        return greatest_;
      case Figure::kSum:
        return sum_.value();
      case Figure::kMean:
        return sum_.value() / static_cast<double>(count_);
      case Figure::kMedian:
        return Median();
      case Figure::kStdev:
        return std::sqrt(squares_ / static_cast<double>(count_ - 1));
    }
    return std::nullopt;
  }

 private:
  double Median() {
    const auto middle = all_.begin() + static_cast<std::ptrdiff_t>(all_.size() / 2);
    std::nth_element(all_.begin(), middle, all_.end());
    if (all_.size() % 2 == 1) return *middle;
    return (*std::max_element(all_.begin(), middle) + *middle) / 2;
  }

  const Figure figure_;
  uint64_t count_ = 0;
  double least_ = 0;
  double greatest_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  ExactSum sum_;
  std::vector<double> all_;
};

class Aggregate : public Rule {
 public:
  Aggregate(size_t field, std::string name, Figure figure, std::optional<double> min,
            std::optional<double> max)
      : field_(field), name_(std::move(name)), figure_(figure), min_(min), max_(max) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  bool about_dataset() const override { return true; }

  size_t field() const { return field_; }
  Figure figure() const { return figure_; }

  DatasetRun::Result Judge(std::optional<double> value) const {
    if (!value) return {Answer::kSkip, {}, {}};
    if ((!min_ || *value >= *min_) && (!max_ || *value <= *max_)) return {Answer::kPass, {}, {}};
    return {Answer::kFail,
            {fmt::format("the {} of {} is {:.10g} where {} is expected",
                         kFigures[static_cast<size_t>(figure_)], name_, *value, Wanted()),
             "look for values in another unit, or for records that are missing or come twice"},
            {{name_, fmt::format("{:.10g}", *value)}}};
  }

 private:
  std::string Wanted() const {
    if (!max_) return fmt::format("at least {:.10g}", *min_);
    return min_ ? fmt::format("{:.10g} to {:.10g}", *min_, *max_) : fmt::format("at most {:.10g}", *max_);
  }

  const size_t field_;
  const std::string name_;
  const Figure figure_;
  const std::optional<double> min_;
  const std::optional<double> max_;
};

class AggregateRun : public DatasetRun {
 public:
  explicit AggregateRun(const Aggregate& rule) : rule_(rule), numbers_(rule.figure()) {}
  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[rule_.field()];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (applies != nullptr && applies[row] == 0) continue;
      if (const std::optional<double> value = NumberAt(column, row)) numbers_.Add(*value);
    }
  }
  Result Finish() override { return rule_.Judge(numbers_.Result()); }

 private:
  const Aggregate& rule_;
  Numbers numbers_;
};

absl::StatusOr<RuleRun> Aggregate::Start(const RunContext&) const {
  return RuleRun(std::make_unique<AggregateRun>(*this));
}

}  // namespace

std::unique_ptr<const Rule> CompileAggregate(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const std::string word =
      reader.with().WordOr("of", "", std::vector<std::string>(std::begin(kFigures), std::end(kFigures)));
  if (!reader.with().Has("of"))
    reader.Error("missing-key", "aggregate needs of: the figure to take", "of: mean");
  const std::optional<double> min = reader.with().Number("min");
  const std::optional<double> max = reader.with().Number("max");
  if (!min && !max) reader.Error("missing-key", "aggregate needs min or max", "min: 0");
  if (min && max && *min > *max)
    reader.with().Error("max", "bad-bounds",
                        fmt::format("rule {}: min is greater than max", reader.spec().id));
  const auto* const figure = std::find(std::begin(kFigures), std::end(kFigures), word);
  if (!field || figure == std::end(kFigures) || !NeedsNumber(reader, *field) || (!min && !max))
    return nullptr;
  return std::make_unique<Aggregate>(*field, reader.schema().fields[*field].name,
                                     static_cast<Figure>(figure - std::begin(kFigures)), min, max);
}

}  // namespace concordat::quality
