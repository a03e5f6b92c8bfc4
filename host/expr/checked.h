// A checked expression: names resolved, types known, literals in the form in which they are compared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "host/data/schema.h"
#include "host/expr/program.h"

namespace concordat::expr {

struct Term;

/// kAny: an attribute whose type shows only when it is there, or what stands behind a mistake already
/// reported.
enum class Type {
  kAny,
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kText,
  kBytes,
  kDate,
  kTimestamp,
  kTime,
  kDuration,
  kList,
  kMap,
  kType,
  kOptional,
};
std::string_view TypeForPeople(Type type);  // "a text"
Type TypeOf(data::LogicalType type);
Type TypeOf(const Value& value);

inline bool IsNumber(Type type) { return type == Type::kInt || type == Type::kUint || type == Type::kDouble; }
inline bool IsMoment(Type type) {
  return type == Type::kDate || type == Type::kTimestamp || type == Type::kTime;
}
/// Can == and < stand between the two? Lists have no order all the same.
bool Comparable(Type a, Type b);

enum class CompareOp { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };
/// The same comparison with its sides exchanged.
CompareOp Flipped(CompareOp op);
/// "==" and its kin; nothing for other signs.
std::optional<CompareOp> CompareOpOf(std::string_view sign);

enum class CheckedKind {
  kConstant,
  kField,      // record.<field>
  kAttribute,  // request.*, quality.*
  kHas,        // children[0] is a field or an attribute
  kNot,
  kAnd,
  kOr,
  kCompare,   // children[0] op children[1]
  kIn,        // children[0] in children[1]; `set` when children[1] is a constant list
  kComputed,  // `term`, in columns where column_terms.h knows all of it
};

/// The members of a constant list, ready for the type of what is looked up.
struct ValueSet {
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> texts;
  std::vector<int64_t> integers;  // sorted; booleans and moments (microseconds) too
  std::vector<double> doubles;    // sorted

  bool has(std::string_view text) const { return texts.find(text) != texts.end(); }
  bool has(int64_t integer) const;
  bool has(double number) const;
};
ValueSet MakeSet(const std::vector<Value>& members);

/// Moments are Value::Timestamp whatever their type: a date is its first instant, a time counts from
/// midnight.
struct Checked {
  CheckedKind kind = CheckedKind::kConstant;
  Type type = Type::kAny;
  size_t offset = 0;
  Value constant;
  size_t field = 0;  // index into the schema
  std::string name;  // "record.month", "request.role"
  CompareOp op = CompareOp::kEqual;
  std::vector<Checked> children;
  std::shared_ptr<const ValueSet> set;
  std::shared_ptr<const Term> term;

  bool is_constant() const { return kind == CheckedKind::kConstant; }
  bool is_operand() const {
    return kind == CheckedKind::kConstant || kind == CheckedKind::kField || kind == CheckedKind::kAttribute;
  }
};

Checked MakeChecked(CheckedKind kind, Type type, size_t offset);
/// Stands behind a mistake that is reported; fits everywhere, so that no second mistake follows from it.
Checked UnknownAt(size_t offset);

}  // namespace concordat::expr
