// value_share: the share of records whose `field` has one of `values` (of those that have any value) lies
// between `min` and `max`: too many "not known", or a value that must occur (min: 0.0001) and does not.
//   with: {field, values: [Not known], max: 5%}
#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

class ValueShare : public Rule {
 public:
  ValueShare(size_t field, std::string name, std::vector<std::string> values, double min, double max)
      : field_(field), name_(std::move(name)), values_(std::move(values)), min_(min), max_(max) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  bool about_dataset() const override { return true; }

  size_t field() const { return field_; }
  bool Has(std::string_view text) const {
    return std::find(values_.begin(), values_.end(), text) != values_.end();
  }

  DatasetRun::Result Judge(uint64_t hits, uint64_t records) const {
    if (records == 0) return {Answer::kSkip, {}, {}};
    const double share = static_cast<double>(hits) / static_cast<double>(records);
    if (share >= min_ && share <= max_) return {Answer::kPass, {}, {}, share};
    return {Answer::kFail,
            {fmt::format("{} of {} records ({:.4g}%) have {} {} where {} {:.10g}% are expected", hits,
                         records, 100 * share, name_, fmt::join(values_, " or "),
                         share < min_ ? "at least" : "at most", 100 * (share < min_ ? min_ : max_)),
             share < min_ ? "look for parts of the extract that are missing" : "find out the true values"},
            {},
            share};
  }

 private:
  const size_t field_;
  const std::string name_;
  const std::vector<std::string> values_;
  const double min_;
  const double max_;
};

class ValueShareRun : public DatasetRun {
 public:
  explicit ValueShareRun(const ValueShare& rule) : rule_(rule) {}
  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const data::Column& column = batch.columns[rule_.field()];
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (!column.present(row) || (applies != nullptr && applies[row] == 0)) continue;
      ++records_;
      hits_ += rule_.Has(column.text->at(row)) ? 1 : 0;
    }
  }
  Result Finish() override { return rule_.Judge(hits_, records_); }

 private:
  const ValueShare& rule_;
  uint64_t records_ = 0;
  uint64_t hits_ = 0;
};

absl::StatusOr<RuleRun> ValueShare::Start(const RunContext&) const {
  return RuleRun(std::make_unique<ValueShareRun>(*this));
}

}  // namespace

std::unique_ptr<const Rule> CompileValueShare(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  std::vector<std::string> values = reader.with().Texts("values");
  const std::optional<double> min = reader.with().Share("min");
  const std::optional<double> max = reader.with().Share("max");
  if (values.empty()) reader.Error("missing-key", "value_share needs values", "values: [Not known]");
  if (!min && !max) reader.Error("missing-key", "value_share needs min or max", "max: 5%");
  if (!field || values.empty() || (!min && !max)) return nullptr;
  return std::make_unique<ValueShare>(*field, reader.schema().fields[*field].name, std::move(values),
                                      min.value_or(0), max.value_or(1));
}

}  // namespace concordat::quality
