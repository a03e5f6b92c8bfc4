#include "host/expr/checker.h"

#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/expr/moment_literal.h"
#include "host/expr/name_resolver.h"
#include "host/expr/names.h"
#include "host/expr/scalar_evaluator.h"

namespace concordat::expr {
namespace {

bool IsNumber(Type type) { return type == Type::kInt || type == Type::kDouble; }
bool IsMoment(Type type) { return type == Type::kDate || type == Type::kTimestamp || type == Type::kTime; }

bool Comparable(Type a, Type b) {
  if (a == Type::kAny || b == Type::kAny) return true;
  if (a == Type::kList || b == Type::kList) return false;
  if (IsMoment(a) && IsMoment(b)) return (a == Type::kTime) == (b == Type::kTime);
  return a == b || (IsNumber(a) && IsNumber(b));
}

std::optional<CompareOp> CompareOpOf(std::string_view sign) {
  if (sign == "==") return CompareOp::kEqual;
  if (sign == "!=") return CompareOp::kNotEqual;
  if (sign == "<") return CompareOp::kLess;
  if (sign == "<=") return CompareOp::kLessEqual;
  if (sign == ">") return CompareOp::kGreater;
  if (sign == ">=") return CompareOp::kGreaterEqual;
  return std::nullopt;
}

std::string Quoted(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.v)) return fmt::format("\"{}\"", *text);
  if (const auto* number = std::get_if<double>(&value.v)) return data::NumberText(*number);
  if (const auto* integer = std::get_if<int64_t>(&value.v)) return fmt::format("{}", *integer);
  if (const auto* flag = std::get_if<bool>(&value.v)) return *flag ? "true" : "false";
  return "this value";
}

std::string Described(const Checked& operand) {
  const std::string name = operand.is_constant() ? Quoted(operand.constant) : operand.name;
  return fmt::format("{} is {}", name, TypeForPeople(operand.type));
}

// How to write the literal so that it fits the other side.
std::string HintForLiteral(const Checked& literal, Type wanted) {
  if (!literal.is_constant()) return "";
  const auto* text = std::get_if<std::string>(&literal.constant.v);
  if (text != nullptr && IsNumber(wanted) && data::ParseNumber(*text))
    return fmt::format("write {} without quotes", *text);
  if (text != nullptr && wanted == Type::kBool) return "write true or false without quotes";
  if (wanted == Type::kText && (IsNumber(literal.type) || literal.type == Type::kBool)) {
    return fmt::format("the field holds text: write \"{}\"", Quoted(literal.constant));
  }
  return "";
}

class Checker {
 public:
  Checker(const Scope& scope, std::vector<ExprIssue>& issues) : scope_(scope), issues_(issues) {}

