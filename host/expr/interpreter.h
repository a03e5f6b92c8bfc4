// Evaluates a resolved expression over one record, one request or one set of variables.
#pragma once

#include <vector>

#include "host/expr/term.h"

namespace concordat::expr {

/// Where the values of fields, attributes and variables come from. Texts may be borrowed: they live as long
/// as the frame.
class Frame {
 public:
  virtual ~Frame() = default;
  /// NotFound when there is no value (a missing cell); other errors as they are.
  virtual Result ValueOf(const Term& name) const = 0;
  virtual absl::StatusOr<bool> Has(const Term& name) const = 0;
};

/// Reused from record to record; not thread-safe. What && and || absorb, what macros do with errors:
/// cel-spec, doc/langdef.md, "Logical Operators" and "Macros".
class Interpreter {
 public:
  /// With kNull a missing value makes the comparison, or whatever else is to be true or false, false.
  explicit Interpreter(MissingIs missing) : missing_(missing) {}

  Result Run(const Term& term, const Frame& frame);
  /// The same for what is to be true or false.
  absl::StatusOr<bool> RunCondition(const Term& term, const Frame& frame);

 private:
  void Begin(const Frame& frame);
  Result Evaluate(const Term& term);
  absl::StatusOr<bool> Condition(const Term& term);
  bool IsAbsence(const absl::Status& status) const;

  Result Chain(const Term& term, bool decisive);
  Result Compare(const Term& term);
  Result In(const Term& term);
  Result Call(const Term& term);
  Result Select(const Term& term);
  Result HasMember(const Term& term);
  Result Index(const Term& term);
  Result MakeList(const Term& term);
  Result MakeMap(const Term& term);

  Result RunMacro(const Term& term);
  Result Quantify(const Term& term, const List& keys, const Map* map);
  Result Transform(const Term& term, const List& keys, const Map* map);
  Result TransformToMap(const Term& term, const List& keys, const Map* map);
  Result Bind(const Term& term, Datum value);
  void SetVariables(const Term& term, const List& members, const Map* map, size_t at);
  void SetLocal(size_t slot, Datum value);

  const MissingIs missing_;
  const Frame* frame_ = nullptr;
  Budget budget_;
  std::vector<Datum> locals_;
};

}  // namespace concordat::expr
