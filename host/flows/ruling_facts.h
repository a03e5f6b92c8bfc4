// What a ruling depends on besides the request and the policies: signatures, scores, keys, open emergencies.
#pragma once

#include <memory>
#include <vector>

#include "host/flows/host_parts.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {

/// Facts for rulings under one policy set. `attempts` are the dataset's current submissions, newest first.
struct RulingFacts {
  sharing::Facts facts;
  std::vector<store::Attempt> attempts;
};

/// Signatures on the protocol asked for and on those it stands under; on all of them when none is named. Any
/// failure is an error: without facts there is no ruling.
absl::StatusOr<RulingFacts> GatherFacts(const HostParts& host, const LoadedPolicies& policies,
                                        const sharing::AccessRequest& request);

/// Signatures, rejections and failing tests of one protocol, added to `facts`.
absl::Status AddAgreement(const HostParts& host, const LoadedPolicies& policies, const ProtocolId& protocol,
                          sharing::Facts& facts);

/// Score, dimensions and the status of each rule, out of the submission's JSON.
sharing::SubmissionQuality QualityOf(const store::Attempt& attempt);
/// The same with what disputes leave of its accuracy.
absl::StatusOr<sharing::SubmissionQuality> MeasuredQuality(const HostParts& host,
                                                           const store::Attempt& attempt);

}  // namespace concordat::flows