  Checked Expression(const Node& node) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return Constant(node);
      case NodeKind::kOtherLiteral:
        return Refuse(node, node.name + " are");
      case NodeKind::kIdent:
      case NodeKind::kSelect:
        return Name(node);
      case NodeKind::kIndex:
        return Refuse(node, "reading an element with [ ] is");
      case NodeKind::kCall:
        return Call(node);
      case NodeKind::kList:
        return List(node);
      case NodeKind::kMap:
        return Refuse(node, "a map { } is");
      case NodeKind::kUnary:
        return node.op == "!" ? Not(node) : Refuse(node, "the sign - before anything but a number is");
      case NodeKind::kBinary:
        return Binary(node);
      case NodeKind::kConditional:
        return Refuse(node, "the choice ? : is");
    }
    return {};
  }

  /// `node` where true or false is needed.
  Checked Condition(const Node& node) {
    Checked checked = Expression(node);
    if (checked.type != Type::kBool && checked.type != Type::kAny) {
      Error(node.offset, fmt::format("true or false is needed here, but {}", Described(checked)),
            checked.kind == CheckedKind::kField ? fmt::format("compare it, or write has({})", checked.name)
                                                : "");
    }
    return checked;
  }

 private:
  void Error(size_t offset, std::string message, std::string hint = "") {
    issues_.push_back({offset, std::move(message), std::move(hint)});
  }

  Checked Refuse(const Node& node, std::string_view what_is) {
    Error(node.offset, fmt::format("{} not built yet", what_is), std::string(WhatWorks()));
    return Unknown(node);
  }

  static Checked Made(CheckedKind kind, Type type, const Node& node) {
    return MakeChecked(kind, type, node.offset);
  }
  static Checked Unknown(const Node& node) { return UnknownAt(node.offset); }

  static Checked Constant(const Node& node) {
    Checked checked = Made(CheckedKind::kConstant, TypeOf(node.literal), node);
    checked.constant = node.literal;
    return checked;
  }

  Checked Name(const Node& node) {
    const std::vector<std::string> path = PathOf(node);
    if (path.empty()) return Refuse(node, "a part of a computed value is");
    return NameResolver(scope_, issues_).Resolve(node, path);
  }

  // --- calls ---

  Checked Call(const Node& node) {
    if (!node.member && node.name == "has") return Has(node);
    if (!node.member && node.name == "timestamp") return Timestamp(node);
    if (IsCelFunction(node.name)) return Refuse(node, node.name + "() is");
    Error(node.offset, fmt::format("there is no function {}()", node.name),
          DidYouMean(node.name, CelFunctions()));
    return Unknown(node);
  }

  Checked Has(const Node& node) {
    Checked checked = Made(CheckedKind::kHas, Type::kBool, node);
    if (node.children.size() != 1 || node.children[0]->kind != NodeKind::kSelect) {
      Error(node.offset, "has() asks for one field", "write has(record.<field>)");
      return Unknown(node);
    }
    checked.children.push_back(Expression(*node.children[0]));
    return checked;
  }

  Checked Timestamp(const Node& node) {
    const bool literal = node.children.size() == 1 && node.children[0]->kind == NodeKind::kLiteral &&
                         std::holds_alternative<std::string>(node.children[0]->literal.v);
    if (!literal) return Refuse(node, "timestamp() of anything but a text in quotes is");
    const std::string& text = std::get<std::string>(node.children[0]->literal.v);
    const auto moment = ReadMoment(text, Type::kTimestamp);
    if (!moment) {
      Error(node.children[0]->offset, fmt::format("\"{}\" is not a point in time", text),
            "write it as 2026-05-20T12:00:00Z");
      return Unknown(node);
    }
    Checked checked = Made(CheckedKind::kConstant, Type::kTimestamp, node);
    checked.constant = *moment;
    return checked;
  }

  // A list of literals; whether it may stand where it does is for its reader to say.
  Checked List(const Node& node) {
    Checked checked = Made(CheckedKind::kConstant, Type::kList, node);
    std::vector<Value> members;
    for (const NodePtr& child : node.children) {
      const Checked member = Expression(*child);
      if (member.type == Type::kAny && !member.is_constant()) continue;  // reported
      if (!member.is_constant() || member.type == Type::kList) {
        Error(child->offset, "a list with anything but literals in it is not built yet",
              std::string(WhatWorks()));
      } else if (member.type == Type::kNull) {
        Error(child->offset, "null is not a member of a list", "ask with !has(record.<field>)");
      } else {
        members.push_back(member.constant);
      }
    }
    checked.constant = Value{std::move(members)};
    return checked;
  }

  // --- operations ---

  Checked Not(const Node& node) {
    Checked checked = Made(CheckedKind::kNot, Type::kBool, node);
    checked.children.push_back(Condition(*node.children[0]));
    return checked;
  }

  Checked Binary(const Node& node) {
    if (node.op == "&&" || node.op == "||") {
      Checked checked = Made(node.op == "&&" ? CheckedKind::kAnd : CheckedKind::kOr, Type::kBool, node);
      for (const NodePtr& child : node.children) checked.children.push_back(Condition(*child));
      return checked;
    }
    if (node.op == "in") return In(node);
    if (const auto op = CompareOpOf(node.op)) return Compare(node, *op);
    return Refuse(node, fmt::format("the operator {} is", node.op));
  }

  // A field, an attribute or a literal: what can be compared now.
  Checked Operand(const Node& node) {
    Checked checked = Expression(node);
    if (checked.is_operand()) return checked;
    const bool chained = checked.kind == CheckedKind::kCompare;
    Error(node.offset, "comparing the outcome of a condition is not built yet",
          chained ? "write a < b && b < c for a < b < c" : std::string(WhatWorks()));
    return Unknown(node);
  }

  const data::Field* FieldOf(const Checked& operand) const {
    return operand.kind == CheckedKind::kField ? &scope_.record->fields[operand.field] : nullptr;
  }

  // A text in quotes beside a date becomes that date. False when it is none; then that is reported.
  bool AdaptText(Value& value, size_t offset, const Checked& other) {
    const auto* text = std::get_if<std::string>(&value.v);
    if (text == nullptr || !IsMoment(other.type) || other.is_constant()) return true;
    auto moment = ReadMoment(*text, other.type, FieldOf(other));
    if (!moment) {
      Error(offset, fmt::format("\"{}\" is not {}, and {} is", *text, TypeForPeople(other.type), other.name),
            other.type == Type::kTime ? "write it as \"13:45\"" : "write it as \"2026-05-20\"");
      return false;
    }
    value = *std::move(moment);
    return true;
  }

  bool AdaptLiteral(Checked& literal, const Checked& other) {
    if (!literal.is_constant() || literal.type != Type::kText || !IsMoment(other.type) || other.is_constant())
      return true;
    if (!AdaptText(literal.constant, literal.offset, other)) return false;
    literal.type = other.type == Type::kTime ? Type::kTime : Type::kTimestamp;
    return true;
  }

  Checked Compare(const Node& node, CompareOp op) {
    Checked left = Operand(*node.children[0]);
    Checked right = Operand(*node.children[1]);
    if (!AdaptLiteral(left, right) || !AdaptLiteral(right, left)) return Unknown(node);
    if (left.type == Type::kNull || right.type == Type::kNull) {
      if (op != CompareOp::kEqual && op != CompareOp::kNotEqual) {
        Error(node.offset, "null has no order", "compare with == null or != null");
      }
    } else if (!Comparable(left.type, right.type)) {
      std::string hint = HintForLiteral(right, left.type);
      if (hint.empty()) hint = HintForLiteral(left, right.type);
      Error(node.offset, fmt::format("these cannot be compared: {}, {}", Described(left), Described(right)),
            std::move(hint));
    }
    Checked checked = Made(CheckedKind::kCompare, Type::kBool, node);
    checked.op = op;
    checked.children.push_back(std::move(left));
    checked.children.push_back(std::move(right));
    return Folded(std::move(checked));
  }

  // What needs no record and no request is decided now.
  static Checked Folded(Checked checked) {
    for (const Checked& child : checked.children) {
      if (!child.is_constant()) return checked;
    }
    auto value = EvaluateScalar(checked, {});
    if (!value.ok()) return checked;
    checked.kind = CheckedKind::kConstant;
    checked.constant = *std::move(value);
    checked.children.clear();
    return checked;
  }

  Checked In(const Node& node) {
    Checked sought = Operand(*node.children[0]);
    Checked list = Operand(*node.children[1]);
    if (sought.type == Type::kList || sought.type == Type::kNull) {
      Error(node.children[0]->offset,
            fmt::format("{} is not looked for in a list", TypeForPeople(sought.type)));
      return Unknown(node);
    }
    if (list.type != Type::kList && list.type != Type::kAny) {
      Error(node.children[1]->offset, fmt::format("in needs a list, but {}", Described(list)),
            "write in [\"a\", \"b\"]");
      return Unknown(node);
    }
    Checked checked = Made(CheckedKind::kIn, Type::kBool, node);
    if (list.is_constant() && !AdaptMembers(list, sought)) return Unknown(node);
    if (list.is_constant()) {
      checked.set = std::make_shared<const ValueSet>(MakeSet(std::get<std::vector<Value>>(list.constant.v)));
    }
    checked.children.push_back(std::move(sought));
    checked.children.push_back(std::move(list));
    return Folded(std::move(checked));
  }

  bool AdaptMembers(Checked& list, const Checked& sought) {
    for (Value& member : std::get<std::vector<Value>>(list.constant.v)) {
      if (!AdaptText(member, list.offset, sought)) return false;
      Checked literal;
      literal.constant = member;
      literal.type =
          IsMoment(sought.type) && TypeOf(member) == Type::kTimestamp ? sought.type : TypeOf(member);
      if (Comparable(sought.type, literal.type)) continue;
      Error(list.offset,
            fmt::format("these cannot be compared: {}, {}", Described(sought), Described(literal)),
            HintForLiteral(literal, sought.type));
      return false;
    }
    return true;
  }

  const Scope& scope_;
  std::vector<ExprIssue>& issues_;
};

}  // namespace

Checked Check(const Node& root, const Scope& scope, std::vector<ExprIssue>& issues) {
  Checker checker(scope, issues);
  return scope.condition ? checker.Condition(root) : checker.Expression(root);
}

}  // namespace concordat::expr
