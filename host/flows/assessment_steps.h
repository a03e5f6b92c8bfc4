// From hand to hand: open -> submitted -> signed off -> moderated -> published. Every step but a return
// leaves a receipt; all answers are the document afterwards.
#pragma once

#include <string>

#include "host/flows/opened_assessment.h"

namespace concordat::flows {

/// By a steward. FailedPrecondition lists every open mandatory item and every one without its evidence, with
/// how to mend it. Evidence, history and template stay as they are now.
absl::StatusOr<json::Value> SubmitAssessment(const HostParts& host, const Caller& caller,
                                             const std::string& id);

/// By a second steward or a delegate of the partner: PermissionDenied for whoever submitted it.
absl::StatusOr<json::Value> SignOffAssessment(const HostParts& host, const Caller& caller,
                                              const std::string& id, const std::string& comment);

/// Back to the stewards: by a second person, a moderator of another partner or the administrator, with a
/// reason.
absl::StatusOr<json::Value> ReturnAssessment(const HostParts& host, const Caller& caller,
                                             const std::string& id, const std::string& reason);

/// One level changed, with its reason, by a moderator of another partner or the administrator.
absl::StatusOr<json::Value> ModerateItem(const HostParts& host, const Caller& caller, const std::string& id,
                                         const std::string& item, int level, const std::string& reason);
/// The moderation is done.
absl::StatusOr<json::Value> FinishModeration(const HostParts& host, const Caller& caller,
                                             const std::string& id, const std::string& summary);

/// By the administrator, once it is signed off or moderated.
absl::StatusOr<json::Value> PublishAssessment(const HostParts& host, const Caller& caller,
                                              const std::string& id);

/// Makes the kept document anew after an action was added or changed; an open assessment keeps none.
absl::Status RefreshDocument(const HostParts& host, const std::string& id);

}  // namespace concordat::flows
