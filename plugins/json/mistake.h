// What is wrong with a text that should be JSON, where, and how to mend it. Slow and exact: asked only when
// reading failed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace concordat::json {

struct Mistake {
  size_t at = 0;     // byte of the text
  std::string what;  // "a comma before }; leave it out"
};

/// The first mistake of one value in the strictest reading of RFC 8259; nothing when there is none. White
/// space around it is fine.
std::optional<Mistake> FirstMistake(std::string_view text);

/// What `rest` begins with where a value should begin, in words, with how to mend it.
std::string NotAValue(std::string_view rest);

/// What stands between the quotes of a text without mistakes, as UTF-8.
std::string Unescaped(std::string_view text);

/// An optional minus, digits, an optional fraction and exponent, as JSON writes them.
bool IsNumber(std::string_view text);

}  // namespace concordat::json
