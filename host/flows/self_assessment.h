// A partner's self-assessment: claims beside what the store's history shows.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// [{id, version, title, themes, items}].
json::Value ListTemplates(const HostParts& host);
/// Opens one for the caller's partner; `cycle` empty: the running financial year. AlreadyExists for the same
/// cycle.
absl::StatusOr<json::Value> StartAssessment(const HostParts& host, const Caller& caller,
                                            const std::string& template_id, const std::string& cycle);
/// A claim with a comment; every revision is kept. InvalidArgument for an unknown item or level.
absl::StatusOr<json::Value> AnswerItem(const HostParts& host, const Caller& caller,
                                       const std::string& assessment, const std::string& item, int level,
                                       const std::string& comment);
/// Claims, evidence and gaps: as they stand now, or as frozen at submission. Empty id: a list of the
/// partner's.
absl::StatusOr<json::Value> ShowAssessment(const HostParts& host, const Caller& caller,
                                           const std::string& assessment);
/// FailedPrecondition, listing them all, while mandatory items are unanswered. Freezes the evidence; gives a
/// receipt.
absl::StatusOr<json::Value> SubmitAssessment(const HostParts& host, const Caller& caller,
                                             const std::string& assessment);

}  // namespace concordat::flows
