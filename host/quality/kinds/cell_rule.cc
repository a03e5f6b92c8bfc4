#include "host/quality/kinds/cell_rule.h"

#include <algorithm>

#include "fmt/format.h"

namespace concordat::quality {

CellStates TextStates(const RuleReader& reader) {
  if (reader.spec().on_unparseable == policy::Handling::kDefault) {
    // A text that the feed could not map is that rule's finding; no second one follows from it.
    const bool texts = std::all_of(reader.columns().begin(), reader.columns().end(), [&](const std::string& name) {
      const auto field = reader.schema().Find(name);
      return field && reader.schema().fields[*field].type == data::LogicalType::kString;
    });
    if (texts) return {reader.OnMissing(), Answer::kSkip};
    return {reader.OnMissing(), std::nullopt};
  }
  return {reader.OnMissing(), reader.OnUnparseable(Answer::kFail)};
}

CellStates TypedStates(const RuleReader& reader, Answer unparseable) {
  return {reader.OnMissing(), reader.OnUnparseable(unparseable)};
}

std::optional<Explanation> ExplainState(const data::Batch& batch, size_t field, size_t row,
                                        const CellStates& states) {
  const data::CellState state = batch.columns[field].states[row];
  if (states.judged(state)) return std::nullopt;
  const data::Field& wanted = batch.schema->fields[field];
  if (state == data::CellState::kMissing) {
    return Explanation{fmt::format("{} is missing", wanted.name),
                       fmt::format("give {} a value", wanted.name)};
  }
  const std::string hint = BlankHint(batch.columns[field].text->at(row));
  const std::string form =
      batch.columns[field].source_form == nullptr ? FormInWords(wanted) : *batch.columns[field].source_form;
  return Explanation{fmt::format("{} is not {}", FieldShown(batch, field, row), form),
                     hint.empty() ? fmt::format("write {} as {}", wanted.name, form) : hint};
}

std::string FormInWords(const data::Field& field) {
  const auto as = [&field](std::string_view otherwise) {
    return field.format.empty() ? otherwise : std::string_view(field.format);
  };
  switch (field.type) {
    case data::LogicalType::kString:
      return "a text";
    case data::LogicalType::kInteger:
      return "a whole number";
    case data::LogicalType::kNumber:
      return "a number";
    case data::LogicalType::kBoolean:
      return "true or false";
    case data::LogicalType::kDate:
      return fmt::format("a date as {}", as("yyyy-MM-dd"));
    case data::LogicalType::kTimestamp:
      return fmt::format("a date with time as {}", as("yyyy-MM-ddTHH:mm:ssZ"));
    case data::LogicalType::kTime:
      return fmt::format("a time as {}", as("HH:mm:ss"));
  }
  return "a text";
}

}  // namespace concordat::quality
