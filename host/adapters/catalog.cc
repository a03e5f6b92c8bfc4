// The adapters that are installed, and what a feed asks of one of them.
#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/adapters/manifest.h"
#include "host/adapters/option_value.h"
#include "host/adapters/worker_job.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/policy/reader.h"

namespace concordat::adapters {
namespace {

constexpr size_t kLargestManifest = size_t{1} << 20;
constexpr size_t kLargestLibrary = size_t{256} << 20;

/// Folders that hold an adapter.yaml, in a fixed order.
std::vector<std::string> AdapterFolders(const std::string& folder, Issues& issues) {
  std::error_code error;
  std::vector<std::string> found;
  std::filesystem::directory_iterator at(folder, error);
  if (error) {
    issues.Error({}, "no-folder",
                 fmt::format("the adapters folder {} cannot be read: {}", folder, error.message()));
    return found;
  }
  for (; at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (error) break;
    if (std::filesystem::is_regular_file(at->path() / "adapter.yaml", error))
      found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// A manifest that carries a digest promises these very bytes.
void TakeDigest(Manifest& manifest, const Place& place, Issues& issues) {
  const auto bytes = ReadFile(manifest.folder + "/" + manifest.library, kLargestLibrary);
  if (!bytes.ok()) {
    issues.Error(place, "no-library",
                 fmt::format("its library cannot be read: {}", MessageOf(bytes.status())));
    return;
  }
  const std::string digest = DigestOf(*bytes);
  if (!manifest.digest.empty() && manifest.digest != digest) {
    issues.Error(place, "wrong-digest",
                 fmt::format("the library {} has the digest {}, not the one that stands here",
                             manifest.library, digest));
  }
  manifest.digest = digest;
  manifest.sealed = std::make_shared<SealedLibrary>();
}

std::vector<std::string> OptionNames(const Manifest& manifest) {
  std::vector<std::string> names;
  for (const ManifestOption& option : manifest.options) names.push_back(option.name);
  return names;
}

}  // namespace

Manifest ReadAdapterFolder(const std::string& folder, Issues& issues) {
  const std::string path = folder + "/adapter.yaml";
  auto text = ReadFile(path, kLargestManifest);
  if (!text.ok()) {
    issues.Error({}, "no-manifest", std::string(MessageOf(text.status())));
    return {};
  }
  const policy::Node document =
      policy::ReadYaml(std::make_shared<const SourceText>(SourceText{path, *std::move(text)}), issues);
  if (!document.present()) return {};
  Manifest manifest = ReadManifest(document, issues);
  std::error_code error;
  manifest.folder = std::filesystem::absolute(folder, error).lexically_normal().string();
  if (!manifest.library.empty()) TakeDigest(manifest, document.KeyPlace("library"), issues);
  return manifest;
}

Catalog Catalog::Load(const std::vector<std::string>& folders, Issues& issues) {
  Catalog catalog;
  for (const std::string& root : folders) {
    for (const std::string& folder : AdapterFolders(root, issues)) {
      const size_t errors = issues.error_count();
      Manifest manifest = ReadAdapterFolder(folder, issues);
      if (issues.error_count() > errors) continue;
      if (const Manifest* other = catalog.Find(manifest.name); other != nullptr) {
        issues.Error({}, "duplicate-name",
                     fmt::format("two adapters are named \"{}\": in {} and in {}", manifest.name,
                                 other->folder, manifest.folder));
        continue;
      }
      catalog.manifests_.push_back(std::move(manifest));
    }
  }
  return catalog;
}

const Manifest* Catalog::Find(std::string_view name) const {
  const auto at = std::find_if(manifests_.begin(), manifests_.end(),
                               [&](const Manifest& manifest) { return manifest.name == name; });
  return at == manifests_.end() ? nullptr : &*at;
}

std::vector<std::pair<std::string, std::string>> Catalog::ResolveOptions(const Manifest& manifest,
                                                                         const policy::Node& options,
                                                                         Issues& issues) {
  if (options.present() && !options.is_map()) {
    issues.Error(options.place(), "wrong-type", "the options of an adapter must be a map of \"key: value\"");
  }
  for (const policy::Node::Member& member : options.members()) {
    const std::vector<std::string> names = OptionNames(manifest);
    if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
    issues.Error(member.key_place, "unknown-key",
                 fmt::format("adapter {} has no option \"{}\"", manifest.name, member.key),
                 DidYouMean(member.key, names));
  }
  std::vector<std::pair<std::string, std::string>> resolved;
  for (const ManifestOption& option : manifest.options) {
    const policy::Node given = options[option.name];
    std::string value = option.default_value;
    if (given.present()) {
      value = given.AsText().value_or("");
      const std::string why = given.is_scalar() ? WhyNoValue(option, value) : "must be a single value";
      if (!why.empty()) {
        issues.Error(given.place(), "bad-option",
                     fmt::format("option \"{}\" of adapter {} {}", option.name, manifest.name, why));
      }
    }
    resolved.emplace_back(option.name, std::move(value));
  }
  return resolved;
}

}  // namespace concordat::adapters
