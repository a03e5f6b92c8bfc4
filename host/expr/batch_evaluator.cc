#include "host/expr/batch_evaluator.h"

#include <algorithm>
#include <vector>

#include "host/expr/column_terms.h"
#include "host/expr/compare.h"
#include "host/expr/frames.h"

namespace concordat::expr {
namespace {

using data::CellState;

constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

// --- what a row of an operand is: three kinds of columns, three kinds of constants, alike to the loops below
// ---

struct TextCells {
  const data::TextColumn& column;
  std::string_view operator[](size_t row) const { return column.at(row); }
};

struct IntegerCells {
  const int64_t* values;
  int64_t scale;  // dates are kept in days and compared in microseconds
  int64_t operator[](size_t row) const { return values[row] * scale; }
};

struct NumberCells {
  const double* values;
  double operator[](size_t row) const { return values[row]; }
};

template <typename T>
struct Same {
  T value;
  T operator[](size_t) const { return value; }
};

Truth TruthOf(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

template <CompareOp op, typename Left, typename Right>
void CompareLoop(const Left& left, const Right& right, std::span<Truth> out) {
  for (size_t row = 0; row < out.size(); ++row) out[row] = TruthOf(Holds(op, OrderOf(left[row], right[row])));
}

template <typename Left, typename Right>
void CompareCells(CompareOp op, const Left& left, const Right& right, std::span<Truth> out) {
  switch (op) {
    case CompareOp::kEqual:
      return CompareLoop<CompareOp::kEqual>(left, right, out);
    case CompareOp::kNotEqual:
      return CompareLoop<CompareOp::kNotEqual>(left, right, out);
    case CompareOp::kLess:
      return CompareLoop<CompareOp::kLess>(left, right, out);
    case CompareOp::kLessEqual:
      return CompareLoop<CompareOp::kLessEqual>(left, right, out);
    case CompareOp::kGreater:
      return CompareLoop<CompareOp::kGreater>(left, right, out);
    case CompareOp::kGreaterEqual:
      return CompareLoop<CompareOp::kGreaterEqual>(left, right, out);
  }
}

// Equality of texts is what most rules ask; comparing lengths first spares most of the work.
template <typename Right>
void EqualTexts(const TextCells& left, const Right& right, bool wanted, std::span<Truth> out) {
  for (size_t row = 0; row < out.size(); ++row) out[row] = TruthOf((left[row] == right[row]) == wanted);
}

template <typename Right>
void CompareTexts(CompareOp op, const TextCells& left, const Right& right, std::span<Truth> out) {
  if (op == CompareOp::kEqual || op == CompareOp::kNotEqual)
    return EqualTexts(left, right, op == CompareOp::kEqual, out);
  CompareCells(op, left, right, out);
}

class Evaluator {
 public:
  Evaluator(const data::Batch& batch, MissingIs missing) : batch_(batch), missing_(missing) {}

  void Run(const Checked& node, std::span<Truth> out) const {
    switch (node.kind) {
      case CheckedKind::kConstant:
        return Fill(out, std::get_if<bool>(&node.constant.v));
      case CheckedKind::kField:
        return Flag(node, out);
      case CheckedKind::kAttribute:
        return Fill(out, nullptr);
      case CheckedKind::kHas:
        return Has(node.children[0], out);
      case CheckedKind::kNot:
        return Not(node.children[0], out);
      case CheckedKind::kAnd:
        return Chain(node, Truth::kFalse, out);
      case CheckedKind::kOr:
        return Chain(node, Truth::kTrue, out);
      case CheckedKind::kCompare:
        return Compare(node, out);
      case CheckedKind::kIn:
        return In(node, out);
      case CheckedKind::kComputed:
        return Computed(
            node, [](size_t) { return true; }, out);
    }
  }

 private:
  static void Fill(std::span<Truth> out, const bool* constant) {
    std::fill(out.begin(), out.end(), constant == nullptr ? Truth::kError : TruthOf(*constant));
  }

  const data::Column& ColumnOf(const Checked& field) const { return batch_.columns[field.field]; }

  // Rows without a value are overwritten: a loop over values alone runs faster than one that asks first.
  void SettleRowsWithoutValue(const Checked& operand, std::span<Truth> out) const {
    if (operand.kind != CheckedKind::kField) return;
    const std::vector<CellState>& states = ColumnOf(operand).states;
    const Truth when_missing = missing_ == MissingIs::kNull ? Truth::kFalse : Truth::kError;
    for (size_t row = 0; row < out.size(); ++row) {
      if (states[row] == CellState::kValue) continue;
      const bool error = states[row] == CellState::kUnparseable || out[row] == Truth::kError;
      out[row] = error ? Truth::kError : when_missing;
    }
  }

  void Flag(const Checked& field, std::span<Truth> out) const {
    if (field.type != Type::kBool) return Fill(out, nullptr);  // compiled without asking for a condition
    const std::vector<int64_t>& flags = ColumnOf(field).integers;
    for (size_t row = 0; row < out.size(); ++row) out[row] = TruthOf(flags[row] != 0);
    SettleRowsWithoutValue(field, out);
  }

  void Has(const Checked& operand, std::span<Truth> out) const {
    if (operand.kind != CheckedKind::kField) return Fill(out, nullptr);
    const data::Column& column = ColumnOf(operand);
    for (size_t row = 0; row < out.size(); ++row) out[row] = TruthOf(column.present(row));
  }

  void Not(const Checked& child, std::span<Truth> out) const {
    Run(child, out);
    for (Truth& truth : out) {
      if (truth != Truth::kError) truth = TruthOf(truth == Truth::kFalse);
    }
  }

  // A side that decides absorbs errors of the others, in whatever order they stand (cel-spec, "Logical
  // Operators").
  void Chain(const Checked& node, Truth decisive, std::span<Truth> out) const {
    Run(node.children[0], out);
    std::vector<Truth> side(out.size());
    for (size_t i = 1; i < node.children.size(); ++i) {
      if (node.children[i].kind == CheckedKind::kComputed)
        Computed(
            node.children[i], [&](size_t row) { return out[row] != decisive; }, side);
      else
        Run(node.children[i], side);
      for (size_t row = 0; row < out.size(); ++row) {
        out[row] = out[row] == decisive || side[row] == decisive ? decisive : std::max(out[row], side[row]);
      }
    }
  }

  // In columns where they can, else record by record, only those that `wanted` asks for.
  template <typename Wanted>
  void Computed(const Checked& node, const Wanted& wanted, std::span<Truth> out) const {
    if (RunsInColumns(*node.term)) return RunInColumns(*node.term, batch_, missing_, out);
    Interpreter interpreter(missing_);
    BatchFrame frame(batch_);
    for (size_t row = 0; row < out.size(); ++row) {
      if (!wanted(row)) continue;
      frame.MoveTo(row);
      const absl::StatusOr<bool> holds = interpreter.RunCondition(*node.term, frame);
      out[row] = holds.ok() ? TruthOf(*holds) : Truth::kError;
    }
  }

  void Compare(const Checked& node, std::span<Truth> out) const {
    const Checked& left = node.children[0];
    const Checked& right = node.children[1];
    if (left.kind == CheckedKind::kAttribute || right.kind == CheckedKind::kAttribute)
      return Fill(out, nullptr);
    if (left.type == Type::kNull) return IsNull(right, node.op, out);
    if (right.type == Type::kNull) return IsNull(left, node.op, out);
    if (left.is_constant())
      CompareFieldWith(right, left, Flipped(node.op), out);
    else
      CompareFieldWith(left, right, node.op, out);
    SettleRowsWithoutValue(left, out);
    SettleRowsWithoutValue(right, out);
  }

  void IsNull(const Checked& operand, CompareOp op, std::span<Truth> out) const {
    Has(operand, out);
    if (op == CompareOp::kEqual) {
      for (Truth& truth : out) truth = TruthOf(truth == Truth::kFalse);
    }
  }

  IntegerCells Integers(const Checked& field) const {
    return {ColumnOf(field).integers.data(), field.type == Type::kDate ? kMicrosPerDay : 1};
  }

  static int64_t IntegerOf(const Value& value) {
    if (const bool* flag = std::get_if<bool>(&value.v)) return *flag ? 1 : 0;
    if (const auto* moment = std::get_if<Value::Timestamp>(&value.v)) return moment->micros;
    return std::get<int64_t>(value.v);
  }

  // `with(cells)` for the other side, in whatever form its numbers are.
  template <typename Then>
  void WithNumbers(const Checked& operand, const Then& then) const {
    if (!operand.is_constant()) {
      if (operand.type == Type::kDouble)
        then(NumberCells{ColumnOf(operand).numbers.data()});
      else
        then(Integers(operand));
    } else if (const double* number = std::get_if<double>(&operand.constant.v)) {
      then(Same<double>{*number});
    } else {
      then(Same<int64_t>{IntegerOf(operand.constant)});
    }
  }

  void CompareFieldWith(const Checked& field, const Checked& other, CompareOp op,
                        std::span<Truth> out) const {
    if (field.type != Type::kText) {
      WithNumbers(field, [&](const auto& left) {
        WithNumbers(other, [&](const auto& right) { CompareCells(op, left, right, out); });
      });
      return;
    }
    const TextCells left{*ColumnOf(field).text};
    if (other.is_constant()) {
      CompareTexts(op, left, Same<std::string_view>{std::get<std::string>(other.constant.v)}, out);
    } else {
      CompareTexts(op, left, TextCells{*ColumnOf(other).text}, out);
    }
  }

  void In(const Checked& node, std::span<Truth> out) const {
    const Checked& sought = node.children[0];
    if (sought.kind != CheckedKind::kField || node.set == nullptr) return Fill(out, nullptr);
    if (sought.type == Type::kText)
      InTexts(TextCells{*ColumnOf(sought).text}, node, out);
    else
      WithNumbers(sought, [&](const auto& cells) {
        for (size_t row = 0; row < out.size(); ++row) out[row] = TruthOf(node.set->has(cells[row]));
      });
    SettleRowsWithoutValue(sought, out);
  }

  // Short lists, the usual ones, are quicker to look through than to hash.
  static void InTexts(const TextCells& cells, const Checked& node, std::span<Truth> out) {
    constexpr size_t kShort = 8;
    if (node.set->texts.size() > kShort) {
      for (size_t row = 0; row < out.size(); ++row) out[row] = TruthOf(node.set->has(cells[row]));
      return;
    }
    const std::vector<std::string_view> members(node.set->texts.begin(), node.set->texts.end());
    for (size_t row = 0; row < out.size(); ++row) {
      const std::string_view cell = cells[row];
      out[row] = TruthOf(std::any_of(members.begin(), members.end(),
                                     [&](std::string_view member) { return cell == member; }));
    }
  }

  const data::Batch& batch_;
  const MissingIs missing_;
};

}  // namespace

void EvaluateRows(const Checked& expression, const data::Batch& batch, MissingIs missing,
                  std::span<Truth> out) {
  Evaluator(batch, missing).Run(expression, out);
}

}  // namespace concordat::expr
