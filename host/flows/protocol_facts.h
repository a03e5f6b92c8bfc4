// What the store and the policies know of an agreement, as the gatekeeper takes it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/base/json.h"
#include "host/flows/host_parts.h"
#include "host/sharing/gatekeeper.h"

namespace concordat::flows {

/// The signatures of a protocol.
absl::StatusOr<std::vector<sharing::Signature>> SignaturesOf(const HostParts& host,
                                                             const ProtocolId& protocol);
/// Rejections and failing tests.
absl::StatusOr<sharing::AgreementFacts> AgreementFactsOf(const HostParts& host,
                                                         const LoadedPolicies& policies,
                                                         const ProtocolId& protocol);
/// Both of them, nothing else of the facts.
absl::StatusOr<sharing::Facts> FactsOfAgreement(const HostParts& host, const LoadedPolicies& policies,
                                                const ProtocolId& protocol);

/// Current submissions of a dataset, newest first, with the scores that rulings look at.
absl::StatusOr<std::vector<sharing::SubmissionQuality>> SuppliedNow(const HostParts& host,
                                                                    const DatasetId& dataset);

/// {"street_crime": {digest, fields: {crime_id: "text"}}}: what is kept with a signature.
std::string PinsText(const std::map<std::string, sharing::ContractPin>& pins);

}  // namespace concordat::flows
