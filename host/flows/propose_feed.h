// A first feed for a partner's file: its columns matched with the fields of a contract.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/flows/profile.h"
#include "host/mapping/propose.h"

namespace concordat::flows {

struct ProposeFeedRequest {
  ProfileRequest profile;  // adapter, options and source
  std::shared_ptr<const policy::PolicySet> policies;
  DatasetId dataset;
  std::string partner;
  std::string id;           // empty: <partner>-<dataset>
  size_t records = 20'000;  // at most so many are looked at
};

struct FeedProposal {
  mapping::FeedFrame frame;
  mapping::MappingProposal mapping;
  uint64_t records = 0;  // that were looked at
  std::string yaml;
};

/// NotFound with "did you mean" when there is no such dataset or partner; InvalidArgument when the id is
/// taken, or the file cannot be read as a whole or has no columns.
absl::StatusOr<FeedProposal> ProposeFeed(const ProposeFeedRequest& request);

/// {feed, partner, dataset, records, fields: [{field, column, confidence, reasons, doubts, alternative}],
/// unused, unpivot, yaml}.
json::Object FeedProposalJson(const FeedProposal& proposal);

}  // namespace concordat::flows
