// A period's data are signed off by somebody other than who sent them, locked from then on, and reopened only
// with a reason.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/policy/period.h"

namespace concordat::flows {

/// How the data were checked before somebody answered for them, the strongest first (the assurance levels
/// that local government returns are graded by).
const std::vector<std::string>& AssuranceWords();

struct SignOffRequest {
  Caller caller;  // a steward or delegate of the partner, or an administrator; nobody who sent any of it
  SubmissionId id;
  std::string assurance;  // of AssuranceWords()
  std::string comment;    // may be empty
};
/// The receipt. FailedPrecondition when it is not the current submission or is signed off already;
/// PermissionDenied for whoever sent it or what it mends; Aborted while another submission for the period is
/// under way.
absl::StatusOr<json::Value> SignOffPeriod(const HostParts& host, const SignOffRequest& request);

struct ReopenRequest {
  Caller caller;  // a steward or delegate of the partner other than who signed off, or an administrator
  SubmissionId id;
  std::string reason;
};
/// The receipt. FailedPrecondition when it is not what the period is signed off with.
absl::StatusOr<json::Value> ReopenPeriod(const HostParts& host, const ReopenRequest& request);

/// FailedPrecondition while the feed's period is locked: who signed off, when, and how to reopen it.
absl::Status RequireNotSignedOff(const HostParts& host, const FeedId& feed, const std::string& period);
/// The same of every period of the feed that has a day in common with this one: what is locked as a month is
/// not added to by a day or a week of it.
absl::Status RequireNoneSignedOff(const HostParts& host, const FeedId& feed, const policy::Period& period);
/// Aborted: somebody is about to change what `what` is about.
absl::Status Busy(const store::Attempt& attempt, std::string_view what);

/// PermissionDenied unless the caller is a steward or delegate of the partner, or an administrator, and sent
/// neither the submission nor any that it mends.
absl::Status RequireSecondPerson(const HostParts& host, const Caller& caller, const store::Attempt& attempt,
                                 const std::string& what);

/// What locks its period now, when it is this submission.
absl::StatusOr<std::optional<store::SignOff>> SignOffOf(const HostParts& host, const store::Attempt& attempt);
/// {by, at, assurance, comment, receipt}, the receipt by its id.
json::Object SignOffJson(const store::SignOff& sign_off);
/// [{action: signed_off | reopened, by, at, assurance, comment, receipt}], oldest first.
absl::StatusOr<json::Array> SignOffHistory(const HostParts& host, const SubmissionId& id);

}  // namespace concordat::flows
