// Gives a tree its meaning: resolves names, checks types, and finds what can run in columns.
#pragma once

#include <vector>

#include "host/expr/ast.h"
#include "host/expr/checked.h"

namespace concordat::expr {

/// Every mistake is added to `issues`; the result is good only when there are none.
Checked Check(const Node& root, const Scope& scope, std::vector<ExprIssue>& issues);

}  // namespace concordat::expr
