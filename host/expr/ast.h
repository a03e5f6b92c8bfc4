// The whole of CEL's syntax as a tree; what of it has a meaning already is the checker's matter.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/expr/datum.h"
#include "host/expr/program.h"

namespace concordat::expr {

enum class NodeKind {
  kLiteral,       // literal
  kOtherLiteral,  // datum: what no Value can be
  kIdent,         // name; .name when `rooted`
  kSelect,        // children[0].name; .?name when `optional`
  kIndex,         // children[0][children[1]]; [?...] when `optional`
  kCall,          // name(children), or children[0].name(the others) when `member`
  kList,          // [children]; those in `optional_items` are written ?child
  kMap,           // {children[0]: children[1], ...}; `optional_items` counts entries
  kMessage,       // children[0]{...}: a message of that type; its fields are read and not kept
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
  Datum datum;
  bool member = false;
  bool rooted = false;
  bool optional = false;
  std::vector<bool> optional_items;  // empty when none is
  int height = 1;  // bounded by the parser, so that walking the tree cannot exhaust the stack
  std::vector<NodePtr> children;
};

}  // namespace concordat::expr
