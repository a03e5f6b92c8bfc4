// Kinds that judge two fields of a record against each other.
#pragma once

#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {

/// What two cells come to before their values are looked at: a marker in
/// either skips, then a missing one counts, then one that does not parse.
inline Answer OfBothStates(data::CellState left, data::CellState right, Answer missing, Answer unparseable) {
  if (left == data::CellState::kMarker || right == data::CellState::kMarker) return Answer::kSkip;
  if (left == data::CellState::kMissing || right == data::CellState::kMissing) return missing;
  if (left == data::CellState::kUnparseable || right == data::CellState::kUnparseable) return unparseable;
  return Answer::kPass;
}

/// `good(row)` is asked only where both cells hold a value of their type.
template <typename Good>
void JudgePairs(const data::Column& left, const data::Column& right, Answer missing, Answer unparseable,
                std::span<Answer> answers, Good&& good) {
  const data::CellState* const a = left.states.data();
  const data::CellState* const b = right.states.data();
  for (size_t row = 0; row < answers.size(); ++row) {
    const bool both = (a[row] == data::CellState::kValue) & (b[row] == data::CellState::kValue);
    answers[row] = both ? (good(row) ? Answer::kPass : Answer::kFail)
                        : OfBothStates(a[row], b[row], missing, unparseable);
  }
}

/// Why a record fails or is unresolved by the states of two cells; nothing when their values were judged.
std::optional<Explanation> ExplainStates(const data::Batch& batch, size_t left, size_t right, size_t row);

}  // namespace concordat::quality
