// Kinds that judge a key of one or more fields.
#pragma once

#include "fmt/format.h"
#include "host/quality/key_table.h"
#include "host/quality/kinds/cell_rule.h"

namespace concordat::quality {

/// What a key comes to before it is looked up: a part's marker skips, then a missing part counts, then one
/// that does not parse if `onUnparseable` names it. Writes kPass where the key is to be judged.
void JudgeKeyStates(const data::Batch& batch, const std::vector<size_t>& fields, const CellStates& states,
                    std::span<Answer> answers);

/// `agency "A", local_ref "1"`.
std::string KeyShown(const data::Batch& batch, const std::vector<size_t>& fields, size_t row);

/// The explanation when a key fails or is unresolved by a part's state; nothing when it was judged.
std::optional<Explanation> ExplainKeyStates(const data::Batch& batch, const std::vector<size_t>& fields,
                                            size_t row, const CellStates& states);

/// A KeyReader over the columns of these fields in this batch.
KeyReader ReadKeys(const data::Batch& batch, const std::vector<size_t>& fields);

}  // namespace concordat::quality
