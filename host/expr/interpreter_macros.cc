// all(), exists(), exists_one(), filter(), map() and their kin.
#include "fmt/format.h"
#include "host/expr/interpreter.h"

namespace concordat::expr {
namespace {

// What the first variable walks over: a list's members, a map's keys.
absl::StatusOr<Datum> RangeOf(const Datum& value, Budget& budget) {
  if (value.type() == Type::kList) return value;
  if (value.type() != Type::kMap)
    return absl::InvalidArgumentError(
        fmt::format("a list or a map is needed here, but this is {}", TypeForPeople(value.type())));
  List keys;
  if (!budget.Take(value.map().size() * sizeof(Datum))) return Budget::Spent();
  for (const auto& [key, unused] : value.map().entries()) keys.push_back(key);
  return ListDatum(std::move(keys));
}

}  // namespace

void Interpreter::SetLocal(size_t slot, Datum value) {
  if (locals_.size() <= slot) locals_.resize(slot + 1);
  locals_[slot] = std::move(value);
}

void Interpreter::SetVariables(const Term& term, const List& members, const Map* map, size_t at) {
  if (term.second == Term::kNoSlot) return SetLocal(term.index, members[at]);
  SetLocal(term.index, map == nullptr ? Datum{static_cast<int64_t>(at)} : members[at]);
  SetLocal(term.second, map == nullptr ? members[at] : map->entries()[at].second);
}

Result Interpreter::RunMacro(const Term& term) {
  ASSIGN_OR_RETURN(Datum value, Evaluate(term.children[0]));
  if (term.macro == Macro::kBind || term.macro == Macro::kOptMap || term.macro == Macro::kOptFlatMap)
    return Bind(term, std::move(value));
  ASSIGN_OR_RETURN(const Datum range, RangeOf(value, budget_));
  const Map* map = value.type() == Type::kMap ? &value.map() : nullptr;
  switch (term.macro) {
    case Macro::kAll:
    case Macro::kExists:
    case Macro::kExistsOne:
      return Quantify(term, range.list(), map);
    case Macro::kTransformMap:
    case Macro::kTransformEntry:
      return TransformToMap(term, range.list(), map);
    default:
      return Transform(term, range.list(), map);
  }
}

// The first member that decides wins over errors of the others; exists_one() hears every error.
Result Interpreter::Quantify(const Term& term, const List& members, const Map* map) {
  const bool decisive = term.macro == Macro::kExists;
  absl::Status failure;
  size_t count = 0;
  for (size_t i = 0; i < members.size(); ++i) {
    SetVariables(term, members, map, i);
    const auto holds = Condition(term.children[1]);
    if (budget_.spent()) return Budget::Spent();
    if (!holds.ok()) {
      if (term.macro == Macro::kExistsOne) return holds.status();
      failure.Update(holds.status());
    } else if (term.macro == Macro::kExistsOne) {
      count += *holds ? 1 : 0;
    } else if (*holds == decisive) {
      return Datum{decisive};
    }
  }
  if (!failure.ok()) return failure;
  return Datum{term.macro == Macro::kExistsOne ? count == 1 : !decisive};
}

Result Interpreter::Transform(const Term& term, const List& members, const Map* map) {
  const bool conditional = term.macro == Macro::kFilter || term.children.size() == 3;
  List list;
  for (size_t i = 0; i < members.size(); ++i) {
    SetVariables(term, members, map, i);
    if (conditional) {
      ASSIGN_OR_RETURN(const bool holds, Condition(term.children[1]));
      if (!holds) continue;
    }
    if (!budget_.Take(sizeof(Datum))) return Budget::Spent();
    if (term.macro == Macro::kFilter) {
      list.push_back(members[i]);
    } else {
      ASSIGN_OR_RETURN(Datum result, Evaluate(term.children.back()));
      list.push_back(std::move(result));
    }
  }
  return ListDatum(std::move(list));
}

Result Interpreter::TransformToMap(const Term& term, const List& members, const Map* map) {
  Map made;
  for (size_t i = 0; i < members.size(); ++i) {
    SetVariables(term, members, map, i);
    if (term.children.size() == 3) {
      ASSIGN_OR_RETURN(const bool holds, Condition(term.children[1]));
      if (!holds) continue;
    }
    if (!budget_.Take(4 * sizeof(Datum))) return Budget::Spent();
    ASSIGN_OR_RETURN(Datum result, Evaluate(term.children.back()));
    if (term.macro == Macro::kTransformMap) {
      made.Insert(map == nullptr ? Datum{static_cast<int64_t>(i)} : members[i], std::move(result));
      continue;
    }
    if (result.type() != Type::kMap) return absl::InvalidArgumentError("transformMapEntry() needs maps");
    for (const auto& [key, value] : result.map().entries()) {
      if (!budget_.Step() || !budget_.Take(4 * sizeof(Datum))) return Budget::Spent();
      if (!made.Insert(key, value)) return absl::InvalidArgumentError("a key stands twice in a map");
    }
  }
  return MapDatum(std::move(made));
}

Result Interpreter::Bind(const Term& term, Datum value) {
  if (term.macro != Macro::kBind) {
    const auto* maybe = std::get_if<Maybe>(&value.v);
    if (maybe == nullptr)
      return absl::InvalidArgumentError(
          fmt::format("an optional is needed here, but this is {}", TypeForPeople(value.type())));
    if (!maybe->value) return NoneDatum();
    value = Datum(*maybe->value);
  }
  SetLocal(term.index, std::move(value));
  ASSIGN_OR_RETURN(Datum result, Evaluate(term.children[1]));
  if (term.macro == Macro::kOptMap) return SomeDatum(std::move(result));
  if (term.macro == Macro::kOptFlatMap && result.type() != Type::kOptional)
    return absl::InvalidArgumentError("optFlatMap() needs an optional as its result");
  return result;
}

}  // namespace concordat::expr
