// quantile: the number below which the share `at` of all numbers of `field` lies is between `min` and `max`.
//   with: {field, at: 95%, min, max}
// Between two numbers it is interpolated (R. J. Hyndman, Y. Fan, 1996, definition 7). Keeps 8 bytes a record.
#include "fmt/format.h"
#include "host/quality/kinds/dataset_rule.h"
#include "host/quality/kinds/number_cells.h"
#include "host/quality/quantile_of.h"

namespace concordat::quality {
namespace {

struct Wanted {
  size_t field = 0;
  std::string name;
  double at = 0.5;
  std::optional<double> min;
  std::optional<double> max;
};

class QuantileRun : public DatasetRun {
 public:
  explicit QuantileRun(const Wanted& wanted) : wanted_(wanted) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[wanted_.field];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (applies != nullptr && applies[row] == 0) continue;
      if (const std::optional<double> value = NumberAt(column, row)) numbers_.push_back(*value);
    }
  }

  Result Finish() override {
    if (numbers_.empty()) return {Answer::kSkip, {}, {}};
    const double value = QuantileOf(numbers_, wanted_.at);
    const bool low = wanted_.min && value < *wanted_.min;
    const bool high = wanted_.max && value > *wanted_.max;
    if (!low && !high) return {Answer::kPass, {}, {}, value};
    return {
        Answer::kFail,
        {fmt::format("{:.10g}% of {} lie below {:.10g}, where {} {:.10g} is expected", 100 * wanted_.at,
                     wanted_.name, value, low ? "at least" : "at most", low ? *wanted_.min : *wanted_.max),
         "look for values in another unit, or for parts of the extract that are missing"},
        {{wanted_.name, fmt::format("{:.10g}", value)}},
        value};
  }

 private:
  const Wanted& wanted_;
  std::vector<double> numbers_;
};

}  // namespace

std::unique_ptr<const Rule> CompileQuantile(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  Wanted wanted;
  const std::optional<double> at = reader.with().Share("at");
  wanted.min = reader.with().Number("min");
  wanted.max = reader.with().Number("max");
  if (!reader.with().Has("at")) reader.Error("missing-key", "quantile needs at", "at: 95%");
  if (!wanted.min && !wanted.max) reader.Error("missing-key", "quantile needs min or max", "max: 100");
  if (wanted.min && wanted.max && *wanted.min > *wanted.max)
    reader.with().Error("max", "bad-bounds",
                        fmt::format("rule {}: min is greater than max", reader.spec().id));
  if (!field || !at || (!wanted.min && !wanted.max) || !NeedsNumber(reader, *field)) return nullptr;
  wanted.field = *field;
  wanted.name = reader.schema().fields[*field].name;
  wanted.at = *at;
  return MakeDatasetRule<QuantileRun>(std::move(wanted));
}

}  // namespace concordat::quality
