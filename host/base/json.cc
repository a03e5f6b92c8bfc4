#include "host/base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "boost/json/basic_parser_impl.hpp"
#include "boost/json/value_stack.hpp"
#include "fmt/format.h"
#include "host/base/utf8.h"

namespace concordat::json {
namespace {

// ECMAScript's Number::toString, as RFC 8785 section 3.2.2.3 asks.
std::string NumberText(double number) {
  if (number == 0) return "0";
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  const size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  std::string_view exponent_text = text.substr(e + 1);
  if (exponent_text.front() == '+') exponent_text.remove_prefix(1);
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the decimal point
  std::string out;
  if (count <= point && point <= 21) {
    out = digits + std::string(static_cast<size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out = digits.substr(0, static_cast<size_t>(point)) + "." + digits.substr(static_cast<size_t>(point));
  } else if (-6 < point && point <= 0) {
    out = "0." + std::string(static_cast<size_t>(-point), '0') + digits;
  } else {
    out = digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + fmt::format("e{:+}", point - 1);
  }
  return negative ? "-" + out : out;
}

void WriteString(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

enum class Style { kCompact, kPretty, kCanonical };

class Writer {
 public:
  explicit Writer(Style style) : style_(style) {}

  void Write(const Value& value, int level) {
    switch (value.kind()) {
      case boost::json::kind::null: out += "null"; break;
      case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
      case boost::json::kind::int64: WriteInteger(value.get_int64()); break;
      case boost::json::kind::uint64: WriteInteger(value.get_uint64()); break;
      case boost::json::kind::double_: WriteDouble(value.get_double()); break;
      case boost::json::kind::string:
        WriteString({value.get_string().data(), value.get_string().size()}, out);
        break;
      case boost::json::kind::array: WriteArray(value.get_array(), level); break;
      case boost::json::kind::object: WriteObject(value.get_object(), level); break;
    }
  }

  std::string out;

 private:
  // To RFC 8785 all numbers are doubles: an integer beyond 2^53 is printed as the nearest one.
  template <typename Integer>
  void WriteInteger(Integer number) {
    constexpr int64_t kExact = int64_t{1} << 53;
    const bool exact = std::cmp_less_equal(number, kExact) && std::cmp_greater_equal(number, -kExact);
    if (style_ == Style::kCanonical && !exact) {
      WriteDouble(static_cast<double>(number));
    } else {
      out += std::to_string(number);
    }
  }

  // JSON has no word for infinity or NaN.
  void WriteDouble(double number) { out += std::isfinite(number) ? NumberText(number) : "null"; }

  void Break(int level) {
    if (style_ != Style::kPretty) return;
    out += '\n';
    out.append(static_cast<size_t>(level) * 2, ' ');
  }

  void WriteArray(const Array& array, int level) {
    out += '[';
    bool first = true;
    for (const Value& item : array) {
      if (!first) out += ',';
      first = false;
      Break(level + 1);
      Write(item, level + 1);
    }
    if (!first) Break(level);
    out += ']';
  }

  void WriteObject(const Object& object, int level) {
    std::vector<const boost::json::key_value_pair*> members;
    for (const auto& member : object) members.push_back(&member);
    if (style_ == Style::kCanonical) {
      std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
        return Utf16Less({a->key().data(), a->key().size()}, {b->key().data(), b->key().size()});
      });
    }
    out += '{';
    bool first = true;
    for (const auto* member : members) {
      if (!first) out += ',';
      first = false;
      Break(level + 1);
      WriteString({member->key().data(), member->key().size()}, out);
      out += style_ == Style::kPretty ? ": " : ":";
      Write(member->value(), level + 1);
    }
    if (!first) Break(level);
    out += '}';
  }

  Style style_;
};

std::string Print(const Value& value, Style style) {
  Writer writer(style);
  writer.Write(value, 0);
  return std::move(writer.out);
}

// Builds a value as Boost's own parser does, but reads fractions exactly (Boost 1.81 is off by an ulp now and
// then, which would change digests) and refuses a member that stands twice, of which readers would pick
// different ones.
struct Builder {
  static constexpr size_t max_object_size = Object::max_size();
  static constexpr size_t max_array_size = Array::max_size();
  static constexpr size_t max_key_size = boost::json::string::max_size();
  static constexpr size_t max_string_size = boost::json::string::max_size();
  using Text = boost::json::string_view;
  using Error = boost::json::error_code;

  Builder() { stack.reset(); }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) {
    members.emplace_back();
    return true;
  }
  bool on_object_end(size_t count, Error&) {
    members.pop_back();
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(size_t count, Error&) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(Text part, size_t, Error&) {
    key.append(part.data(), part.size());
    stack.push_chars(part);
    return true;
  }
  bool on_key(Text part, size_t, Error& error) {
    key.append(part.data(), part.size());
    stack.push_key(part);
    if (!members.back().insert(key).second) {
      return Refuse(fmt::format("the member \"{}\" stands twice", key), error);
    }
    key.clear();
    return true;
  }
  bool on_string_part(Text part, size_t, Error&) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(Text part, size_t, Error&) {
    stack.push_string(part);
    return true;
  }
  bool on_number_part(Text part, Error&) {
    number.append(part.data(), part.size());
    return true;
  }
  bool on_int64(int64_t value, Text, Error&) {
    number.clear();
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(uint64_t value, Text, Error&) {
    number.clear();
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double about, Text part, Error& error) {
    number.append(part.data(), part.size());
    const std::optional<double> value = ExactDouble(number, about);
    if (!value) return Refuse(fmt::format("{} is beyond the range of a number", number), error);
    number.clear();
    stack.push_double(*value);
    return true;
  }
  bool on_bool(bool value, Error&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(Error&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

  // `about` is Boost's own reading. Nothing when the number is too large; what is too small is zero.
  static std::optional<double> ExactDouble(const std::string& text, double about) {
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc()) return value;
    if (std::abs(about) < 1) return 0;
    return std::nullopt;
  }

  bool Refuse(std::string reason, Error& error) {
    refusal = std::move(reason);
    error = boost::json::error::syntax;
    return false;
  }

  boost::json::value_stack stack;
  std::vector<std::unordered_set<std::string>> members;  // of the objects that are open
  std::string key;
  std::string number;
  std::string refusal;  // why, when it is not Boost that refuses
};

}  // namespace

absl::StatusOr<Value> Parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = 64;
  boost::json::basic_parser<Builder> parser(options);
  Builder& builder = parser.handler();
  boost::json::error_code error;
  const size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    error = boost::json::error::extra_data;
  }
  if (error) {
    const std::string reason = builder.refusal.empty() ? error.message() : builder.refusal;
    return absl::InvalidArgumentError(fmt::format("not valid JSON at byte {}: {}", read, reason));
  }
  return builder.stack.release();
}

std::string Compact(const Value& value) { return Print(value, Style::kCompact); }
std::string Pretty(const Value& value) { return Print(value, Style::kPretty) + "\n"; }
std::string Canonical(const Value& value) { return Print(value, Style::kCanonical); }

const Value* Find(const Value& value, std::string_view member) {
  if (!value.is_object()) return nullptr;
  return value.get_object().if_contains({member.data(), member.size()});
}

std::string TextOr(const Value& value, std::string_view member, std::string_view fallback) {
  const Value* found = Find(value, member);
  if (found == nullptr || !found->is_string()) return std::string(fallback);
  return std::string(found->get_string().data(), found->get_string().size());
}

}  // namespace concordat::json
