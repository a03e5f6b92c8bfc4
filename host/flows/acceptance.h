// A warning that is right but explainable is accepted by a second person, for a time. It changes no score and
// no ruling; it is shown and counted wherever the warning is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct AcceptRequest {
  Caller caller;  // a steward or delegate of the partner, or an administrator; nobody who sent any of it
  SubmissionId id;
  std::string rule;
  std::string reason;
  std::string until;  // "2027-03-31": the last day on which it counts; after today, at most a year away (UTC)
};
/// The receipt. Accepting again takes the place of what was accepted before, which is kept. NotFound when the
/// submission has no such rule; FailedPrecondition when it is not current, or the rule did not warn there or
/// is more than a warning; InvalidArgument without a reason or with a day that does not do.
absl::StatusOr<json::Value> AcceptWarning(const HostParts& host, const AcceptRequest& request);

/// Whether the rule of a submission's result warned there: severity warning with a threshold broken, or
/// status warned of any severity below critical.
bool IsWarning(const json::Value& rule);
/// The day after `until` has begun (UTC).
bool IsExpired(const store::Acceptance& acceptance, absl::Time now);
/// The newest of each rule, of acceptances of one submission oldest first; expired ones too.
std::map<std::string, store::Acceptance> NewestByRule(const std::vector<store::Acceptance>& acceptances);

/// [{rule, reason, by, at, until, expired, receipt, earlier: [{reason, by, at, until}]}], by rule.
absl::StatusOr<json::Array> AcceptancesJson(const HostParts& host, const SubmissionId& id);

struct AcceptanceCounts {
  uint64_t warned = 0;    // rules that warned in the submission
  uint64_t standing = 0;  // of these accepted now
  uint64_t expired = 0;   // accepted once
};
absl::StatusOr<AcceptanceCounts> AcceptanceCountsOf(const HostParts& host, const store::Attempt& attempt);

}  // namespace concordat::flows
