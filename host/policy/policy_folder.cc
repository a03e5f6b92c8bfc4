#include "host/policy/policy_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/policy/contract.h"
#include "host/policy/reader.h"

namespace concordat::policy {
namespace {

struct KindEntry {
  DocumentKind kind;
  std::string_view name;
  std::string_view place;   // a folder ends with '/'
  std::string_view suffix;  // of the file's name
};

constexpr std::array kKinds = {
    KindEntry{DocumentKind::kPartnership, "Partnership", "partnership.yaml", ".yaml"},
    KindEntry{DocumentKind::kPartner, "Partner", "partners/", ".yaml"},
    KindEntry{DocumentKind::kContract, "DataContract", "contracts/", ".odcs.yaml"},
    KindEntry{DocumentKind::kFeed, "Feed", "feeds/", ".yaml"},
    KindEntry{DocumentKind::kProtocol, "SharingProtocol", "protocols/", ".yaml"},
    KindEntry{DocumentKind::kTemplate, "AssessmentTemplate", "assessments/", ".yaml"},
    KindEntry{DocumentKind::kQualityPolicy, "QualityPolicy", "quality-policy.yaml", ".yaml"},
    KindEntry{DocumentKind::kTest, "PolicyTest", "tests/", "_test.yaml"},
};

constexpr std::string_view kLists = "lists/";
constexpr size_t kMostListBytes = size_t{256} << 20;

const KindEntry& EntryFor(DocumentKind kind) { return kKinds[static_cast<size_t>(kind)]; }

const KindEntry* KindByPlace(std::string_view path) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const KindEntry& entry) {
    return entry.place.ends_with('/') ? path.starts_with(entry.place) : path == entry.place;
  });
  return found == kKinds.end() ? nullptr : found;
}

const KindEntry* KindByName(std::string_view name) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindEntry& entry) { return entry.name == name; });
  return found == kKinds.end() ? nullptr : found;
}

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const KindEntry& entry : kKinds) names.emplace_back(entry.name);
  return names;
}

