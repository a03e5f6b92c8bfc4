#include "host/flows/count_what_flows.h"

#include <algorithm>

#include "host/base/random.h"
#include "host/flows/materials.h"
#include "host/flows/row_source.h"

namespace concordat::flows {
namespace {

absl::StatusOr<std::vector<SubmissionId>> CurrentOf(const HostParts& host, const policy::Share& share) {
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
  return submissions;
}

}  // namespace

absl::StatusOr<WhatFlows> CountWhatFlows(const HostParts& host, const LoadedPolicies& policies,
                                         const policy::SharingProtocol& protocol, const policy::Share& share,
                                         const PartnerId& recipient) {
  ReleaseJob job{&host, policies.set.get(), &protocol, &share, nullptr, {}, {}};
  job.request.partner = recipient;
  job.request.dataset = share.dataset;
  job.request.protocol = protocol.id;
  job.request.purpose = protocol.purpose_code;
  job.request.time = host.clock->Now();
  const sharing::PseudonymKey thrown_away{"K-simulated", RandomBytes(32)};
  ASSIGN_OR_RETURN(const sharing::Materials materials,
                   GatherMaterials(host, *policies.set, protocol, share, job.request.time, &thrown_away));
  job.materials = &materials;
  ASSIGN_OR_RETURN(job.submissions, CurrentOf(host, share));
  ASSIGN_OR_RETURN(const PreparedRows prepared, PrepareRows(job));
  WhatFlows flows;
  flows.fields = prepared.columns.size();
  flows.suppressed = prepared.figures.suppressed_cells;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<sharing::AskedRows> rows, prepared.rows->Next());
    if (!rows) return flows;
    flows.rows += rows->rows.rows();
  }
}

}  // namespace concordat::flows
