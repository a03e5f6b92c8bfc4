// Where the records of a document are: "$.data.items", "$.areas.*", "$["odd name"][*]".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::json {

struct Step {
  bool any = false;  // every element or member
  std::string name;

  bool operator==(const Step&) const = default;
};
/// From the root on. An array at its end gives its elements, everything else is itself a record. An array on
/// the way stands for each of its elements.
using Path = std::vector<Step>;

/// Nothing when `text` is no path; the leading "$" may be left out.
std::optional<Path> ParsePath(std::string_view text);
/// As ParsePath reads it.
std::string ToText(const Path& path);

}  // namespace concordat::json
