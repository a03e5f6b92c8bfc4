// period: the date in `field` lies within the period that the submission is for.
//   with: {field}
// A date written without a day (yyyy-MM) or month stands for all its days, and is good when one of them lies
// in the period. Without a named period (a check without --period) the rule is not evaluated.
#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

enum class Grain { kMoment, kMonth, kYear };

class PeriodRule : public Rule {
 public:
  PeriodRule(size_t field, bool is_date, Grain grain, CellStates states)
      : field_(field), is_date_(is_date), grain_(grain), states_(states) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override;

  // The values whose span touches the period: the least is moved back to the beginning of its month or year,
  // since a value stands on the first day of its span.
  void Judge(const policy::Period& period, const data::Batch& batch, std::span<Answer> answers) const {
    constexpr int64_t kMicrosADay = 86'400'000'000;
    const int64_t scale = is_date_ ? 1 : kMicrosADay;
    const int64_t least = SpanStart(period.from) * scale;
    const int64_t end = (period.to + 1) * scale;
    const data::Column& column = batch.columns[field_];
    JudgeCells(column, states_, answers, [values = column.integers.data(), least, end](size_t row) {
      return (values[row] >= least) & (values[row] < end);
    });
  }

  Explanation Explain(const policy::Period& period, const data::Batch& batch, size_t row) const {
    if (auto why = ExplainState(batch, field_, row, states_)) return *std::move(why);
    return {fmt::format("{} lies outside {}", FieldShown(batch, field_, row), period.InWords()),
            "check the date; if most records lie outside, check that the extract is the one for this period"};
  }

 private:
  int64_t SpanStart(int64_t day) const {
    if (grain_ == Grain::kMoment) return day;
    int year = 0, month = 0, of_month = 0;
    data::CivilFromDays(day, year, month, of_month);
    return data::DaysFromCivil(year, grain_ == Grain::kYear ? 1 : month, 1);
  }

  const size_t field_;
  const bool is_date_;
  const Grain grain_;
  const CellStates states_;
};

class PeriodRun : public RecordRun {
 public:
  PeriodRun(const PeriodRule& rule, policy::Period period) : rule_(rule), period_(std::move(period)) {}
  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    rule_.Judge(period_, batch, answers);
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) override {
    return rule_.Explain(period_, batch, row);
  }

 private:
  const PeriodRule& rule_;
  const policy::Period period_;
};

absl::StatusOr<RuleRun> PeriodRule::Start(const RunContext& context) const {
  if (context.period.id.empty()) return absl::UnavailableError("no period was named (--period)");
  return RuleRun(std::make_unique<PeriodRun>(*this, context.period));
}

Grain GrainOf(const data::Field& field) {
  if (field.format.empty() || field.format.find('d') != std::string::npos) return Grain::kMoment;
  return field.format.find('M') == std::string::npos ? Grain::kYear : Grain::kMonth;
}

}  // namespace

std::unique_ptr<const Rule> CompilePeriod(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  if (!index) return nullptr;
  const data::Field& field = reader.schema().fields[*index];
  if (ComparableGroup(field.type) != "date") {
    reader.Error("wrong-type",
                 fmt::format("period needs a date or timestamp, but \"{}\" is {}", field.name,
                             data::LogicalTypeName(field.type)),
                 "give the field logicalType: date and its format");
    return nullptr;
  }
  return std::make_unique<PeriodRule>(*index, field.type == data::LogicalType::kDate, GrainOf(field),
                                      TypedStates(reader));
}

}  // namespace concordat::quality
