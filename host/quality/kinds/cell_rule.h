// Kinds that judge one field's cell: by its value, or by its state alone.
#pragma once

#include <array>
#include <optional>

#include "host/quality/kinds/kinds.h"

namespace concordat::quality {

/// What a cell comes to before its value is looked at, by state; nothing: judge the value.
class CellStates {
 public:
  CellStates(Answer missing, std::optional<Answer> unparseable)
      : by_state_{kJudge, static_cast<uint8_t>(missing), static_cast<uint8_t>(Answer::kSkip),
                  unparseable ? static_cast<uint8_t>(*unparseable) : kJudge} {}

  bool judged(data::CellState state) const { return by_state_[static_cast<size_t>(state)] == kJudge; }
  Answer answer(data::CellState state) const {
    return static_cast<Answer>(by_state_[static_cast<size_t>(state)]);
  }

 private:
  static constexpr uint8_t kJudge = 4;
  std::array<uint8_t, 4> by_state_;
};

/// The states of a text kind: an unparseable value is a text
/// like any other unless `onUnparseable` says otherwise.
CellStates TextStates(const RuleReader& reader);
/// The states of a kind that judges typed values: an
/// unparseable one fails unless `onUnparseable` says otherwise.
CellStates TypedStates(const RuleReader& reader, Answer unparseable = Answer::kFail);

/// Writes an answer for each cell; `good(row)` is asked only for those whose value is judged.
template <typename Good>
void JudgeCells(const data::Column& column, const CellStates& states, std::span<Answer> answers,
                Good&& good) {
  const data::CellState* const state = column.states.data();
  for (size_t row = 0; row < answers.size(); ++row) {
    answers[row] =
        states.judged(state[row]) ? (good(row) ? Answer::kPass : Answer::kFail) : states.answer(state[row]);
  }
}

/// The explanation when a cell fails or is unresolved by its state; nothing when its value was judged.
std::optional<Explanation> ExplainState(const data::Batch& batch, size_t field, size_t row,
                                        const CellStates& states);

/// How a field's text should look, for mends: "a date as yyyy-MM-dd".
std::string FormInWords(const data::Field& field);

}  // namespace concordat::quality
