// Makes terms of a tree: names resolved, calls matched with functions, macros opened, constants worked out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/expr/ast.h"
#include "host/expr/term.h"

namespace concordat::expr {

/// What names mean where an expression stands.
class Names {
 public:
  virtual ~Names() = default;
  /// What the first `used` parts of `path` stand for; nothing when no part is known. `rooted`: written with a
  /// leading point.
  virtual std::optional<Term> Resolve(const Node& node, const std::vector<std::string>& path, bool rooted,
                                      size_t& used) = 0;
  /// The schema's field behind a kField term.
  virtual const data::Field* FieldOf(const Term&) const { return nullptr; }
};

/// With `issues`, types are checked and every mistake is reported; without, mistakes come to light when the
/// evaluation gets to them, as CEL's dynamic evaluation has it.
class Binder {
 public:
  Binder(Names& names, std::vector<ExprIssue>* issues) : names_(names), issues_(issues) {}

  Term Bind(const Node& node);
  /// Where true or false is needed.
  Term BindCondition(const Node& node);

 private:
  struct Local {
    std::string name;
    Type type = Type::kAny;
  };

  Term Mistake(size_t offset, std::string message, std::string hint = "");
  bool strict() const { return issues_ != nullptr; }

  Term Literal(const Node& node);
  Term Name(const Node& node);
  Term Select(const Node& node);
  Term Index(const Node& node);
  Term List(const Node& node);
  Term Map(const Node& node);
  Term Binary(const Node& node);
  Term Compare(const Node& node, CompareOp op);
  Term Presence(Term name, size_t offset, bool present);
  Term In(const Node& node);
  Term Conditional(const Node& node);
  Term Has(const Node& node);
  Term Call(const Node& node);
  static bool TakesAnyNumberOf(const Function& function);
  static std::vector<Term> InOneList(std::vector<Term> arguments, const Node& node);
  Term Apply(const Function& function, bool member, std::vector<Term> arguments, const Node& node);
  Term Matches(std::vector<Term> arguments, const Node& node);
  Term Folded(Term term);
  void AdaptText(Term& text, const Term& other);

  // --- macros (binder_macros.cc) ---
  std::optional<Term> BindMacro(const Node& node);
  Term MacroOf(Macro macro, const Node& node, size_t variables);
  Term CelBind(const Node& node);
  std::optional<std::string> VariableName(const Node& node);
  size_t Declare(std::string name, Type type);

  Names& names_;
  std::vector<ExprIssue>* const issues_;
  std::vector<Local> locals_;
  Budget budget_;  // for what is worked out beforehand
};

}  // namespace concordat::expr
