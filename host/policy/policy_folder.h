// The files of a policies folder: which are documents of which kind, which are lists, which stand in the
// wrong place.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"
#include "host/policy/node.h"
#include "host/policy/policy_set.h"

namespace concordat::policy {

enum class DocumentKind {
  kPartnership,
  kPartner,
  kContract,
  kFeed,
  kProtocol,
  kTemplate,
  kQualityPolicy,
  kTest
};

/// "Feed", as `kind:` has it.
std::string_view KindName(DocumentKind kind);
/// "feeds/", or "partnership.yaml".
std::string_view KindPlace(DocumentKind kind);

/// The kind that a document says it is; nothing when it says nothing we know.
std::optional<DocumentKind> KindOf(const Node& document, std::string_view path);

/// One YAML document as read, before its kind's own reader sees it.
struct PolicyDocument {
  std::string path;  // relative to the folder
  DocumentKind kind;
  Node node;
};

/// All of them, in the order of their paths.
struct PolicyFolder {
  std::vector<PolicyDocument> documents;
  std::map<std::string, ListFile> lists;
  std::map<std::string, std::string> digests;
  std::set<std::string> paths;  // every file that was looked at
  /// Kinds of which a file could not be read: what others name may well stand there, so nobody is blamed for
  /// it.
  std::set<DocumentKind> incomplete;

  /// The document that a place lies in; absent when it is none of these.
  Node DocumentAt(const Place& place) const;
};

/// Reads every file; an error only when the folder itself cannot be listed. README files, hidden files and
/// schemas/ are passed over.
absl::StatusOr<PolicyFolder> ReadPolicyFolder(const std::string& folder, Issues& issues);

}  // namespace concordat::policy
