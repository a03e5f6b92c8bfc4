#include "tools/concordat/offline.h"

#include "fmt/format.h"
#include "host/adapters/trust.h"

namespace concordat::cli {

adapters::Catalog OpenCatalog(const Context& context) {
  Issues issues;
  adapters::TrustRules rules;
  rules.own_folder = OwnAdapterFolder();
  rules.anyone = true;  // nothing is stored, and the sandbox holds
  adapters::Catalog catalog = adapters::Catalog::Load(AdapterFolders(context), rules, issues);
  for (const Issue& issue : issues.list()) fmt::print(stderr, "{}", RenderIssue(issue));
  return catalog;
}

void SayWhenNobodyVouches(const adapters::Manifest& manifest) {
  if (manifest.trust != adapters::Trust::kNobody) return;
  fmt::print(
      stderr,
      "note: adapter {} {} in {} is {}: no host takes it so, here it runs all the same (in its sandbox)\n",
      manifest.name, manifest.version, manifest.folder,
      manifest.signature.key.empty() ? "not signed" : "signed with a key that is not checked here");
}

absl::StatusOr<std::shared_ptr<const flows::LoadedPolicies>> OpenPolicies(const Context& context,
                                                                          const adapters::Catalog& catalog) {
  Issues issues;
  auto loaded = flows::LoadPolicies(context.policies, &catalog, issues);
  if (loaded != nullptr) return loaded;
  std::string text;
  bool other_adapters = false;
  for (const Issue& issue : issues.list()) {
    text += RenderIssue(issue);
    other_adapters = other_adapters || issue.code == "unknown-adapter";
  }
  if (other_adapters)
    text += fmt::format(
        "Adapters were looked for in {}; those that a host installed lie in its data folder: --adapters "
        "{}:DATA_DIR/adapters\n",
        AdapterFolderNames(context), OwnAdapterFolder());
  // A script that cannot be judged at all is not a rejection: exit code 2.
  return absl::UnavailableError(fmt::format(
      "{}the policies in {} cannot be used: {} {} (concordat policy lint {})", text, context.policies,
      issues.error_count(), issues.error_count() == 1 ? "mistake" : "mistakes", context.policies));
}

}  // namespace concordat::cli
