#include "host/quality/kinds/pair_rule.h"

#include "fmt/format.h"

namespace concordat::quality {
namespace {

std::optional<Explanation> ExplainOne(const data::Batch& batch, size_t field, size_t row,
                                      data::CellState state) {
  if (batch.columns[field].states[row] != state) return std::nullopt;
  return ExplainState(batch, field, row, CellStates(Answer::kFail, Answer::kFail));
}

}  // namespace

std::optional<Explanation> ExplainStates(const data::Batch& batch, size_t left, size_t right, size_t row) {
  for (const data::CellState state : {data::CellState::kMissing, data::CellState::kUnparseable}) {
    if (auto why = ExplainOne(batch, left, row, state)) return why;
    if (auto why = ExplainOne(batch, right, row, state)) return why;
  }
  return std::nullopt;
}

}  // namespace concordat::quality
