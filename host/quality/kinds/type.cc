// type: the text of `field` parses as the type that the contract
// gives it. Made by the contract reader as <field>_type.
//   with: {field}
#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class Type : public PlainRule {
 public:
  Type(size_t field, CellStates states) : field_(field), states_(states) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    JudgeCells(batch.columns[field_], states_, answers, [](size_t) { return true; });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    return ExplainState(batch, field_, row, states_).value_or(Explanation{});
  }

 private:
  const size_t field_;
  const CellStates states_;
};

}  // namespace

std::unique_ptr<const Rule> CompileType(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  if (!field) return nullptr;
  return std::make_unique<Type>(*field, TypedStates(reader));
}

}  // namespace concordat::quality
