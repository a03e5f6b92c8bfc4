// Every set of policies that was in force, kept whole, so that one of them can be put back.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/base/json.h"
#include "host/base/status.h"
#include "host/policy/policy_set.h"

namespace concordat::flows {

/// Why a set came into force.
struct PolicyEntry {
  std::string digest;
  absl::Time since;
  std::string how;     // start | reload | rollback
  std::string by;      // who asked; empty for a start
  std::string reason;  // of a rollback
  // Of a rollback: the digest of the policies folder at that time. While the folder stays so, the host starts
  // with what was put back; a reload or a changed folder ends it.
  std::string instead_of;
};

/// Below `folder`: history.jsonl, one entry a line, and <digest>/ with the documents and lists of each set.
/// Thread-safe. Nothing is ever removed: a set is some kilobytes of text.
class PolicyArchive {
 public:
  /// DataLoss when the history cannot be read.
  static absl::StatusOr<std::unique_ptr<PolicyArchive>> Open(const std::string& folder);

  /// Keeps the set's files and notes the entry, durably; an entry that only repeats the newest one is not
  /// noted. FailedPrecondition when the set's folder has changed since it was read.
  absl::Status Enter(const policy::PolicySet& set, PolicyEntry entry);
  /// Oldest first.
  std::vector<PolicyEntry> History() const;
  /// The folder of a kept set; `digest` may be cut after eight of its digits. NotFound shows the newest ones.
  absl::StatusOr<std::string> FolderOf(const std::string& digest) const;

 private:
  explicit PolicyArchive(std::string folder) : folder_(std::move(folder)) {}
  absl::Status Keep(const policy::PolicySet& set) const;
  std::string PathOf(const std::string& digest) const;

  const std::string folder_;
  mutable std::mutex mutex_;
  std::vector<PolicyEntry> history_;  // guarded by mutex_
};

/// Newest first: [{digest, since, how, by, reason, inForce}].
json::Array HistoryJson(const std::vector<PolicyEntry>& history);

}  // namespace concordat::flows
