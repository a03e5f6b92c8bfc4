// freshness: the newest value of `field` is at most `max_age` old at the time of the run (--as-of).
//   with: {field, max_age: P45D}
#include <algorithm>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosASecond = 1'000'000;
constexpr int64_t kMicrosADay = 86'400 * kMicrosASecond;

class Freshness : public Rule {
 public:
  Freshness(size_t field, const data::Field& as, policy::Duration max_age)
      : field_(field),
        name_(as.name),
        is_date_(as.type == data::LogicalType::kDate),
        max_age_(std::move(max_age)) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;
  bool about_dataset() const override { return true; }

  std::optional<int64_t> Newest(const data::Batch& batch, const uint8_t* applies) const {
    const data::Column& column = batch.columns[field_];
    std::optional<int64_t> newest;
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (column.states[row] != data::CellState::kValue || (applies != nullptr && applies[row] == 0))
        continue;
      newest = std::max(newest.value_or(column.integers[row]), column.integers[row]);
    }
    return newest;
  }

  // A date is whole: at any time of day a value of seven days ago is seven days old.
  DatasetRun::Result Judge(std::optional<int64_t> newest, absl::Time as_of) const {
    if (!newest) return {Answer::kSkip, {}, {}};
    const int64_t now = absl::ToUnixMicros(as_of);
    const int64_t day = is_date_ ? *newest : *newest / kMicrosADay - (*newest % kMicrosADay < 0 ? 1 : 0);
    const int64_t time = is_date_ ? 0 : *newest - day * kMicrosADay;
    const int64_t last_day = max_age_.AddTo(day);
    const int64_t until =
        last_day * kMicrosADay + time + max_age_.seconds * kMicrosASecond + (is_date_ ? kMicrosADay - 1 : 0);
    if (now <= until) return {Answer::kPass, {}, {}};
    const std::string shown = is_date_ ? data::DateText(*newest) : data::TimestampText(*newest);
    return {Answer::kFail,
            {fmt::format("the newest {} is {}, older than {} at {}", name_, Shown(shown), max_age_.text,
                         TimeText(as_of)),
             "send a newer extract"},
            {{name_, shown}}};
  }

 private:
  const size_t field_;
  const std::string name_;
  const bool is_date_;
  const policy::Duration max_age_;
};

class FreshnessRun : public DatasetRun {
 public:
  FreshnessRun(const Freshness& rule, absl::Time as_of) : rule_(rule), as_of_(as_of) {}
  void Add(const data::Batch& batch, const uint8_t* applies) override {
    const std::optional<int64_t> newest = rule_.Newest(batch, applies);
    if (newest) newest_ = std::max(newest_.value_or(*newest), *newest);
  }
  Result Finish() override { return rule_.Judge(newest_, as_of_); }

 private:
  const Freshness& rule_;
  const absl::Time as_of_;
  std::optional<int64_t> newest_;
};

absl::StatusOr<RuleRun> Freshness::Start(const RunContext& context) const {
  return RuleRun(std::make_unique<FreshnessRun>(*this, context.as_of));
}

}  // namespace

std::unique_ptr<const Rule> CompileFreshness(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  std::optional<policy::Duration> max_age = reader.Duration("max_age");
  if (!reader.with().Has("max_age")) reader.Error("missing-key", "freshness needs max_age", "max_age: P45D");
  if (!index || !max_age) return nullptr;
  const data::Field& field = reader.schema().fields[*index];
  if (ComparableGroup(field.type) != "date") {
    reader.Error("wrong-type", fmt::format("freshness needs a date or timestamp, but \"{}\" is {}",
                                           field.name, data::LogicalTypeName(field.type)));
    return nullptr;
  }
  return std::make_unique<Freshness>(*index, field, *std::move(max_age));
}

}  // namespace concordat::quality
