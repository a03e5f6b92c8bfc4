#include "host/expr/column_terms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "host/base/utf8.h"
#include "host/expr/compare.h"
#include "host/expr/pattern.h"

namespace concordat::expr {
namespace {

using data::CellState;

constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;
constexpr int64_t kNanosPerMicro = 1000;

/// What a row of a node is; an absent cell counts as false where a truth is needed, an error never does.
enum class Standing : uint8_t { kValue, kAbsent, kError };

/// One node over all rows. Of the three kinds of cells only that of `type` is filled.
struct Cells {
  Type type = Type::kAny;
  std::vector<Standing> standing;
  std::vector<int64_t> whole;           // int, bool, moments in microseconds, durations in nanoseconds
  std::vector<double> number;           // double
  std::vector<std::string_view> texts;  // text
};

// --- which terms, and of what type they are ---

enum class Sign { kAdd, kSubtract, kMultiply, kDivide, kModulo };

std::optional<Sign> SignOf(std::string_view name) {
  constexpr std::string_view kSigns = "+-*/%";
  const size_t at = name.size() == 1 ? kSigns.find(name[0]) : std::string_view::npos;
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<Sign>(at));
}

bool IsColumnType(Type type) {
  return type == Type::kInt || type == Type::kDouble || type == Type::kBool || type == Type::kText ||
         type == Type::kDuration || IsMoment(type);
}

std::optional<Type> TypeInColumns(const Term& term);

std::optional<Type> TypeOfArithmetic(Sign sign, Type left, Type right) {
  if (left == right && (left == Type::kInt || left == Type::kDouble)) {
    const bool whole_only = sign == Sign::kModulo && left == Type::kDouble;
    return whole_only ? std::nullopt : std::optional(left);
  }
  if (sign == Sign::kSubtract && IsMoment(left) && IsMoment(right)) return Type::kDuration;
  return std::nullopt;
}

std::optional<Type> TypeOfCall(const Term& term) {
  std::vector<Type> types;
  for (const Term& child : term.children) {
    const auto type = TypeInColumns(child);
    if (!type) return std::nullopt;
    types.push_back(*type);
  }
  const std::string& name = term.function->name;
  const auto sign = SignOf(name);
  if (sign && types.size() == 2) return TypeOfArithmetic(*sign, types[0], types[1]);
  if (sign == Sign::kSubtract && types.size() == 1 && (types[0] == Type::kInt || types[0] == Type::kDouble))
    return types[0];
  if (name == "size" && types.size() == 1 && types[0] == Type::kText) return Type::kInt;
  if (name == "double" && types.size() == 1 && types[0] == Type::kInt) return Type::kDouble;
  const bool asks = name == "contains" || name == "startsWith" || name == "endsWith";
  if (asks && types.size() == 2 && types[0] == Type::kText && types[1] == Type::kText) return Type::kBool;
  return std::nullopt;
}

bool ComparableInColumns(Type left, Type right) {
  if (IsNumber(left) && IsNumber(right)) return true;
  return left == right || (IsMoment(left) && IsMoment(right));
}

bool AllConditions(const Term& term) {
  return std::all_of(term.children.begin(), term.children.end(),
                     [](const Term& child) { return TypeInColumns(child) == Type::kBool; });
}

std::optional<Type> TypeOfChoice(const Term& term) {
  if (TypeInColumns(term.children[0]) != Type::kBool) return std::nullopt;
  const auto yes = TypeInColumns(term.children[1]);
  return yes == TypeInColumns(term.children[2]) ? yes : std::nullopt;
}

std::optional<Type> TypeInColumns(const Term& term) {
  switch (term.kind) {
    case TermKind::kConstant: {
      const Type type = term.constant.type();
      // A moment of a constant may be finer than a column's microseconds.
      return IsColumnType(type) && !IsMoment(type) ? std::optional(type) : std::nullopt;
    }
    case TermKind::kField:
      return IsColumnType(term.type) ? std::optional(term.type) : std::nullopt;
    case TermKind::kHasValue:
      return term.children[0].kind == TermKind::kField ? std::optional(Type::kBool) : std::nullopt;
    case TermKind::kMatches:
      return TypeInColumns(term.children[0]) == Type::kText ? std::optional(Type::kBool) : std::nullopt;
    case TermKind::kNot:
    case TermKind::kAnd:
    case TermKind::kOr:
      return AllConditions(term) ? std::optional(Type::kBool) : std::nullopt;
    case TermKind::kConditional:
      return TypeOfChoice(term);
    case TermKind::kCompare: {
      const auto left = TypeInColumns(term.children[0]);
      const auto right = TypeInColumns(term.children[1]);
      return left && right && ComparableInColumns(*left, *right) ? std::optional(Type::kBool) : std::nullopt;
    }
    case TermKind::kCall:
      return TypeOfCall(term);
    default:
      return std::nullopt;
  }
}

// --- their cells ---

// -1, 0, 1; nothing where NaN stands.
template <typename Left, typename Right>
std::optional<int> OrderInColumns(const Left& left, const Right& right) {
  if constexpr (std::is_same_v<Left, double>) {
    if (std::isnan(left)) return std::nullopt;
  }
  if constexpr (std::is_same_v<Right, double>) {
    if (std::isnan(right)) return std::nullopt;
  }
  return OrderOf(left, right);
}

class Columns {
 public:
  Columns(const data::Batch& batch, MissingIs missing)
      : batch_(batch), missing_(missing), rows_(batch.rows()) {}

