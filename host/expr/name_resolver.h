// What a name such as record.month or request.role stands for.
#pragma once

#include <string>
#include <vector>

#include "host/expr/ast.h"
#include "host/expr/checked.h"

namespace concordat::expr {

/// Resolves names against one scope; the scope and the issues outlive it.
class NameResolver {
 public:
  NameResolver(const Scope& scope, std::vector<ExprIssue>& issues) : scope_(scope), issues_(issues) {}

  /// `path`: the parts of the name as PathOf gives them, not empty. A name that is not known is reported.
  Checked Resolve(const Node& node, const std::vector<std::string>& path);

 private:
  Checked UnknownName(const Node& node, const std::string& name);
  Checked Field(const Node& node, const std::vector<std::string>& path);
  Checked RequestAttribute(const Node& node, const std::vector<std::string>& path);
  Checked Quality(const Node& node, const std::vector<std::string>& path);
  void Error(size_t offset, std::string message, std::string hint);

  const Scope& scope_;
  std::vector<ExprIssue>& issues_;
};

/// "record.a.b" as its parts; empty when it begins with anything but a name.
std::vector<std::string> PathOf(const Node& node);

}  // namespace concordat::expr
