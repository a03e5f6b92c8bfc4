// What is to be done about gaps: proposed from what an assessment shows, owned, dated, and closed with
// evidence.
#pragma once

#include <optional>
#include <string>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// [...] as ActionJson, earliest due first; of the caller's partner, of all for an administrator. `partner`
/// and `assessment` narrow it; PermissionDenied for another partner's.
absl::StatusOr<json::Value> ListActions(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::string& state,
                                        const std::string& partner);

/// {proposed: [{item, question, why, title, owner, due}]}: one for each gap (overstated, unevidenced, stale,
/// below its target), agreed red and contested stage that no action stands for yet. Adds nothing.
absl::StatusOr<json::Value> ProposeActions(const HostParts& host, const Caller& caller,
                                           const std::string& assessment);

struct ActionRequest {
  std::string assessment;
  std::string item;  // empty: about the whole
  std::string title;
  std::string owner;
  std::string due;  // a date
  std::string resource;
};
/// By a steward of the partner, in any state of the assessment.
absl::StatusOr<json::Value> AddAction(const HostParts& host, const Caller& caller,
                                      const ActionRequest& request);

struct ActionChange {
  std::string action;
  std::string owner;  // empty: as it is; so are the next ones
  std::string due;
  std::string title;
  std::string resource;
  std::string reason;
};
/// The action with `revisions`: [{by, at, reason, before, after}].
absl::StatusOr<json::Value> ChangeAction(const HostParts& host, const Caller& caller,
                                         const ActionChange& change);

/// Closed with what was done (`evidence`, and perhaps the digest of a file), or cancelled with why not.
absl::StatusOr<json::Value> CloseAction(const HostParts& host, const Caller& caller,
                                        const std::string& action, const std::string& evidence,
                                        const std::string& digest, bool cancel);

}  // namespace concordat::flows
