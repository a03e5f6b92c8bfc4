// An expression with its names resolved, ready to be evaluated value by value.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/expr/datum.h"
#include "host/expr/functions.h"
#include "re2/re2.h"

namespace concordat::expr {

enum class TermKind {
  kConstant,   // constant
  kMistake,    // status: what CEL finds out only when it gets there
  kField,      // record.<field>: index into the schema
  kAttribute,  // request.*, quality.*: name
  kVariable,   // name, as the environment has it
  kLocal,      // index: a variable of a macro
  kSelect,     // children[0].name; optional
  kHasMember,  // has(children[0].name)
  kHasValue,   // has() or == null of children[0], a field or an attribute
  kIndex,      // children[0][children[1]]; optional
  kList,       // children; optional_items
  kMap,        // children[0]: children[1], ...; optional_items
  kCall,       // function(children)
  kMatches,    // children[0].matches(pattern), the pattern compiled
  kNot,
  kAnd,
  kOr,
  kConditional,
  kCompare,  // children[0] op children[1]
  kIn,       // children[0] in children[1]
  kMacro,    // children: the range, then what `macro` says; variables in slots `index` and `second`
};

enum class Macro {
  kAll,             // predicate
  kExists,          // predicate
  kExistsOne,       // predicate
  kFilter,          // predicate; gives members
  kMap,             // (condition,) result; gives a list
  kTransformMap,    // (condition,) result; gives a map with the same keys
  kTransformEntry,  // (condition,) a map of one entry; gives a map
  kBind,            // the range is the variable's value
  kOptMap,          // result in an optional
  kOptFlatMap,      // an optional
};

struct Term {
  TermKind kind = TermKind::kConstant;
  Type type = Type::kAny;
  Type member = Type::kAny;  // of a list's members
  size_t offset = 0;
  size_t index = 0;
  size_t second = kNoSlot;  // the variable of the value in macros with two
  bool optional = false;
  bool member_call = false;  // target.function(...)
  CompareOp op = CompareOp::kEqual;
  Macro macro = Macro::kAll;
  Datum constant;
  std::string name;
  const Function* function = nullptr;
  absl::Status status;  // kMistake's; for fields and attributes: what to say when it has no value
  std::shared_ptr<const RE2> pattern;
  std::vector<bool> optional_items;
  std::vector<Term> children;

  static constexpr size_t kNoSlot = static_cast<size_t>(-1);
  bool is_constant() const { return kind == TermKind::kConstant; }
};

}  // namespace concordat::expr
