// Agreements as JSON: what they say, and how far each of them has come.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/policy/policy_set.h"

namespace concordat::flows {

/// `version` empty: the newest. NotFound says what there is.
absl::StatusOr<const policy::SharingProtocol*> FindVersion(const policy::PolicySet& set, const ProtocolId& id,
                                                           const std::string& version);

/// [{id, version, title, state, inForce, explanation, purpose, parties, datasets}]. A proposal that nobody
/// has signed yet is "proposed".
absl::StatusOr<json::Value> ListProtocols(const HostParts& host);

/// The document's own words: parties, purpose, shares, digest; its plain-English page; and for a party what
/// changed since the version that it signed last: {since, digest, list}.
absl::StatusOr<json::Value> ShowProtocol(const HostParts& host, const Caller& caller, const ProtocolId& id,
                                         const std::string& version);

/// {id, version, state, inForce, explanation, missing, adopted, signatures, rejections, daysToReview, drift,
/// tests, versions}.
absl::StatusOr<json::Value> ProtocolStatus(const HostParts& host, const ProtocolId& id,
                                           const std::string& version);
/// The same of every version that is not superseded, soonest review first.
absl::StatusOr<json::Value> AllProtocolStatuses(const HostParts& host);

}  // namespace concordat::flows
