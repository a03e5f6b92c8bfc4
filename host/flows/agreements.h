// What delegates do with an agreement: sign, reject, revoke. Each act is signed with the delegate's key,
// kept, and on record in the audit log.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/protocol_facts.h"
#include "host/flows/protocol_views.h"

namespace concordat::flows {

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
/// Pins the contracts of the shared datasets as they stand. Who signed already may sign anew once a contract
/// has changed. FailedPrecondition when the digest is not that of the document in force here (it changed
/// since it was read), DataLoss when the signature does not verify, PermissionDenied unless the caller is a
/// delegate of a party.
absl::StatusOr<json::Value> SignProtocol(const HostParts& host, const SignRequest& request);

/// A no, or a signature taken back.
struct RefusalRequest {
  Caller caller;
  ProtocolId protocol;
  std::string version;  // empty: the newest; to revoke: the newest that the party signed
  std::string reason;
  std::string signature;  // raw, over "reject <digest>" or "revoke <digest>"
};
/// Keeps the version from its quorum until the party signs. FailedPrecondition when the party has signed it.
absl::StatusOr<json::Value> RejectProtocol(const HostParts& host, const RefusalRequest& request);
/// Ends the protocol, or under "each" the party's part in it.
absl::StatusOr<json::Value> RevokeSignature(const HostParts& host, const RefusalRequest& request);

}  // namespace concordat::flows
