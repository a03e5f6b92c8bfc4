// A CEL text as a tree: a Pratt parser over the whole grammar, with limits against hostile depth and length.
#pragma once

#include <optional>
#include <string_view>

#include "host/expr/ast.h"

namespace concordat::expr {

inline constexpr int kMaxDepth = 100;            // levels of nesting
inline constexpr size_t kMaxLength = 64 * 1024;  // bytes of one expression

/// The tree, or the first mistake (there is exactly one of both).
struct Parsed {
  NodePtr root;
  std::optional<ExprIssue> issue;
};
Parsed Parse(std::string_view text);

}  // namespace concordat::expr
