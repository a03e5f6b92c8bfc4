#include "fmt/format.h"
#include "host/quality/compiled_rules.h"
#include "host/quality/judge.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

constexpr std::string_view kReadableRule = "record_readable";

// Compiles one object's rules; each mistake is reported and the work goes on.
class Compiler {
 public:
  Compiler(const policy::PolicySet& policies, CompiledRules& out, Issues& issues)
      : policies_(policies), out_(out), issues_(issues) {}

  void Compile(const policy::RuleSpec& spec) {
    CheckId(spec);
    CheckTolerance(spec);
    CompiledRule compiled;
    compiled.spec = spec;
    if (spec.not_evaluated.empty()) {
      compiled.when = CompileWhen(spec);
      CompileKindOf(spec, compiled);
    }
    out_.rules.push_back(std::move(compiled));
  }

 private:
  void CheckId(const policy::RuleSpec& spec) {
    if (spec.id != kReadableRule) return;
    issues_.Error(spec.place, "reserved-id",
                  fmt::format("the id \"{}\" is the host's own rule", kReadableRule), "choose another id");
  }

  void CheckTolerance(const policy::RuleSpec& spec) {
    const std::optional<policy::Allowance>& warn = spec.tolerance.warn;
    const std::optional<policy::Allowance>& breach = spec.tolerance.breach;
    if (warn && breach && warn->records == breach->records && warn->value > breach->value) {
      issues_.Error(spec.place, "bad-bounds",
                    fmt::format("rule {}: tolerance.warn is greater than tolerance.breach", spec.id),
                    "warn comes first");
    } else if (warn && !breach) {
      issues_.Warn(spec.place, "no-effect",
                   fmt::format("rule {}: without tolerance.breach the first failing record breaches it, so "
                               "that it never only warns",
                               spec.id),
                   "add breach, e.g. tolerance: {warn: 0.1%, breach: 1%}");
    }
  }

  std::optional<size_t> CompileWhen(const policy::RuleSpec& spec) {
    if (spec.when.empty()) return std::nullopt;
    for (size_t i = 0; i < out_.whens.size(); ++i) {
      if (out_.whens[i].text() == spec.when) return i;
    }
    expr::Scope scope;
    scope.record = out_.schema.get();
    expr::Program::Result compiled = expr::Program::Compile(spec.when, scope);
    ReportExpression(compiled.issues, spec.when_place, issues_);
    if (!compiled.issues.empty()) return std::nullopt;
    out_.whens.push_back(std::move(compiled.program));
    return out_.whens.size() - 1;
  }

  void CompileKindOf(const policy::RuleSpec& spec, CompiledRule& compiled) {
    for (const KindEntry& kind : AllKinds()) {
      if (kind.name != spec.kind) continue;
      RuleReader reader(spec, *out_.schema, policies_, lists_, issues_);
      compiled.rule = kind.compile(reader);
      compiled.columns = reader.columns();
      reader.Finish();
      return;
    }
    std::vector<std::string> names;
    for (const KindEntry& kind : AllKinds()) names.emplace_back(kind.name);
    issues_.Error(spec.kind_place.source == nullptr ? spec.place : spec.kind_place, "unknown-rule-kind",
                  fmt::format("rule {}: there is no rule kind \"{}\"", spec.id, spec.kind),
                  DidYouMean(spec.kind, names));
  }

  const policy::PolicySet& policies_;
  CompiledRules& out_;
  Issues& issues_;
  ListCache lists_;
};

}  // namespace

std::shared_ptr<const CompiledRules> CompileRules(const policy::Contract& contract,
                                                  const policy::ContractObject& object,
                                                  const policy::PolicySet& policies, Issues& issues) {
  auto compiled = std::make_shared<CompiledRules>();
  compiled->schema = object.schema;
  compiled->dimension_weights = contract.dimension_weights;
  const size_t errors_before = issues.error_count();
  Compiler compiler(policies, *compiled, issues);
  for (const policy::RuleSpec& spec : object.rules) compiler.Compile(spec);
  if (issues.error_count() != errors_before) return nullptr;
  return compiled;
}

}  // namespace concordat::quality
