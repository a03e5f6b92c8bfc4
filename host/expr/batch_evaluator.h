// One expression over a whole batch, column by column.
#pragma once

#include <span>

#include "host/data/batch.h"
#include "host/expr/checked.h"

namespace concordat::expr {

/// One Truth a row into `out`. Attributes of requests are errors here.
void EvaluateRows(const Checked& expression, const data::Batch& batch, MissingIs missing,
                  std::span<Truth> out);

}  // namespace concordat::expr
