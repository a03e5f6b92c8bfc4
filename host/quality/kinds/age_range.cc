// age_range: the age in whole years of somebody born on the date in `field` lies between `min` and `max`, on
// the day in `at` or, without it, on the day of the judgement (--as-of, UTC).
//   with: {field: date_of_birth, at: referred_on, min: 0, max: 17}
#include "absl/time/civil_time.h"
#include "fmt/format.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosADay = 86'400'000'000;

struct AgeBounds {
  size_t field = 0;
  std::optional<size_t> at;
  bool at_is_date = true;
  int64_t min = 0;
  int64_t max = INT64_MAX;
};

// Somebody born on 29 February is a year older on 1 March of other years.
int64_t AgeOn(int64_t born, int64_t day) {
  const absl::CivilDay birth = absl::CivilDay(1970, 1, 1) + born;
  const absl::CivilDay today = absl::CivilDay(1970, 1, 1) + day;
  const bool before =
      today.month() < birth.month() || (today.month() == birth.month() && today.day() < birth.day());
  return today.year() - birth.year() - (before ? 1 : 0);
}

class AgeRangeRun : public RecordRun {
 public:
  AgeRangeRun(const AgeBounds& bounds, CellStates states, int64_t today)
      : bounds_(bounds), states_(states), today_(today) {}

  void Judge(const data::Batch& batch, const uint8_t*, std::span<Answer> answers) override {
    const data::Column& born = batch.columns[bounds_.field];
    for (size_t row = 0; row < answers.size(); ++row) {
      if (!states_.judged(born.states[row])) {
        answers[row] = states_.answer(born.states[row]);
        continue;
      }
      const std::optional<int64_t> day = DayOf(batch, row);
      answers[row] = !day ? Answer::kUnresolved
                          : (Good(AgeOn(born.integers[row], *day)) ? Answer::kPass : Answer::kFail);
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer answer) override {
    if (auto why = ExplainState(batch, bounds_.field, row, states_)) return *std::move(why);
    if (answer == Answer::kUnresolved)
      return {fmt::format("{}: the age cannot be told", FieldShown(batch, *bounds_.at, row)),
              fmt::format("give {} a date", batch.schema->fields[*bounds_.at].name)};
    const int64_t age = AgeOn(batch.columns[bounds_.field].integers[row], *DayOf(batch, row));
    return {fmt::format("{} makes an age of {}, where {} is expected", FieldShown(batch, bounds_.field, row),
                        age, Wanted()),
            "correct the date; a year of two digits may have become one of another century"};
  }

 private:
  bool Good(int64_t age) const { return age >= bounds_.min && age <= bounds_.max; }
  std::string Wanted() const {
    if (bounds_.max == INT64_MAX) return fmt::format("at least {}", bounds_.min);
    return fmt::format("{} to {}", bounds_.min, bounds_.max);
  }
  std::optional<int64_t> DayOf(const data::Batch& batch, size_t row) const {
    if (!bounds_.at) return today_;
    const data::Column& at = batch.columns[*bounds_.at];
    if (at.states[row] != data::CellState::kValue) return std::nullopt;
    if (bounds_.at_is_date) return at.integers[row];
    return at.integers[row] / kMicrosADay - (at.integers[row] % kMicrosADay < 0 ? 1 : 0);
  }

  const AgeBounds& bounds_;
  const CellStates states_;
  const int64_t today_;
};

class AgeRange : public Rule {
 public:
  AgeRange(AgeBounds bounds, CellStates states) : bounds_(bounds), states_(states) {}
  absl::StatusOr<RuleRun> Start(const RunContext& context) const override {
    const absl::CivilDay day = absl::ToCivilDay(context.as_of, absl::UTCTimeZone());
    return RuleRun(std::make_unique<AgeRangeRun>(bounds_, states_, day - absl::CivilDay(1970, 1, 1)));
  }

 private:
  const AgeBounds bounds_;
  const CellStates states_;
};

}  // namespace

std::unique_ptr<const Rule> CompileAgeRange(RuleReader& reader) {
  AgeBounds bounds;
  const std::optional<size_t> field = reader.Field();
  if (reader.with().Has("at")) bounds.at = reader.NamedField("at");
  const std::optional<int64_t> min = reader.with().Integer("min");
  const std::optional<int64_t> max = reader.with().Integer("max");
  if (!min && !max) reader.Error("missing-key", "age_range needs min or max", "max: 120");
  if (min && max && *min > *max)
    reader.with().Error("max", "bad-bounds",
                        fmt::format("rule {}: min is greater than max", reader.spec().id));
  if (!field || (!min && !max) || (reader.with().Has("at") && !bounds.at)) return nullptr;
  bounds.field = *field;
  bounds.min = min.value_or(0);
  bounds.max = max.value_or(INT64_MAX);
  const std::vector<data::Field>& fields = reader.schema().fields;
  if (fields[*field].type != data::LogicalType::kDate ||
      (bounds.at && ComparableGroup(fields[*bounds.at].type) != "date")) {
    reader.Error("wrong-type", "age_range needs a date of birth, and a date or timestamp in `at`");
    return nullptr;
  }
  bounds.at_is_date = !bounds.at || fields[*bounds.at].type == data::LogicalType::kDate;
  return std::make_unique<AgeRange>(bounds, TypedStates(reader));
}

}  // namespace concordat::quality
