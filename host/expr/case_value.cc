#include "host/expr/case_value.h"

#include <cmath>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "fmt/format.h"
#include "host/expr/text_format.h"
#include "host/expr/times.h"

namespace concordat::expr {
namespace {

absl::Status Unknown(std::string_view what) {
  return absl::UnimplementedError(fmt::format("the case has a value that is not known here: {}", what));
}

template <typename T>
Result Number(const std::string& text) {
  T value = 0;
  bool read = false;
  if constexpr (std::is_same_v<T, double>)
    read = absl::SimpleAtod(text, &value);
  else
    read = absl::SimpleAtoi(text, &value);
  if (!read) return Unknown(text);
  return Datum{value};
}

Result ListOfCase(const json::Value& pairs) {
  List list;
  for (const json::Value& pair : pairs.as_array()) {
    ASSIGN_OR_RETURN(Datum member, DatumOfCase(pair.as_array()[1]));
    list.push_back(std::move(member));
  }
  return ListDatum(std::move(list));
}

Result MapOfCase(const json::Value& pairs) {
  Map map;
  for (const json::Value& pair : pairs.as_array()) {
    const json::Value* key = FindField(pair.as_array()[1], "key");
    const json::Value* value = FindField(pair.as_array()[1], "value");
    if (key == nullptr || value == nullptr) return Unknown("an entry without key or value");
    ASSIGN_OR_RETURN(Datum key_datum, DatumOfCase(*key));
    ASSIGN_OR_RETURN(Datum value_datum, DatumOfCase(*value));
    map.Insert(std::move(key_datum), std::move(value_datum));
  }
  return MapDatum(std::move(map));
}

// Text, or {"$b64": ...} for what is no text.
Result BytesOfCase(const json::Value& value) {
  if (json::Find(value, "$b64") == nullptr) return BytesDatum(TextOfScalar(value));
  std::string bytes;
  if (!absl::Base64Unescape(json::TextOr(value, "$b64", ""), &bytes)) return Unknown("bytes");
  return BytesDatum(std::move(bytes));
}

// A google.protobuf message in an Any: [["[type.googleapis.com/google.protobuf.Duration]", [["seconds",
// 1]]]].
Result MessageOfCase(const json::Value& value) {
  if (!value.is_array() || value.as_array().empty()) return Unknown("object_value");
  const json::Value& first = value.as_array()[0];
  const std::string type = TextOfScalar(first.as_array()[0]);
  const auto part = [&](std::string_view field) {
    int64_t number = 0;
    const json::Value* found = FindField(first.as_array()[1], field);
    return found != nullptr && absl::SimpleAtoi(TextOfScalar(*found), &number) ? number : int64_t{0};
  };
  const absl::Duration length = absl::Seconds(part("seconds")) + absl::Nanoseconds(part("nanos"));
  if (type.find("google.protobuf.Duration") != std::string::npos) return SpanDatum(length);
  if (type.find("google.protobuf.Timestamp") != std::string::npos)
    return TimeDatum(absl::UnixEpoch() + length);
  return Unknown(type);
}

std::string_view View(const boost::json::string& text) { return {text.data(), text.size()}; }

}  // namespace

std::string TextOfScalar(const json::Value& value) {
  if (value.is_string()) return std::string(View(value.as_string()));
  return json::TextOr(value, "$tok", "");
}

const json::Value* FindField(const json::Value& pairs, std::string_view field) {
  if (!pairs.is_array()) return nullptr;
  for (const json::Value& pair : pairs.as_array()) {
    const bool is_pair = pair.is_array() && pair.as_array().size() == 2 && pair.as_array()[0].is_string();
    if (is_pair && View(pair.as_array()[0].as_string()) == field) return &pair.as_array()[1];
  }
  return nullptr;
}

Result DatumOfCase(const json::Value& pairs) {
  if (!pairs.is_array() || pairs.as_array().size() != 1 || !pairs.as_array()[0].is_array() ||
      pairs.as_array()[0].as_array().size() != 2)
    return Unknown(json::Compact(pairs));
  const json::Value& pair = pairs.as_array()[0];
  const std::string kind = TextOfScalar(pair.as_array()[0]);
  const json::Value& value = pair.as_array()[1];
  if (kind == "null_value") return Datum{};
  if (kind == "bool_value") return Datum{TextOfScalar(value) == "true"};
  if (kind == "int64_value") return Number<int64_t>(TextOfScalar(value));
  if (kind == "uint64_value") return Number<uint64_t>(TextOfScalar(value));
  if (kind == "double_value") return Number<double>(TextOfScalar(value));
  if (kind == "string_value") return TextDatum(TextOfScalar(value));
  if (kind == "bytes_value") return BytesOfCase(value);
  if (kind == "type_value") return Datum{TypeName{TextOfScalar(value)}};
  if (kind == "list_value") return ListOfCase(value);
  if (kind == "map_value") return MapOfCase(value);
  if (kind == "object_value") return MessageOfCase(value);
  return Unknown(kind);
}

Datum DatumOfJson(const json::Value& value) {
  if (value.is_bool()) return {value.as_bool()};
  if (value.is_int64()) return {value.as_int64()};
  if (value.is_uint64()) return {value.as_uint64()};
  if (value.is_double()) return {value.as_double()};
  if (value.is_string()) return TextDatum(std::string(View(value.as_string())));
  if (value.is_array()) {
    List list;
    for (const json::Value& member : value.as_array()) list.push_back(DatumOfJson(member));
    return ListDatum(std::move(list));
  }
  if (!value.is_object()) return {};
  Map map;
  for (const auto& member : value.as_object())
    map.Insert(TextDatum(std::string(member.key().data(), member.key().size())), DatumOfJson(member.value()));
  return MapDatum(std::move(map));
}

namespace {

absl::StatusOr<json::Value> JsonOfList(const List& list, Budget& budget) {
  json::Array array;
  for (const Datum& member : list) {
    ASSIGN_OR_RETURN(json::Value value, JsonOfDatum(member, budget));
    array.push_back(std::move(value));
  }
  return json::Value(std::move(array));
}

absl::StatusOr<json::Value> JsonOfMap(const Map& map, Budget& budget) {
  json::Object object;
  for (const auto& [key, value] : map.entries()) {
    ASSIGN_OR_RETURN(const Datum text, FormatText("%s", {key}, budget));
    ASSIGN_OR_RETURN(json::Value member, JsonOfDatum(value, budget));
    object[boost::json::string_view(text.text().data(), text.text().size())] = std::move(member);
  }
  return json::Value(std::move(object));
}

}  // namespace

absl::StatusOr<json::Value> JsonOfDatum(const Datum& datum, Budget& budget) {
  if (!budget.Step()) return Budget::Spent();
  const auto text = [](std::string_view view) {
    return json::Value(boost::json::string(view.data(), view.size()));
  };
  switch (datum.type()) {
    case Type::kNull:
      return json::Value(nullptr);
    case Type::kBool:
      return json::Value(std::get<bool>(datum.v));
    case Type::kInt:
      return json::Value(std::get<int64_t>(datum.v));
    case Type::kUint:
      return json::Value(std::get<uint64_t>(datum.v));
    case Type::kDouble:
      if (std::isfinite(std::get<double>(datum.v))) return json::Value(std::get<double>(datum.v));
      break;
    case Type::kBytes: {
      if (!budget.Take(datum.bytes().size() * 2)) return Budget::Spent();
      return text(absl::Base64Escape({datum.bytes().data(), datum.bytes().size()}));
    }
    case Type::kList:
      return JsonOfList(datum.list(), budget);
    case Type::kMap:
      return JsonOfMap(datum.map(), budget);
    case Type::kOptional:
      if (!std::get<Maybe>(datum.v).value) return json::Value(nullptr);
      return JsonOfDatum(*std::get<Maybe>(datum.v).value, budget);
    default:
      break;
  }
  ASSIGN_OR_RETURN(const Datum written, FormatText("%s", {datum}, budget));
  return text(written.text());
}

}  // namespace concordat::expr
