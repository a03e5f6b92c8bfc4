// The names of a scope for the binder: record.<field>, request.*, quality.*, and the names of types.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/expr/binder.h"

namespace concordat::expr {

/// The scope and the issues outlive it.
class ScopeNames : public Names {
 public:
  ScopeNames(const Scope& scope, std::vector<ExprIssue>& issues) : scope_(scope), issues_(issues) {}

  std::optional<Term> Resolve(const Node& node, const std::vector<std::string>& path, bool rooted,
                              size_t& used) override;
  const data::Field* FieldOf(const Term& term) const override;

 private:
  const Scope& scope_;
  std::vector<ExprIssue>& issues_;
};

/// "int", "google.protobuf.Timestamp": a value of kind type when the first parts of `path` name one.
std::optional<Term> TypeNamed(const std::vector<std::string>& path, size_t offset, size_t& used);

}  // namespace concordat::expr
