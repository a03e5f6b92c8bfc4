// adapter.yaml: what an adapter says of itself, read before its library is opened.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
struct TrustRules;

/// `signature` of adapter.yaml; see trust.h.
struct ManifestSignature {
  std::string key;       // id of the key: 16 hexadecimal digits; empty: not signed
  std::string manifest;  // "sha256:..." of what was signed
  std::string value;     // 64 raw bytes
};

/// Who vouches for an adapter.
enum class Trust {
  kOwn,       // it lies in the program's own folder
  kSigned,    // a key that the administrator trusts
  kUnsigned,  // the administrator, who named it under trust: unsigned
  kNobody     // nobody; only programs that store nothing may run it
};
/// "own", "signed", "unsigned", "nobody".
std::string_view WordOf(Trust trust);

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
  std::vector<std::string> dimensions;  // its own, without "adapter/"
  std::string folder;                   // absolute
  std::string digest;                   // "sha256:..." of the library's bytes
  ManifestSignature signature;
  std::string signable;  // RFC 8785 of all its values but the signature: what is signed
  Trust trust = Trust::kNobody;
  std::string trusted_by;                 // the file of the key, when it is signed
  std::string unfit;                      // why its library cannot run on this machine; empty: it can
  std::shared_ptr<SealedLibrary> sealed;  // made at the first run, shared by copies
};

Manifest ReadManifest(const policy::Node& document, Issues& issues);

/// A positive number when version `a` is newer than `b`, a negative one when it is older: numbers as numbers,
/// "1.10.0" after "1.9.2"; "2.0.0-rc1" before "2.0.0".
int CompareVersions(std::string_view a, std::string_view b);
/// Letters, digits, '.', '-', '+' and '_', a letter or digit first: it stands in names of folders.
bool IsVersion(std::string_view text);

/// A folder with an adapter.yaml that was not taken.
struct RefusedAdapter {
  std::string name;  // empty when its manifest could not be read that far
  std::string version;
  std::string folder;
  std::string why;  // one sentence, with how to mend it
};

/// The adapters found in the configured folders: every folder below one that has an adapter.yaml is one
/// version of one adapter, whatever the folder's name (say, NAME or NAME-VERSION). Immutable, thread-safe,
/// cheap to copy; what Find gave stands as long as any copy.
class Catalog {
 public:
  /// Takes every adapter, whoever vouches for it: for programs that store nothing. A manifest with mistakes
  /// is left out and reported; the others stand.
  static Catalog Load(const std::vector<std::string>& folders, Issues& issues);
  /// Takes those that `rules` trust; the others are left out, reported and kept in refused().
  static Catalog Load(const std::vector<std::string>& folders, const TrustRules& rules, Issues& issues);

  /// The version in use: the chosen one when it is installed, else the newest. Null when there is none.
  const Manifest* Find(std::string_view name) const;
  /// That version; with an empty one as above.
  const Manifest* Find(std::string_view name, std::string_view version) const;
  /// By name, newest version first.
  const std::vector<Manifest>& all() const { return *manifests_; }
  const std::vector<RefusedAdapter>& refused() const { return *refused_; }
  /// "1.1.0, 1.0.0"; empty when there is none.
  std::string VersionsOf(std::string_view name) const;
  /// Why the adapter that a feed names cannot be had, for people: not installed, refused, another version.
  std::string WhyMissing(std::string_view name, std::string_view version) const;

  /// The same adapters with other versions in use: name -> version.
  Catalog WithChosen(std::map<std::string, std::string> chosen) const;
  /// Libraries that were sealed already need not be read again.
  void TakeSealedFrom(const Catalog& earlier);

  /// The feed's options, with defaults filled in, as text values; mistakes are reported at their place.
  static std::vector<std::pair<std::string, std::string>> ResolveOptions(const Manifest& manifest,
                                                                         const policy::Node& options,
                                                                         Issues& issues);

 private:
  std::shared_ptr<const std::vector<Manifest>> manifests_ = std::make_shared<const std::vector<Manifest>>();
  std::shared_ptr<const std::vector<RefusedAdapter>> refused_ =
      std::make_shared<const std::vector<RefusedAdapter>>();
  std::map<std::string, std::string> chosen_;
};

/// One adapter's folder, read and judged as Catalog::Load does; `issues` gets every mistake.
Manifest LoadAdapter(const std::string& folder, const TrustRules& rules, Issues& issues);
/// The same, whoever vouches for it: for whoever is writing the adapter.
Manifest ReadAdapterFolder(const std::string& folder, Issues& issues);

}  // namespace concordat::adapters
