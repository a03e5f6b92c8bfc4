// Library metrics of ODCS as rules of ours: nullValues, missingValues, invalidValues, duplicateValues,
// rowCount.
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/odcs_custom.h"
#include "host/policy/odcs_pattern.h"
#include "host/policy/odcs_rules.h"

namespace concordat::policy {
namespace {

const std::vector<std::string> kOperators = {
    "mustBe",         "mustNotBe",           "mustBeGreaterThan", "mustBeGreaterOrEqualTo",
    "mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween",     "mustNotBeBetween"};

// One metric on its way to a rule.
struct Metric {
  const RuleHome& home;
  const Node& entry;
  RuleDraft draft;
  std::vector<RuleDraft>& rules;
  Issues& issues;

  const Place& place() const { return draft.spec.place; }
  Node Argument(std::string_view name) const { return entry["arguments"][name]; }
};

Node FieldNode(const Metric& metric) { return Node::Scalar(metric.home.field_name, true, metric.place()); }

void SetKind(Metric& metric, std::string kind, std::vector<Node::Member> with) {
  metric.draft.spec.kind = std::move(kind);
  metric.draft.spec.with = Node::Map(std::move(with), metric.place());
  if (!metric.entry["dimension"].present())
    metric.draft.spec.dimension = DefaultDimension(metric.draft.spec.kind);
}

void NoteNotRun(Metric& metric, std::string reason, std::string hint = "") {
  if (metric.draft.spec.not_evaluated.empty()) {
    MarkNotEvaluated(metric.draft.spec, std::move(reason), std::move(hint), metric.issues);
  }
}

// Reads the operator and its value; the reason when the host cannot compare with it.
std::string ReadThreshold(const Node& entry, Threshold& threshold) {
  for (const std::string& op : kOperators) {
    const Node value = entry[op];
    if (!value.present()) continue;
    threshold.op = op;
    const bool between = value.is_sequence() && value.items().size() == 2;
    const std::optional<double> lower = between ? value.items()[0].AsNumber() : value.AsNumber();
    const std::optional<double> upper = between ? value.items()[1].AsNumber() : lower;
    if (!lower || !upper) return fmt::format("{} is not compared with a number", op);
    threshold.value = *lower;
    threshold.upper = *upper;
  }
  return threshold.op.empty() ? "it says no limit, such as mustBe: 0" : "";
}

std::string ReadUnit(const Node& entry, Threshold& threshold) {
  const std::string unit = entry["unit"].AsText().value_or("rows");
  threshold.percent = unit == "percent";
  return threshold.percent || unit == "rows" ? ""
                                             : fmt::format("unit \"{}\" is neither rows nor percent", unit);
}

void SetThreshold(Metric& metric) {
  Threshold threshold;
  std::string problem = ReadThreshold(metric.entry, threshold);
  if (problem.empty()) problem = ReadUnit(metric.entry, threshold);
  threshold.of_groups = metric.draft.spec.kind == "unique";
  if (!problem.empty()) NoteNotRun(metric, std::move(problem));
  metric.draft.spec.threshold = std::move(threshold);
}

void EmptyMetric(Metric& metric, std::string message, std::string hint) {
  metric.issues.Error(metric.entry.KeyPlace("metric"), "empty-metric", std::move(message), hint);
  metric.draft.spec.not_evaluated = "the metric is incomplete";
}

void ReadMissing(Metric& metric) {
  std::vector<Node> tokens;
  for (const Node& token : metric.Argument("missingValues").items()) {
    // null and "" are missing anyway.
    if (token.is_scalar() && !token.text().empty()) tokens.push_back(token);
  }
  std::vector<Node::Member> with = {{"field", metric.place(), FieldNode(metric)}};
  if (!tokens.empty())
    with.push_back({"missing", metric.place(), Node::Sequence(std::move(tokens), metric.place())});
  SetKind(metric, "required", std::move(with));
}

void AddPatternHalf(Metric& metric, bool beside_list) {
  const Node pattern = metric.Argument("pattern");
  if (!pattern.is_scalar()) return;
  const std::string problem = PatternProblem(pattern.text());
  if (!problem.empty()) {
    metric.issues.Error(pattern.place(), "pattern-not-supported",
                        fmt::format("this pattern cannot be run: {}", problem),
                        "write it within the syntax of RE2");
  }
  const RuleDraft list_half = metric.draft;
  if (beside_list) metric.draft.spec.id += "_pattern";
  SetKind(metric, "pattern",
          {{"field", metric.place(), FieldNode(metric)}, {"pattern", metric.place(), pattern}});
  if (!beside_list) return;
  SetThreshold(metric);
  metric.rules.push_back(metric.draft);
  metric.draft = list_half;
}

void ReadInvalid(Metric& metric) {
  const Node list = metric.Argument("validValues");
  const bool has_list = list.is_sequence();
  if (!has_list && !metric.Argument("pattern").is_scalar()) {
    EmptyMetric(metric, "invalidValues says neither which values are valid nor which pattern they follow",
                "add arguments: {validValues: [...]} or {pattern: ...}");
  }
  AddPatternHalf(metric, has_list);
  if (!has_list) return;
  std::vector<Node> values;
  for (const Node& value : list.items()) {
    if (value.is_scalar())
      values.push_back(value);  // a null among them means "may be missing", which it may anyway
  }
  SetKind(metric, "in_list",
          {{"field", metric.place(), FieldNode(metric)},
           {"values", list.place(), Node::Sequence(values, list.place())}});
}

void ReadDuplicates(Metric& metric) {
  Node fields = metric.Argument("properties");
  if (!fields.present() && !metric.home.field_name.empty()) {
    fields = Node::Sequence({FieldNode(metric)}, metric.place());
  }
  if (fields.items().empty()) {
    EmptyMetric(metric, "duplicateValues of an object does not say which properties must be unique together",
                "add arguments: {properties: [first, second]}");
  }
  SetKind(metric, "unique", {{"fields", fields.place(), fields}});
}

struct MetricKind {
  std::string_view name;
  bool of_property;
  std::vector<std::string> arguments;
  void (*read)(Metric&);
};

const std::vector<MetricKind>& MetricKinds() {
  static const std::vector<MetricKind> kinds = {
      {"nullValues", true, {}, ReadMissing},
      {"missingValues", true, {"missingValues"}, ReadMissing},
      {"invalidValues", true, {"validValues", "pattern"}, ReadInvalid},
      {"duplicateValues", false, {"properties"}, ReadDuplicates},
      {"rowCount", false, {}, [](Metric& metric) { SetKind(metric, "row_count", {}); }},
  };
  return kinds;
}

void CheckArguments(Metric& metric, const MetricKind& kind) {
  for (const Node::Member& argument : metric.entry["arguments"].members()) {
    if (std::find(kind.arguments.begin(), kind.arguments.end(), argument.key) != kind.arguments.end())
      continue;
    NoteNotRun(metric, fmt::format("{} has no argument \"{}\"", kind.name, argument.key),
               DidYouMean(argument.key, kind.arguments));
  }
}

}  // namespace

void AddLibraryRule(const RuleHome& home, const Node& entry, RuleDraft common, std::vector<RuleDraft>& rules,
                    Issues& issues) {
  Metric metric{home, entry, std::move(common), rules, issues};
  const std::string name = entry["metric"].AsText().value_or("");
  metric.draft.spec.native = true;
  for (const MetricKind& kind : MetricKinds()) {
    if (kind.name != name) continue;
    kind.read(metric);
    SetThreshold(metric);
    CheckArguments(metric, kind);
    if (kind.of_property && home.field_name.empty()) {
      NoteNotRun(metric, fmt::format("{} counts the values of one property", name),
                 "move the rule to a property");
    }
    rules.push_back(std::move(metric.draft));
  }
}

}  // namespace concordat::policy
