#include "tools/concordat/offline.h"

#include "fmt/format.h"

namespace concordat::cli {

adapters::Catalog OpenCatalog(const Context& context) {
  Issues issues;
  adapters::Catalog catalog = adapters::Catalog::Load({AdapterFolder(context)}, issues);
  for (const Issue& issue : issues.list()) fmt::print(stderr, "{}", RenderIssue(issue));
  return catalog;
}

absl::StatusOr<std::shared_ptr<const flows::LoadedPolicies>> OpenPolicies(const Context& context,
                                                                          const adapters::Catalog& catalog) {
  Issues issues;
  auto loaded = flows::LoadPolicies(context.policies, &catalog, issues);
  if (loaded != nullptr) return loaded;
  std::string text;
  for (const Issue& issue : issues.list()) text += RenderIssue(issue);
  // A script that cannot be judged at all is not a rejection: exit code 2.
  return absl::UnavailableError(
      fmt::format("{}the policies in {} cannot be used: {} mistakes (concordat policy lint {})", text,
                  context.policies, issues.error_count(), context.policies));
}

}  // namespace concordat::cli
