#include "host/flows/policies.h"

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/flows/policy_tests.h"
#include "host/mapping/feed_lint.h"
#include "host/policy/reader.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {
namespace {

void CompileContract(const policy::Contract& contract, const policy::PolicySet& set, LoadedPolicies& loaded,
                     Issues& issues) {
  for (const policy::ContractObject& object : contract.objects) {
    auto rules = quality::CompileRules(contract, object, set, issues);
    if (rules == nullptr) continue;
    if (contract.objects.size() == 1) loaded.rules[DatasetId(contract.name)] = rules;
    loaded.rules[DatasetId(contract.name + "/" + object.name)] = rules;
  }
}

void CheckAdapters(const policy::PolicySet& set, const adapters::Catalog& catalog, Issues& issues) {
  std::vector<std::string> names;
  for (const adapters::Manifest& manifest : catalog.all()) names.push_back(manifest.name);
  for (const policy::Feed& feed : set.feeds) {
    const adapters::Manifest* manifest = catalog.Find(feed.adapter, feed.adapter_version);
    if (manifest == nullptr) {
      const bool unknown = catalog.Find(feed.adapter) == nullptr;
      issues.Error(
          feed.place, "unknown-adapter",
          fmt::format("feed {}: {}", feed.id.str(), catalog.WhyMissing(feed.adapter, feed.adapter_version)),
          unknown ? DidYouMean(feed.adapter, names) : "");
      continue;
    }
    if (!manifest->unfit.empty()) {
      issues.Warn(feed.place, "unfit-adapter",
                  fmt::format("feed {} cannot be read: adapter {} {}: {}", feed.id.str(), manifest->name,
                              manifest->version, manifest->unfit));
    }
    adapters::Catalog::ResolveOptions(*manifest, feed.adapter_options, issues);
  }
}

// A lone document has no neighbours: what it refers to stands in other files.
void LintLoneRules(const policy::Contract& contract, Issues& issues) {
  const policy::PolicySet alone;
  Issues of_rules;
  for (const policy::ContractObject& object : contract.objects)
    quality::CompileRules(contract, object, alone, of_rules);
  for (const Issue& issue : of_rules.list()) {
    if (issue.code != "unknown-dataset" && issue.code != "unknown-list" && issue.code != "unknown-column")
      issues.Add(issue);
  }
}

}  // namespace

std::shared_ptr<const LoadedPolicies> LoadPolicies(const std::string& folder,
                                                   const adapters::Catalog* catalog, Issues& issues,
                                                   const std::vector<policy::Addition>& additions) {
  auto loaded = std::make_shared<LoadedPolicies>();
  loaded->set = policy::LoadPolicySet(folder, issues, additions);
  if (loaded->set == nullptr) return nullptr;
  for (const policy::Contract& contract : loaded->set->contracts)
    CompileContract(contract, *loaded->set, *loaded, issues);
  loaded->gatekeeper = std::make_shared<const sharing::Gatekeeper>(*loaded->set);
  mapping::LintFeeds(*loaded->set, issues);
  sharing::LintProtocols(*loaded->set, issues);
  if (catalog != nullptr) CheckAdapters(*loaded->set, *catalog, issues);
  issues.SortAndDeduplicate();
  if (issues.has_errors()) return nullptr;
  loaded->failing_tests = FailingProtocolTests(*loaded);
  return loaded;
}

void LintLoneFile(const std::string& path, Issues& issues) {
  auto source = std::make_shared<SourceText>();
  source->name = path;
  absl::StatusOr<std::string> text = ReadFile(path, policy::ReadLimits().bytes);
  if (!text.ok()) {
    issues.Error({source, 0, 0}, "unreadable-file", std::string(MessageOf(text.status())));
    return;
  }
  source->text = *std::move(text);
  const std::optional<policy::Contract> contract = policy::ReadLonePolicy(source, issues);
  if (contract) LintLoneRules(*contract, issues);
  issues.SortAndDeduplicate();
}

}  // namespace concordat::flows
