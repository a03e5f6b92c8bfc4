#include "host/flows/count_what_flows.h"

#include <algorithm>

#include "host/base/random.h"
#include "host/sharing/release.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kSuppressed = "[c]";

}  // namespace

absl::StatusOr<WhatFlows> CountWhatFlows(const HostParts& host, const LoadedPolicies& policies,
                                         const policy::SharingProtocol& protocol, const policy::Share& share,
                                         const PartnerId& recipient) {
  const policy::ContractObject* object = policies.set->FindDataset(share.dataset).second;
  if (object == nullptr) return absl::InternalError("a share without a dataset");
  sharing::AccessRequest request;
  request.partner = recipient;
  request.dataset = share.dataset;
  request.protocol = protocol.id;
  request.purpose = protocol.purpose_code;
  request.time = host.clock->Now();
  const sharing::PseudonymKey key{"K-simulated", RandomBytes(32)};
  ASSIGN_OR_RETURN(sharing::Release release, sharing::Release::Create(share, object->schema, request, &key));
  store::SubmissionStore::Filter filter;
  filter.dataset = share.dataset;
  filter.current_only = true;
  filter.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(filter));
  std::vector<SubmissionId> submissions;
  for (const store::Attempt& attempt : attempts) {
    if (std::find(share.from.begin(), share.from.end(), attempt.partner) != share.from.end())
      submissions.push_back(attempt.id);
  }
  WhatFlows flows;
  flows.fields = release.columns().size();
  RETURN_IF_ERROR(host.store->ReadRecords(
      share.dataset, object->schema, submissions, [&](const data::Batch& batch) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<std::vector<std::string>> rows, release.Apply(batch));
        flows.rows += rows.size();
        for (const std::vector<std::string>& row : rows)
          flows.suppressed += static_cast<uint64_t>(std::count(row.begin(), row.end(), kSuppressed));
        return absl::OkStatus();
      }));
  return flows;
}

}  // namespace concordat::flows
