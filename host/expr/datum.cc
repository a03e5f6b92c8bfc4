#include "host/expr/datum.h"

#include <cmath>
#include <limits>

#include "fmt/format.h"
#include "host/expr/compare.h"

namespace concordat::expr {
namespace {

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

std::partial_ordering Compared(int order) {
  return order < 0   ? std::partial_ordering::less
         : order > 0 ? std::partial_ordering::greater
                     : std::partial_ordering::equivalent;
}

std::partial_ordering Flip(std::partial_ordering order) { return 0 <=> order; }

std::partial_ordering NumberOrder(int64_t a, int64_t b) { return a <=> b; }
std::partial_ordering NumberOrder(uint64_t a, uint64_t b) { return a <=> b; }
std::partial_ordering NumberOrder(double a, double b) { return a <=> b; }
std::partial_ordering NumberOrder(int64_t a, uint64_t b) {
  return a < 0 ? std::partial_ordering::less : static_cast<uint64_t>(a) <=> b;
}
std::partial_ordering NumberOrder(uint64_t a, int64_t b) { return Flip(NumberOrder(b, a)); }
std::partial_ordering NumberOrder(int64_t a, double b) {
  return std::isnan(b) ? std::partial_ordering::unordered : Compared(OrderOf(a, b));
}
std::partial_ordering NumberOrder(double a, int64_t b) { return Flip(NumberOrder(b, a)); }
// 2^64 stands for the greatest unsigned integer, as 2^63 for the greatest signed one.
std::partial_ordering NumberOrder(uint64_t a, double b) {
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b < 0) return std::partial_ordering::greater;
  if (b == kTwo64 && a == std::numeric_limits<uint64_t>::max()) return std::partial_ordering::equivalent;
  if (b >= kTwo64) return std::partial_ordering::less;
  const auto whole = static_cast<uint64_t>(b);
  if (a != whole) return a <=> whole;
  return 0.0 <=> b - std::trunc(b);
}
std::partial_ordering NumberOrder(double a, uint64_t b) { return Flip(NumberOrder(b, a)); }

template <typename T>
constexpr bool kIsNumber =
    std::is_same_v<T, int64_t> || std::is_same_v<T, uint64_t> || std::is_same_v<T, double>;

bool EqualLists(const List& a, const List& b, Budget& budget) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Equal(a[i], b[i], budget)) return false;
  }
  return true;
}

bool EqualMaps(const Map& a, const Map& b, Budget& budget) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a.entries()) {
    const Datum* other = b.Find(key);
    if (other == nullptr || !Equal(value, *other, budget)) return false;
  }
  return true;
}

bool EqualMaybes(const Maybe& a, const Maybe& b, Budget& budget) {
  if (!a.value || !b.value) return !a.value && !b.value;
  return Equal(*a.value, *b.value, budget);
}

struct Ordering {
  template <typename A, typename B>
  std::optional<std::partial_ordering> operator()(const A& a, const B& b) const {
    if constexpr (kIsNumber<A> && kIsNumber<B>) {
      return NumberOrder(a, b);
    } else if constexpr (std::is_same_v<A, B>) {
      return Same(a, b);
    } else {
      return std::nullopt;
    }
  }

 private:
  using Maybe = std::optional<std::partial_ordering>;
  static Maybe Same(bool a, bool b) { return int{a} <=> int{b}; }
  static Maybe Same(const Text& a, const Text& b) { return Compared(a.view().compare(b.view())); }
  static Maybe Same(const Bytes& a, const Bytes& b) { return Same(a.text, b.text); }
  static Maybe Same(absl::Time a, absl::Time b) { return Compared(a < b ? -1 : a > b ? 1 : 0); }
  static Maybe Same(Span a, Span b) { return a.nanos <=> b.nanos; }
  template <typename T>
  static Maybe Same(const T&, const T&) {
    return std::nullopt;
  }
};

struct ToDatum {
  Datum operator()(std::monostate) const { return {}; }
  Datum operator()(bool value) const { return {value}; }
  Datum operator()(int64_t value) const { return {value}; }
  Datum operator()(double value) const { return {value}; }
  Datum operator()(const std::string& value) const { return {Text::Borrowed(value)}; }
  Datum operator()(Value::Timestamp value) const { return {absl::FromUnixMicros(value.micros)}; }
  Datum operator()(const std::vector<Value>& values) const {
    List list;
    list.reserve(values.size());
    for (const Value& value : values) list.push_back(DatumOf(value));
    return ListDatum(std::move(list));
  }
};

absl::StatusOr<Value> Converted(const Datum& datum, Budget& budget);

absl::StatusOr<Value> ListValue(const List& list, Budget& budget) {
  std::vector<Value> values;
  for (const Datum& member : list) {
    if (!budget.Step()) return Budget::Spent();  // one list may stand in many places
    ASSIGN_OR_RETURN(Value value, Converted(member, budget));
    values.push_back(std::move(value));
  }
  return Value{std::move(values)};
}

