// Past submissions judged again under other policies: what a changed rule set would have said of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct ReplayRequest {
  Caller caller;       // an administrator
  std::string folder;  // of the other policies, on the host's machine
  absl::Time since;    // received then or later
  std::optional<FeedId> feed;
};

/// One pass over the attempts whose source is still kept, oldest first. Nothing is stored. Other submissions
/// that rules look at are those in force when the attempt was received. One thread at a time.
class PolicyReplay {
 public:
  /// PermissionDenied unless an administrator asks; FailedPrecondition lists the mistakes of the other
  /// policies.
  static absl::StatusOr<std::unique_ptr<PolicyReplay>> Start(const HostParts& host,
                                                             const ReplayRequest& request);

  size_t total() const { return attempts_.size(); }
  size_t done() const { return done_; }
  const std::string& policy_digest() const { return policies_->set->digest; }
  /// The next attempt: {submission, feed, period, state, received, differs, before, after, rules} or, where
  /// it could not be judged, {..., skipped: why}. Nothing after the last.
  absl::StatusOr<std::optional<json::Object>> Next();

 private:
  PolicyReplay(const HostParts& host, std::shared_ptr<const LoadedPolicies> policies,
               std::vector<store::Attempt> attempts)
      : host_(host), policies_(std::move(policies)), attempts_(std::move(attempts)) {}
  absl::StatusOr<json::Object> JudgeAgain(const store::Attempt& attempt) const;

  const HostParts& host_;
  const std::shared_ptr<const LoadedPolicies> policies_;
  const std::vector<store::Attempt> attempts_;
  size_t done_ = 0;
};

}  // namespace concordat::flows
