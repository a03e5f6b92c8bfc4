#include "host/flows/submission_measure.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::flows {
namespace {

std::optional<double> NumberOf(const json::Value& object, std::string_view member) {
  const json::Value* found = json::Find(object, member);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->to_number<double>();
}

uint64_t CountOf(const json::Value& object, std::string_view member) {
  return static_cast<uint64_t>(NumberOf(object, member).value_or(0));
}

const json::Array& ListOf(const json::Value& object, std::string_view member) {
  static const json::Array kNone;
  const json::Value* found = json::Find(object, member);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

RuleMeasure RuleOf(const json::Value& rule) {
  RuleMeasure measure;
  measure.id = json::TextOr(rule, "id", "");
  measure.dimension = json::TextOr(rule, "dimension", "");
  measure.severity = json::TextOr(rule, "severity", "");
  measure.status = json::TextOr(rule, "status", "");
  measure.state = json::TextOr(rule, "state", "enforced");
  json::Array columns = ListOf(rule, "columns");
  measure.asks = fmt::format("{}|{}|{}|{}|{}", json::TextOr(rule, "kind", ""),
                             json::TextOr(rule, "threshold", ""), NumberOf(rule, "weight").value_or(0),
                             json::Compact(columns), json::TextOr(rule, "description", ""));
  measure.counts = {CountOf(rule, "pass"), CountOf(rule, "fail"), CountOf(rule, "skip"),
                    CountOf(rule, "unresolved"), CountOf(rule, "error")};
  measure.few = json::Find(rule, "interval") != nullptr;
  return measure;
}

// No rule of a contract: it stands in a scorecard where some record could not be read.
constexpr std::string_view kReadable = "record_readable";

bool SameRule(const RuleMeasure& a, const RuleMeasure& b) {
  return a.dimension == b.dimension && a.severity == b.severity && a.state == b.state && a.asks == b.asks;
}

void AddClause(const char* what, const std::vector<std::string>& rules, std::string& words) {
  if (rules.empty()) return;
  words += fmt::format("{}{} {} {}", words.empty() ? "" : "; ", rules.size() == 1 ? "rule" : "rules",
                       fmt::join(rules, ", "), what);
}

}  // namespace

std::optional<double> RuleMeasure::share() const {
  if (counts.measured() == 0) return std::nullopt;
  return 100 * static_cast<double>(counts.pass) / static_cast<double>(counts.measured());
}

const RuleMeasure* SubmissionMeasure::FindRule(std::string_view id) const {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [id](const RuleMeasure& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

SubmissionMeasure MeasureOf(const store::Attempt& attempt) {
  const json::Value& result = attempt.result;
  SubmissionMeasure measure;
  measure.score = NumberOf(result, "score");
  measure.grade = json::TextOr(result, "grade", "");
  for (const json::Value& dimension : ListOf(result, "dimensions"))
    measure.dimensions.emplace_back(json::TextOr(dimension, "dimension", ""), NumberOf(dimension, "score"));
  for (const json::Value& rule : ListOf(result, "rules")) measure.rules.push_back(RuleOf(rule));
  if (const json::Value* contract = json::Find(result, "contract"); contract != nullptr)
    measure.contract_version = json::TextOr(*contract, "version", "");
  measure.contract_digest = attempt.contract_digest;
  if (const json::Value* records = json::Find(result, "records"); records != nullptr)
    measure.records = *records;
  measure.reasons = ListOf(result, "reasons");
  return measure;
}

std::string MeasureChange::InWords() const {
  if (!any()) return "";
  std::string rules;
  AddClause("changed", rules_changed, rules);
  AddClause("came in", rules_added, rules);
  AddClause("went out", rules_removed, rules);
  std::string words;
  if (contract) {
    words = version_before == version_after
                ? fmt::format("contract {} was edited under the same version", version_after)
                : fmt::format("contract {} became {}", version_before, version_after);
    words += rules.empty() ? ", its rules show no difference" : ": " + rules;
  } else {
    words = rules;
  }
  return words + "; the scores before and after are not the same measure";
}

MeasureChange ChangeBetween(const SubmissionMeasure& before, const SubmissionMeasure& after) {
  MeasureChange change;
  change.version_before = before.contract_version;
  change.version_after = after.contract_version;
  change.contract =
      before.contract_version != after.contract_version || before.contract_digest != after.contract_digest;
  // What could not be read has no rules at all, and says nothing of them.
  if (before.rules.empty() || after.rules.empty()) return change;
  for (const RuleMeasure& rule : after.rules) {
    if (rule.id == kReadable) continue;
    const RuleMeasure* earlier = before.FindRule(rule.id);
    if (earlier == nullptr) {
      change.rules_added.push_back(rule.id);
    } else if (!SameRule(*earlier, rule)) {
      change.rules_changed.push_back(rule.id);
    }
  }
  for (const RuleMeasure& rule : before.rules) {
    if (rule.id != kReadable && after.FindRule(rule.id) == nullptr) change.rules_removed.push_back(rule.id);
  }
  return change;
}

}  // namespace concordat::flows
