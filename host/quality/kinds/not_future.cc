// not_future: the date or time in `field` is not after the time of the run (--as-of; a date: its day in UTC).
//   with: {field}
#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class NotFutureRun : public RecordRun {
 public:
  NotFutureRun(size_t field, CellStates states, int64_t last, absl::Time as_of)
      : field_(field), states_(states), last_(last), as_of_(as_of) {}

  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    const data::Column& column = batch.columns[field_];
    JudgeCells(column, states_, answers, [&](size_t row) { return column.integers[row] <= last_; });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    if (auto why = ExplainState(batch, field_, row, states_)) return *std::move(why);
    return {fmt::format("{} lies after {}, when the file was judged", FieldShown(batch, field_, row),
                        TimeText(as_of_)),
            "correct the date; day and month may be in each other's place"};
  }

 private:
  const size_t field_;
  const CellStates states_;
  const int64_t last_;  // in the unit of the field
  const absl::Time as_of_;
};

class NotFuture : public Rule {
 public:
  NotFuture(size_t field, CellStates states, bool is_date)
      : field_(field), states_(states), is_date_(is_date) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    const int64_t micros = absl::ToUnixMicros(context.as_of);
    const absl::CivilDay day = absl::ToCivilDay(context.as_of, absl::UTCTimeZone());
    const int64_t last = is_date_ ? day - absl::CivilDay(1970, 1, 1) : micros;
    return RuleRun(std::make_unique<NotFutureRun>(field_, states_, last, context.as_of));
  }

 private:
  const size_t field_;
  const CellStates states_;
  const bool is_date_;
};

}  // namespace

std::unique_ptr<const Rule> CompileNotFuture(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  if (!index) return nullptr;
  const data::Field& field = reader.schema().fields[*index];
  if (ComparableGroup(field.type) != "date") {
    reader.Error("wrong-type", fmt::format("not_future needs a date or timestamp, but \"{}\" is {}",
                                           field.name, data::LogicalTypeName(field.type)));
    return nullptr;
  }
  return std::make_unique<NotFuture>(*index, TypedStates(reader), field.type == data::LogicalType::kDate);
}

}  // namespace concordat::quality
