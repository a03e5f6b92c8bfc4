// date_diff: from `from` to `to` at least `min` and at most
// `max` pass, as ISO 8601 durations counted on the calendar.
//   with: {from: opened_on, to: closed_on, min: P0D, max: P6M}
// Dates or timestamps; 31 January and a month is 28 or 29 February.
#include "fmt/format.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/pair_rule.h"

namespace concordat::quality {
namespace {

constexpr int64_t kMicrosASecond = 1'000'000;
constexpr int64_t kMicrosADay = 86'400 * kMicrosASecond;

int64_t FloorDiv(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

// Calendar steps move the day and keep the time of day; seconds are added last.
int64_t MovedBy(int64_t micros, const policy::Duration& duration) {
  const int64_t day = FloorDiv(micros, kMicrosADay);
  return duration.AddTo(day) * kMicrosADay + (micros - day * kMicrosADay) + duration.seconds * kMicrosASecond;
}

class DateDiff : public PlainRule {
 public:
  DateDiff(size_t from, size_t to, bool from_is_date, bool to_is_date, std::optional<policy::Duration> min,
           std::optional<policy::Duration> max, Answer missing, Answer unparseable)
      : from_(from),
        to_(to),
        from_scale_(from_is_date ? kMicrosADay : 1),
        to_scale_(to_is_date ? kMicrosADay : 1),
        min_(std::move(min)),
        max_(std::move(max)),
        missing_(missing),
        unparseable_(unparseable) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& from = batch.columns[from_];
    const data::Column& to = batch.columns[to_];
    JudgePairs(from, to, missing_, unparseable_, answers, [&](size_t row) {
      const int64_t start = from.integers[row] * from_scale_;
      const int64_t end = to.integers[row] * to_scale_;
      return (!min_ || end >= MovedBy(start, *min_)) && (!max_ || end <= MovedBy(start, *max_));
    });
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (auto why = ExplainStates(batch, from_, to_, row)) return *std::move(why);
    return {fmt::format("from {} to {} is not {}", FieldShown(batch, from_, row), FieldShown(batch, to_, row),
                        Wanted()),
            fmt::format("check both dates: {} after {} by {} is expected", batch.schema->fields[to_].name,
                        batch.schema->fields[from_].name, Wanted())};
  }

 private:
  std::string Wanted() const {
    if (!max_) return fmt::format("at least {}", min_->text);
    return min_ ? fmt::format("{} to {}", min_->text, max_->text) : fmt::format("at most {}", max_->text);
  }

  const size_t from_;
  const size_t to_;
  const int64_t from_scale_;
  const int64_t to_scale_;
  const std::optional<policy::Duration> min_;
  const std::optional<policy::Duration> max_;
  const Answer missing_;
  const Answer unparseable_;
};

bool IsDated(RuleReader& reader, std::string_view key, size_t index) {
  const data::Field& field = reader.schema().fields[index];
  if (ComparableGroup(field.type) == "date") return true;
  reader.with().Error(key, "wrong-type",
                      fmt::format("rule {}: date_diff needs dates, but \"{}\" is {}", reader.spec().id,
                                  field.name, data::LogicalTypeName(field.type)));
  return false;
}

}  // namespace

std::unique_ptr<const Rule> CompileDateDiff(RuleReader& reader) {
  const std::optional<size_t> from = reader.NamedField("from");
  const std::optional<size_t> to = reader.NamedField("to");
  std::optional<policy::Duration> min = reader.Duration("min");
  std::optional<policy::Duration> max = reader.Duration("max");
  if (!reader.with().Has("min") && !reader.with().Has("max"))
    reader.Error("missing-key", "a date_diff needs min or max", "min: P0D");
  if (min && max && min->Seconds() > max->Seconds()) {
    reader.with().Error(
        "max", "bad-bounds",
        fmt::format("rule {}: min {} is longer than max {}", reader.spec().id, min->text, max->text));
  }
  if (!from || !to || (!min && !max)) return nullptr;
  const bool from_dated = IsDated(reader, "from", *from);
  if (!IsDated(reader, "to", *to) || !from_dated) return nullptr;
  const auto is_date = [&](size_t index) {
    return reader.schema().fields[index].type == data::LogicalType::kDate;
  };
  return std::make_unique<DateDiff>(*from, *to, is_date(*from), is_date(*to), std::move(min), std::move(max),
                                    reader.OnMissing(), reader.OnUnparseable(Answer::kFail));
}

}  // namespace concordat::quality
