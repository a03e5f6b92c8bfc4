// adapter.yaml: what an adapter says of itself, read before its library is opened.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/base/source.h"
#include "host/policy/fields.h"
#include "host/record/words.h"

namespace concordat::adapters {

struct ManifestOption {
  std::string name;
  std::string type;  // text | integer | boolean | words
  std::string default_value;
  std::vector<std::string> words;  // for type words
  std::string description;
};

/// A table the adapter needs: a list file of the policies folder or a dataset of the store.
struct ManifestReference {
  std::string name;
  std::string file;
  std::string dataset;
};

struct ManifestRule {
  std::string id;
  std::string description;
  record::Dimension dimension = record::Dimension::kConsistency;
  record::Severity severity = record::Severity::kError;
  std::vector<std::string> columns;
  std::string mend;
};

class SealedLibrary;

struct Manifest {
  std::string name;
  std::string version;
  uint32_t abi_min = 1;
  uint32_t abi_max = 1;
  std::string library;  // file name beside the manifest
  std::string description;
  std::vector<std::string> formats;
  std::vector<ManifestOption> options;
  std::vector<ManifestReference> references;
  std::vector<ManifestRule> rules;
  std::vector<std::string> dimensions;    // its own, without "adapter/"
  std::string folder;                     // absolute
  std::string digest;                     // "sha256:..." of the library's bytes
  std::shared_ptr<SealedLibrary> sealed;  // made at the first run, shared by copies
};

Manifest ReadManifest(const policy::Node& document, Issues& issues);

/// The adapter of one folder that holds adapter.yaml and its library; mistakes, a wrong digest among them, are
/// added to `issues`, and then it is not to be run. Trust is not looked at.
Manifest ReadAdapterFolder(const std::string& folder, Issues& issues);

/// The adapters found in the configured folders (DIR/<name>/adapter.yaml). Immutable, thread-safe.
class Catalog {
 public:
  /// A manifest with mistakes is left out and reported; the others stand.
  static Catalog Load(const std::vector<std::string>& folders, Issues& issues);
  const Manifest* Find(std::string_view name) const;
  const std::vector<Manifest>& all() const { return manifests_; }

  /// The feed's options, with defaults filled in, as text values; mistakes are reported at their place.
  static std::vector<std::pair<std::string, std::string>> ResolveOptions(const Manifest& manifest,
                                                                         const policy::Node& options,
                                                                         Issues& issues);

 private:
  std::vector<Manifest> manifests_;
};

}  // namespace concordat::adapters
