// JSON values for small documents; the only door to Boost.JSON.
// Printed with numbers as ECMAScript prints them (shortest form that reads back), which Boost's own writer
// does not.
#pragma once

#include <string>
#include <string_view>

#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/value.hpp"
#include "host/base/status.h"

namespace concordat::json {

using Array = boost::json::array;
using Object = boost::json::object;
using Value = boost::json::value;

/// Strict RFC 8259, at most 64 levels deep; no member twice, no number beyond a double's range (as RFC 7493
/// asks). InvalidArgument says where it broke off.
absl::StatusOr<Value> Parse(std::string_view text);

/// One line, members in the order in which they were put.
std::string Compact(const Value& value);
/// Two spaces a level, members in the order in which they were put, a newline at the end.
std::string Pretty(const Value& value);
/// RFC 8785: members sorted by UTF-16 code units, no blanks, numbers as the doubles they are.
std::string Canonical(const Value& value);

/// The member, or nullptr when `value` is no object or has no such member.
const Value* Find(const Value& value, std::string_view member);
/// The member's text, or `fallback` when absent or not a string.
std::string TextOr(const Value& value, std::string_view member, std::string_view fallback);

}  // namespace concordat::json
