// Numbers that prove themselves by a check digit or check letters.
#pragma once

#include <span>
#include <string_view>

namespace concordat::quality {

/// Pure functions of the text; thread-safe.
struct CheckScheme {
  std::string_view name;   // as YAML names it
  std::string_view words;  // "NHS number"
  bool (*good)(std::string_view text);
};

/// In the order of their names.
std::span<const CheckScheme> CheckSchemes();

}  // namespace concordat::quality
