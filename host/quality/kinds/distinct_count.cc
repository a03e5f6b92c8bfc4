// distinct_count: `field` has between `min` and `max` different texts; with `share: true` these are shares of
// the values.
//   with: {field, min, max, share: false}
// Keeps 23 to 46 bytes a different text (key_table.h).
#include "fmt/format.h"
#include "host/quality/kinds/key_rule.h"

namespace concordat::quality {
namespace {

class DistinctCount : public Rule {
 public:
  DistinctCount(size_t field, std::string name, double min, double max, bool share)
      : field_(field), name_(std::move(name)), min_(min), max_(max), share_(share) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  bool about_dataset() const override { return true; }
  size_t field() const { return field_; }

  DatasetRun::Result Judge(uint64_t distinct, uint64_t values) const {
    if (values == 0) return {Answer::kSkip, {}, {}};
    const double figure =
        share_ ? static_cast<double>(distinct) / static_cast<double>(values) : static_cast<double>(distinct);
    if (figure >= min_ && figure <= max_) return {Answer::kPass, {}, {}, figure};
    const std::string found = share_ ? fmt::format("{:.4g}% of the values of {} are", 100 * figure, name_)
                                     : fmt::format("{} has {}", name_, distinct);
    return {Answer::kFail,
            {fmt::format("{} different{} where {} {:.10g} {} expected", found, share_ ? "" : " values",
                         figure < min_ ? "at least" : "at most",
                         (figure < min_ ? min_ : max_) * (share_ ? 100 : 1), share_ ? "percent are" : "are"),
             figure < min_ ? "look for parts of the extract that are missing"
                           : "look for spellings of the same value"},
            {},
            figure};
  }

 private:
  const size_t field_;
  const std::string name_;
  const double min_;
  const double max_;
  const bool share_;
};

class DistinctCountRun : public DatasetRun {
 public:
  explicit DistinctCountRun(const DistinctCount& rule) : rule_(rule), fields_{rule.field()} {}
  void Add(const data::Batch& batch, const uint8_t* applies) override {
    KeyReader keys = ReadKeys(batch, fields_);
    const data::Column& column = batch.columns[rule_.field()];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (!column.present(row) || (applies != nullptr && applies[row] == 0)) continue;
      ++values_;
      bool is_new = false;
      table_.Insert(hash_(keys.At(row)), is_new);
      distinct_ += is_new ? 1 : 0;
    }
  }
  Result Finish() override { return rule_.Judge(distinct_, values_); }

 private:
  const DistinctCount& rule_;
  const std::vector<size_t> fields_;
  const KeyHasher hash_;
  KeyTable table_;
  uint64_t values_ = 0;
  uint64_t distinct_ = 0;
};

absl::StatusOr<RuleRun> DistinctCount::Start(const RunContext&) const {
  return RuleRun(std::make_unique<DistinctCountRun>(*this));
}

}  // namespace

std::unique_ptr<const Rule> CompileDistinctCount(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const bool share = reader.with().BoolOr("share", false);
  const std::optional<double> min = share ? reader.with().Share("min") : reader.with().Number("min");
  const std::optional<double> max = share ? reader.with().Share("max") : reader.with().Number("max");
  if (!min && !max) reader.Error("missing-key", "distinct_count needs min or max", "min: 2");
  if (min && max && *min > *max)
    reader.with().Error("max", "bad-bounds",
                        fmt::format("rule {}: min is greater than max", reader.spec().id));
  if (!field || (!min && !max)) return nullptr;
  return std::make_unique<DistinctCount>(*field, reader.schema().fields[*field].name, min.value_or(0),
                                         max.value_or(1e300), share);
}

}  // namespace concordat::quality
