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
#include "host/expr/scope_names.h"

namespace concordat::expr {
namespace {

std::string Quoted(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.v)) return fmt::format("\"{}\"", *text);
  if (const auto* number = std::get_if<double>(&value.v)) return data::NumberText(*number);
  if (const auto* integer = std::get_if<int64_t>(&value.v)) return fmt::format("{}", *integer);
  if (const auto* flag = std::get_if<bool>(&value.v)) return *flag ? "true" : "false";
  return "this value";
}

std::string Described(const Checked& operand) {
  const std::string name = operand.is_constant()  ? Quoted(operand.constant)
                           : operand.name.empty() ? "this"
                                                  : operand.name;
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

// --- what runs in columns, by its shape ---

bool IsNameNode(const Node& node) {
  const std::vector<std::string> path = PathOf(node);
  size_t used = 0;
  return !path.empty() && !TypeNamed(path, node.offset, used);
}

// timestamp("...")
bool IsMomentLiteral(const Node& node) {
  return node.kind == NodeKind::kCall && !node.member && node.name == "timestamp" &&
         node.children.size() == 1 && node.children[0]->kind == NodeKind::kLiteral &&
         std::holds_alternative<std::string>(node.children[0]->literal.v);
}

bool IsOperand(const Node& node) {
  return node.kind == NodeKind::kLiteral || IsNameNode(node) || IsMomentLiteral(node);
}

bool IsLiteralList(const Node& node) {
  return node.kind == NodeKind::kList && node.optional_items.empty() &&
         std::all_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return child->kind == NodeKind::kLiteral; });
}

bool IsHasOfName(const Node& node) {
  return !node.member && node.name == "has" && node.children.size() == 1 &&
         node.children[0]->kind == NodeKind::kSelect && IsNameNode(*node.children[0]);
}

class Checker {
 public:
  Checker(const Scope& scope, std::vector<ExprIssue>& issues) : scope_(scope), issues_(issues) {}

  Checked Expression(const Node& node) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return Constant(node);
      case NodeKind::kIdent:
      case NodeKind::kSelect:
        return IsOperand(node) ? Name(node) : Computed(node);
      case NodeKind::kCall:
        if (IsHasOfName(node)) return Has(node);
        return IsMomentLiteral(node) ? Timestamp(node) : Computed(node);
      case NodeKind::kUnary:
        return node.op == "!" ? Not(node) : Computed(node);
      case NodeKind::kBinary:
        return Binary(node);
      default:
        return Computed(node);
    }
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

  // What does not run in columns.
  Checked Computed(const Node& node) {
    ScopeNames names(scope_, issues_);
    auto term = std::make_shared<const Term>(Binder(names, &issues_).Bind(node));
    Checked checked = Made(CheckedKind::kComputed, term->type, node);
    if (term->is_constant()) {
      if (auto value = ValueOf(term->constant); value.ok()) {
        checked.kind = CheckedKind::kConstant;
        checked.constant = *std::move(value);
        return checked;
      }
    }
    checked.term = std::move(term);
    return checked;
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

  Checked Name(const Node& node) { return NameResolver(scope_, issues_).Resolve(node, PathOf(node)); }

  Checked Has(const Node& node) {
    Checked checked = Made(CheckedKind::kHas, Type::kBool, node);
    checked.children.push_back(Expression(*node.children[0]));
    return checked;
  }

  Checked Timestamp(const Node& node) {
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

  // A list of literals.
  Checked List(const Node& node) {
    Checked checked = Made(CheckedKind::kConstant, Type::kList, node);
    std::vector<Value> members;
    for (const NodePtr& child : node.children) {
      if (child->literal.is_null())
        Error(child->offset, "null is not a member of a list", "ask with !has(record.<field>)");
      else
        members.push_back(child->literal);
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
    const bool columns = IsOperand(*node.children[0]);
    if (node.op == "in" && columns && (IsOperand(*node.children[1]) || IsLiteralList(*node.children[1])))
      return In(node);
    const auto op = CompareOpOf(node.op);
    return op && columns && IsOperand(*node.children[1]) ? Compare(node, *op) : Computed(node);
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
    Checked left = Expression(*node.children[0]);
    Checked right = Expression(*node.children[1]);
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
    Checked sought = Expression(*node.children[0]);
    const bool literal = node.children[1]->kind == NodeKind::kList;
    Checked list = literal ? List(*node.children[1]) : Expression(*node.children[1]);
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
