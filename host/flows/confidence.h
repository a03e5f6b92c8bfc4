// How far each dataset of each partner may be trusted: assess/confidence.h with what the store knows.
#pragma once

#include <vector>

#include "host/assess/confidence.h"
#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// For printing beside a figure. A dataset that the partner does not supply is a D: nothing of it is
/// measured.
absl::StatusOr<assess::Confidence> ConfidenceOf(const HostParts& host, const PartnerId& partner,
                                                const DatasetId& dataset, absl::Time now);

struct DatasetConfidence {
  PartnerId partner;
  DatasetId dataset;
  assess::Confidence confidence;
};
/// Of every dataset that a feed supplies or supplied, by partner and dataset; empty: all. NotFound for a
/// partner or dataset that there is not.
absl::StatusOr<std::vector<DatasetConfidence>> ConfidenceOfAll(const HostParts& host,
                                                               const PartnerId& partner,
                                                               const DatasetId& dataset, absl::Time now);

/// The document of QualityService.Confidence. What a partner claimed of itself is shown to itself and the
/// administrator.
absl::StatusOr<json::Value> ConfidenceList(const HostParts& host, const Caller& caller,
                                           const PartnerId& partner, const DatasetId& dataset);

}  // namespace concordat::flows
