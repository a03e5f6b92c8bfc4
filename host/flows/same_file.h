// Feeds that read one file: the steward sends it once, to the first of them.
#pragma once

#include <vector>

#include "host/policy/policy_set.h"

namespace concordat::flows {

/// The feeds that say `same_file_as: feed`, in the order of their documents.
inline std::vector<const policy::Feed*> FeedsOfSameFile(const policy::PolicySet& policies,
                                                        const FeedId& feed) {
  std::vector<const policy::Feed*> others;
  for (const policy::Feed& other : policies.feeds) {
    if (other.same_file_as == feed) others.push_back(&other);
  }
  return others;
}

}  // namespace concordat::flows
