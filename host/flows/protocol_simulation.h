// What a protocol would do before anybody signs it: over the data that is there, and over the requests that
// came.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

struct SimulationRequest {
  Caller caller;
  std::string name;   // of the author's file, for messages
  std::string text;   // YAML of the protocol
  size_t last = 100;  // so many of the newest requests under the protocol's id are ruled on again
};

/// {id, version, lint, shares: [{share, dataset, to, rows, fields, suppressed}], requests, toPermit, toDeny,
/// changes: [{receipt, time, partner, dataset, before, after, cause, message}]}. Everybody counts as having
/// signed this text; nothing leaves and no receipt is made. `issues` gets every mistake (FailedPrecondition).
/// PermissionDenied unless the caller is a delegate or steward of a party, or an administrator.
absl::StatusOr<json::Value> SimulateProtocol(const HostParts& host, const SimulationRequest& request,
                                             Issues& issues);

}  // namespace concordat::flows
