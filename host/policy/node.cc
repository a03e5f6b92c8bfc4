#include "host/policy/node.h"

#include <charconv>
#include <cmath>

namespace concordat::policy {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view WithoutSign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

// Core schema: [-+]?[0-9]+
bool IsDecimalInteger(std::string_view text) {
  text = WithoutSign(text);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// 010 is ten in YAML 1.2 and eight in YAML 1.1; nobody should have to know which reader stands behind a file.
bool HasLeadingZero(std::string_view text) {
  text = WithoutSign(text);
  return text.size() > 1 && text[0] == '0' && IsDigit(text[1]);
}

// Core schema: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool IsDecimalNumber(std::string_view text) {
  text = WithoutSign(text);
  size_t at = 0;
  const auto digits = [&] {
    const size_t start = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return at - start;
  };
  const size_t whole = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<int64_t> ParseInteger(std::string_view text, int base) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Core schema: 0o[0-7]+ and 0x[0-9a-fA-F]+.
std::optional<int64_t> ParsePrefixedInteger(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || text[2] == '-') return std::nullopt;
  if (text[1] == 'o') return ParseInteger(text.substr(2), 8);
  if (text[1] == 'x') return ParseInteger(text.substr(2), 16);
  return std::nullopt;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

// RFC 8785 prints numbers as doubles; integers beyond 2^53 must not look more exact than that.
json::Value JsonInteger(int64_t value) {
  constexpr int64_t kExact = int64_t{1} << 53;
  if (value > kExact || value < -kExact) return static_cast<double>(value);
  return value;
}

json::Value ScalarToJson(const std::string& text, bool quoted) {
  if (quoted) return json::Value(text);
  if (const auto truth = ParseBool(text)) return *truth;
  if (const auto prefixed = ParsePrefixedInteger(text)) return JsonInteger(*prefixed);
  if (IsDecimalInteger(text)) {
    if (const auto integer = ParseInteger(text, 10)) return JsonInteger(*integer);
  }
  if (IsDecimalNumber(text)) {
    if (const auto number = ParseDouble(text)) return *number;
  }
  return json::Value(text);
}

}  // namespace

struct Node::Data {
  Kind kind = Kind::kAbsent;
  Place place;
  std::string text;
  bool quoted = false;
  std::vector<Node> items;
  std::vector<Member> members;
};

Node Node::Scalar(std::string text, bool quoted, Place place) {
  auto data = std::make_shared<Data>();
  data->kind = Kind::kScalar;
  data->place = std::move(place);
  data->text = std::move(text);
  data->quoted = quoted;
  Node node;
  node.data_ = std::move(data);
  return node;
}

Node Node::Null(Place place) {
  auto data = std::make_shared<Data>();
  data->kind = Kind::kNull;
  data->place = std::move(place);
  Node node;
  node.data_ = std::move(data);
  return node;
}

Node Node::Sequence(std::vector<Node> items, Place place) {
  auto data = std::make_shared<Data>();
  data->kind = Kind::kSequence;
  data->place = std::move(place);
  data->items = std::move(items);
  Node node;
  node.data_ = std::move(data);
  return node;
}

Node Node::Map(std::vector<Member> members, Place place) {
  auto data = std::make_shared<Data>();
  data->kind = Kind::kMap;
  data->place = std::move(place);
  data->members = std::move(members);
  Node node;
  node.data_ = std::move(data);
  return node;
}

Node::Kind Node::kind() const { return data_ ? data_->kind : Kind::kAbsent; }

const Place& Node::place() const {
  static const Place nowhere;
  return data_ ? data_->place : nowhere;
}

const std::string& Node::text() const {
  static const std::string empty;
  return data_ ? data_->text : empty;
}

bool Node::quoted() const { return data_ && data_->quoted; }

const std::vector<Node>& Node::items() const {
  static const std::vector<Node> none;
  return data_ ? data_->items : none;
}

const std::vector<Node::Member>& Node::members() const {
  static const std::vector<Member> none;
  return data_ ? data_->members : none;
}

Node Node::operator[](std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return member.value;
  }
  return {};
}

Place Node::KeyPlace(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return member.key_place;
  }
  return place();
}

std::optional<bool> Node::AsBool() const {
  if (!is_scalar() || quoted()) return std::nullopt;
  return ParseBool(text());
}

std::optional<int64_t> Node::AsInteger() const {
  if (!is_scalar() || quoted() || !IsDecimalInteger(text()) || HasLeadingZero(text())) return std::nullopt;
  return ParseInteger(text(), 10);
}

std::optional<double> Node::AsNumber() const {
  if (!is_scalar() || quoted() || !IsDecimalNumber(text()) || HasLeadingZero(text())) return std::nullopt;
  return ParseDouble(text());
}

std::optional<std::string> Node::AsText() const {
  if (!is_scalar()) return std::nullopt;
  return text();
}

json::Value Node::ToJson() const {
  switch (kind()) {
    case Kind::kAbsent:
    case Kind::kNull:
      return nullptr;
    case Kind::kScalar:
      return ScalarToJson(text(), quoted());
    case Kind::kSequence: {
      json::Array array;
      array.reserve(items().size());
      for (const Node& item : items()) array.push_back(item.ToJson());
      return array;
    }
    case Kind::kMap: {
      json::Object object;
      for (const Member& member : members()) object[member.key] = member.value.ToJson();
      return object;
    }
  }
  return nullptr;
}

}  // namespace concordat::policy
