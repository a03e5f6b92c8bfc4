// From the ruling to the last byte: the two records that frame every disclosure, and the one of a refusal.
#pragma once

#include <memory>

#include "host/flows/exchange.h"
#include "host/flows/row_format.h"
#include "host/flows/row_source.h"

namespace concordat::flows {

/// A request and everything that decided it. Lives as long as its transfer, which reads from it.
struct Hearing {
  std::shared_ptr<const LoadedPolicies> policies;
  ExchangeRequest request;
  sharing::AccessRequest access;
  record::Ruling ruling;
  const policy::SharingProtocol* protocol = nullptr;  // of `policies`, like `share`
  const policy::Share* share = nullptr;
  std::vector<PartnerId> givers;  // whose rows may leave
  sharing::Materials materials;
  std::vector<SubmissionId> submissions;  // whose rows leave, oldest first
};

/// The receipt of a refusal, durable, and nothing to send.
absl::StatusOr<std::unique_ptr<Transfer>> Refuse(const HostParts& host, std::unique_ptr<Hearing> hearing);

/// Makes it durable that the data is about to leave, with what is owed for it; then the bytes may be asked
/// for.
absl::StatusOr<std::unique_ptr<Transfer>> BeginTransfer(const HostParts& host,
                                                        std::unique_ptr<Hearing> hearing,
                                                        PreparedRows prepared);

}  // namespace concordat::flows
