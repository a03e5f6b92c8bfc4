// range: the number, date or time in `field` lies between `min` and `max` (these belong to it), or strictly
// between `exclusive_min` and `exclusive_max`.
//   with: {field, min, max, exclusive_min, exclusive_max}
#include <cmath>
#include <limits>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/quality/field_bounds.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

struct Bounds {
  // Inclusive; an exclusive bound of whole numbers was moved by one, one of doubles to the next double.
  int64_t least = std::numeric_limits<int64_t>::min();
  int64_t most = std::numeric_limits<int64_t>::max();
  double least_number = -std::numeric_limits<double>::infinity();
  double most_number = std::numeric_limits<double>::infinity();
  std::string in_words;
};

class Range : public PlainRule {
 public:
  Range(size_t field, bool whole, CellStates states, Bounds bounds)
      : field_(field), whole_(whole), states_(states), bounds_(std::move(bounds)) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& column = batch.columns[field_];
    if (whole_) {
      JudgeCells(column, states_, answers,
                 [values = column.integers.data(), low = bounds_.least, high = bounds_.most](size_t row) {
                   return (values[row] >= low) & (values[row] <= high);
                 });
    } else {
      JudgeCells(column, states_, answers,
                 [values = column.numbers.data(), low = bounds_.least_number, high = bounds_.most_number](
                     size_t row) { return (values[row] >= low) & (values[row] <= high); });
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (std::optional<Explanation> state = ExplainState(batch, field_, row, states_))
      return *std::move(state);
    return {fmt::format("{} is not {}", FieldShown(batch, field_, row), bounds_.in_words),
            fmt::format("check {}: it must be {}", batch.schema->fields[field_].name, bounds_.in_words)};
  }

 private:
  const size_t field_;
  const bool whole_;
  const CellStates states_;
  const Bounds bounds_;
};

// A bound of an integer field may be written with a fraction: "at least 2.5" is "at least 3".
std::optional<Constant> ReadBound(RuleReader& reader, std::string_view key, const data::Field& field,
                                  bool lower, bool exclusive) {
  constexpr double kExact = 9e15;  // beyond, doubles miss whole numbers
  const bool whole = field.type == data::LogicalType::kInteger;
  const std::optional<double> number = whole ? reader.with().Any(key).AsNumber() : std::nullopt;
  if (!number || std::fabs(*number) > kExact) return ReadConstant(reader, key, field);
  Constant constant;
  constant.text = reader.with().Any(key).text();
  constant.whole = static_cast<int64_t>(lower ? std::ceil(*number) : std::floor(*number));
  const bool has_fraction = *number != std::floor(*number);
  if (exclusive && has_fraction) constant.whole += lower ? -1 : 1;  // it will be moved back
  return constant;
}

void Narrow(const Constant& bound, bool lower, bool exclusive, Bounds& bounds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (lower) {
    const bool at_end = bound.whole == std::numeric_limits<int64_t>::max();
    bounds.least = std::max(bounds.least, exclusive && !at_end ? bound.whole + 1 : bound.whole);
    bounds.least_number =
        std::max(bounds.least_number, exclusive ? std::nextafter(bound.number, kInfinity) : bound.number);
  } else {
    const bool at_end = bound.whole == std::numeric_limits<int64_t>::min();
    bounds.most = std::min(bounds.most, exclusive && !at_end ? bound.whole - 1 : bound.whole);
    bounds.most_number =
        std::min(bounds.most_number, exclusive ? std::nextafter(bound.number, -kInfinity) : bound.number);
  }
}

struct BoundKey {
  std::string_view key;
  bool lower;
  bool exclusive;
  std::string_view words;
};
constexpr BoundKey kBoundKeys[] = {{"min", true, false, "at least"},
                                   {"exclusive_min", true, true, "more than"},
                                   {"max", false, false, "at most"},
                                   {"exclusive_max", false, true, "less than"}};

std::optional<Bounds> ReadBounds(RuleReader& reader, const data::Field& field) {
  Bounds bounds;
  bool good = true;
  for (const BoundKey& key : kBoundKeys) {
    if (!reader.with().Has(key.key)) continue;
    const std::optional<Constant> bound = ReadBound(reader, key.key, field, key.lower, key.exclusive);
    good = good && bound.has_value();
    if (!bound) continue;
    Narrow(*bound, key.lower, key.exclusive, bounds);
    bounds.in_words += fmt::format("{}{} {}", bounds.in_words.empty() ? "" : " and ", key.words, bound->text);
  }
  if (!good) return std::nullopt;
  if (bounds.in_words.empty()) {
    reader.Error("missing-key", "a range needs min or max (or exclusive_min, exclusive_max)",
                 "min: 0, max: 100");
    return std::nullopt;
  }
  const bool empty =
      HasIntegers(field.type) ? bounds.least > bounds.most : bounds.least_number > bounds.most_number;
  if (empty) {
    reader.Error("bad-bounds", fmt::format("nothing is {}", bounds.in_words),
                 "min must not be greater than max");
    return std::nullopt;
  }
  return bounds;
}

}  // namespace

std::unique_ptr<const Rule> CompileRange(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  if (!index) {
    for (const BoundKey& key : kBoundKeys) reader.with().Any(key.key);
    return nullptr;
  }
  const data::Field& field = reader.schema().fields[*index];
  if (!HasOrder(field.type)) {
    for (const BoundKey& key : kBoundKeys) reader.with().Any(key.key);
    reader.Error("wrong-type",
                 fmt::format("a range needs a number, a date or a time, but \"{}\" is {}", field.name,
                             data::LogicalTypeName(field.type)),
                 "give the field another logicalType, or use regex or in_list");
    return nullptr;
  }
  std::optional<Bounds> bounds = ReadBounds(reader, field);
  if (!bounds) return nullptr;
  return std::make_unique<Range>(*index, HasIntegers(field.type), TypedStates(reader), *std::move(bounds));
}

}  // namespace concordat::quality
