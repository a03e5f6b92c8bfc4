#include "host/policy/policy_set.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/policy/cross_check.h"
#include "host/policy/policy_folder.h"
#include "host/policy/policy_test.h"
#include "host/policy/reader.h"

namespace concordat::policy {
namespace {

// 3.10.0 is newer than 3.9.0.
std::array<int64_t, 3> VersionNumbers(std::string_view version) {
  std::array<int64_t, 3> numbers{};
  for (int64_t& number : numbers) {
    const auto end = std::from_chars(version.data(), version.data() + version.size(), number).ptr;
    version.remove_prefix(static_cast<size_t>(end - version.data()));
    if (!version.empty()) version.remove_prefix(1);
  }
  return numbers;
}

template <typename Entry, typename Wanted>
const Entry* FindById(const std::vector<Entry>& entries, const Wanted& id) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

// Reads each document as its kind, in the order of their paths.
class SetReader {
 public:
  SetReader(PolicyFolder& folder, PolicySet& set, Issues& issues)
      : folder_(folder), set_(set), issues_(issues) {}

  void ReadAll() {
    for (const PolicyDocument& document : folder_.documents) Read(document);
    if (!has_partnership_ && !folder_.incomplete.contains(DocumentKind::kPartnership)) {
      Place place;
      place.source = std::make_shared<SourceText>(SourceText{set_.folder, ""});
      issues_.Error(std::move(place), "missing-file", "there is no partnership.yaml in this folder",
                    "it names the partnership and its trust domain");
    }
  }

  void Read(const PolicyDocument& document) {
    switch (document.kind) {
      case DocumentKind::kPartnership:
        return ReadThePartnership(document);
      case DocumentKind::kPartner:
        set_.partners.push_back(ReadPartner(document.node, issues_));
        return;
      case DocumentKind::kContract:
        set_.contracts.push_back(Filed(ReadContract(document.node, issues_), document));
        set_.contracts.back().schema_digest = DigestOf(json::Canonical(document.node["schema"].ToJson()));
        return;
      case DocumentKind::kFeed:
        set_.feeds.push_back(ReadFeed(document.node, issues_));
        return;
      case DocumentKind::kProtocol:
        set_.protocols.push_back(Filed(ReadSharingProtocol(document.node, issues_), document));
        set_.canonical[document.path] = json::Canonical(document.node.ToJson());
        return;
      case DocumentKind::kTemplate:
        set_.templates.push_back(Filed(ReadAssessmentTemplate(document.node, issues_), document));
        return;
      case DocumentKind::kQualityPolicy:
        return ReadTheQualityPolicy(document);
      case DocumentKind::kTest:
        set_.tests.push_back(ReadPolicyTest(document.node, issues_));
        set_.tests.back().path = document.path;
        return;
    }
  }

 private:
  // A second one was reported as standing in the wrong place.
  void ReadThePartnership(const PolicyDocument& document) {
    Partnership partnership = ReadPartnership(document.node, issues_);
    if (!has_partnership_ || document.path == KindPlace(DocumentKind::kPartnership))
      set_.partnership = std::move(partnership);
    has_partnership_ = true;
  }

  // As with the partnership.
  void ReadTheQualityPolicy(const PolicyDocument& document) {
    QualityPolicy policy = Filed(ReadQualityPolicy(document.node, issues_), document);
    if (set_.quality_policy && document.path != KindPlace(DocumentKind::kQualityPolicy)) return;
    set_.quality_policy = std::move(policy);
    set_.canonical[document.path] = json::Canonical(document.node.ToJson());
  }

  template <typename Entry>
  Entry Filed(Entry entry, const PolicyDocument& document) const {
    entry.path = document.path;
    entry.digest = folder_.digests.at(document.path);
    return entry;
  }

