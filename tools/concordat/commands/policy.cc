// concordat policy: all YAML of a folder, every mistake at once.
#include <filesystem>

#include "fmt/format.h"
#include "host/flows/policies.h"
#include "host/policy/issue_json.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/offline.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {
namespace {

void LintPath(const Context& context, const std::string& path, Issues& issues) {
  if (std::filesystem::is_directory(path)) {
    const adapters::Catalog catalog = OpenCatalog(context);
    // Without any adapter installed the feeds' options cannot be judged; the rest can.
    flows::LoadPolicies(path, catalog.all().empty() ? nullptr : &catalog, issues);
    return;
  }
  flows::LintLoneFile(path, issues);
}

int Lint(const Context& context, const std::vector<std::string>& paths) {
  Issues issues;
  for (const std::string& path : paths.empty() ? std::vector<std::string>{context.policies} : paths) {
    if (!std::filesystem::exists(path))
      return Fail(absl::UnavailableError(path + ": there is no such file or folder"));
    LintPath(context, path, issues);
  }
  const size_t errors = issues.error_count();
  if (context.json) {
    PrintJson(policy::IssuesToJson(issues));
  } else {
    for (const Issue& issue : issues.list()) fmt::print("{}\n", RenderIssue(issue));
    const size_t warnings = issues.list().size() - errors;
    const std::string verdict = errors == 0 ? Paint(Colour::kGood, "no mistakes")
                                            : Paint(Colour::kBad, fmt::format("{} mistakes", errors));
    fmt::print("{}{}\n", verdict, warnings == 0 ? "" : fmt::format(", {} warnings", warnings));
  }
  return errors == 0 ? kFine : kNo;
}

int Digest(const Context& context) {
  const adapters::Catalog catalog = OpenCatalog(context);
  const auto loaded = OpenPolicies(context, catalog);
  if (!loaded.ok()) return Fail(loaded.status());
  const policy::PolicySet& set = *(*loaded)->set;
  if (!context.json) {
    for (const auto& [path, digest] : set.digests) fmt::print("{}  {}\n", digest, path);
    fmt::print("{}  (all)\n", set.digest);
    return kFine;
  }
  json::Object files;
  for (const auto& [path, digest] : set.digests) files[path] = digest;
  PrintJson(json::Object{{"policyDigest", set.digest}, {"files", std::move(files)}});
  return kFine;
}

}  // namespace

void AddPolicy(CLI::App& app, Context& context) {
  auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* noun = app.add_subcommand("policy", "the YAML of a partnership");
  noun->require_subcommand(1);
  CLI::App* lint = AddVerb(
      *noun, context, "lint", "every mistake of a folder or of single files, each with a caret",
      "  concordat policy lint policies\n  concordat policy lint contracts/street_crime.odcs.yaml --json",
      [&context, paths] { return Lint(context, *paths); });
  lint->add_option("PATH", *paths, "folders of policies or single files; default --policies");
  AddVerb(*noun, context, "digest", "the digest of each document and of all together",
          "  concordat policy digest --policies policies", [&context] { return Digest(context); });
}

}  // namespace concordat::cli