  Cells Run(const Term& term) const {
    switch (term.kind) {
      case TermKind::kConstant:
        return Constant(term.constant);
      case TermKind::kField:
        return Field(term);
      case TermKind::kHasValue:
        return HasValue(term.children[0]);
      case TermKind::kMatches:
        return MatchesPattern(term);
      case TermKind::kNot:
        return Not(term);
      case TermKind::kAnd:
        return Chain(term, false);
      case TermKind::kOr:
        return Chain(term, true);
      case TermKind::kConditional:
        return Choice(term);
      case TermKind::kCompare:
        return Compare(term);
      default:
        return Call(term);
    }
  }

  // Where a truth is needed: what is absent is false.
  Cells Condition(const Term& term) const {
    Cells cells = Run(term);
    for (size_t row = 0; row < rows_; ++row) {
      if (cells.standing[row] != Standing::kAbsent) continue;
      cells.standing[row] = Standing::kValue;
      cells.whole[row] = 0;
    }
    return cells;
  }

 private:
  Cells Empty(Type type) const {
    Cells cells;
    cells.type = type;
    cells.standing.assign(rows_, Standing::kValue);
    if (type == Type::kDouble) {
      cells.number.resize(rows_);
    } else if (type == Type::kText) {
      cells.texts.resize(rows_);
    } else {
      cells.whole.resize(rows_);
    }
    return cells;
  }

  Cells Constant(const Datum& constant) const {
    Cells cells = Empty(constant.type());
    if (const auto* text = std::get_if<Text>(&constant.v)) cells.texts.assign(rows_, text->view());
    if (const auto* number = std::get_if<double>(&constant.v)) cells.number.assign(rows_, *number);
    if (const auto* whole = std::get_if<int64_t>(&constant.v)) cells.whole.assign(rows_, *whole);
    if (const auto* flag = std::get_if<bool>(&constant.v)) cells.whole.assign(rows_, *flag ? 1 : 0);
    if (const auto* span = std::get_if<Span>(&constant.v)) cells.whole.assign(rows_, span->nanos);
    return cells;
  }

  Cells Field(const Term& term) const {
    const data::Column& column = batch_.columns[term.index];
    Cells cells = Empty(term.type);
    const Standing absent = missing_ == MissingIs::kNull ? Standing::kAbsent : Standing::kError;
    for (size_t row = 0; row < rows_; ++row) {
      if (column.states[row] == CellState::kValue) continue;
      cells.standing[row] = column.states[row] == CellState::kUnparseable ? Standing::kError : absent;
    }
    if (term.type == Type::kText) {
      for (size_t row = 0; row < rows_; ++row) cells.texts[row] = column.text->at(row);
    } else if (term.type == Type::kDouble) {
      cells.number = column.numbers;
    } else {
      cells.whole = column.integers;
      if (term.type == Type::kDate) {
        for (int64_t& day : cells.whole) day *= kMicrosPerDay;
      }
    }
    return cells;
  }

  Cells HasValue(const Term& field) const {
    Cells cells = Empty(Type::kBool);
    const data::Column& column = batch_.columns[field.index];
    for (size_t row = 0; row < rows_; ++row) cells.whole[row] = column.present(row) ? 1 : 0;
    return cells;
  }

  // The worse of two: the first that is no value.
  static void TakeStanding(const Cells& first, const Cells& second, Cells& result) {
    for (size_t row = 0; row < result.standing.size(); ++row) {
      result.standing[row] =
          first.standing[row] != Standing::kValue ? first.standing[row] : second.standing[row];
    }
  }

