// One expression over one set of attributes.
#pragma once

#include <map>
#include <string>

#include "host/base/status.h"
#include "host/expr/checked.h"

namespace concordat::expr {

/// `attributes` under their full names ("request.role", "record.month"). An attribute that is missing or of
/// the wrong type is an error that names it; && and || absorb it when the other side decides. A null compared
/// with anything but the literal null is false, also by !=.
absl::StatusOr<Value> EvaluateScalar(const Checked& expression,
                                     const std::map<std::string, Value>& attributes);

/// InvalidArgument when the two cannot be compared. Nulls as above.
absl::StatusOr<bool> CompareValues(CompareOp op, const Value& left, const Value& right);

}  // namespace concordat::expr
