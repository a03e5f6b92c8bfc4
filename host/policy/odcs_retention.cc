#include "host/policy/odcs_retention.h"

#include <map>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "host/policy/odcs_custom.h"

namespace concordat::policy {
namespace {

// The letter of an ISO 8601 duration; 0 for what is no unit of whole days.
char LetterOf(const std::string& unit) {
  static const std::map<std::string, char> kLetters = {
      {"d", 'D'},     {"day", 'D'},    {"days", 'D'}, {"w", 'W'},  {"week", 'W'}, {"weeks", 'W'}, {"m", 'M'},
      {"month", 'M'}, {"months", 'M'}, {"y", 'Y'},    {"yr", 'Y'}, {"year", 'Y'}, {"years", 'Y'}};
  const auto found = kLetters.find(absl::AsciiStrToLower(unit));
  return found == kLetters.end() ? '\0' : found->second;
}

std::optional<Duration> Parsed(const Node& node, const std::string& text, Issues& issues) {
  const absl::StatusOr<Duration> duration = ParseDuration(text);
  if (duration.ok() && duration->Seconds() > 0) return *duration;
  issues.Error(node.place(), "bad-retention", fmt::format("\"{}\" is not a time to keep data", text),
               "write a duration above zero, as P24M, P90D or P7Y");
  return std::nullopt;
}

std::optional<Duration> FromServiceLevel(const Node& level, Issues& issues) {
  const std::string value = level["value"].is_scalar() ? level["value"].text() : "";
  const std::string unit = level["unit"].is_scalar() ? level["unit"].text() : "";
  if (unit.empty() && value.starts_with("P")) return Parsed(level["value"], value, issues);
  if (const char letter = LetterOf(unit))
    return Parsed(level["value"], fmt::format("P{}{}", value, letter), issues);
  issues.Error(level.place(), "bad-retention", fmt::format("\"{}\" is not a unit of retention", unit),
               "write unit: d, w, m or y");
  return std::nullopt;
}

}  // namespace

std::optional<Duration> ReadRetention(const Node& document, Issues& issues) {
  if (const Node own = CustomProperty(document, "retention"); own.present()) {
    const Node store = own["store"];
    if (store.is_scalar()) return Parsed(store, store.text(), issues);
    issues.Error(own.place(), "bad-retention", "retention says nothing of the store",
                 "write it as {store: P24M}");
    return std::nullopt;
  }
  for (const Node& level : document["slaProperties"].items()) {
    const Node property = level["property"];
    if (property.is_scalar() && property.text() == "retention") return FromServiceLevel(level, issues);
  }
  return std::nullopt;
}

}  // namespace concordat::policy
