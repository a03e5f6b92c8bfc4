// retention: the date or time in `field` is not older than `max_age` on the day of the judgement (--as-of): a
// record that should have been deleted fails.
//   with: {field: closed_on, max_age: P6Y}
#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosADay = 86'400'000'000;

struct Limit {
  size_t field = 0;
  bool is_date = true;
  policy::Duration max_age;
};

class RetentionRun : public RecordRun {
 public:
  RetentionRun(const Limit& limit, CellStates states, int64_t today)
      : limit_(limit), states_(states), today_(today) {}

  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    const data::Column& column = batch.columns[limit_.field];
    JudgeCells(column, states_, answers, [&](size_t row) {
      const int64_t value = column.integers[row];
      const int64_t day = limit_.is_date ? value : value / kMicrosADay - (value % kMicrosADay < 0 ? 1 : 0);
      return limit_.max_age.AddTo(day) >= today_;
    });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    if (auto why = ExplainState(batch, limit_.field, row, states_)) return *std::move(why);
    return {fmt::format("{} is older than {}, for which records are kept",
                        FieldShown(batch, limit_.field, row), limit_.max_age.text),
            "leave the record out, and delete it where it came from if it is due"};
  }

 private:
  const Limit& limit_;
  const CellStates states_;
  const int64_t today_;
};

class Retention : public Rule {
 public:
  Retention(Limit limit, CellStates states) : limit_(std::move(limit)), states_(states) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    const absl::CivilDay day = absl::ToCivilDay(context.as_of, absl::UTCTimeZone());
    return RuleRun(std::make_unique<RetentionRun>(limit_, states_, day - absl::CivilDay(1970, 1, 1)));
  }

 private:
  const Limit limit_;
  const CellStates states_;
};

}  // namespace

std::unique_ptr<const Rule> CompileRetention(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  std::optional<policy::Duration> max_age = reader.Duration("max_age");
  if (!reader.with().Has("max_age")) reader.Error("missing-key", "retention needs max_age", "max_age: P6Y");
  if (!index || !max_age) return nullptr;
  const data::Field& field = reader.schema().fields[*index];
  if (ComparableGroup(field.type) != "date") {
    reader.Error("wrong-type", fmt::format("retention needs a date or timestamp, but \"{}\" is {}",
                                           field.name, data::LogicalTypeName(field.type)));
    return nullptr;
  }
  return std::make_unique<Retention>(
      Limit{*index, field.type == data::LogicalType::kDate, *std::move(max_age)}, TypedStates(reader));
}

}  // namespace concordat::quality
