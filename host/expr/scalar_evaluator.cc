#include "host/expr/scalar_evaluator.h"

#include "fmt/format.h"
#include "host/expr/compare.h"
#include "host/expr/frames.h"
#include "host/expr/moment_literal.h"

namespace concordat::expr {
namespace {

using Attributes = std::map<std::string, Value>;

absl::Status Mismatch(const Value& left, const Value& right) {
  return absl::InvalidArgumentError(fmt::format("{} cannot be compared with {}", TypeForPeople(TypeOf(left)),
                                                TypeForPeople(TypeOf(right))));
}

// May a value of type `given` stand where `wanted` was compiled?
bool Fits(Type wanted, Type given) {
  if (wanted == Type::kAny || wanted == given || given == Type::kNull) return true;
  return (IsNumber(wanted) && IsNumber(given)) || (IsMoment(wanted) && IsMoment(given));
}

// A missing cell is null; a missing attribute of a request is an error, so that no negation can turn it into
// a yes.
absl::StatusOr<const Value*> ValueOf(const Checked& operand, const Attributes& attributes) {
  if (operand.is_constant()) return &operand.constant;
  const auto found = attributes.find(operand.name);
  const bool null_attribute =
      found != attributes.end() && found->second.is_null() && operand.kind == CheckedKind::kAttribute;
  if (found == attributes.end() || null_attribute) {
    return absl::InvalidArgumentError(fmt::format("{} is not known", operand.name));
  }
  if (!Fits(operand.type, TypeOf(found->second))) {
    return absl::InvalidArgumentError(fmt::format("{} must be {}, but is {}", operand.name,
                                                  TypeForPeople(operand.type),
                                                  TypeForPeople(TypeOf(found->second))));
  }
  return &found->second;
}

// A text beside a moment is read as one, as the checker does with literals.
absl::StatusOr<int> OrderOfTextAndMoment(const Value& text, const Value& moment) {
  const auto read = ReadMoment(std::get<std::string>(text.v), Type::kTimestamp);
  if (!read) return Mismatch(text, moment);
  return OrderOf(std::get<Value::Timestamp>(read->v).micros, std::get<Value::Timestamp>(moment.v).micros);
}

absl::StatusOr<int> OrderOfValues(const Value& left, const Value& right) {
  const Type l = TypeOf(left);
  const Type r = TypeOf(right);
  if (l == Type::kText && r == Type::kTimestamp) return OrderOfTextAndMoment(left, right);
  if (l == Type::kTimestamp && r == Type::kText) {
    ASSIGN_OR_RETURN(const int order, OrderOfTextAndMoment(right, left));
    return -order;
  }
  if (l == Type::kInt && r == Type::kDouble)
    return OrderOf(std::get<int64_t>(left.v), std::get<double>(right.v));
  if (l == Type::kDouble && r == Type::kInt)
    return OrderOf(std::get<double>(left.v), std::get<int64_t>(right.v));
  if (l != r) return Mismatch(left, right);
  switch (l) {
    case Type::kBool:
      return OrderOf(int64_t{std::get<bool>(left.v)}, int64_t{std::get<bool>(right.v)});
    case Type::kInt:
      return OrderOf(std::get<int64_t>(left.v), std::get<int64_t>(right.v));
    case Type::kDouble:
      return OrderOf(std::get<double>(left.v), std::get<double>(right.v));
    case Type::kText:
      return OrderOf(std::string_view(std::get<std::string>(left.v)), std::get<std::string>(right.v));
    case Type::kTimestamp:
      return OrderOf(std::get<Value::Timestamp>(left.v).micros, std::get<Value::Timestamp>(right.v).micros);
    default:
      return Mismatch(left, right);
  }
}

const Checked& AttributeAmong(const Checked& comparison) {
  return comparison.children[0].is_constant() ? comparison.children[1] : comparison.children[0];
}

// Comparing with the literal null asks whether there is a value.
absl::StatusOr<Value> CompareWithNull(const Checked& node, const Checked& operand,
                                      const Attributes& attributes) {
  const auto found = attributes.find(operand.name);
  if (!operand.is_constant() && found == attributes.end()) {
    return absl::InvalidArgumentError(fmt::format("{} is not known", operand.name));
  }
  const bool null = operand.is_constant() ? operand.constant.is_null() : found->second.is_null();
  return Value{null == (node.op == CompareOp::kEqual)};
}

absl::StatusOr<Value> Compare(const Checked& node, const Attributes& attributes) {
  if (node.children[0].type == Type::kNull) return CompareWithNull(node, node.children[1], attributes);
  if (node.children[1].type == Type::kNull) return CompareWithNull(node, node.children[0], attributes);
  ASSIGN_OR_RETURN(const Value* left, ValueOf(node.children[0], attributes));
  ASSIGN_OR_RETURN(const Value* right, ValueOf(node.children[1], attributes));
  const auto holds = CompareValues(node.op, *left, *right);
  if (!holds.ok()) return Annotate(holds.status(), AttributeAmong(node).name);
  return Value{*holds};
}

absl::StatusOr<Value> In(const Checked& node, const Attributes& attributes) {
  ASSIGN_OR_RETURN(const Value* sought, ValueOf(node.children[0], attributes));
  ASSIGN_OR_RETURN(const Value* list, ValueOf(node.children[1], attributes));
  const auto* members = std::get_if<std::vector<Value>>(&list->v);
  if (members == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("{} must be a list, but is {}", node.children[1].name, TypeForPeople(TypeOf(*list))));
  }
  for (const Value& member : *members) {
    const auto equal = CompareValues(CompareOp::kEqual, *sought, member);
    if (!equal.ok()) return Annotate(equal.status(), AttributeAmong(node).name);
    if (*equal) return Value{true};
  }
  return Value{false};
}

// A missing condition is no condition that holds.
absl::StatusOr<bool> Condition(const Checked& node, const Attributes& attributes) {
  ASSIGN_OR_RETURN(const Value value, EvaluateScalar(node, attributes));
  if (value.is_null()) return false;
  if (const bool* flag = std::get_if<bool>(&value.v)) return *flag;
  return absl::InvalidArgumentError(
      fmt::format("{} must be true or false, but is {}", node.name, TypeForPeople(TypeOf(value))));
}

// What hangs on a missing cell is null.
absl::StatusOr<Value> Computed(const Checked& node, const Attributes& attributes) {
  Interpreter interpreter(MissingIs::kNull);
  const AttributeFrame frame(attributes);
  const Result value = interpreter.Run(*node.term, frame);
  if (absl::IsNotFound(value.status())) return Value{};
  if (!value.ok()) return absl::InvalidArgumentError(std::string(MessageOf(value.status())));
  return ValueOf(*value);
}

// && with `decisive` false, || with true: the first side that decides wins over errors of the others.
absl::StatusOr<Value> Chain(const Checked& node, const Attributes& attributes, bool decisive) {
  absl::Status failure;
  for (const Checked& child : node.children) {
    const auto holds = Condition(child, attributes);
    if (!holds.ok())
      failure.Update(holds.status());
    else if (*holds == decisive)
      return Value{decisive};
  }
  if (!failure.ok()) return failure;
  return Value{!decisive};
}

}  // namespace