  Cells MatchesPattern(const Term& term) const {
    const Cells of = Run(term.children[0]);
    Cells cells = Empty(Type::kBool);
    cells.standing = of.standing;
    std::optional<size_t> before;  // files are often sorted: the same text again has the same answer
    for (size_t row = 0; row < rows_; ++row) {
      if (cells.standing[row] != Standing::kValue) continue;
      const bool again = before && of.texts[*before] == of.texts[row];
      cells.whole[row] = again ? cells.whole[*before] : Matches(*term.pattern, of.texts[row]);
      before = row;
    }
    return cells;
  }

  Cells Not(const Term& term) const {
    Cells cells = Condition(term.children[0]);
    for (int64_t& holds : cells.whole) holds = holds == 0 ? 1 : 0;
    return cells;
  }

  // One side that decides absorbs errors of the others.
  Cells Chain(const Term& term, bool decisive) const {
    const int64_t decides = decisive ? 1 : 0;
    Cells cells = Condition(term.children[0]);
    const auto decided = [&](const Cells& side, size_t row) {
      return side.standing[row] == Standing::kValue && side.whole[row] == decides;
    };
    for (size_t i = 1; i < term.children.size(); ++i) {
      const Cells side = Condition(term.children[i]);
      for (size_t row = 0; row < rows_; ++row) {
        if (decided(cells, row)) continue;
        if (decided(side, row)) {
          cells.standing[row] = Standing::kValue;
          cells.whole[row] = decides;
        } else if (side.standing[row] != Standing::kValue) {
          cells.standing[row] = side.standing[row];
        }
      }
    }
    return cells;
  }

  Cells Choice(const Term& term) const {
    const Cells condition = Condition(term.children[0]);
    Cells cells = Run(term.children[1]);
    const Cells otherwise = Run(term.children[2]);
    for (size_t row = 0; row < rows_; ++row) {
      if (condition.standing[row] != Standing::kValue) {
        cells.standing[row] = condition.standing[row];
      } else if (condition.whole[row] == 0) {
        cells.standing[row] = otherwise.standing[row];
        if (cells.type == Type::kText) {
          cells.texts[row] = otherwise.texts[row];
        } else if (cells.type == Type::kDouble) {
          cells.number[row] = otherwise.number[row];
        } else {
          cells.whole[row] = otherwise.whole[row];
        }
      }
    }
    return cells;
  }

  template <typename Left, typename Right>
  void CompareRows(CompareOp op, const Left& left, const Right& right, Cells& cells) const {
    for (size_t row = 0; row < rows_; ++row) {
      const std::optional<int> order = OrderInColumns(left[row], right[row]);
      cells.whole[row] = order ? Holds(op, *order) : op == CompareOp::kNotEqual;
    }
  }

  // An error of a side is one of the comparison; with an absent side it is false.
  Cells Compare(const Term& term) const {
    const Cells left = Run(term.children[0]);
    const Cells right = Run(term.children[1]);
    Cells cells = Empty(Type::kBool);
    if (left.type == Type::kText) {
      CompareRows(term.op, left.texts, right.texts, cells);
    } else if (left.type == Type::kDouble && right.type == Type::kDouble) {
      CompareRows(term.op, left.number, right.number, cells);
    } else if (left.type == Type::kDouble) {
      CompareRows(term.op, left.number, right.whole, cells);
    } else if (right.type == Type::kDouble) {
      CompareRows(term.op, left.whole, right.number, cells);
    } else {
      CompareRows(term.op, left.whole, right.whole, cells);
    }
    for (size_t row = 0; row < rows_; ++row) {
      const Standing worse = std::max(left.standing[row], right.standing[row]);
      if (worse == Standing::kError) cells.standing[row] = Standing::kError;
      if (worse == Standing::kAbsent) cells.whole[row] = 0;
    }
    return cells;
  }

  Cells Call(const Term& term) const {
    const Cells first = Run(term.children[0]);
    const std::string& name = term.function->name;
    if (term.children.size() == 1)
      return name == "-" ? Negated(first) : name == "size" ? Sizes(first) : Doubles(first);
    const Cells second = Run(term.children[1]);
    const auto sign = SignOf(name);
    if (!sign) return Asked(name, first, second);
    if (first.type == Type::kDouble) return OnNumbers(*sign, first, second);
    return first.type == Type::kInt ? OnWholes(*sign, first, second) : Between(first, second);
  }

  // `make` gives a row's value, or nothing for an error.
  template <typename Make>
  void FillWholes(Cells& cells, const Make& make) const {
    for (size_t row = 0; row < rows_; ++row) {
      if (cells.standing[row] != Standing::kValue) continue;
      const std::optional<int64_t> value = make(row);
      if (value) {
        cells.whole[row] = *value;
      } else {
        cells.standing[row] = Standing::kError;
      }
    }
  }

