// Kinds that judge the text of one field by a test that remembers nothing.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {

/// What is asked of a text. `Test` has: bool Good(std::string_view) const; Explanation Why(shown, text, name)
/// const.
template <typename Test>
class TextRule : public PlainRule {
 public:
  TextRule(size_t field, CellStates states, Test test)
      : field_(field), states_(states), test_(std::move(test)) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::TextColumn& text = *batch.columns[field_].text;
    JudgeCells(batch.columns[field_], states_, answers, [&](size_t row) { return test_.Good(text.at(row)); });
  }
  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    if (auto why = ExplainState(batch, field_, row, states_)) return *std::move(why);
    return test_.Why(FieldShown(batch, field_, row), batch.columns[field_].text->at(row),
                     batch.schema->fields[field_].name);
  }

 private:
  const size_t field_;
  const CellStates states_;
  const Test test_;
};

/// Null when `field` was reported.
template <typename Test>
std::unique_ptr<const Rule> MakeTextRule(RuleReader& reader, std::optional<size_t> field, Test test) {
  if (!field) return nullptr;
  return std::make_unique<TextRule<Test>>(*field, TextStates(reader), std::move(test));
}

}  // namespace concordat::quality
