// The life of a protocol: who signed what, and whether it is in force.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {

/// The signatures of a protocol as the gatekeeper takes them.
absl::StatusOr<std::vector<sharing::Signature>> SignaturesOf(const HostParts& host,
                                                             const ProtocolId& protocol);

/// [{id, version, title, state, inForce, parties, datasets}].
absl::StatusOr<json::Value> ListProtocols(const HostParts& host);
/// The document's own words: parties, purpose, shares, digest. `version` empty: the newest.
absl::StatusOr<json::Value> ShowProtocol(const HostParts& host, const ProtocolId& id,
                                         const std::string& version);
/// State, signatures given and missing, days to review.
absl::StatusOr<json::Value> ProtocolStatus(const HostParts& host, const ProtocolId& id,
                                           const std::string& version);

struct SignRequest {
  Caller caller;
  ProtocolId protocol;
  std::string version;    // empty: the newest
  std::string digest;     // of the document the signer read
  std::string signature;  // raw, over the digest text, by the key of the caller's certificate
  std::string name;
  std::string post;
  std::string authority;
};
/// FailedPrecondition when the digest is not that of the document in force here (it changed since it was
/// read), DataLoss when the signature does not verify, PermissionDenied unless the caller is a delegate of a
/// party.
absl::StatusOr<json::Value> SignProtocol(const HostParts& host, const SignRequest& request);

/// A party takes its signature back; from then on the protocol is not in force.
absl::StatusOr<json::Value> RevokeSignature(const HostParts& host, const Caller& caller, const ProtocolId& id,
                                            const std::string& version, const std::string& reason);

}  // namespace concordat::flows
