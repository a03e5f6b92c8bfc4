// All YAML together, immutable, with one digest.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/source.h"
#include "host/base/status.h"
#include "host/policy/assessment_template.h"
#include "host/policy/contract.h"
#include "host/policy/feed.h"
#include "host/policy/partnership.h"
#include "host/policy/policy_test.h"
#include "host/policy/quality_policy.h"
#include "host/policy/sharing_protocol.h"

namespace concordat::policy {

/// A list file that rules or adapters refer to (CSV under the policies folder), by its bytes.
struct ListFile {
  std::string path;
  std::string digest;
  std::string content;
};

/// A protocol that stands outside the folder: proposed to a host, or only to be tried.
struct Addition {
  std::string path;      // in the set: "protocols/asb-hotspots-2.0.0.yaml"
  std::string name;      // in messages: as its author named the file
  std::string text;      // YAML
  bool instead = false;  // takes the place of the folder's document of the same id and version
};

/// Immutable; shared by every request that started under it. Thread-safe to read.
struct PolicySet {
  std::string folder;
  Partnership partnership;
  std::vector<Partner> partners;
  std::vector<Contract> contracts;
  std::vector<Feed> feeds;
  std::vector<SharingProtocol> protocols;
  std::vector<AssessmentTemplate> templates;
  std::optional<QualityPolicy> quality_policy;  // a partnership has one or none
  std::vector<PolicyTest> tests;
  std::map<std::string, ListFile> lists;       // by path relative to the folder
  std::map<std::string, std::string> digests;  // relative path -> "sha256:..." of each document and list file
  std::map<std::string, std::string> canonical;  // path of what is signed (protocols, the quality policy) ->
                                                 // its canonical JSON, as it was written
  std::map<std::string, std::string> additions;  // path -> text of the documents that are not in the folder
  std::string digest;                            // policyDigest

  const Partner* FindPartner(const PartnerId& id) const;
  const Contract* FindContract(std::string_view name) const;
  const Feed* FindFeed(const FeedId& id) const;
  /// The newest version first when several stand beside each other.
  std::vector<const SharingProtocol*> FindProtocol(const ProtocolId& id) const;
  const AssessmentTemplate* FindTemplate(const TemplateId& id) const;
  /// The object that a "name" or "name/object" means, with its contract; nulls when there is none.
  std::pair<const Contract*, const ContractObject*> FindDataset(const DatasetId& id) const;
};

/// Reads a whole folder: partnership.yaml, quality-policy.yaml, partners/, contracts/, feeds/, protocols/,
/// assessments/, list files under lists/. Reports every mistake of every file at once, those between files
/// too (a feed's unknown partner or contract field, a protocol's unknown party ...). Returns null only when
/// the folder cannot be read at all; with errors in `issues` the set must not be used to judge anything. Each
/// of `additions` is read as if it stood in the folder under its path; one that the folder holds already
/// (same id, version and content) is left out, one with other content is an error unless it says `instead`.
std::shared_ptr<const PolicySet> LoadPolicySet(const std::string& folder, Issues& issues,
                                               const std::vector<Addition>& additions = {});

/// Judges one document by itself, as its `kind` or else as a data contract; names of others are not looked
/// up. The contract when it is one, as far as it could be read.
std::optional<Contract> ReadLonePolicy(std::shared_ptr<const SourceText> source, Issues& issues);

}  // namespace concordat::policy
