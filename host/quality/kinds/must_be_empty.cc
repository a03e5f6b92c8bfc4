// must_be_empty: `field` must hold nothing. With `when` this is "forbidden if".
//   with: {field}
// Presence alone is judged; a marker is skipped.
#include "fmt/format.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {
namespace {

class MustBeEmpty : public PlainRule {
 public:
  explicit MustBeEmpty(size_t field) : field_(field) {}

  void Judge(const data::Batch& batch, std::span<Answer> answers) const override {
    const data::CellState* const states = batch.columns[field_].states.data();
    for (size_t row = 0; row < answers.size(); ++row) answers[row] = OfState(states[row]);
  }

  Explanation Explain(const data::Batch& batch, size_t row, Answer) const override {
    return {
        fmt::format("{} must be empty here", FieldShown(batch, field_, row)),
        fmt::format("remove the value of {}, or correct what forbids it", batch.schema->fields[field_].name)};
  }

 private:
  static Answer OfState(data::CellState state) {
    const auto marker = static_cast<uint8_t>(state == data::CellState::kMarker);
    const auto present =
        static_cast<uint8_t>((state == data::CellState::kValue) | (state == data::CellState::kUnparseable));
    return static_cast<Answer>(present | (marker << 1));
  }

  const size_t field_;
};

}  // namespace

std::unique_ptr<const Rule> CompileMustBeEmpty(RuleReader& reader) {
  reader.WarnHandlingIgnored();
  const std::optional<size_t> field = reader.Field();
  if (!field) return nullptr;
  return std::make_unique<MustBeEmpty>(*field);
}

}  // namespace concordat::quality