  PolicyFolder& folder_;
  PolicySet& set_;
  Issues& issues_;
  bool has_partnership_ = false;
};

// One dataset, one name: "street_crime/crimes" of a contract with that one object is "street_crime".
DatasetId ShortName(const PolicySet& set, const DatasetId& id) {
  const auto [contract, object] = set.FindDataset(id);
  return object != nullptr && contract->objects.size() == 1 ? DatasetId(contract->name) : id;
}

// A feed of the same file is read as that one is, unless it says otherwise.
void ShareAdapters(PolicySet& set) {
  for (Feed& feed : set.feeds) {
    if (feed.same_file_as.empty() || !feed.adapter.empty()) continue;
    const Feed* first = set.FindFeed(feed.same_file_as);
    if (first == nullptr || first == &feed) continue;
    feed.adapter = first->adapter;
    feed.adapter_version = first->adapter_version;
    feed.unpack = first->unpack;
    feed.adapter_limits = first->adapter_limits;
    feed.adapter_options = first->adapter_options;
  }
}

void ShortenNames(PolicySet& set) {
  for (Feed& feed : set.feeds) {
    if (ShortName(set, feed.dataset()).str() == feed.contract) feed.object.clear();
  }
  for (SharingProtocol& protocol : set.protocols) {
    for (Share& share : protocol.shares) share.dataset = ShortName(set, share.dataset);
  }
  for (AssessmentTemplate& assessment : set.templates) {
    for (AssessmentTheme& theme : assessment.themes) {
      for (AssessmentItem& item : theme.items) {
        for (Measure& measure : item.evidence.measures) {
          measure.dataset = ShortName(set, DatasetId(measure.dataset)).str();
        }
      }
    }
  }
}

bool IsSameVersion(const PolicyDocument& document, const Node& other) {
  return document.kind == DocumentKind::kProtocol && document.node["id"].text() == other["id"].text() &&
         document.node["version"].text() == other["version"].text();
}

void AddDocument(const Addition& addition, PolicyFolder& folder, PolicySet& set, Issues& issues) {
  const Node node = ReadYaml(std::make_shared<SourceText>(SourceText{addition.name, addition.text}), issues);
  if (!node.present()) return;
  if (KindOf(node, addition.path) != DocumentKind::kProtocol) {
    issues.Error(node["kind"].present() ? node["kind"].place() : node.place(), "wrong-kind",
                 "only a protocol can be proposed", "begin with kind: SharingProtocol");
    return;
  }
  const std::string digest = DigestOf(json::Canonical(node.ToJson()));
  const auto known =
      std::find_if(folder.documents.begin(), folder.documents.end(), [&](const PolicyDocument& document) {
        return IsSameVersion(document, node) || document.path == addition.path;
      });
  if (known != folder.documents.end()) {
    if (folder.digests[known->path] == digest) return;
    if (!addition.instead) {
      issues.Error(node["version"].present() ? node["version"].place() : node.place(), "two-texts",
                   fmt::format("{} {} stands in {} with another text", node["id"].text(),
                               node["version"].text(), known->path),
                   "give the changed text a version of its own");
      return;
    }
    folder.digests.erase(known->path);
    folder.paths.erase(known->path);
    folder.documents.erase(known);
  }
  const auto after = std::upper_bound(
      folder.documents.begin(), folder.documents.end(), addition.path,
      [](const std::string& path, const PolicyDocument& document) { return path < document.path; });
  folder.documents.insert(after, {addition.path, DocumentKind::kProtocol, node});
  folder.digests[addition.path] = digest;
  folder.paths.insert(addition.path);
  set.additions[addition.path] = addition.text;
}

std::string PolicyDigest(const std::map<std::string, std::string>& digests) {
  json::Object object;
  for (const auto& [path, digest] : digests) object[path] = digest;
  return DigestOf(json::Canonical(object));
}

}  // namespace

const Partner* PolicySet::FindPartner(const PartnerId& id) const { return FindById(partners, id); }
const Feed* PolicySet::FindFeed(const FeedId& id) const { return FindById(feeds, id); }
const AssessmentTemplate* PolicySet::FindTemplate(const TemplateId& id) const {
  return FindById(templates, id);
}

const Contract* PolicySet::FindContract(std::string_view name) const {
  const auto found = std::find_if(contracts.begin(), contracts.end(),
                                  [&](const Contract& contract) { return contract.name == name; });
  return found == contracts.end() ? nullptr : &*found;
}

std::vector<const SharingProtocol*> PolicySet::FindProtocol(const ProtocolId& id) const {
  std::vector<const SharingProtocol*> versions;
  for (const SharingProtocol& protocol : protocols) {
    if (protocol.id == id) versions.push_back(&protocol);
  }
  std::stable_sort(versions.begin(), versions.end(), [](const SharingProtocol* a, const SharingProtocol* b) {
    return VersionNumbers(a->version) > VersionNumbers(b->version);
  });
  return versions;
}

std::pair<const Contract*, const ContractObject*> PolicySet::FindDataset(const DatasetId& id) const {
  const std::string_view text = id.str();
  const size_t slash = text.find('/');
  const Contract* contract = FindContract(text.substr(0, slash));
  if (contract == nullptr) return {nullptr, nullptr};
  const ContractObject* object = nullptr;
  if (slash != std::string_view::npos) {
    object = contract->FindObject(text.substr(slash + 1));
  } else if (contract->objects.size() == 1) {
    object = &contract->objects.front();
  }
  if (object == nullptr) return {nullptr, nullptr};
  return {contract, object};
}

std::optional<Contract> ReadLonePolicy(std::shared_ptr<const SourceText> source, Issues& issues) {
  const std::string path = source->name;
  const Node document = ReadYaml(std::move(source), issues);
  if (!document.present()) return std::nullopt;
  PolicyFolder alone;
  alone.digests[path] = DigestOf(json::Canonical(document.ToJson()));
  PolicySet set;
  SetReader(alone, set, issues)
      .Read({path, KindOf(document, path).value_or(DocumentKind::kContract), document});
  issues.SortAndDeduplicate();
  if (set.contracts.empty()) return std::nullopt;
  return std::move(set.contracts.front());
}

std::shared_ptr<const PolicySet> LoadPolicySet(const std::string& folder, Issues& issues,
                                               const std::vector<Addition>& additions) {
  auto files = ReadPolicyFolder(folder, issues);
  if (!files.ok()) {
    Place place;
    place.source = std::make_shared<SourceText>(SourceText{folder, ""});
    issues.Error(std::move(place), "unreadable-folder", std::string(MessageOf(files.status())),
                 "name the folder with --policies");
    return nullptr;
  }
  auto set = std::make_shared<PolicySet>();
  set->folder = folder;
  for (const Addition& addition : additions) AddDocument(addition, *files, *set, issues);
  SetReader reader(*files, *set, issues);
  reader.ReadAll();
  ShareAdapters(*set);
  ShortenNames(*set);
  CrossCheck(*set, *files, issues);
  set->digest = PolicyDigest(files->digests);
  set->digests = std::move(files->digests);
  set->lists = std::move(files->lists);
  issues.SortAndDeduplicate();
  return set;
}

}  // namespace concordat::policy
