// The partnership's quality policy: what it says, who has signed which version, and the acts of delegates on
// it.
#pragma once

#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/signing.h"

namespace concordat::flows {

/// {id, version, title, statement, digest, owner: {post, partner}, review, daysToReview, reviewOverdue,
/// characteristics, clauses: [{id, title, text, characteristics}], page}. `id` empty: the one that there is.
/// NotFound when the partnership has none, or another.
absl::StatusOr<json::Value> ShowQualityPolicy(const HostParts& host, const std::string& id);

/// {id, version, title, digest, owner, review, daysToReview, reviewOverdue, parties: [{partner, partnerName,
/// signed, version, digest, name, post, at, revoked: {at, reason} | null}], missing: [partner ids],
/// signatures: [every one, the newest first], explanation}. `signed`: this very text; `version` and the rest:
/// the newest signature of the party, null when it never signed. Its rules hold whoever has signed.
absl::StatusOr<json::Value> QualityPolicyStatus(const HostParts& host, const std::string& id);

/// Parties whose signature on the text in force is missing; empty without a quality policy.
absl::StatusOr<std::vector<PartnerId>> NotSignedBy(const HostParts& host);

struct PolicySigning {
  Caller caller;  // a delegate of a party
  std::string id;
  Signing signing;
};
/// The status. As SignProtocol of agreements.h, and AlreadyExists when the same person has signed this text.
absl::StatusOr<json::Value> SignQualityPolicy(const HostParts& host, const PolicySigning& request);

struct PolicyRevocation {
  Caller caller;
  std::string id;
  std::string reason;
  std::string signature;  // raw, over "revoke " and the digest that the party signed last
};
/// The status. NotFound when the party has no signature in force, of whatever version.
absl::StatusOr<json::Value> RevokeQualityPolicy(const HostParts& host, const PolicyRevocation& request);

}  // namespace concordat::flows
