#include "tools/concordat/adapter_choice.h"

#include <algorithm>
#include <cctype>

#include "fmt/format.h"
#include "host/base/source.h"

namespace concordat::cli {
namespace {

using adapters::Manifest;

// "xlsx" of Stations.XLSX and of stations.xlsx.gz; nothing of a name without an ending.
std::string EndingOf(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (name.size() > packed.size() && name.ends_with(packed)) name.resize(name.size() - packed.size());
  }
  const size_t dot = name.find_last_of('.');
  return dot == std::string::npos ? "" : name.substr(dot + 1);
}

// A partner's own adapter has rules about columns that it knows; a general one knows none.
bool IsGeneral(const Manifest& manifest) {
  return std::all_of(manifest.rules.begin(), manifest.rules.end(),
                     [](const adapters::ManifestRule& rule) { return rule.columns.empty(); });
}

}  // namespace

absl::StatusOr<const Manifest*> ChooseAdapter(const adapters::Catalog& catalog, const std::string& file,
                                              const std::string& wanted) {
  if (!wanted.empty()) {
    if (const Manifest* found = catalog.Find(wanted)) return found;
    std::vector<std::string> names;
    for (const Manifest& manifest : catalog.all()) names.push_back(manifest.name);
    return absl::NotFoundError(
        fmt::format("there is no adapter \"{}\"; {}", wanted, DidYouMean(wanted, names)));
  }
  const std::string ending = EndingOf(file);
  const auto reads = [&](const Manifest& manifest) {
    return std::find(manifest.formats.begin(), manifest.formats.end(), ending) != manifest.formats.end();
  };
  const Manifest* const delimited = catalog.Find("delimited");
  if (delimited != nullptr && reads(*delimited)) return delimited;
  for (const Manifest& manifest : catalog.all()) {
    if (IsGeneral(manifest) && reads(manifest)) return &manifest;
  }
  if (delimited != nullptr) return delimited;
  return absl::UnavailableError("the adapter \"delimited\" is not installed (see --adapters)");
}

}  // namespace concordat::cli
