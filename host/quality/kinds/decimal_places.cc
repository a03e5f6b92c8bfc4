// decimal_places: the number in `field` is written with between `min` and `max` digits after the point.
//   with: {field, min, max}
// The digits are counted as written ("1.50" has two); an exponent moves the point.
#include <charconv>

#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

int64_t PlacesOf(std::string_view text) {
  const size_t exponent_mark = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, exponent_mark);
  const size_t point = digits.find('.');
  int64_t places = point == std::string_view::npos ? 0 : static_cast<int64_t>(digits.size() - point - 1);
  if (exponent_mark == std::string_view::npos) return places;
  std::string_view power = text.substr(exponent_mark + 1);
  if (power.starts_with('+')) power.remove_prefix(1);
  int64_t exponent = 0;
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  return std::max<int64_t>(0, places - exponent);
}

class DecimalPlaces : public PlainRule {
 public:
  DecimalPlaces(size_t field, CellStates states, int64_t min, int64_t max)
      : field_(field), states_(states), min_(min), max_(max) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& column = batch.columns[field_];
    const data::TextColumn& text = *column.text;
    JudgeCells(column, states_, answers, [&](size_t row) {
      const int64_t places = PlacesOf(text.at(row));
      return places >= min_ && places <= max_;
    });
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (std::optional<Explanation> state = ExplainState(batch, field_, row, states_))
      return *std::move(state);
    const int64_t places = PlacesOf(batch.columns[field_].text->at(row));
    const std::string wanted =
        places < min_ ? fmt::format("at least {}", min_) : fmt::format("at most {}", max_);
    return {fmt::format("{} has {} decimal places, not {}", FieldShown(batch, field_, row), places, wanted),
            fmt::format("write {} with {} decimal places", batch.schema->fields[field_].name, wanted)};
  }

 private:
  const size_t field_;
  const CellStates states_;
  const int64_t min_;
  const int64_t max_;
};

}  // namespace

std::unique_ptr<const Rule> CompileDecimalPlaces(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  const std::optional<int64_t> min = reader.with().Integer("min");
  const std::optional<int64_t> max = reader.with().Integer("max");
  if (!min && !max) {
    reader.Error("missing-key", "decimal places need min or max", "max: 2");
    return nullptr;
  }
  if (min.value_or(0) < 0 || max.value_or(0) < 0 || min.value_or(0) > max.value_or(INT64_MAX)) {
    reader.with().Error(max ? "max" : "min", "bad-bounds",
                        fmt::format("rule {}: no number has at least {} and at most {} decimal places",
                                    reader.spec().id, min.value_or(0), max.value_or(0)));
    return nullptr;
  }
  if (!index) return nullptr;
  const data::Field& field = reader.schema().fields[*index];
  if (field.type != data::LogicalType::kNumber && field.type != data::LogicalType::kInteger) {
    reader.Error("wrong-type", fmt::format("decimal_places needs a number, but \"{}\" is {}", field.name,
                                           data::LogicalTypeName(field.type)));
    return nullptr;
  }
  return std::make_unique<DecimalPlaces>(*index, TypedStates(reader), min.value_or(0),
                                         max.value_or(INT64_MAX));
}

}  // namespace concordat::quality
