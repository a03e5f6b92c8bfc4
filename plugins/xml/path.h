// Which elements are records: "Root/List/Item" from the root on, "Item" wherever it stands, "*" for any name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::xml {

struct Path {
  bool anywhere = false;           // only the last elements count: "Item", "//List/Item"
  std::vector<std::string> names;  // as the reader names elements, outermost first; "*": any

  bool operator==(const Path&) const = default;
};

/// Nothing when `text` is no path.
std::optional<Path> ParsePath(std::string_view text);

/// Whether the path fits an element whose ancestors and itself are `open`, outermost first.
bool Fits(const Path& path, const std::vector<std::string_view>& open);

}  // namespace concordat::xml