bool IsPassedOver(std::string_view path) {
  if (path.starts_with("schemas/")) return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "README.md" || path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

class FolderReader {
 public:
  FolderReader(const std::string& folder, Issues& issues) : folder_(folder), issues_(issues) {}

  void Read(const std::string& path) {
    result_.paths.insert(path);
    if (path.starts_with(kLists)) return ReadList(path);
    if (path.ends_with(".yaml")) return ReadDocument(path);
    const KindEntry* place = KindByPlace(path);
    if (path.ends_with(".yml")) {
      if (place != nullptr) result_.incomplete.insert(place->kind);
      Report(path, "wrong-name", "policies end with .yaml, so this file is not read", "rename it to .yaml");
    } else {
      Report(path, "stray-file", "this file is neither a policy (.yaml) nor a list (under lists/)",
             "move it out of the folder, or to lists/ when rules refer to it");
    }
  }

  PolicyFolder Take() { return std::move(result_); }

 private:
  // As the user would name it.
  std::string NameOf(const std::string& path) const {
    return (std::filesystem::path(folder_) / path).lexically_normal().generic_string();
  }

  void Report(const std::string& path, std::string code, std::string message, std::string hint) {
    Place place;
    place.source = std::make_shared<SourceText>(SourceText{NameOf(path), ""});
    issues_.Error(std::move(place), std::move(code), std::move(message), std::move(hint));
  }

  std::optional<std::string> ReadBytes(const std::string& path, size_t limit) {
    auto bytes = ReadFile((std::filesystem::path(folder_) / path).string(), limit);
    if (bytes.ok()) return *std::move(bytes);
    const bool large = absl::IsResourceExhausted(bytes.status());
    Report(path, large ? "too-large" : "unreadable-file", std::string(MessageOf(bytes.status())),
           large ? "split it" : "check that the host may read it");
    return std::nullopt;
  }

  void ReadList(const std::string& path) {
    if (!path.ends_with(".csv")) {
      return Report(path, "stray-file", "a list is a CSV file",
                    "save it as .csv, or move it out of the folder");
    }
    auto bytes = ReadBytes(path, kMostListBytes);
    if (!bytes) return;
    const std::string digest = DigestOf(*bytes);
    result_.digests[path] = digest;
    result_.lists[path] = ListFile{path, digest, *std::move(bytes)};
  }

  void ReadDocument(const std::string& path) {
    const KindEntry* place = KindByPlace(path);
    auto bytes = ReadBytes(path, ReadLimits().bytes);
    const Node node =
        bytes ? ReadYaml(std::make_shared<SourceText>(SourceText{NameOf(path), *std::move(bytes)}), issues_)
              : Node();
    if (!node.present()) {
      if (place != nullptr) result_.incomplete.insert(place->kind);
      return;
    }
    result_.digests[path] = DigestOf(json::Canonical(node.ToJson()));
    const KindEntry* kind = SettleKind(path, node, place);
    if (kind == nullptr) return;
    CheckPlace(path, node, *kind, place);
    result_.documents.push_back({path, kind->kind, node});
  }

  // What the document says it is counts; where it stands decides only when it says nothing.
  const KindEntry* SettleKind(const std::string& path, const Node& node, const KindEntry* place) {
    if (!node.is_map()) {
      issues_.Error(node.place(), "wrong-type", "a policy is a map of \"key: value\"",
                    "begin with apiVersion: and kind:");
      if (place != nullptr) result_.incomplete.insert(place->kind);
      return nullptr;
    }
    if (const auto written = KindOf(node, path)) return &EntryFor(*written);
    const Node kind = node["kind"];
    if (!kind.present() && place != nullptr) return place;
    if (place != nullptr) result_.incomplete.insert(place->kind);
    issues_.Error(
        kind.present() ? kind.place() : node.place(), kind.present() ? "unknown-kind" : "missing-key",
        kind.present() ? fmt::format("there is no kind \"{}\"", kind.text()) : "the document needs \"kind\"",
        DidYouMean(kind.text(), KindNames()));
    return nullptr;
  }

  void CheckPlace(const std::string& path, const Node& node, const KindEntry& kind, const KindEntry* place) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const Place at = node["kind"].present() ? node["kind"].place() : node.place();
    if (place != &kind) {
      const bool is_folder = kind.place.ends_with('/');
      issues_.Error(at, "wrong-place", fmt::format("a {} does not belong here", kind.name),
                    fmt::format("move it to {}{}", kind.place, is_folder ? name : ""));
    } else if (!path.ends_with(kind.suffix)) {
      issues_.Error(at, "wrong-name",
                    fmt::format("the name of a {} file ends with {}", kind.name, kind.suffix),
                    fmt::format("rename it to {}{}", name.substr(0, name.find('.')), kind.suffix));
    }
  }

  const std::string folder_;
  Issues& issues_;
  PolicyFolder result_;
};

}  // namespace

std::optional<DocumentKind> KindOf(const Node& document, std::string_view path) {
  const KindEntry* named = KindByName(document["kind"].text());
  if (named != nullptr) return named->kind;
  if (LooksLikeContract(document, path)) return DocumentKind::kContract;
  return std::nullopt;
}

std::string_view KindName(DocumentKind kind) { return EntryFor(kind).name; }
std::string_view KindPlace(DocumentKind kind) { return EntryFor(kind).place; }

Node PolicyFolder::DocumentAt(const Place& place) const {
  const auto found = std::find_if(documents.begin(), documents.end(), [&](const PolicyDocument& document) {
    return document.node.place().source == place.source;
  });
  return found == documents.end() ? Node() : found->node;
}

absl::StatusOr<PolicyFolder> ReadPolicyFolder(const std::string& folder, Issues& issues) {
  ASSIGN_OR_RETURN(const std::vector<std::string> paths, ListFiles(folder));
  FolderReader reader(folder, issues);
  for (const std::string& path : paths) {
    if (!IsPassedOver(path)) reader.Read(path);
  }
  return reader.Take();
}

}  // namespace concordat::policy
