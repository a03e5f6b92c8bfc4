#include "host/expr/conformance.h"

#include <cmath>
#include <map>

#include "fmt/format.h"
#include "host/expr/binder.h"
#include "host/expr/case_value.h"
#include "host/expr/interpreter.h"
#include "host/expr/parser.h"
#include "host/expr/scope_names.h"

namespace concordat::expr {
namespace {

using Variables = std::map<std::string, Datum>;

/// Variables under their full names; a name is looked for in the container and in all that hold it, the
/// longest first (cel-spec, "Name Resolution").
class VariableNames : public Names {
 public:
  VariableNames(const Variables& variables, std::string container)
      : variables_(variables), container_(std::move(container)) {}

  std::optional<Term> Resolve(const Node& node, const std::vector<std::string>& path, bool rooted,
                              size_t& used) override {
    std::string space = rooted ? "" : container_;
    for (;; space.resize(space.find('.') == std::string::npos ? 0 : space.rfind('.'))) {
      if (auto found = LongestIn(space, node, path, used)) return found;
      if (space.empty()) return TypeNamed(path, node.offset, used);
    }
  }

 private:
  std::optional<Term> LongestIn(const std::string& space, const Node& node,
                                const std::vector<std::string>& path, size_t& used) const {
    for (size_t count = path.size(); count > 0; --count) {
      std::string name = space;
      for (size_t i = 0; i < count; ++i) name += (name.empty() ? "" : ".") + path[i];
      if (!variables_.contains(name)) continue;
      used = count;
      Term term;
      term.kind = TermKind::kVariable;
      term.offset = node.offset;
      term.name = std::move(name);
      return term;
    }
    return std::nullopt;
  }

  const Variables& variables_;
  const std::string container_;
};

class VariableFrame : public Frame {
 public:
  explicit VariableFrame(const Variables& variables) : variables_(variables) {}
  Result ValueOf(const Term& name) const override { return variables_.at(name.name); }
  absl::StatusOr<bool> Has(const Term&) const override { return true; }