absl::StatusOr<bool> CompareValues(CompareOp op, const Value& left, const Value& right) {
  if (left.is_null() || right.is_null()) return false;
  ASSIGN_OR_RETURN(const int order, OrderOfValues(left, right));
  return Holds(op, order);
}

absl::StatusOr<Value> EvaluateScalar(const Checked& node, const Attributes& attributes) {
  switch (node.kind) {
    case CheckedKind::kConstant:
    case CheckedKind::kField:
    case CheckedKind::kAttribute: {
      ASSIGN_OR_RETURN(const Value* value, ValueOf(node, attributes));
      return *value;
    }
    case CheckedKind::kHas: {
      const auto found = attributes.find(node.children[0].name);
      return Value{found != attributes.end() && !found->second.is_null()};
    }
    case CheckedKind::kNot: {
      ASSIGN_OR_RETURN(const bool holds, Condition(node.children[0], attributes));
      return Value{!holds};
    }
    case CheckedKind::kAnd:
      return Chain(node, attributes, false);
    case CheckedKind::kOr:
      return Chain(node, attributes, true);
    case CheckedKind::kCompare:
      return Compare(node, attributes);
    case CheckedKind::kIn:
      return In(node, attributes);
    case CheckedKind::kComputed:
      return Computed(node, attributes);
  }
  return absl::InternalError("an expression of an unknown kind");
}

}  // namespace concordat::expr
