// The `quality` lists of ODCS: what all entries share, our own engine's rules, and those that the host cannot
// run.
#include <cmath>
#include <utility>

#include "fmt/format.h"
#include "host/policy/fields.h"
#include "host/policy/odcs_custom.h"
#include "host/policy/odcs_rules.h"

namespace concordat::policy {
namespace {

using record::Severity;

constexpr std::string_view kEngine = "concordat";

Severity ReadSeverity(const Node& word, Issues& issues) {
  if (!word.is_scalar()) return Severity::kError;
  if (const auto severity = record::SeverityFrom(word.text())) return *severity;
  bool mild = false;
  for (const std::string_view name : {"low", "minor", "trivial", "warn"}) mild = mild || word.text() == name;
  const Severity severity = mild ? Severity::kWarning : Severity::kError;
  issues.Warn(word.place(), "severity-word",
              fmt::format("severity \"{}\" counts as {}", word.text(), record::SeverityName(severity)),
              "say critical, error, warning or info");
  return severity;
}

double ReadWeight(const Node& entry, Severity severity, Issues& issues) {
  const Node weight = CustomProperty(entry, "weight");
  if (!weight.present()) return record::DefaultWeight(severity);
  const std::optional<double> number = weight.AsNumber();
  if (number && *number >= 0) return *number;
  issues.Error(weight.place(), "bad-weight", "the weight of a rule must be a number from 0 up");
  return record::DefaultWeight(severity);
}

std::string TextOf(const Node& node) { return node.AsText().value_or(""); }

// "<field>_<what>" or "<object>_<what>" for a rule that has no id.
std::string MadeUpId(const RuleHome& home, const Node& entry) {
  std::string what = TextOf(entry["metric"]);
  if (what.empty()) what = TextOf(entry["type"]);
  if (what.empty()) what = "text";
  return fmt::format("{}_{}", home.field_name.empty() ? home.object_name : home.field_name, what);
}

RuleDraft ReadCommon(const RuleHome& home, const Node& entry, Issues& issues) {
  RuleDraft draft;
  RuleSpec& spec = draft.spec;
  spec.id = TextOf(entry["id"]);
  draft.id_may_change = spec.id.empty();
  if (draft.id_may_change) spec.id = MadeUpId(home, entry);
  spec.object = home.object_name;
  spec.field = home.field_name;
  spec.description = TextOf(entry["description"]);
  if (spec.description.empty()) spec.description = TextOf(entry["name"]);
  spec.dimension = record::DimensionFrom(TextOf(entry["dimension"])).value_or(record::Dimension::kConformity);
  spec.severity = ReadSeverity(entry["severity"], issues);
  spec.weight = ReadWeight(entry, spec.severity, issues);
  spec.clause = TextOf(CustomProperty(entry, "clause"));
  spec.clause_place = CustomProperty(entry, "clause").place();
  spec.mend = TextOf(CustomProperty(entry, "mend"));
  spec.place = entry.place();
  if (const Node state = CustomProperty(entry, "state"); state.present()) {
    const auto life = record::RuleLifeFrom(TextOf(state));
    if (life) {
      spec.lifetime.state = *life;
    } else {
      issues.Error(state.place(), "unknown-word", fmt::format("\"{}\" is no state of a rule", TextOf(state)),
                   "one of draft, shadow, enforced");
    }
  }
  draft.id_place = draft.id_may_change ? spec.place : entry["id"].place();
  return draft;
}

Handling ReadHandling(Fields& fields, std::string_view key) {
  const std::string word = fields.WordOr(key, "", {"skip", "fail", "unresolved"});
  if (word == "skip") return Handling::kSkip;
  if (word == "fail") return Handling::kFail;
  return word == "unresolved" ? Handling::kUnresolved : Handling::kDefault;
}

// "5%" and 0.05 are shares, "20 records" (or rows) a number of them.
std::optional<Allowance> ReadAllowance(Fields& fields, std::string_view key) {
  const std::string text = fields.map()[key].is_scalar() ? fields.map()[key].text() : "";
  for (const std::string_view unit : {" records", " record", " rows", " row"}) {
    if (!text.ends_with(unit)) continue;
    fields.TextOr(key, "");
    const auto number = Node::Scalar(text.substr(0, text.size() - unit.size()), false).AsNumber();
    if (number && *number >= 0 && *number == std::floor(*number)) return Allowance{*number, true};
    fields.Error(key, "wrong-type", fmt::format("\"{}\" is not a number of records", text),
                 "e.g. 20 records");
    return std::nullopt;
  }
  const std::optional<double> share = fields.Share(key);
  return share ? std::optional<Allowance>(Allowance{*share, false}) : std::nullopt;
}

Tolerance ReadTolerance(Fields& fields) {
  Tolerance tolerance;
  const Node node = fields.Map("tolerance");
  if (!node.is_map()) return tolerance;
  Fields bounds(node, "tolerance", fields.issues());
  tolerance.warn = ReadAllowance(bounds, "warn");
  tolerance.breach = ReadAllowance(bounds, "breach");
  bounds.Finish();
  return tolerance;
}

std::optional<absl::CivilDay> ReadDay(Fields& fields, std::string_view key) {
  const std::string text = fields.TextOr(key, "");
  if (text.empty()) return std::nullopt;
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) return day;
  fields.Error(key, "bad-date", fmt::format("\"{}\" is not a date as yyyy-MM-dd", text), "e.g. 2026-04-01");
  return std::nullopt;
}

RuleLifetime ReadLifetime(Fields& fields, record::RuleLife otherwise) {
  RuleLifetime life;
  const std::string word = fields.WordOr("state", "", {"draft", "shadow", "enforced"});
  life.state = record::RuleLifeFrom(word).value_or(otherwise);
  life.effective = ReadDay(fields, "effective");
  life.until = ReadDay(fields, "until");
  if (life.effective && life.until && *life.until < *life.effective)
    fields.Error("until", "bad-bounds", "the rule ends before it takes effect",
                 "until comes after effective");
  if (life.state != record::RuleLife::kEnforced && (life.effective || life.until)) {
    fields.Warn("state", "no-effect", "a draft or shadow rule is not enforced, whatever its days",
                "say state: enforced; before its effective day it runs as a shadow anyway");
  }
  return life;
}

void ReadOwnRule(const Node& entry, RuleSpec& spec, Issues& issues) {
  const Node implementation = entry["implementation"];
  if (!implementation.is_map()) {
    issues.Error(entry.KeyPlace("implementation"), "wrong-type",
                 fmt::format("rule \"{}\": implementation must be a map for engine concordat", spec.id),
                 "write implementation: {rule: ..., with: {...}}");
    return;
  }
  Fields fields(implementation, fmt::format("implementation of rule \"{}\"", spec.id), issues);
  spec.kind = fields.Text("rule");
  spec.kind_place = implementation["rule"].place();
  spec.with = fields.Map("with");
  if (!spec.with.present()) spec.with = Node::Map({}, implementation.place());
  spec.when = fields.TextOr("when", "");
  spec.when_place = implementation["when"].place();
  spec.on_missing = ReadHandling(fields, "onMissing");
  spec.on_unparseable = ReadHandling(fields, "onUnparseable");
  spec.tolerance = ReadTolerance(fields);
  spec.lifetime = ReadLifetime(fields, spec.lifetime.state);
  fields.Finish();
  if (!entry["dimension"].present()) spec.dimension = DefaultDimension(spec.kind);
}

// Rules whose words the host keeps but cannot run.
void ReadForeignRule(const Node& entry, const std::string& type, RuleSpec& spec, Issues& issues) {
  spec.kind = type.empty() ? "text" : type;
  spec.with = Node::Map({}, spec.place);
  const std::string engine = TextOf(entry["engine"]);
  if (type == "sql") {
    MarkNotEvaluated(spec, "the host runs no SQL", "say it as a rule with engine: concordat as well", issues);
  } else if (type == "custom") {
    const std::string hint =
        Nearest(engine, {std::string(kEngine)}).empty() ? "" : "did you mean engine: concordat?";
    MarkNotEvaluated(spec, fmt::format("it is for the engine \"{}\"", engine), hint, issues);
  } else {
    MarkNotEvaluated(spec, "it is a text for people", "answer it in the self-assessment", issues);
  }
}

}  // namespace

record::RuleLife RuleLifetime::On(absl::CivilDay day) const {
  if (state != record::RuleLife::kEnforced) return state;
  const bool in_force = (!effective || day >= *effective) && (!until || day <= *until);
  return in_force ? record::RuleLife::kEnforced : record::RuleLife::kShadow;
}

void AddQualityRules(const RuleHome& home, std::vector<RuleDraft>& rules, Issues& issues) {
  const Node& owner = home.property.present() ? home.property : home.object;
  for (const Node& entry : owner["quality"].items()) {
    if (!entry.is_map()) continue;
    const std::string type = TextOf(entry["type"]);
    RuleDraft draft = ReadCommon(home, entry, issues);
    if (entry["metric"].is_scalar() && (type.empty() || type == "library")) {
      AddLibraryRule(home, entry, std::move(draft), rules, issues);
      continue;
    }
    if (type == "custom" && TextOf(entry["engine"]) == kEngine) {
      ReadOwnRule(entry, draft.spec, issues);
    } else {
      ReadForeignRule(entry, type, draft.spec, issues);
    }
    rules.push_back(std::move(draft));
  }
}

}  // namespace concordat::policy