  Cells Negated(const Cells& of) const {
    Cells cells = Empty(of.type);
    cells.standing = of.standing;
    if (of.type == Type::kDouble) {
      for (size_t row = 0; row < rows_; ++row) cells.number[row] = -of.number[row];
      return cells;
    }
    FillWholes(cells, [&](size_t row) -> std::optional<int64_t> {
      if (of.whole[row] == std::numeric_limits<int64_t>::min()) return std::nullopt;
      return -of.whole[row];
    });
    return cells;
  }

  Cells Sizes(const Cells& of) const {
    Cells cells = Empty(Type::kInt);
    cells.standing = of.standing;
    FillWholes(cells,
               [&](size_t row) { return std::optional(static_cast<int64_t>(Utf8Length(of.texts[row]))); });
    return cells;
  }

  Cells Doubles(const Cells& of) const {
    Cells cells = Empty(Type::kDouble);
    cells.standing = of.standing;
    for (size_t row = 0; row < rows_; ++row) cells.number[row] = static_cast<double>(of.whole[row]);
    return cells;
  }

  Cells Asked(const std::string& name, const Cells& text, const Cells& part) const {
    Cells cells = Empty(Type::kBool);
    TakeStanding(text, part, cells);
    FillWholes(cells, [&](size_t row) -> std::optional<int64_t> {
      const std::string_view whole = text.texts[row];
      if (name == "startsWith") return whole.starts_with(part.texts[row]);
      if (name == "endsWith") return whole.ends_with(part.texts[row]);
      return whole.find(part.texts[row]) != std::string_view::npos;
    });
    return cells;
  }

  Cells OnNumbers(Sign sign, const Cells& left, const Cells& right) const {
    Cells cells = Empty(Type::kDouble);
    TakeStanding(left, right, cells);
    const auto each = [&](const auto& make) {
      for (size_t row = 0; row < rows_; ++row) cells.number[row] = make(left.number[row], right.number[row]);
    };
    switch (sign) {
      case Sign::kAdd:
        each([](double a, double b) { return a + b; });
        break;
      case Sign::kSubtract:
        each([](double a, double b) { return a - b; });
        break;
      case Sign::kMultiply:
        each([](double a, double b) { return a * b; });
        break;
      default:
        each([](double a, double b) { return a / b; });
    }
    return cells;
  }

  static std::optional<int64_t> Exactly(Sign sign, int64_t a, int64_t b) {
    int64_t result = 0;
    switch (sign) {
      case Sign::kAdd:
        return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
      case Sign::kSubtract:
        return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
      case Sign::kMultiply:
        return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
      default:
        break;
    }
    if (b == 0 || (a == std::numeric_limits<int64_t>::min() && b == -1)) return std::nullopt;
    return sign == Sign::kDivide ? a / b : a % b;
  }

  Cells OnWholes(Sign sign, const Cells& left, const Cells& right) const {
    Cells cells = Empty(Type::kInt);
    TakeStanding(left, right, cells);
    FillWholes(cells, [&](size_t row) { return Exactly(sign, left.whole[row], right.whole[row]); });
    return cells;
  }

  // From one moment to another; an error beyond 292 years, as TimeDatum and SpanDatum have it.
  Cells Between(const Cells& left, const Cells& right) const {
    Cells cells = Empty(Type::kDuration);
    TakeStanding(left, right, cells);
    FillWholes(cells, [&](size_t row) -> std::optional<int64_t> {
      int64_t nanos = 0;
      const int64_t micros = left.whole[row] - right.whole[row];  // both lie within the years 1 to 9999
      if (__builtin_mul_overflow(micros, kNanosPerMicro, &nanos)) return std::nullopt;
      return nanos;
    });
    return cells;
  }

  const data::Batch& batch_;
  const MissingIs missing_;
  const size_t rows_;
};

}  // namespace

bool RunsInColumns(const Term& condition) { return TypeInColumns(condition) == Type::kBool; }

void RunInColumns(const Term& condition, const data::Batch& batch, MissingIs missing, std::span<Truth> out) {
  const Cells cells = Columns(batch, missing).Condition(condition);
  for (size_t row = 0; row < out.size(); ++row) {
    if (cells.standing[row] != Standing::kValue) {
      out[row] = Truth::kError;
    } else {
      out[row] = cells.whole[row] != 0 ? Truth::kTrue : Truth::kFalse;
    }
  }
}

}  // namespace concordat::expr
