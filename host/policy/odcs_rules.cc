#include "host/policy/odcs_rules.h"

#include <map>
#include <utility>

#include "fmt/format.h"
#include "host/policy/odcs_custom.h"

namespace concordat::policy {
namespace {

using record::Dimension;

constexpr std::pair<std::string_view, Dimension> kDimensions[] = {
    {"required", Dimension::kCompleteness},     {"must_be_empty", Dimension::kCompleteness},
    {"all_or_none", Dimension::kCompleteness},  {"exactly_n_of", Dimension::kCompleteness},
    {"row_count", Dimension::kCoverage},        {"unique", Dimension::kUniqueness},
    {"repeated_bytes", Dimension::kUniqueness}, {"compare", Dimension::kConsistency},
    {"date_diff", Dimension::kConsistency},     {"in_reference", Dimension::kConsistency},
    {"expression", Dimension::kConsistency},    {"freshness", Dimension::kTimeliness},
    {"lateness", Dimension::kTimeliness},       {"period", Dimension::kTimeliness},
    {"sum_equals", Dimension::kConsistency},    {"distinct_within_row", Dimension::kConsistency},
    {"placeholder", Dimension::kCompleteness},  {"value_share", Dimension::kCoverage},
    {"distinct_count", Dimension::kCoverage},   {"not_future", Dimension::kTimeliness},
};

std::string FreeId(const std::string& id, const std::map<std::string, Place>& taken) {
  for (int number = 2;; ++number) {
    std::string candidate = fmt::format("{}_{}", id, number);
    if (!taken.contains(candidate)) return candidate;
  }
}

}  // namespace

Dimension DefaultDimension(std::string_view kind) {
  for (const auto& [name, dimension] : kDimensions) {
    if (kind == name) return dimension;
  }
  return Dimension::kConformity;
}

void MarkNotEvaluated(RuleSpec& spec, std::string reason, std::string hint, Issues& issues) {
  issues.Warn(spec.place, "not-evaluated",
              fmt::format("rule \"{}\" is listed but not run: {}", spec.id, reason), std::move(hint));
  spec.not_evaluated = std::move(reason);
}

std::vector<RuleSpec> SettleIds(std::vector<RuleDraft> drafts, Issues& issues) {
  std::map<std::string, Place> taken;
  for (const RuleDraft& draft : drafts) {
    if (draft.id_may_change) continue;
    const auto [first, is_new] = taken.emplace(draft.spec.id, draft.id_place);
    if (!is_new) ReportDuplicate(draft.id_place, "id", draft.spec.id, first->second, issues);
  }
  std::vector<RuleSpec> rules;
  for (RuleDraft& draft : drafts) {
    if (draft.id_may_change && taken.contains(draft.spec.id)) draft.spec.id = FreeId(draft.spec.id, taken);
    taken.emplace(draft.spec.id, draft.id_place);
    if (draft.spec.native && draft.spec.description.empty())
      draft.spec.description = DescribeNative(draft.spec);
    rules.push_back(std::move(draft.spec));
  }
  return rules;
}

}  // namespace concordat::policy
