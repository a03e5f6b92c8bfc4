#include "host/policy/odcs_pattern.h"

#include <cctype>

#include "fmt/format.h"
#include "re2/re2.h"

namespace concordat::policy {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "\1" .. "\9" outside an escaped backslash.
bool HasBackReference(std::string_view pattern) {
  for (size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '\\') continue;
    if (std::isdigit(static_cast<unsigned char>(pattern[i + 1])) && pattern[i + 1] != '0') return true;
    ++i;
  }
  return false;
}

}  // namespace

std::string PatternProblem(std::string_view pattern) {
  const re2::RE2 compiled({pattern.data(), pattern.size()}, re2::RE2::Quiet);
  if (compiled.ok()) return "";
  for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"}) {
    if (Contains(pattern, look)) return "look-ahead and look-behind are not supported";
  }
  if (HasBackReference(pattern)) return "back-references (\\1) are not supported";
  return compiled.error();
}

}  // namespace concordat::policy
