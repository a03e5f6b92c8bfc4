// The adapters that are installed, and what a feed asks of one of them.
#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/adapters/library_check.h"
#include "host/adapters/manifest.h"
#include "host/adapters/option_value.h"
#include "host/adapters/trust.h"
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
    const bool hidden = at->path().filename().string().front() == '.';  // one that is just being installed
    if (!hidden && std::filesystem::is_regular_file(at->path() / "adapter.yaml", error))
      found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Reads the library once: its digest, whether anybody vouches for it, and whether it can run here.
void JudgeLibrary(Manifest& manifest, const TrustRules& rules, const policy::Node& document, Issues& issues) {
  const auto bytes = ReadFile(manifest.folder + "/" + manifest.library, kLargestLibrary);
  if (!bytes.ok()) {
    issues.Error(document.KeyPlace("library"), "no-library",
                 fmt::format("its library cannot be read: {}", MessageOf(bytes.status())));
    return;
  }
  const std::string digest = DigestOf(*bytes);
  JudgeTrust(manifest, digest, rules, document, issues);
  manifest.digest = digest;
  manifest.sealed = std::make_shared<SealedLibrary>();
  manifest.unfit = WhyNoAdapter(*bytes, manifest.library);
  if (manifest.unfit.empty()) manifest.unfit = WhyOtherAbi(manifest);
}

RefusedAdapter Refused(const Manifest& manifest, const std::string& folder, const Issue& issue) {
  return {manifest.name, manifest.version, folder,
          issue.hint.empty() ? issue.message : fmt::format("{} ({})", issue.message, issue.hint)};
}

const Issue& FirstError(const Issues& issues, size_t from) {
  const auto& list = issues.list();
  return *std::find_if(list.begin() + static_cast<ptrdiff_t>(from), list.end(),
                       [](const Issue& issue) { return issue.severity == IssueSeverity::kError; });
}

bool ComesFirst(const Manifest& a, const Manifest& b) {
  return a.name != b.name ? a.name < b.name : CompareVersions(a.version, b.version) > 0;
}

std::vector<std::string> OptionNames(const Manifest& manifest) {
  std::vector<std::string> names;
  for (const ManifestOption& option : manifest.options) names.push_back(option.name);
  return names;
}

}  // namespace

Manifest LoadAdapter(const std::string& folder, const TrustRules& rules, Issues& issues) {
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
  if (!manifest.library.empty()) JudgeLibrary(manifest, rules, document, issues);
  return manifest;
}

Manifest ReadAdapterFolder(const std::string& folder, Issues& issues) {
  TrustRules rules;
  rules.anyone = true;
  return LoadAdapter(folder, rules, issues);
}

Catalog Catalog::Load(const std::vector<std::string>& folders, Issues& issues) {
  TrustRules rules;
  rules.anyone = true;
  return Load(folders, rules, issues);
}

Catalog Catalog::Load(const std::vector<std::string>& folders, const TrustRules& rules, Issues& issues) {
  std::vector<Manifest> manifests;
  std::vector<RefusedAdapter> refused;
  for (const std::string& root : folders) {
    for (const std::string& folder : AdapterFolders(root, issues)) {
      const size_t before = issues.list().size();
      const size_t errors = issues.error_count();
      Manifest manifest = LoadAdapter(folder, rules, issues);
      const auto twin = std::find_if(manifests.begin(), manifests.end(), [&](const Manifest& other) {
        return other.name == manifest.name && other.version == manifest.version;
      });
      if (issues.error_count() == errors && twin != manifests.end()) {
        issues.Error({}, "duplicate-name",
                     fmt::format("two adapters are named \"{}\" and of version {}: in {} and in {}",
                                 manifest.name, manifest.version, twin->folder, manifest.folder),
                     "give the newer one a version of its own, or take one of the folders away");
      }
      if (issues.error_count() > errors) {
        refused.push_back(Refused(manifest, folder, FirstError(issues, before)));
      } else {
        manifests.push_back(std::move(manifest));
      }
    }
  }
  std::stable_sort(manifests.begin(), manifests.end(), ComesFirst);
  Catalog catalog;
  catalog.manifests_ = std::make_shared<const std::vector<Manifest>>(std::move(manifests));
  catalog.refused_ = std::make_shared<const std::vector<RefusedAdapter>>(std::move(refused));
  return catalog;
}

const Manifest* Catalog::Find(std::string_view name) const {
  const auto chosen = chosen_.find(std::string(name));
  if (chosen != chosen_.end()) {
    if (const Manifest* manifest = Find(name, chosen->second); manifest != nullptr) return manifest;
  }
  const auto at = std::find_if(all().begin(), all().end(),
                               [&](const Manifest& manifest) { return manifest.name == name; });
  return at == all().end() ? nullptr : &*at;
}

const Manifest* Catalog::Find(std::string_view name, std::string_view version) const {
  if (version.empty()) return Find(name);
  const auto at = std::find_if(all().begin(), all().end(), [&](const Manifest& manifest) {
    return manifest.name == name && manifest.version == version;
  });
  return at == all().end() ? nullptr : &*at;
}

std::string Catalog::VersionsOf(std::string_view name) const {
  std::string text;
  for (const Manifest& manifest : all()) {
    if (manifest.name == name) text += (text.empty() ? "" : ", ") + manifest.version;
  }
  return text;
}

std::string Catalog::WhyMissing(std::string_view name, std::string_view version) const {
  for (const RefusedAdapter& refused : this->refused()) {
    if (refused.name != name || (!version.empty() && refused.version != version)) continue;
    return fmt::format("the adapter \"{}\" in {} was refused: {}", name, refused.folder, refused.why);
  }
  const std::string versions = VersionsOf(name);
  if (versions.empty()) return fmt::format("no adapter \"{}\" is installed", name);
  return fmt::format("version {} of the adapter \"{}\" is not installed; installed: {}", version, name,
                     versions);
}

Catalog Catalog::WithChosen(std::map<std::string, std::string> chosen) const {
  Catalog other = *this;
  other.chosen_ = std::move(chosen);
  return other;
}

void Catalog::TakeSealedFrom(const Catalog& earlier) {
  std::vector<Manifest> manifests = all();
  for (Manifest& manifest : manifests) {
    const Manifest* const same = earlier.Find(manifest.name, manifest.version);
    if (same != nullptr && same->digest == manifest.digest) manifest.sealed = same->sealed;
  }
  manifests_ = std::make_shared<const std::vector<Manifest>>(std::move(manifests));
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
