// The whole of CEL's syntax as a tree; what of it has a meaning already is the checker's matter.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/expr/program.h"

namespace concordat::expr {

enum class NodeKind {
  kLiteral,       // literal
  kOtherLiteral,  // name: "unsigned integers", "bytes"
  kIdent,         // name
  kSelect,        // children[0].name
  kIndex,         // children[0][children[1]]
  kCall,          // name(children), or children[0].name(the others) when `member`
  kList,          // [children]
  kMap,           // {children[0]: children[1], ...}
  kUnary,         // op: ! -
  kBinary,        // op: == != < <= > >= in + - * / %; && and || with two or more children
  kConditional,   // children[0] ? children[1] : children[2]
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

/// One node of the tree. Owned by its parent.
struct Node {
  NodeKind kind = NodeKind::kLiteral;
  size_t offset = 0;  // where the reader should look: the sign of an operation, the start of all else
  Value literal;
  std::string name;
  std::string op;
  bool member = false;
  int height = 1;  // bounded by the parser, so that walking the tree cannot exhaust the stack
  std::vector<NodePtr> children;
};

}  // namespace concordat::expr
