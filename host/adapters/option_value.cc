#include "host/adapters/option_value.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::adapters {

std::string WhyNoValue(const ManifestOption& option, const std::string& text) {
  if (option.type == "boolean" && text != "true" && text != "false") return "must be true or false";
  if (option.type == "integer") {
    int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return "must be a whole number";
  }
  if (option.type == "words" &&
      std::find(option.words.begin(), option.words.end(), text) == option.words.end()) {
    return fmt::format("must be one of: {}", fmt::join(option.words, ", "));
  }
  return "";
}

}  // namespace concordat::adapters
