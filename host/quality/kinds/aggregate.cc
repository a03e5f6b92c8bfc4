// aggregate: a figure over all numbers of `field` lies between `min` and `max`.
//   with: {field, of: mean, min, max}      of: min, max, sum, mean, median, stdev (of the sample, n - 1)
// exclusive_min and exclusive_max leave the bound itself out.
// The min and max of dates and timestamps too, with bounds written as the field writes them. Missing cells,
// markers and what does not parse take no part; without any value the rule is skipped. The median keeps 8
// bytes a record.
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/figure.h"
#include "host/quality/kinds/dataset_rule.h"
#include "host/quality/kinds/number_cells.h"

namespace concordat::quality {
namespace {

struct Bounds {
  size_t field = 0;
  data::Field as;
  FigureKind figure = FigureKind::kMin;
  std::optional<double> min;
  std::optional<double> max;
  bool above_min = false;  // the bound itself is too little
  bool below_max = false;

  bool Good(double value) const {
    return (!min || (above_min ? value > *min : value >= *min)) &&
           (!max || (below_max ? value < *max : value <= *max));
  }
  std::string Shown(double value) const {
    if (as.type == data::LogicalType::kDate) return data::DateText(static_cast<int64_t>(value));
    if (as.type == data::LogicalType::kTimestamp) return data::TimestampText(static_cast<int64_t>(value));
    return fmt::format("{:.10g}", value);
  }
  std::string Wanted() const {
    std::string text;
    if (min) text = fmt::format("{} {}", above_min ? "more than" : "at least", Shown(*min));
    if (min && max) text += " and ";
    if (max) text += fmt::format("{} {}", below_max ? "less than" : "at most", Shown(*max));
    return text;
  }
};

class AggregateRun : public DatasetRun {
 public:
  explicit AggregateRun(const Bounds& bounds) : bounds_(bounds), numbers_(bounds.figure) {}

  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[bounds_.field];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (applies != nullptr && applies[row] == 0) continue;
      if (const std::optional<double> value = NumberAt(column, row)) numbers_.Add(*value);
    }
  }

  Result Finish() override {
    const std::optional<double> value = numbers_.Result();
    if (!value) return {Answer::kSkip, {}, {}};
    if (bounds_.Good(*value)) return {Answer::kPass, {}, {}, value};
    return {Answer::kFail,
            {fmt::format("the {} of {} is {} where {} is expected", FigureWord(bounds_.figure),
                         bounds_.as.name, bounds_.Shown(*value), bounds_.Wanted()),
             "look for values in another unit, or for records that are missing or come twice"},
            {{bounds_.as.name, bounds_.Shown(*value)}},
            value};
  }

 private:
  const Bounds& bounds_;
  Figure numbers_;
};

// A bound as a number, or as a date of the field's kind.
std::optional<double> ReadBound(RuleReader& reader, std::string_view key, const data::Field& field,
                                bool dates) {
  if (!dates) return reader.with().Number(key);
  if (!reader.with().Has(key)) return std::nullopt;
  const std::optional<Constant> constant = ReadConstant(reader, key, field);
  return constant ? std::optional<double>(static_cast<double>(constant->whole)) : std::nullopt;
}

}  // namespace

std::unique_ptr<const Rule> CompileAggregate(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const std::string word = reader.with().WordOr("of", "", FigureWords());
  if (!reader.with().Has("of"))
    reader.Error("missing-key", "aggregate needs of: the figure to take", "of: mean");
  Bounds bounds;
  const std::optional<FigureKind> figure = FigureFromWord(word);
  if (field) bounds.as = reader.schema().fields[*field];
  const bool dates = field && figure && (*figure == FigureKind::kMin || *figure == FigureKind::kMax) &&
                     ComparableGroup(bounds.as.type) == "date";
  bounds.above_min = reader.with().Has("exclusive_min");
  bounds.below_max = reader.with().Has("exclusive_max");
  const std::string_view low = bounds.above_min ? "exclusive_min" : "min";
  const std::string_view high = bounds.below_max ? "exclusive_max" : "max";
  bounds.min = ReadBound(reader, low, bounds.as, dates);
  bounds.max = ReadBound(reader, high, bounds.as, dates);
  if (!reader.with().Has(low) && !reader.with().Has(high))
    reader.Error("missing-key", "aggregate needs min or max", "min: 0");
  if (bounds.min && bounds.max && *bounds.min > *bounds.max)
    reader.with().Error("max", "bad-bounds",
                        fmt::format("rule {}: min is greater than max", reader.spec().id));
  if (!field || !figure || (!dates && !NeedsNumber(reader, *field)) || (!bounds.min && !bounds.max))
    return nullptr;
  bounds.field = *field;
  bounds.figure = *figure;
  return MakeDatasetRule<AggregateRun>(std::move(bounds));
}

}  // namespace concordat::quality
