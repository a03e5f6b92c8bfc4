// Words for rules whose authors wrote none: native keys and metrics, as a steward reads them on a scorecard.
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/odcs_rules.h"

namespace concordat::policy {
namespace {

std::vector<std::string> TextsOf(const Node& list) {
  std::vector<std::string> texts;
  for (const Node& item : list.items()) texts.push_back(item.text());
  return texts;
}

// "a, b and c" would hide where a name ends; names stand as in the contract.
std::string Names(const Node& list) { return fmt::format("{}", fmt::join(TextsOf(list), ", ")); }

std::string DescribeUnique(const Node& fields) {
  if (fields.items().size() == 1)
    return fmt::format("each value of {} stands in one record only", Names(fields));
  return fmt::format("{} together stand in one record only", Names(fields));
}

std::string DescribeLength(const Node& with) {
  const std::string min = with["min"].text();
  const std::string max = with["max"].text();
  if (min == max) return fmt::format("{} has {} characters", with["field"].text(), min);
  if (max.empty()) return fmt::format("{} has at least {} characters", with["field"].text(), min);
  if (min.empty()) return fmt::format("{} has at most {} characters", with["field"].text(), max);
  return fmt::format("{} has {} to {} characters", with["field"].text(), min, max);
}

std::string DescribeRange(const Node& with) {
  std::vector<std::string> bounds;
  const auto add = [&](std::string_view key, std::string_view words) {
    if (with[key].present()) bounds.push_back(fmt::format("{} {}", words, with[key].text()));
  };
  add("min", "at least");
  add("exclusive_min", "above");
  add("max", "at most");
  add("exclusive_max", "below");
  return fmt::format("{} is {}", with["field"].text(), fmt::join(bounds, " and "));
}

std::string DescribeList(const Node& with) {
  constexpr size_t kShown = 6;
  const std::vector<std::string> values = TextsOf(with["values"]);
  if (values.size() > kShown)
    return fmt::format("{} is one of {} words", with["field"].text(), values.size());
  return fmt::format("{} is one of: {}", with["field"].text(), fmt::join(values, ", "));
}

}  // namespace

std::string DescribeNative(const RuleSpec& spec) {
  const Node& with = spec.with;
  const std::string& field = with["field"].text();
  if (spec.kind == "required") return fmt::format("{} has a value", field);
  if (spec.kind == "unique") return DescribeUnique(with["fields"]);
  if (spec.kind == "pattern") return fmt::format("{} matches {}", field, with["pattern"].text());
  if (spec.kind == "length") return DescribeLength(with);
  if (spec.kind == "range") return DescribeRange(with);
  if (spec.kind == "in_list") return DescribeList(with);
  if (spec.kind == "row_count") return "the number of records is as expected";
  if (spec.kind == "in_reference" && spec.not_evaluated.empty()) {
    return fmt::format("{} is found in {} of {}", Names(with["fields"]), Names(with["key"]),
                       with["dataset"].text());
  }
  return "";
}

}  // namespace concordat::policy
