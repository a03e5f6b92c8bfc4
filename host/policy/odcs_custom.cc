#include "host/policy/odcs_custom.h"

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::policy {

Node CustomProperty(const Node& owner, std::string_view property) {
  for (const Node& entry : owner["customProperties"].items()) {
    const Node name = entry["property"];
    if (name.is_scalar() && name.text() == property) return entry["value"];
  }
  return {};
}

std::vector<std::string> TextList(const Node& list, std::string_view what, Issues& issues) {
  std::vector<std::string> texts;
  if (!list.present()) return texts;
  if (!list.is_sequence()) {
    issues.Error(list.place(), "wrong-type", fmt::format("{} must be a list of texts", what),
                 "write it as [first, second]");
    return texts;
  }
  for (const Node& item : list.items()) {
    if (item.is_scalar()) {
      texts.push_back(item.text());
    } else if (!item.is_null()) {
      issues.Error(item.place(), "wrong-type", fmt::format("{} holds something that is not a text", what));
    }
  }
  return texts;
}

void ReportDuplicate(const Place& place, std::string_view what, std::string_view text, const Place& first,
                     Issues& issues) {
  issues.Error(place, "duplicate-id",
               fmt::format("{} \"{}\" stands twice; the first is on line {}", what, text, first.line),
               "give each a name of its own");
}

std::string NamesInWords(const std::vector<std::string>& names) {
  constexpr size_t kShown = 5;
  if (names.size() <= kShown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kShown, ", "),
                     names.size() - kShown);
}

}  // namespace concordat::policy
