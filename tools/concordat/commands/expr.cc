// concordat expr: one CEL expression, or a file of conformance cases.
#include "fmt/format.h"
#include "host/base/files.h"
#include "host/expr/conformance.h"
#include "tools/concordat/commands/commands.h"

namespace concordat::cli {
namespace {

struct Options {
  std::string text;
  std::string variables = "{}";
  std::string file;
};

int Evaluate(const Context& context, const Options& options) {
  const absl::StatusOr<json::Value> variables = json::Parse(options.variables);
  if (!variables.ok()) return Fail(Annotate(variables.status(), "--vars"));
  const absl::StatusOr<json::Value> value = expr::EvaluateText(options.text, *variables);
  if (!value.ok()) return Fail(value.status());
  if (context.json)
    PrintJson(*value);
  else
    fmt::print("{}\n", json::Compact(*value));
  return kFine;
}

int Conformance(const Context& context, const Options& options) {
  const absl::StatusOr<std::string> lines = ReadFile(options.file);
  if (!lines.ok()) return Fail(absl::UnavailableError(std::string(MessageOf(lines.status()))));
  const auto outcomes = expr::RunConformance(*lines);
  if (!outcomes.ok()) return Fail(Annotate(outcomes.status(), options.file));
  size_t passed = 0;
  for (const expr::CaseOutcome& outcome : *outcomes) {
    passed += outcome.pass ? 1 : 0;
    if (!outcome.pass && !context.json)
      fmt::print("{}/{}/{}: {}\n", outcome.file, outcome.section, outcome.name, outcome.got);
  }
  if (context.json)
    PrintJson(expr::OutcomesAsJson(*outcomes));
  else
    fmt::print("{} of {} cases pass\n", passed, outcomes->size());
  return passed == outcomes->size() ? kFine : kNo;
}

}  // namespace

void AddExpr(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* noun = app.add_subcommand("expr", "expressions in CEL");
  noun->require_subcommand(1);
  CLI::App* eval = AddVerb(*noun, context, "eval", "what one expression comes to",
                           "  concordat expr eval 'x.map(i, i * 2)' --vars '{\"x\": [1, 2]}'",
                           [&context, options] { return Evaluate(context, *options); });
  eval->add_option("CEL", options->text, "the expression")->required();
  eval->add_option("--vars", options->variables, "its variables, a JSON object")->capture_default_str();
  CLI::App* conformance = AddVerb(*noun, context, "conformance", "cases of the official suite; 1 when one fails",
                                  "  concordat expr conformance simple.jsonl --json",
                                  [&context, options] { return Conformance(context, *options); });
  conformance->add_option("FILE", options->file, "one case a line, as JSON")->required();
}

}  // namespace concordat::cli
