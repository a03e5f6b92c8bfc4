#include "host/expr/interpreter.h"

#include <array>

#include "fmt/format.h"
#include "host/expr/compare.h"
#include "host/expr/pattern.h"

namespace concordat::expr {
namespace {

absl::Status NoSuchKey(std::string_view key) {
  return absl::InvalidArgumentError(fmt::format("there is no \"{}\"", key));
}

bool HoldsFor(CompareOp op, std::partial_ordering order) {
  switch (op) {
    case CompareOp::kLess:
      return order < 0;
    case CompareOp::kLessEqual:
      return order <= 0;
    case CompareOp::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

// A number of any kind that is whole, as an index.
std::optional<int64_t> WholeOf(const Datum& datum) {
  if (const auto* integer = std::get_if<int64_t>(&datum.v)) return *integer;
  if (const auto* natural = std::get_if<uint64_t>(&datum.v))
    return *natural < (uint64_t{1} << 62) ? std::optional(static_cast<int64_t>(*natural)) : std::nullopt;
  const auto* number = std::get_if<double>(&datum.v);
  if (number == nullptr || !(*number > -1e15 && *number < 1e15)) return std::nullopt;
  const auto whole = static_cast<int64_t>(*number);
  return static_cast<double>(whole) == *number ? std::optional(whole) : std::nullopt;
}

/// Null when there is no such member; an error when `target` has no members, or none of this kind.
absl::StatusOr<const Datum*> MemberAt(const Datum& target, const Datum& key) {
  if (target.type() == Type::kMap) return target.map().Find(key);
  if (target.type() != Type::kList)
    return absl::InvalidArgumentError(fmt::format("{} has no members", TypeForPeople(target.type())));
  const auto index = WholeOf(key);
  if (!index) return absl::InvalidArgumentError("a list is read by whole numbers");
  const List& list = target.list();
  if (*index < 0 || *index >= static_cast<int64_t>(list.size())) return nullptr;
  return &list[static_cast<size_t>(*index)];
}

std::string KeyText(const Datum& key) {
  if (key.type() == Type::kText) return std::string(key.text().substr(0, 60));
  const auto whole = WholeOf(key);
  return whole ? fmt::format("{}", *whole) : std::string(TypeForPeople(key.type()));
}

// `target`.key, in an optional when `target` is one or `optional` asks for it.
Result Member(const Datum& target, const Datum& key, bool optional) {
  const auto* maybe = std::get_if<Maybe>(&target.v);
  if (maybe != nullptr && !maybe->value) return NoneDatum();
  ASSIGN_OR_RETURN(const Datum* found, MemberAt(maybe != nullptr ? *maybe->value : target, key));
  if (optional || maybe != nullptr) return found == nullptr ? NoneDatum() : SomeDatum(*found);
  if (found == nullptr) return NoSuchKey(KeyText(key));
  return *found;
}

bool IsOptional(const std::vector<bool>& optional, size_t at) { return at < optional.size() && optional[at]; }

absl::Status NoOverload(const Function& function, std::span<const Type> kinds) {
  std::string list;
  for (const Type kind : kinds) list += (list.empty() ? "" : ", ") + std::string(TypeForPeople(kind));
  return absl::InvalidArgumentError(fmt::format("{} does not take {}", function.name, list));
}

}  // namespace

void Interpreter::Begin(const Frame& frame) {
  frame_ = &frame;
  budget_.Reset();
}

Result Interpreter::Run(const Term& term, const Frame& frame) {
  Begin(frame);
  return Evaluate(term);
}

absl::StatusOr<bool> Interpreter::RunCondition(const Term& term, const Frame& frame) {
  Begin(frame);
  return Condition(term);
}

bool Interpreter::IsAbsence(const absl::Status& status) const {
  return missing_ == MissingIs::kNull && absl::IsNotFound(status);
}

absl::StatusOr<bool> Interpreter::Condition(const Term& term) {
  const Result value = Evaluate(term);
  if (!value.ok()) {
    if (IsAbsence(value.status())) return false;
    return value.status();
  }
  if (const bool* holds = std::get_if<bool>(&value->v)) return *holds;
  return absl::InvalidArgumentError(
      fmt::format("true or false is needed, but this is {}", TypeForPeople(value->type())));
}

Result Interpreter::Evaluate(const Term& term) {
  if (!budget_.Step()) return Budget::Spent();
  switch (term.kind) {
    case TermKind::kConstant:
      return term.constant;
    case TermKind::kMistake:
      return term.status;
    case TermKind::kField:
    case TermKind::kAttribute:
    case TermKind::kVariable:
      return frame_->ValueOf(term);
    case TermKind::kLocal:
      return locals_[term.index];
    case TermKind::kSelect:
      return Select(term);
    case TermKind::kHasMember:
      return HasMember(term);
    case TermKind::kHasValue: {
      ASSIGN_OR_RETURN(const bool has, frame_->Has(term.children[0]));
      return Datum{has};
    }
    case TermKind::kIndex:
      return Index(term);
    case TermKind::kList:
      return MakeList(term);
    case TermKind::kMap:
      return MakeMap(term);
    case TermKind::kCall:
      return Call(term);
    case TermKind::kMatches: {
      ASSIGN_OR_RETURN(const Datum text, Evaluate(term.children[0]));
      if (text.type() != Type::kText) return absl::InvalidArgumentError("matches() needs a text");
      if (!budget_.Step(text.text().size() / 16)) return Budget::Spent();
      return Datum{Matches(*term.pattern, text.text())};
    }
    case TermKind::kNot: {
      ASSIGN_OR_RETURN(const bool holds, Condition(term.children[0]));
      return Datum{!holds};
    }
    case TermKind::kAnd:
      return Chain(term, false);
    case TermKind::kOr:
      return Chain(term, true);
    case TermKind::kConditional: {
      ASSIGN_OR_RETURN(const bool holds, Condition(term.children[0]));
      return Evaluate(term.children[holds ? 1 : 2]);
    }
    case TermKind::kCompare:
      return Compare(term);
    case TermKind::kIn:
      return In(term);
    case TermKind::kMacro:
      return RunMacro(term);
  }
  return absl::InternalError("an expression of an unknown kind");
}

Result Interpreter::Chain(const Term& term, bool decisive) {
  absl::Status failure;
  for (const Term& child : term.children) {
    const auto holds = Condition(child);
    if (!holds.ok())
      failure.Update(holds.status());
    else if (*holds == decisive)
      return Datum{decisive};
  }
  if (!failure.ok()) return failure;
  return Datum{!decisive};
}

Result Interpreter::Compare(const Term& term) {
  const Result left = Evaluate(term.children[0]);
  if (!left.ok() && !IsAbsence(left.status())) return left.status();
  const Result right = Evaluate(term.children[1]);
  if (!right.ok() && !IsAbsence(right.status())) return right.status();
  if (!left.ok() || !right.ok()) return Datum{false};
  if (term.op == CompareOp::kEqual || term.op == CompareOp::kNotEqual) {
    const bool equal = Equal(*left, *right, budget_);
    if (budget_.spent()) return Budget::Spent();
    return Datum{equal == (term.op == CompareOp::kEqual)};
  }
  const auto order = Order(*left, *right);
  if (order) return Datum{HoldsFor(term.op, *order)};
  return absl::InvalidArgumentError(fmt::format("{} cannot be compared with {}", TypeForPeople(left->type()),
                                                TypeForPeople(right->type())));
}

Result Interpreter::In(const Term& term) {
  const Result sought = Evaluate(term.children[0]);
  if (!sought.ok()) return IsAbsence(sought.status()) ? Result(Datum{false}) : sought.status();
  ASSIGN_OR_RETURN(const Datum among, Evaluate(term.children[1]));
  if (among.type() == Type::kMap) return Datum{among.map().Find(*sought) != nullptr};
  if (among.type() != Type::kList)
    return absl::InvalidArgumentError(
        fmt::format("in needs a list or a map, but this is {}", TypeForPeople(among.type())));
  for (const Datum& member : among.list()) {
    if (Equal(*sought, member, budget_)) return Datum{true};
    if (budget_.spent()) return Budget::Spent();
  }
  return Datum{false};
}

Result Interpreter::Call(const Term& term) {
  std::array<Datum, kMaxParameters> arguments;
  std::array<Type, kMaxParameters> kinds;
  const size_t count = term.children.size();
  for (size_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(arguments[i], Evaluate(term.children[i]));
    kinds[i] = arguments[i].type();
  }
  const std::span<const Type> given(kinds.data(), count);
  const Overload* overload = FindOverload(*term.function, term.member_call, given);
  if (overload == nullptr) return NoOverload(*term.function, given);
  return overload->run(Arguments(arguments.data(), count), budget_);
}

Result Interpreter::Select(const Term& term) {
  ASSIGN_OR_RETURN(const Datum target, Evaluate(term.children[0]));
  if (target.type() == Type::kList) return absl::InvalidArgumentError("a list has no named members");
  return Member(target, {Text::Borrowed(term.name)}, term.optional);
}

Result Interpreter::HasMember(const Term& term) {
  ASSIGN_OR_RETURN(const Datum target, Evaluate(term.children[0]));
  const Datum* holder = &target;
  if (const auto* maybe = std::get_if<Maybe>(&target.v)) {
    if (!maybe->value) return Datum{false};
    holder = maybe->value.get();
  }
  if (holder->type() != Type::kMap)
    return absl::InvalidArgumentError(fmt::format("{} has no named members", TypeForPeople(holder->type())));
  return Datum{holder->map().Find({Text::Borrowed(term.name)}) != nullptr};
}

Result Interpreter::Index(const Term& term) {
  ASSIGN_OR_RETURN(const Datum target, Evaluate(term.children[0]));
  ASSIGN_OR_RETURN(const Datum key, Evaluate(term.children[1]));
  return Member(target, key, term.optional);
}

Result Interpreter::MakeList(const Term& term) {
  List list;
  list.reserve(term.children.size());
  if (!budget_.Take(term.children.size() * sizeof(Datum))) return Budget::Spent();
  for (size_t i = 0; i < term.children.size(); ++i) {
    ASSIGN_OR_RETURN(Datum member, Evaluate(term.children[i]));
    if (!IsOptional(term.optional_items, i)) {
      list.push_back(std::move(member));
      continue;
    }
    const auto* maybe = std::get_if<Maybe>(&member.v);
    if (maybe == nullptr) return absl::InvalidArgumentError("? in a list needs an optional");
    if (maybe->value) list.push_back(*maybe->value);
  }
  return ListDatum(std::move(list));
}

Result Interpreter::MakeMap(const Term& term) {
  Map map;
  if (!budget_.Take(term.children.size() * 2 * sizeof(Datum))) return Budget::Spent();
  for (size_t i = 0; i < term.children.size(); i += 2) {
    ASSIGN_OR_RETURN(Datum key, Evaluate(term.children[i]));
    ASSIGN_OR_RETURN(Datum value, Evaluate(term.children[i + 1]));
    if (!Map::CanBeKey(key))
      return absl::InvalidArgumentError(fmt::format("{} cannot be a key", TypeForPeople(key.type())));
    if (IsOptional(term.optional_items, i / 2)) {
      const auto* maybe = std::get_if<Maybe>(&value.v);
      if (maybe == nullptr) return absl::InvalidArgumentError("? in a map needs an optional");
      if (!maybe->value) continue;
      value = Datum(*maybe->value);
    }
    if (!map.Insert(std::move(key), std::move(value)))
      return absl::InvalidArgumentError("a key stands twice in a map");
  }
  return MapDatum(std::move(map));
}

}  // namespace concordat::expr
