#include "plugins/xml/path.h"

#include <algorithm>

namespace concordat::xml {

std::optional<Path> ParsePath(std::string_view text) {
  Path path;
  if (text.substr(0, 2) == "//") {
    path.anywhere = true;
    text.remove_prefix(2);
  } else if (text.substr(0, 1) == "/") {
    text.remove_prefix(1);
  } else {
    path.anywhere = text.find('/') == std::string_view::npos;
  }
  while (true) {
    const size_t end = text.find('/');
    const std::string_view name = text.substr(0, end);
    if (name.empty() || name.find_first_of(" \t<>@[]\"'") != std::string_view::npos) return std::nullopt;
    path.names.emplace_back(name);
    if (end == std::string_view::npos) return path;
    text.remove_prefix(end + 1);
  }
}

bool Fits(const Path& path, const std::vector<std::string_view>& open) {
  if (open.size() < path.names.size() || (!path.anywhere && open.size() != path.names.size())) return false;
  return std::equal(
      path.names.begin(), path.names.end(), open.end() - static_cast<std::ptrdiff_t>(path.names.size()),
      [](const std::string& wanted, std::string_view name) { return wanted == "*" || wanted == name; });
}

}  // namespace concordat::xml
