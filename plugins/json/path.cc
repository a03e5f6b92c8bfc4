#include "plugins/json/path.h"

#include <algorithm>

namespace concordat::json {
namespace {

bool IsPlain(std::string_view name) {
  return !name.empty() && name != "*" && name.find_first_of(".[]\"' ") == std::string_view::npos;
}

// From '[' on: ["name"], ['name'] or [*].
bool ReadBracket(std::string_view& rest, Path& path) {
  rest.remove_prefix(1);
  if (rest.substr(0, 2) == "*]") {
    path.push_back({.any = true, .name = ""});
    rest.remove_prefix(2);
    return true;
  }
  if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return false;
  const size_t end = rest.find(rest[0], 1);
  if (end == std::string_view::npos || rest.substr(end + 1, 1) != "]") return false;
  path.push_back({.any = false, .name = std::string(rest.substr(1, end - 1))});
  rest.remove_prefix(end + 2);
  return true;
}

}  // namespace

std::optional<Path> ParsePath(std::string_view text) {
  Path path;
  if (text.substr(0, 1) == "$") {
    text.remove_prefix(1);
  } else if (!text.empty() && text[0] != '[' && text[0] != '.') {
    // "data.items" without the "$."
    const size_t end = std::min(text.find_first_of(".["), text.size());
    path.push_back({.any = text.substr(0, end) == "*", .name = std::string(text.substr(0, end))});
    text.remove_prefix(end);
  }
  while (!text.empty()) {
    if (text[0] == '[') {
      if (!ReadBracket(text, path)) return std::nullopt;
      continue;
    }
    if (text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
    const size_t end = std::min(text.find_first_of(".["), text.size());
    if (end == 0) return std::nullopt;
    path.push_back({.any = text.substr(0, end) == "*", .name = std::string(text.substr(0, end))});
    text.remove_prefix(end);
  }
  for (Step& step : path) {
    if (step.any) step.name.clear();
  }
  return path;
}

std::string ToText(const Path& path) {
  std::string text = "$";
  for (const Step& step : path) {
    if (step.any) {
      text += ".*";
    } else if (IsPlain(step.name)) {
      text += "." + step.name;
    } else {
      text += "[\"" + step.name + "\"]";
    }
  }
  return text;
}

}  // namespace concordat::json
