// The assessment that a walk works on: every change goes to the host at once, and only what it acknowledged
// stands here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "concordat/v1/assessment.grpc.pb.h"
#include "tools/concordat/connection.h"

namespace concordat::cli {

/// Which items a walk visits.
struct WalkScope {
  bool all = false;   // answered ones, too
  std::string owner;  // only of this person; empty: of everybody
};

/// Something to be attached.
struct EvidenceDraft {
  std::string kind;  // document | attestation | link
  std::string title;
  std::string reference;
  std::string digest;
  std::string expires;
};
/// A document at `path`: its SHA-256 and its name; the file itself is not sent.
absl::StatusOr<EvidenceDraft> DocumentDraft(const std::string& path);
/// The words themselves, or their beginning: what an attestation without a title is called.
std::string AttestationTitle(const std::string& words);
EvidenceDraft AttestationDraft(const std::string& words);
EvidenceDraft LinkDraft(const std::string& address);

class WalkDesk {
 public:
  WalkDesk(Connection connection, json::Value assessment, WalkScope scope);

  const json::Value& assessment() const { return assessment_; }
  /// The item, or null when there is none of this id.
  const json::Value& Item(std::string_view id) const;
  const std::string& id() const { return id_; }

  /// The first item to visit behind `after` in the order of the questions (empty: of all), or "".
  std::string NextAfter(std::string_view after) const;
  /// Number of items that are still open in this scope.
  size_t Remaining() const;

  /// Each returns once the host has it durably. Unavailable: nothing is known to be saved; the same call may
  /// be made again.
  absl::Status Answer(const std::string& item, int level, const std::string& comment);
  absl::Status Assign(const std::string& item, const std::string& owner);
  absl::Status Remark(const std::string& item, const std::string& text);
  /// `again`: an earlier try may have arrived without its acknowledgement; it is not attached twice.
  absl::Status Attach(const std::string& item, const EvidenceDraft& draft, bool again);
  /// The document anew.
  absl::Status Refresh();
  /// Waits some seconds until the host can be reached.
  void WaitForHost() const;

 private:
  absl::Status Keep(absl::StatusOr<json::Value> answer);
  bool InScope(const json::Value& item) const;
  bool IsAttached(const std::string& item, const EvidenceDraft& draft) const;

  const Connection connection_;
  const WalkScope scope_;
  json::Value assessment_;
  std::string id_;
};

/// True when the same call may succeed later without anything being changed: the host was not reached, or was
/// busy.
bool MayTryAgain(const absl::Status& status);
/// What is open, and the next command; printed when a walk ends.
std::string WalkSummary(const WalkDesk& desk, size_t width);

}  // namespace concordat::cli
