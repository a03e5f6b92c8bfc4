// The macros: calls that bring variables of their own.
#include <algorithm>
#include <iterator>

#include "fmt/format.h"
#include "host/expr/binder.h"

namespace concordat::expr {
namespace {

struct MacroName {
  std::string_view name;
  size_t variables;
  size_t least;  // arguments behind the variables
  size_t most;
  Macro macro;
};
constexpr MacroName kMacros[] = {
    {"all", 1, 1, 1, Macro::kAll},
    {"exists", 1, 1, 1, Macro::kExists},
    {"exists_one", 1, 1, 1, Macro::kExistsOne},
    {"existsOne", 1, 1, 1, Macro::kExistsOne},
    {"filter", 1, 1, 1, Macro::kFilter},
    {"map", 1, 1, 2, Macro::kMap},
    {"optMap", 1, 1, 1, Macro::kOptMap},
    {"optFlatMap", 1, 1, 1, Macro::kOptFlatMap},
    {"all", 2, 1, 1, Macro::kAll},
    {"exists", 2, 1, 1, Macro::kExists},
    {"exists_one", 2, 1, 1, Macro::kExistsOne},
    {"existsOne", 2, 1, 1, Macro::kExistsOne},
    {"transformList", 2, 1, 2, Macro::kMap},
    {"transformMap", 2, 1, 2, Macro::kTransformMap},
    {"transformMapEntry", 2, 1, 2, Macro::kTransformEntry},
};

Type ResultOf(Macro macro) {
  switch (macro) {
    case Macro::kAll:
    case Macro::kExists:
    case Macro::kExistsOne:
      return Type::kBool;
    case Macro::kFilter:
    case Macro::kMap:
      return Type::kList;
    case Macro::kTransformMap:
    case Macro::kTransformEntry:
      return Type::kMap;
    case Macro::kOptMap:
    case Macro::kOptFlatMap:
      return Type::kOptional;
    case Macro::kBind:
      break;
  }
  return Type::kAny;
}

bool IsOptionalMacro(Macro macro) { return macro == Macro::kOptMap || macro == Macro::kOptFlatMap; }

bool IsRange(Type type, Macro macro) {
  if (type == Type::kAny) return true;
  return IsOptionalMacro(macro) ? type == Type::kOptional : type == Type::kList || type == Type::kMap;
}

// Is the last child a condition rather than a result?
bool IsPredicate(Macro macro) {
  return macro == Macro::kAll || macro == Macro::kExists || macro == Macro::kExistsOne ||
         macro == Macro::kFilter;
}

}  // namespace

std::optional<Term> Binder::BindMacro(const Node& node) {
  if (!node.member) return std::nullopt;
  const Node& target = *node.children[0];
  if (node.name == "bind" && target.kind == NodeKind::kIdent && target.name == "cel") return CelBind(node);
  const size_t arguments = node.children.size() - 1;
  const MacroName* last = nullptr;
  for (const MacroName& known : kMacros) {
    if (known.name != node.name) continue;
    last = &known;
    if (arguments < known.variables + known.least || arguments > known.variables + known.most) continue;
    return MacroOf(known.macro, node, known.variables);
  }
  if (last == nullptr) return std::nullopt;
  return Mistake(node.offset, fmt::format("{}() needs a variable and an expression", node.name),
                 fmt::format("write list.{}(x, x ...)", node.name));
}

std::optional<std::string> Binder::VariableName(const Node& node) {
  if (node.kind == NodeKind::kIdent && !node.rooted) return node.name;
  Mistake(node.offset, "the name of a variable is needed here", "write a plain name such as x");
  return std::nullopt;
}

size_t Binder::Declare(std::string name, Type type) {
  locals_.push_back({std::move(name), type});
  return locals_.size() - 1;
}

Term Binder::MacroOf(Macro macro, const Node& node, size_t variables) {
  Term range = Bind(*node.children[0]);
  if (strict() && !IsRange(range.type, macro))
    return Mistake(node.offset, fmt::format("{}() walks over a list or a map, but this is {}", node.name,
                                            TypeForPeople(range.type)));
  Term term;
  term.kind = TermKind::kMacro;
  term.macro = macro;
  term.offset = node.offset;
  term.type = ResultOf(macro);
  if (macro == Macro::kFilter) term.member = range.type == Type::kList ? range.member : Type::kAny;
  const Type member = range.type == Type::kList ? range.member : Type::kAny;
  term.children.push_back(std::move(range));
  const size_t before = locals_.size();
  for (size_t i = 1; i <= variables; ++i) {
    const auto name = VariableName(*node.children[i]);
    if (!name) {
      locals_.resize(before);
      return Mistake(node.offset, "a macro needs the name of a variable first");
    }
    (i == 1 ? term.index : term.second) = Declare(*name, i == variables ? member : Type::kAny);
  }
  for (size_t i = variables + 1; i < node.children.size(); ++i) {
    const bool condition = IsPredicate(macro) || i + 1 < node.children.size();
    term.children.push_back(condition ? BindCondition(*node.children[i]) : Bind(*node.children[i]));
  }
  if (macro == Macro::kMap) term.member = term.children.back().type;
  locals_.resize(before);
  return term;
}

Term Binder::CelBind(const Node& node) {
  if (node.children.size() != 4) return Mistake(node.offset, "cel.bind() needs a name, a value and a result");
  const auto name = VariableName(*node.children[1]);
  if (!name) return Mistake(node.offset, "cel.bind() needs a name first");
  Term term;
  term.kind = TermKind::kMacro;
  term.macro = Macro::kBind;
  term.offset = node.offset;
  term.children.push_back(Bind(*node.children[2]));
  term.index = Declare(*name, term.children[0].type);
  term.children.push_back(Bind(*node.children[3]));
  term.type = term.children[1].type;
  locals_.pop_back();
  return term;
}

}  // namespace concordat::expr
