// multiple_of: the number in `field` is a whole multiple of `of`.
//   with: {field, of: 0.05}
// Decimal fractions are no binary ones: a quotient within 1e-9 of a whole number counts as whole.
#include <cmath>

#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class MultipleOf : public PlainRule {
 public:
  MultipleOf(size_t field, CellStates states, double of) : field_(field), states_(states), of_(of) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& column = batch.columns[field_];
    JudgeCells(column, states_, answers, [&](size_t row) {
      const double quotient =
          (column.numbers.empty() ? static_cast<double>(column.integers[row]) : column.numbers[row]) / of_;
      return std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient));
    });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (auto why = ExplainState(batch, field_, row, states_)) return *std::move(why);
    return {fmt::format("{} is no multiple of {:.10g}", FieldShown(batch, field_, row), of_),
            fmt::format("give {} in steps of {:.10g}", batch.schema->fields[field_].name, of_)};
  }

 private:
  const size_t field_;
  const CellStates states_;
  const double of_;
};

}  // namespace

std::unique_ptr<const Rule> CompileMultipleOf(RuleReader& reader) {
  const std::optional<size_t> index = reader.Field();
  const std::optional<double> of = reader.with().Number("of");
  if (!reader.with().Has("of")) reader.Error("missing-key", "multiple_of needs of", "of: 5");
  if (!index || !of) return nullptr;
  if (!(*of > 0)) {
    reader.with().Error("of", "bad-bounds",
                        fmt::format("rule {}: of must be greater than 0", reader.spec().id));
    return nullptr;
  }
  const data::Field& field = reader.schema().fields[*index];
  if (field.type != data::LogicalType::kNumber && field.type != data::LogicalType::kInteger) {
    reader.Error("wrong-type", fmt::format("multiple_of needs a number, but \"{}\" is {}", field.name,
                                           data::LogicalTypeName(field.type)));
    return nullptr;
  }
  return std::make_unique<MultipleOf>(*index, TypedStates(reader), *of);
}

}  // namespace concordat::quality
