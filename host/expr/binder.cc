#include "host/expr/binder.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "host/expr/interpreter.h"
#include "host/expr/moment_literal.h"
#include "host/expr/name_resolver.h"
#include "host/expr/names.h"
#include "host/expr/pattern.h"

namespace concordat::expr {
namespace {

Term Made(TermKind kind, Type type, size_t offset) {
  Term term;
  term.kind = kind;
  term.type = type;
  term.offset = offset;
  return term;
}

Term ConstantTerm(Datum value, size_t offset) {
  Term term = Made(TermKind::kConstant, value.type(), offset);
  if (term.type == Type::kList && !value.list().empty()) {
    term.member = value.list()[0].type();
    for (const Datum& member : value.list()) {
      if (member.type() != term.member) term.member = Type::kAny;
    }
  }
  term.constant = std::move(value);
  return term;
}

/// Nothing outside: for what is worked out beforehand.
class NoFrame : public Frame {
 public:
  Result ValueOf(const Term&) const override { return absl::InternalError("no names here"); }
  absl::StatusOr<bool> Has(const Term&) const override { return absl::InternalError("no names here"); }
};

bool IsName(const Term& term) { return term.kind == TermKind::kField || term.kind == TermKind::kAttribute; }

std::string Described(const Term& term) {
  const std::string name = IsName(term) ? term.name : "this";
  return fmt::format("{} is {}", name, TypeForPeople(term.type));
}

Type Common(Type a, Type b) { return a == b ? a : Type::kAny; }

bool IsRooted(const Node& node) {
  return node.kind == NodeKind::kIdent ? node.rooted
                                       : node.kind == NodeKind::kSelect && IsRooted(*node.children[0]);
}

}  // namespace

Term Binder::Mistake(size_t offset, std::string message, std::string hint) {
  Term term = Made(TermKind::kMistake, Type::kAny, offset);
  term.status = absl::InvalidArgumentError(message);
  if (strict()) issues_->push_back({offset, std::move(message), std::move(hint)});
  return term;
}

Term Binder::Bind(const Node& node) {
  switch (node.kind) {
    case NodeKind::kLiteral:
    case NodeKind::kOtherLiteral:
      return Literal(node);
    case NodeKind::kIdent:
      return Name(node);
    case NodeKind::kSelect:
      return Select(node);
    case NodeKind::kIndex:
      return Index(node);
    case NodeKind::kCall:
      return Call(node);
    case NodeKind::kList:
      return List(node);
    case NodeKind::kMap:
      return Map(node);
    case NodeKind::kMessage:
      return Mistake(node.offset, "messages are not known here", "write a map: {\"name\": value}");
    case NodeKind::kUnary:
      if (node.op == "!") {
        Term term = Made(TermKind::kNot, Type::kBool, node.offset);
        term.children.push_back(BindCondition(*node.children[0]));
        return term;
      }
      return Call(node);
    case NodeKind::kBinary:
      return Binary(node);
    case NodeKind::kConditional:
      return Conditional(node);
  }
  return Mistake(node.offset, "this is not known");
}

Term Binder::BindCondition(const Node& node) {
  Term term = Bind(node);
  if (strict() && term.type != Type::kBool && term.type != Type::kAny)
    return Mistake(node.offset, fmt::format("true or false is needed here, but {}", Described(term)));
  return term;
}

Term Binder::Literal(const Node& node) {
  Datum value = node.datum;
  if (node.kind == NodeKind::kLiteral) {
    // The tree does not outlive the terms, so texts are copied.
    const auto* text = std::get_if<std::string>(&node.literal.v);
    value = text != nullptr ? TextDatum(*text) : DatumOf(node.literal);
  }
  return ConstantTerm(std::move(value), node.offset);
}

// --- names ---

Term Binder::Name(const Node& node) {
  const std::vector<std::string> path = PathOf(node);
  const bool rooted = IsRooted(node);
  Term term = Made(TermKind::kLocal, Type::kAny, node.offset);
  size_t used = 1;
  const auto local = std::find_if(locals_.rbegin(), locals_.rend(),
                                  [&](const Local& known) { return known.name == path[0]; });
  if (!rooted && local != locals_.rend()) {
    term.index = static_cast<size_t>(locals_.rend() - local) - 1;
    term.type = local->type;
  } else if (auto resolved = names_.Resolve(node, path, rooted, used)) {
    term = *std::move(resolved);
  } else {
    return Mistake(node.offset, fmt::format("\"{}\" is not known here", path[0]));
  }
  for (; used < path.size(); ++used) {
    Term select = Made(TermKind::kSelect, Type::kAny, node.offset);
    select.name = path[used];
    select.children.push_back(std::move(term));
    term = std::move(select);
  }
  return term;
}

Term Binder::Select(const Node& node) {
  if (!node.optional && !PathOf(node).empty()) return Name(node);
  Term target = Bind(*node.children[0]);
  const bool fits = target.type == Type::kAny || target.type == Type::kMap || target.type == Type::kOptional;
  if (strict() && !fits)
    return Mistake(node.offset, fmt::format("{} and has no \"{}\"", Described(target), node.name));
  Term term = Made(TermKind::kSelect, node.optional ? Type::kOptional : Type::kAny, node.offset);
  term.name = node.name;
  term.optional = node.optional;
  term.children.push_back(std::move(target));
  return term;
}

Term Binder::Index(const Node& node) {
  Term target = Bind(*node.children[0]);
  Term key = Bind(*node.children[1]);
  const bool fits = target.type == Type::kAny || target.type == Type::kMap || target.type == Type::kList ||
                    target.type == Type::kOptional;
  if (strict() && !fits)
    return Mistake(node.offset, fmt::format("[ ] reads a list or a map, but {}", Described(target)));
  Term term = Made(TermKind::kIndex, node.optional ? Type::kOptional : target.member, node.offset);
  term.optional = node.optional;
  term.children.push_back(std::move(target));
  term.children.push_back(std::move(key));
  return Folded(std::move(term));
}

// --- containers ---

Term Binder::List(const Node& node) {
  Term term = Made(TermKind::kList, Type::kList, node.offset);
  term.optional_items = node.optional_items;
  for (const NodePtr& child : node.children) {
    term.children.push_back(Bind(*child));
    const Type type = term.children.back().type;
    term.member = term.children.size() == 1 ? type : Common(term.member, type);
  }
  if (!term.optional_items.empty()) term.member = Type::kAny;
  return Folded(std::move(term));
}

Term Binder::Map(const Node& node) {
  Term term = Made(TermKind::kMap, Type::kMap, node.offset);
  term.optional_items = node.optional_items;
  for (const NodePtr& child : node.children) term.children.push_back(Bind(*child));
  return Folded(std::move(term));
}

// --- operations ---

Term Binder::Binary(const Node& node) {
  if (node.op == "&&" || node.op == "||") {
    Term term = Made(node.op == "&&" ? TermKind::kAnd : TermKind::kOr, Type::kBool, node.offset);
    for (const NodePtr& child : node.children) term.children.push_back(BindCondition(*child));
    return term;
  }
  if (node.op == "in") return In(node);
  if (const auto op = CompareOpOf(node.op)) return Compare(node, *op);
  return Call(node);
}

// A text in quotes beside a moment is that moment.
void Binder::AdaptText(Term& text, const Term& other) {
  if (!strict() || !text.is_constant() || text.type != Type::kText || !IsMoment(other.type)) return;
  const auto moment = ReadMoment(text.constant.text(), other.type, names_.FieldOf(other));
  if (!moment) {
    Mistake(text.offset, fmt::format("\"{}\" is not {}", text.constant.text(), TypeForPeople(other.type)),
            other.type == Type::kTime ? "write it as \"13:45\"" : "write it as \"2026-05-20\"");
    text.type = Type::kAny;
    return;
  }
  text.constant = {absl::FromUnixMicros(std::get<Value::Timestamp>(moment->v).micros)};
  text.type = other.type;
}

Term Binder::Presence(Term name, size_t offset, bool present) {
  Term has = Made(TermKind::kHasValue, Type::kBool, offset);
  has.children.push_back(std::move(name));
  if (present) return has;
  Term absent = Made(TermKind::kNot, Type::kBool, offset);
  absent.children.push_back(std::move(has));
  return absent;
}

Term Binder::Compare(const Node& node, CompareOp op) {
  Term left = Bind(*node.children[0]);
  Term right = Bind(*node.children[1]);
  const bool equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (equality && left.type == Type::kNull && left.is_constant()) std::swap(left, right);
  if (equality && right.type == Type::kNull && right.is_constant() && IsName(left))
    return Presence(std::move(left), node.offset, op == CompareOp::kNotEqual);
  AdaptText(left, right);
  AdaptText(right, left);
  const bool null = left.type == Type::kNull || right.type == Type::kNull;
  const bool fits = equality ? null || Comparable(left.type, right.type)
                             : !null && left.type != Type::kList && Comparable(left.type, right.type);
  if (strict() && !fits) {
    const bool chained = left.kind == TermKind::kCompare;
    return Mistake(node.offset,
                   fmt::format("these cannot be compared: {}, {}", Described(left), Described(right)),
                   chained ? "write a < b && b < c for a < b < c" : "");
  }
  Term term = Made(TermKind::kCompare, Type::kBool, node.offset);
  term.op = op;
  term.children.push_back(std::move(left));
  term.children.push_back(std::move(right));
  return Folded(std::move(term));
}

Term Binder::In(const Node& node) {
  Term sought = Bind(*node.children[0]);
  Term among = Bind(*node.children[1]);
  const bool fits = among.type == Type::kAny || among.type == Type::kList || among.type == Type::kMap;
  if (strict() && !fits)
    return Mistake(node.children[1]->offset, fmt::format("in needs a list, but {}", Described(among)),
                   "write in [\"a\", \"b\"]");
  if (strict() && among.member != Type::kNull && !Comparable(sought.type, among.member))
    return Mistake(node.offset, fmt::format("{}, but the members are of another kind: {}", Described(sought),
                                            TypeForPeople(among.member)));
  Term term = Made(TermKind::kIn, Type::kBool, node.offset);
  term.children.push_back(std::move(sought));
  term.children.push_back(std::move(among));
  return Folded(std::move(term));
}

Term Binder::Conditional(const Node& node) {
  Term term = Made(TermKind::kConditional, Type::kAny, node.offset);
  term.children.push_back(BindCondition(*node.children[0]));
  term.children.push_back(Bind(*node.children[1]));
  term.children.push_back(Bind(*node.children[2]));
  term.type = Common(term.children[1].type, term.children[2].type);
  term.member = Common(term.children[1].member, term.children[2].member);
  return term;
}

// --- calls ---

Term Binder::Has(const Node& node) {
  if (node.children.size() != 1 || node.children[0]->kind != NodeKind::kSelect)
    return Mistake(node.offset, "has() asks for one field", "write has(record.<field>)");
  Term term = Bind(*node.children[0]);
  if (IsName(term)) return Presence(std::move(term), node.offset, true);
  if (term.kind == TermKind::kMistake) return term;
  if (term.kind != TermKind::kSelect) return ConstantTerm({true}, node.offset);
  term.kind = TermKind::kHasMember;
  term.type = Type::kBool;
  return term;
}

Term Binder::Call(const Node& node) {
  if (node.kind == NodeKind::kCall) {
    if (!node.member && node.name == "has") return Has(node);
    if (auto macro = BindMacro(node)) return *std::move(macro);
  }
  const std::string& name = node.kind == NodeKind::kCall ? node.name : node.op;
  std::vector<std::string> space = node.member ? PathOf(*node.children[0]) : std::vector<std::string>();
  std::string full = name;
  for (auto part = space.rbegin(); part != space.rend(); ++part) full = *part + "." + full;
  const Function* function = node.member && !space.empty() ? FindFunction(full) : nullptr;
  const bool member = node.member && function == nullptr;
  if (function == nullptr) function = FindFunction(name);
  if (function == nullptr)
    return Mistake(node.offset, fmt::format("there is no function {}()", name),
                   DidYouMean(name, CelFunctions()));
  std::vector<Term> arguments;
  for (size_t i = node.member && !member ? 1 : 0; i < node.children.size(); ++i)
    arguments.push_back(Bind(*node.children[i]));
  if (TakesAnyNumberOf(*function)) arguments = InOneList(std::move(arguments), node);
  return Apply(*function, member, std::move(arguments), node);
}

// math.greatest(1, 2, 3) is math.greatest([1, 2, 3]).
bool Binder::TakesAnyNumberOf(const Function& function) {
  return function.name == "math.greatest" || function.name == "math.least";
}

std::vector<Term> Binder::InOneList(std::vector<Term> arguments, const Node& node) {
  const bool is_list =
      arguments.size() == 1 && (arguments[0].type == Type::kList || arguments[0].type == Type::kAny);
  if (is_list || arguments.empty()) return arguments;
  for (const Term& argument : arguments) {
    if (IsNumber(argument.type) || argument.type == Type::kAny) continue;
    return arguments;  // Apply says what is wrong with it
  }
  Term list = Made(TermKind::kList, Type::kList, node.offset);
  list.children = std::move(arguments);
  std::vector<Term> one;
  one.push_back(std::move(list));
  return one;
}

Term Binder::Apply(const Function& function, bool member, std::vector<Term> arguments, const Node& node) {
  std::vector<Type> kinds;
  for (const Term& argument : arguments) kinds.push_back(argument.type);
  const Overload* overload = FindOverload(function, member, kinds);
  if (overload == nullptr) {
    std::string list;
    for (const Term& argument : arguments) list += (list.empty() ? "" : ", ") + Described(argument);
    const bool mixed = kinds.size() == 2 && IsNumber(kinds[0]) && IsNumber(kinds[1]);
    return Mistake(node.offset,
                   list.empty() ? fmt::format("{}() needs a value", function.name)
                                : fmt::format("{} does not take these: {}", function.name, list),
                   mixed ? "make them of one kind: double(...) or int(...)" : "");
  }
  if (function.name == "matches" && arguments[1].is_constant()) return Matches(std::move(arguments), node);
  const bool known = std::find(kinds.begin(), kinds.end(), Type::kAny) == kinds.end();
  Term term = Made(TermKind::kCall, known ? overload->result : Type::kAny, node.offset);
  if (!known && function.overloads.size() == 1) term.type = overload->result;
  if (function.name == "+" && known && term.type == Type::kList)
    term.member = Common(arguments[0].member, arguments[1].member);
  if (function.name == "split") term.member = Type::kText;
  term.function = &function;
  term.member_call = member;
  term.children = std::move(arguments);
  return Folded(std::move(term));
}

Term Binder::Matches(std::vector<Term> arguments, const Node& node) {
  auto pattern = CompilePattern(arguments[1].constant.text());
  if (!pattern.ok()) return Mistake(arguments[1].offset, std::string(MessageOf(pattern.status())));
  Term term = Made(TermKind::kMatches, Type::kBool, node.offset);
  term.pattern = *std::move(pattern);
  arguments.pop_back();
  term.children = std::move(arguments);
  return Folded(std::move(term));
}

// What needs no name is worked out now; what fails always is a mistake.
Term Binder::Folded(Term term) {
  for (const Term& child : term.children) {
    if (!child.is_constant()) return term;
  }
  if (!budget_.Step(100)) return term;  // many large constants: each evaluation pays for itself
  Interpreter interpreter(MissingIs::kError);
  Result value = interpreter.Run(term, NoFrame());
  if (!value.ok()) return Mistake(term.offset, std::string(MessageOf(value.status())));
  const Type type = term.type;
  Term constant = ConstantTerm(*std::move(value), term.offset);
  if (type == Type::kAny) constant.type = Type::kAny;  // dyn() forgets kinds
  return constant;
}

}  // namespace concordat::expr
