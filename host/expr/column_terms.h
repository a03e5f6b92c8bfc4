// Computed expressions over a batch in columns: one loop a node instead of one walk of the tree a record.
#pragma once

#include <span>

#include "host/data/batch.h"
#include "host/expr/term.h"

namespace concordat::expr {

/// Whether RunInColumns knows everything in `condition`: fields, constants, arithmetic of whole numbers and
/// numbers, moments and durations, comparisons, && || !, ?:, has(), size(), contains(), startsWith(),
/// endsWith(), double() and matches() with a constant pattern. What makes texts, lists or maps runs record by
/// record.
bool RunsInColumns(const Term& condition);

/// As Interpreter::RunCondition on every row; only for what RunsInColumns.
void RunInColumns(const Term& condition, const data::Batch& batch, MissingIs missing, std::span<Truth> out);

}  // namespace concordat::expr
