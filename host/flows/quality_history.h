// Data quality over time: every submission's scores by feed, dimension, rule and period, with what came late,
// was rejected or never came, and with marks where the measure itself changed.
#pragma once

#include <string>

#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// What is left empty does not narrow.
struct QualityQuery {
  FeedId feed;
  DatasetId dataset;
  PartnerId partner;
  std::string dimension;  // an ODCS word or "validity"
  std::string rule;
  std::string from;  // a period: its first day
  std::string to;    // a period: its last day
};

/// The document of QualityService.History (proto/concordat/v1/quality.proto). Without `from` the last 13
/// periods of each feed. Rules only of the caller's own partner, and of all for an administrator. NotFound
/// for a feed, dataset, partner or rule that there is not; InvalidArgument for a dimension or period that is
/// none.
absl::StatusOr<json::Value> QualityHistory(const HostParts& host, const Caller& caller,
                                           const QualityQuery& query);

/// Several periods, feeds or partners side by side.
struct QualityComparison {
  std::vector<std::string> sides;  // at least two: periods, or feeds, or partners
  QualityQuery among;              // narrows; `from` and `to` say in which periods the newest is looked for
};
/// The document of QualityService.Compare.
absl::StatusOr<json::Value> CompareQuality(const HostParts& host, const Caller& caller,
                                           const QualityComparison& comparison);

}  // namespace concordat::flows