absl::StatusOr<Value> Converted(const Datum& datum, Budget& budget) {
  switch (datum.type()) {
    case Type::kNull:
      return Value{};
    case Type::kBool:
      return Value{std::get<bool>(datum.v)};
    case Type::kInt:
      return Value{std::get<int64_t>(datum.v)};
    case Type::kUint:
      if (std::get<uint64_t>(datum.v) > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        return Value{static_cast<double>(std::get<uint64_t>(datum.v))};
      return Value{static_cast<int64_t>(std::get<uint64_t>(datum.v))};
    case Type::kDouble:
      return Value{std::get<double>(datum.v)};
    case Type::kText:
      return Value{std::string(datum.text())};
    case Type::kTimestamp:
      return Value{Value::Timestamp{absl::ToUnixMicros(std::get<absl::Time>(datum.v))}};
    case Type::kList:
      return ListValue(datum.list(), budget);
    default:
      return absl::InvalidArgumentError(
          fmt::format("{} is no result that can be kept", TypeForPeople(datum.type())));
  }
}

}  // namespace

Type Datum::type() const {
  constexpr Type kTypes[] = {Type::kNull, Type::kBool,  Type::kInt,       Type::kUint,     Type::kDouble,
                             Type::kText, Type::kBytes, Type::kTimestamp, Type::kDuration, Type::kList,
                             Type::kMap,  Type::kType,  Type::kOptional};
  return kTypes[v.index()];
}

Datum TextDatum(std::string text) { return {Text(std::move(text))}; }
Datum BytesDatum(std::string bytes) { return {Bytes{Text(std::move(bytes))}}; }
Datum ListDatum(List members) { return {std::make_shared<const List>(std::move(members))}; }
Datum MapDatum(Map map) { return {std::make_shared<const Map>(std::move(map))}; }
Datum SomeDatum(Datum value) { return {Maybe{std::make_shared<const Datum>(std::move(value))}}; }
Datum NoneDatum() { return {Maybe{}}; }

TypeName TypeNameOf(const Datum& value) {
  constexpr const char* kNames[] = {"null_type",
                                    "bool",
                                    "int",
                                    "uint",
                                    "double",
                                    "string",
                                    "bytes",
                                    "google.protobuf.Timestamp",
                                    "google.protobuf.Duration",
                                    "list",
                                    "map",
                                    "type",
                                    "optional_type"};
  return {kNames[value.v.index()]};
}

std::optional<Map::Key> Map::KeyOf(const Datum& datum) {
  if (const auto* flag = std::get_if<bool>(&datum.v)) return Key(*flag);
  if (const auto* integer = std::get_if<int64_t>(&datum.v)) return Key(*integer);
  if (const auto* text = std::get_if<Text>(&datum.v)) return Key(text->view());
  if (const auto* natural = std::get_if<uint64_t>(&datum.v)) {
    if (*natural <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      return Key(static_cast<int64_t>(*natural));
    return Key(*natural);
  }
  const auto* number = std::get_if<double>(&datum.v);
  if (number == nullptr || *number != std::trunc(*number)) return std::nullopt;
  if (*number >= -kTwo63 && *number < kTwo63) return Key(static_cast<int64_t>(*number));
  if (*number >= kTwo63 && *number < kTwo64) return Key(static_cast<uint64_t>(*number));
  return std::nullopt;
}

bool Map::CanBeKey(const Datum& key) {
  const Type type = key.type();
  return type == Type::kBool || type == Type::kInt || type == Type::kUint || type == Type::kText;
}

bool Map::Insert(Datum key, Datum value) {
  const auto index = KeyOf(key);
  if (!index || !index_.emplace(*index, entries_.size()).second) return false;
  entries_.emplace_back(std::move(key), std::move(value));
  return true;
}

const Datum* Map::Find(const Datum& key) const {
  const auto index = KeyOf(key);
  if (!index) return nullptr;
  const auto found = index_.find(*index);
  return found == index_.end() ? nullptr : &entries_[found->second].second;
}

std::optional<std::partial_ordering> Order(const Datum& a, const Datum& b) {
  return std::visit(Ordering(), a.v, b.v);
}

bool Equal(const Datum& a, const Datum& b, Budget& budget) {
  if (!budget.Step()) return false;
  if (const auto order = Order(a, b)) return *order == std::partial_ordering::equivalent;
  if (a.v.index() != b.v.index()) return false;
  switch (a.type()) {
    case Type::kNull:
      return true;
    case Type::kList:
      return EqualLists(a.list(), b.list(), budget);
    case Type::kMap:
      return EqualMaps(a.map(), b.map(), budget);
    case Type::kType:
      return std::get<TypeName>(a.v).name == std::get<TypeName>(b.v).name;
    case Type::kOptional:
      return EqualMaybes(std::get<Maybe>(a.v), std::get<Maybe>(b.v), budget);
    default:
      return false;
  }
}

Datum DatumOf(const Value& value) { return std::visit(ToDatum(), value.v); }

absl::StatusOr<Value> ValueOf(const Datum& datum) {
  Budget budget;
  return Converted(datum, budget);
}

}  // namespace concordat::expr
