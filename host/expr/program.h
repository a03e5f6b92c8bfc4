// CEL expressions, compiled once, evaluated over a batch in columns or over one request.
// What makes texts, lists or maps runs record by record, all else in columns (column_terms.h says what).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "host/base/status.h"
#include "host/data/batch.h"

namespace concordat::expr {

/// A scalar or a list of scalars, as requests and results carry them. Timestamps are microseconds since 1970,
/// UTC.
struct Value {
  struct Timestamp {
    int64_t micros = 0;
    friend bool operator==(const Timestamp&, const Timestamp&) = default;
  };
  std::variant<std::monostate, bool, int64_t, double, std::string, Timestamp, std::vector<Value>> v;

  bool is_null() const { return std::holds_alternative<std::monostate>(v); }
  friend bool operator==(const Value&, const Value&) = default;
};

/// A mistake in the text of an expression; `offset` is in bytes from its start.
struct ExprIssue {
  size_t offset = 0;
  std::string message;
  std::string hint;
};

/// Names an expression may use: the fields behind `record.` and the attributes behind `request.` and
/// `quality.`.
struct Scope {
  const data::Schema* record = nullptr;  // null: record.* is unknown here
  std::vector<std::string> request;      // "partner", "role", ...
  bool quality = false;                  // quality.<dimension>, numbers
  bool condition = true;                 // refuse what does not come to true or false
};

/// What an expression came to for one record. kNull counts as unresolved in a check and as false in `when`.
enum class Truth : uint8_t { kFalse = 0, kTrue = 1, kError = 2 };

/// How record.<field> behaves when its cell is missing or a marker: null in `when` (every comparison of null
/// is false, != too), an error in a check, which makes the record unresolved. has(record.x) and record.x ==
/// null ask for presence in both. A cell that does not parse as its type is an error in both.
enum class MissingIs { kNull, kError };

/// An immutable compiled expression. Thread-safe.
class Program {
 public:
  struct Result;
  /// Reports every mistake; unknown names and wrong types too.
  static Result Compile(std::string_view text, const Scope& scope);

  /// The fields that `text` names behind `record.`, known or not, each once; none when it does not parse.
  static std::vector<std::string> RecordNamesIn(std::string_view text);

  /// One Truth a row. The batch must have the schema the program was compiled against.
  void EvaluateBatch(const data::Batch& batch, MissingIs missing, std::span<Truth> out) const;

  /// `take(row, value)` for every row, in order; a missing cell is null, what cannot be computed is an error.
  /// For programs compiled without asking for a condition.
  void EvaluateEach(const data::Batch& batch,
                    const std::function<void(size_t row, absl::StatusOr<Value> value)>& take) const;

  /// Over attributes such as {"request.role": "analyst"}. InvalidArgument names the attribute that is missing
  /// or of the wrong type: the caller denies.
  absl::StatusOr<Value> Evaluate(const std::map<std::string, Value>& attributes) const;

  /// record.* fields it reads, in schema order.
  const std::vector<size_t>& fields() const;
  const std::string& text() const;

 private:
  struct Tree;
  std::shared_ptr<const Tree> tree_;
};

struct Program::Result {
  std::vector<ExprIssue> issues;  // empty: `program` is good
  Program program;
};

}  // namespace concordat::expr
