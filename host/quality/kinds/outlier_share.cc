// outlier_share: at most the share `max` of the numbers of `field` lies `deviations` or more standard
// deviations (of the sample) from their mean.
//   with: {field, deviations: 3, max: 1%, side: both}      side: both or above
// No record is blamed: which values are the outliers depends on all of them. Keeps 8 bytes a record.
#include <cmath>

#include "fmt/format.h"
#include "host/quality/kinds/dataset_rule.h"
#include "host/quality/kinds/number_cells.h"

namespace concordat::quality {
namespace {

struct Wanted {
  size_t field = 0;
  std::string name;
  double deviations = 3;
  double max = 0;
  bool both = true;
};

class OutlierShareRun : public DatasetRun {
 public:
  explicit OutlierShareRun(const Wanted& wanted) : wanted_(wanted) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[wanted_.field];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (applies != nullptr && applies[row] == 0) continue;
      if (const std::optional<double> value = NumberAt(column, row)) numbers_.push_back(*value);
    }
  }

  Result Finish() override {
    if (numbers_.size() < 2) return {Answer::kSkip, {}, {}};
    const auto count = static_cast<double>(numbers_.size());
    ExactSum sum;
    for (const double number : numbers_) sum.Add(number);
    const double mean = sum.value() / count;
    ExactSum squares;
    for (const double number : numbers_) squares.Add((number - mean) * (number - mean));
    const double deviation = std::sqrt(squares.value() / (count - 1));
    if (deviation == 0) return {Answer::kPass, {}, {}, 0};
    uint64_t outliers = 0;
    for (const double number : numbers_) {
      const double score = (number - mean) / deviation;
      outliers += (wanted_.both ? std::abs(score) : score) >= wanted_.deviations ? 1 : 0;
    }
    const double share = static_cast<double>(outliers) / count;
    if (share <= wanted_.max) return {Answer::kPass, {}, {}, share};
    return {
        Answer::kFail,
        {fmt::format("{} of {} values of {} lie {:.10g} or more standard deviations ({:.6g}) from their mean "
                     "({:.6g}), where at most {:.10g}% are expected",
                     outliers, numbers_.size(), wanted_.name, wanted_.deviations, deviation, mean,
                     100 * wanted_.max),
         "look at the greatest and the smallest values"},
        {},
        share};
  }

 private:
  const Wanted& wanted_;
  std::vector<double> numbers_;
};

}  // namespace

std::unique_ptr<const Rule> CompileOutlierShare(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  Wanted wanted;
  wanted.deviations = reader.with().Number("deviations").value_or(3);
  wanted.max = reader.with().ShareOr("max", 0);
  wanted.both = reader.with().WordOr("side", "both", {"both", "above"}) == "both";
  if (wanted.deviations <= 0)
    reader.with().Error("deviations", "out-of-range",
                        fmt::format("rule {}: deviations must be above 0", reader.spec().id));
  if (!field || wanted.deviations <= 0 || !NeedsNumber(reader, *field)) return nullptr;
  wanted.field = *field;
  wanted.name = reader.schema().fields[*field].name;
  return MakeDatasetRule<OutlierShareRun>(std::move(wanted));
}

}  // namespace concordat::quality
