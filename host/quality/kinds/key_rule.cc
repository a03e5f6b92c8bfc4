#include "host/quality/kinds/key_rule.h"

#include <algorithm>

namespace concordat::quality {

void JudgeKeyStates(const data::Batch& batch, const std::vector<size_t>& fields, const CellStates& states,
                    std::span<Answer> answers) {
  std::fill(answers.begin(), answers.end(), Answer::kPass);
  // The weakest state first: what is written later wins.
  for (const data::CellState state :
       {data::CellState::kUnparseable, data::CellState::kMissing, data::CellState::kMarker}) {
    if (states.judged(state)) continue;
    for (const size_t field : fields) {
      const data::CellState* const cells = batch.columns[field].states.data();
      for (size_t row = 0; row < answers.size(); ++row) {
        answers[row] = cells[row] == state ? states.answer(state) : answers[row];
      }
    }
  }
}

std::string KeyShown(const data::Batch& batch, const std::vector<size_t>& fields, size_t row) {
  std::string shown;
  for (const size_t field : fields) shown += (shown.empty() ? "" : ", ") + FieldShown(batch, field, row);
  return shown;
}

std::optional<Explanation> ExplainKeyStates(const data::Batch& batch, const std::vector<size_t>& fields,
                                            size_t row, const CellStates& states) {
  for (const data::CellState state : {data::CellState::kMissing, data::CellState::kUnparseable}) {
    for (const size_t field : fields) {
      if (batch.columns[field].states[row] != state) continue;
      if (auto why = ExplainState(batch, field, row, states)) return why;
    }
  }
  return std::nullopt;
}

KeyReader ReadKeys(const data::Batch& batch, const std::vector<size_t>& fields) {
  KeyReader reader(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) reader.Use(i, batch.columns[fields[i]].text.get());
  return reader;
}

}  // namespace concordat::quality