 private:
  const Variables& variables_;
};

Result Evaluated(std::string_view text, const Variables& variables, const std::string& container) {
  const Parsed parsed = Parse(text);
  if (parsed.issue)
    return absl::InvalidArgumentError(
        fmt::format("character {}: {}", parsed.issue->offset + 1, parsed.issue->message));
  VariableNames names(variables, container);
  const Term term = Binder(names, nullptr).Bind(*parsed.root);
  return Interpreter(MissingIs::kError).Run(term, VariableFrame(variables));
}

// The suite's own equality: kinds must agree, NaN equals NaN, the order of maps is free.
bool Agree(const Datum& got, const Datum& expected, Budget& budget) {
  if (!budget.Step()) return false;
  const auto* maybe = std::get_if<Maybe>(&got.v);
  if (maybe != nullptr && expected.type() != Type::kOptional)
    return maybe->value != nullptr && Agree(*maybe->value, expected, budget);
  if (got.v.index() != expected.v.index()) return false;
  if (const auto* number = std::get_if<double>(&got.v))
    if (std::isnan(*number)) return std::isnan(std::get<double>(expected.v));
  if (got.type() == Type::kList) {
    if (got.list().size() != expected.list().size()) return false;
    for (size_t i = 0; i < got.list().size(); ++i)
      if (!Agree(got.list()[i], expected.list()[i], budget)) return false;
    return true;
  }
  if (got.type() != Type::kMap) return Equal(got, expected, budget);
  if (got.map().size() != expected.map().size()) return false;
  for (const auto& [key, value] : got.map().entries()) {
    const Datum* other = expected.map().Find(key);
    if (other == nullptr || !Agree(value, *other, budget)) return false;
  }
  return true;
}

absl::StatusOr<Variables> BindingsOf(const json::Value& raw) {
  Variables variables;
  for (const json::Value& pair : raw.as_array()) {
    if (TextOfScalar(pair.as_array()[0]) != "bindings") continue;
    const json::Value* key = FindField(pair.as_array()[1], "key");
    const json::Value* expression_value = FindField(pair.as_array()[1], "value");
    const json::Value* value = expression_value ? FindField(*expression_value, "value") : nullptr;
    if (key == nullptr || value == nullptr) return absl::UnimplementedError("a binding that is no value");
    ASSIGN_OR_RETURN(variables[TextOfScalar(*key)], DatumOfCase(*value));
  }
  return variables;
}

// Nothing when an error is expected.
absl::StatusOr<std::optional<Datum>> ExpectationOf(const json::Value& raw) {
  if (FindField(raw, "eval_error") || FindField(raw, "any_eval_errors")) return std::optional<Datum>();
  const json::Value* value = FindField(raw, "value");
  if (const json::Value* typed = FindField(raw, "typed_result")) {
    value = FindField(*typed, "result");
    if (value == nullptr) return absl::UnimplementedError("the case asks for a deduced type only");
  }
  if (value == nullptr) return std::optional<Datum>(Datum{true});
  ASSIGN_OR_RETURN(Datum datum, DatumOfCase(*value));
  return std::optional<Datum>(std::move(datum));
}

std::string Shown(const Datum& datum) {
  Budget budget;
  const auto value = JsonOfDatum(datum, budget);
  if (!value.ok()) return "a value too large to show";
  return fmt::format("{}({})", TypeNameOf(datum).name, json::Compact(*value));
}

absl::Status RunCase(const std::string& text, const json::Value& raw, CaseOutcome& outcome) {
  ASSIGN_OR_RETURN(const Variables variables, BindingsOf(raw));
  ASSIGN_OR_RETURN(const std::optional<Datum> expected, ExpectationOf(raw));
  const json::Value* container = FindField(raw, "container");
  const Result got = Evaluated(text, variables, container ? TextOfScalar(*container) : "");
  if (!got.ok()) {
    outcome.pass = !expected.has_value();
    outcome.got = fmt::format("error: {}", MessageOf(got.status()));
    return absl::OkStatus();
  }
  Budget budget;
  outcome.pass = expected.has_value() && Agree(*got, *expected, budget);
  outcome.got = Shown(*got);
  return absl::OkStatus();
}

absl::StatusOr<CaseOutcome> RunLine(std::string_view line) {
  ASSIGN_OR_RETURN(const json::Value value, json::Parse(line));
  CaseOutcome outcome;
  outcome.file = json::TextOr(value, "file", "");
  outcome.section = json::TextOr(value, "section", "");
  outcome.name = json::TextOr(value, "name", "");
  const json::Value* raw = json::Find(value, "raw");
  if (raw == nullptr || !raw->is_array()) return absl::InvalidArgumentError("raw is missing");
  const absl::Status run = RunCase(json::TextOr(value, "expr", ""), *raw, outcome);
  if (!run.ok()) outcome.got = fmt::format("not run: {}", MessageOf(run));
  return outcome;
}

}  // namespace

absl::StatusOr<std::vector<CaseOutcome>> RunConformance(std::string_view lines) {
  std::vector<CaseOutcome> outcomes;
  size_t number = 0;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    ++number;
    if (line.empty()) continue;
    auto outcome = RunLine(line);
    if (!outcome.ok()) return Annotate(outcome.status(), fmt::format("line {}", number));
    outcomes.push_back(*std::move(outcome));
  }
  return outcomes;
}

json::Value OutcomesAsJson(const std::vector<CaseOutcome>& outcomes) {
  json::Array array;
  for (const CaseOutcome& outcome : outcomes) {
    array.push_back(json::Object{{"file", outcome.file},
                                 {"section", outcome.section},
                                 {"name", outcome.name},
                                 {"pass", outcome.pass},
                                 {"got", outcome.got}});
  }
  return json::Value(std::move(array));
}

absl::StatusOr<json::Value> EvaluateText(std::string_view text, const json::Value& variables) {
  if (!variables.is_object()) return absl::InvalidArgumentError("variables are a JSON object: {\"x\": 1}");
  Variables known;
  for (const auto& member : variables.as_object())
    known[std::string(member.key().data(), member.key().size())] = DatumOfJson(member.value());
  ASSIGN_OR_RETURN(const Datum value, Evaluated(text, known, ""));
  Budget budget;
  return JsonOfDatum(value, budget);
}

}  // namespace concordat::expr
