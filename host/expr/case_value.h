// Values as the conformance suite and JSON write them.
#pragma once

#include "host/base/json.h"
#include "host/expr/datum.h"

namespace concordat::expr {

/// A cel.expr.Value as nested [field, value] pairs: [["int64_value", {"$tok": "1"}]].
Result DatumOfCase(const json::Value& pairs);

/// The first value of `field` among `pairs`, or null.
const json::Value* FindField(const json::Value& pairs, std::string_view field);
/// A string, the text of a token, or bytes.
std::string TextOfScalar(const json::Value& value);

/// Plain JSON. Numbers without a fraction become int.
Datum DatumOfJson(const json::Value& value);
/// What JSON has no kind for is a text; map keys are texts. An error when it grows beyond the budget.
absl::StatusOr<json::Value> JsonOfDatum(const Datum& datum, Budget& budget);

}  // namespace concordat::expr
