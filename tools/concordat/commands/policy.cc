// concordat policy: all YAML of a folder, every mistake at once.
#include <filesystem>

#include "fmt/format.h"
#include "host/flows/policies.h"
#include "host/flows/policy_diff.h"
#include "host/flows/policy_tests.h"
#include "host/policy/issue_json.h"
#include "tools/concordat/commands/commands.h"
#include "tools/concordat/commands/policy_life.h"
#include "tools/concordat/commands/policy_signing.h"
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
    const std::string verdict =
        errors == 0 ? Paint(Colour::kGood, "no mistakes")
                    : Paint(Colour::kBad, fmt::format("{} {}", errors, errors == 1 ? "mistake" : "mistakes"));
    fmt::print("{}{}\n", verdict,
               warnings == 0 ? "" : fmt::format(", {} {}", warnings, warnings == 1 ? "warning" : "warnings"));
  }
  return errors == 0 ? kFine : kNo;
}

// Paths as the shell knows them, as the policies know them: relative to their folder.
absl::StatusOr<std::vector<std::string>> TestPaths(const policy::PolicySet& set,
                                                   const std::vector<std::string>& paths) {
  std::vector<std::string> relative;
  for (const std::string& path : paths) {
    std::error_code ignored;
    const std::string inside = std::filesystem::relative(path, set.folder, ignored).string();
    bool found = false;
    for (const policy::PolicyTest& test : set.tests) {
      const bool meant =
          test.path == inside || test.path == path || test.path.starts_with(inside + "/") || inside == ".";
      if (meant) relative.push_back(test.path);
      found = found || meant;
    }
    if (!found)
      return absl::NotFoundError(fmt::format("{}: there is no policy test of {} there", path, set.folder));
  }
  return relative;
}

int Test(const Context& context, const std::vector<std::string>& paths) {
  const adapters::Catalog catalog = OpenCatalog(context);
  const auto loaded = OpenPolicies(context, catalog);
  if (!loaded.ok()) return Fail(loaded.status());
  const auto only = TestPaths(*(*loaded)->set, paths);
  if (!only.ok()) return Fail(only.status());
  size_t expectations = 0;
  Issues failures;
  for (const flows::PolicyTestOutcome& outcome : flows::RunPolicyTests(**loaded, *only, absl::Now())) {
    expectations += outcome.expectations;
    for (const Issue& failure : outcome.failures.list()) failures.Add(failure);
    if (context.json) continue;
    for (const Issue& failure : outcome.failures.list()) fmt::print("{}\n", RenderIssue(failure));
    const bool holds = outcome.failures.list().empty();
    fmt::print("{} {}\n", holds ? Paint(Colour::kGood, "holds") : Paint(Colour::kBad, "fails"), outcome.path);
  }
  const size_t failed = failures.list().size();
  if (context.json) {
    PrintJson(json::Object{
        {"given", expectations}, {"failed", failed}, {"failures", policy::IssuesToJson(failures)}});
  } else {
    fmt::print("{} records and requests tried, {}\n", expectations,
               failed == 0 ? "all as expected" : fmt::format("{} not as expected", failed));
  }
  return failed == 0 ? kFine : kNo;
}

absl::StatusOr<std::shared_ptr<const flows::LoadedPolicies>> PoliciesIn(const Context& context,
                                                                        const std::string& folder) {
  Context there = context;
  there.policies = folder;
  return OpenPolicies(there, OpenCatalog(there));
}

void PrintChange(const flows::PolicyChange& change) {
  const std::string name =
      change.what == "rule" ? fmt::format("  {} {}", change.what, change.id) : change.file;
  const std::string aspect = change.aspect.empty() ? "" : ": " + change.aspect;
  fmt::print("{} {}{}\n", name, change.change, aspect);
  if (change.what == "document") return;
  if (!change.before.empty()) fmt::print("    {} {}\n", Paint(Colour::kBad, "-"), change.before);
  if (!change.after.empty()) fmt::print("    {} {}\n", Paint(Colour::kGood, "+"), change.after);
}

int Diff(const Context& context, const std::string& before, const std::string& after) {
  const auto was = PoliciesIn(context, before);
  if (!was.ok()) return Fail(was.status());
  const auto is = PoliciesIn(context, after);
  if (!is.ok()) return Fail(is.status());
  const std::vector<flows::PolicyChange> changes = flows::DiffPolicies(*(*was)->set, *(*is)->set);
  json::Array list;
  for (const flows::PolicyChange& change : changes) {
    if (!context.json) PrintChange(change);
    list.push_back(json::Object{{"file", change.file},
                                {"what", change.what},
                                {"id", change.id},
                                {"change", change.change},
                                {"aspect", change.aspect},
                                {"before", change.before},
                                {"after", change.after}});
  }
  if (context.json) {
    PrintJson(json::Object{
        {"before", (*was)->set->digest}, {"after", (*is)->set->digest}, {"changes", std::move(list)}});
  } else if (changes.empty()) {
    fmt::print("the same policies ({})\n", (*is)->set->digest);
  }
  return changes.empty() ? kFine : kNo;
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
  auto tests = std::make_shared<std::vector<std::string>>();
  AddVerb(*noun, context, "test", "runs the *_test.yaml of policy authors: these records, these findings",
          "  concordat policy test\n  concordat policy test policies/tests/street_crime_test.yaml",
          [&context, tests] { return Test(context, *tests); })
      ->add_option("PATH", *tests, "test documents or folders; default all of --policies");
  auto folders = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* diff = AddVerb(*noun, context, "diff", "which documents and rules differ between two folders",
                           "  concordat policy diff policies policies-next",
                           [&context, folders] { return Diff(context, folders->first, folders->second); });
  diff->add_option("BEFORE", folders->first, "folder of policies")->required();
  diff->add_option("AFTER", folders->second, "folder of policies")->required();
  AddVerb(*noun, context, "digest", "the digest of each document and of all together",
          "  concordat policy digest --policies policies", [&context] { return Digest(context); });
  AddPolicyLife(*noun, context);
  AddPolicySigning(*noun, context);
}

}  // namespace concordat::cli
