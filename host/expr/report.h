// Mistakes of an expression as issues of the policy text in which it stands.
#pragma once

#include <string>
#include <vector>

#include "host/base/source.h"
#include "host/expr/program.h"

namespace concordat::expr {

/// Points at the mistake itself where the expression is a plain or quoted scalar that begins at `place`, else
/// at `place`.
void ReportMistakes(const std::vector<ExprIssue>& mistakes, const Place& place, Issues& issues);

/// "message; hint" of the first mistake, for answers that have no text to point into.
std::string FirstMistake(const std::vector<ExprIssue>& mistakes);

}  // namespace concordat::expr
