// required: `field` must hold a value. With `when` this is "required if".
//   with: {field, missing: [further texts that count as missing]}
// Presence alone is judged; a marker is skipped.
#include <algorithm>

#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class Required : public PlainRule {
 public:
  Required(size_t field, std::vector<std::string> missing) : field_(field), missing_(std::move(missing)) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::Column& column = batch.columns[field_];
    const data::CellState* const states = column.states.data();
    for (size_t row = 0; row < answers.size(); ++row) answers[row] = OfState(states[row]);
    if (missing_.empty()) return;
    for (size_t row = 0; row < answers.size(); ++row) {
      if (answers[row] == Answer::kPass && CountsAsMissing(column.text->at(row)))
        answers[row] = Answer::kFail;
    }
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    const std::string& name = batch.schema->fields[field_].name;
    const std::string_view text = batch.columns[field_].text->at(row);
    return {text.empty() ? fmt::format("{} is missing", name)
                         : fmt::format("{} counts as missing", FieldShown(batch, field_, row)),
            fmt::format("give {} a value", name)};
  }

 private:
  // Arithmetic instead of branches, so that the loop vectorises.
  static Answer OfState(data::CellState state) {
    const auto missing = static_cast<uint8_t>(state == data::CellState::kMissing);
    const auto marker = static_cast<uint8_t>(state == data::CellState::kMarker);
    return static_cast<Answer>(missing | (marker << 1));
  }
  bool CountsAsMissing(std::string_view text) const {
    return std::find(missing_.begin(), missing_.end(), text) != missing_.end();
  }

  const size_t field_;
  const std::vector<std::string> missing_;
};

}  // namespace

std::unique_ptr<const Rule> CompileRequired(RuleReader& reader) {
  reader.WarnHandlingIgnored();
  const std::optional<size_t> field = reader.Field();
  std::vector<std::string> missing = reader.with().Texts("missing");
  if (!field) return nullptr;
  return std::make_unique<Required>(*field, std::move(missing));
}

}  // namespace concordat::quality
