// Runs cases of CEL's official conformance suite, one JSON object a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"
#include "host/base/status.h"

namespace concordat::expr {

struct CaseOutcome {
  std::string file;
  std::string section;
  std::string name;
  bool pass = false;
  std::string got;  // what the expression came to, or "error: ..."
};

/// The cases of `lines` in their order. A line has file, section, name, expr, kind and raw, the message of
/// the suite's text format as nested [field, value] pairs. InvalidArgument when a line is no such object.
absl::StatusOr<std::vector<CaseOutcome>> RunConformance(std::string_view lines);

/// One {file, section, name, pass, got} a case.
json::Value OutcomesAsJson(const std::vector<CaseOutcome>& outcomes);

/// One expression over variables; `variables` is an object of plain JSON. Numbers without a fraction are int.
absl::StatusOr<json::Value> EvaluateText(std::string_view text, const json::Value& variables);

}  // namespace concordat::expr
