// Values while an expression runs: all of CEL's kinds, cheap to copy.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "host/expr/budget.h"
#include "host/expr/checked.h"

namespace concordat::expr {

/// Characters that are shared, or borrowed from what outlives the evaluation: constants, columns, attributes.
class Text {
 public:
  explicit Text(std::string text)
      : owner_(std::make_shared<const std::string>(std::move(text))), view_(*owner_) {}
  static Text Borrowed(std::string_view view) {
    Text text;
    text.view_ = view;
    return text;
  }
  std::string_view view() const { return view_; }
  std::string str() const { return std::string(view_); }

 private:
  Text() = default;
  std::shared_ptr<const std::string> owner_;
  std::string_view view_;
};

struct Datum;
class Map;
using List = std::vector<Datum>;

struct Null {};
struct Bytes {
  Text text;
};
/// At most some 292 years either way, as in the reference implementation.
struct Span {
  int64_t nanos = 0;
};
struct TypeName {
  std::string name;
};
/// optional.none() when empty.
struct Maybe {
  std::shared_ptr<const Datum> value;
};

struct Datum {
  using ListPtr = std::shared_ptr<const List>;
  using MapPtr = std::shared_ptr<const Map>;
  std::variant<Null, bool, int64_t, uint64_t, double, Text, Bytes, absl::Time, Span, ListPtr, MapPtr,
               TypeName, Maybe>
      v;

  bool is_null() const { return std::holds_alternative<Null>(v); }
  Type type() const;
  /// Only for the kind that it is.
  std::string_view text() const { return std::get<Text>(v).view(); }
  std::string_view bytes() const { return std::get<Bytes>(v).text.view(); }
  const List& list() const { return *std::get<ListPtr>(v); }
  const Map& map() const { return *std::get<MapPtr>(v); }
};
using Result = absl::StatusOr<Datum>;

Datum TextDatum(std::string text);
Datum BytesDatum(std::string bytes);
Datum ListDatum(List members);
Datum MapDatum(Map map);
Datum SomeDatum(Datum value);  // optional.of(value)
Datum NoneDatum();
/// The CEL type of a value, as type() gives it.
TypeName TypeNameOf(const Datum& value);

/// Keys in the order in which they came; numbers of different kinds are one key when they are equal.
class Map {
 public:
  using Entry = std::pair<Datum, Datum>;
  /// False when the key is there already.
  bool Insert(Datum key, Datum value);
  /// Null when it is not there, or is of no kind that can be a key.
  const Datum* Find(const Datum& key) const;
  static bool CanBeKey(const Datum& key);

  const std::vector<Entry>& entries() const { return entries_; }
  size_t size() const { return entries_.size(); }

 private:
  using Key = std::variant<bool, int64_t, uint64_t, std::string_view>;
  static std::optional<Key> KeyOf(const Datum& datum);

  std::vector<Entry> entries_;
  std::map<Key, size_t> index_;  // views into entries_' shared texts
};

/// CEL's ==: numbers by their worth, different kinds are different, NaN equals nothing. False when the budget
/// runs out.
bool Equal(const Datum& a, const Datum& b, Budget& budget);

/// Nothing when the two have no common order.
std::optional<std::partial_ordering> Order(const Datum& a, const Datum& b);

/// Between our values and CEL's. The copy borrows the texts of `value`.
Datum DatumOf(const Value& value);
/// Bytes, durations, maps, types and optionals have no Value: InvalidArgument.
absl::StatusOr<Value> ValueOf(const Datum& datum);

}  // namespace concordat::expr
