#include "host/flows/in_force.h"

#include <set>

namespace concordat::flows {

absl::StatusOr<std::vector<store::Attempt>> InForce(const store::SubmissionStore& store,
                                                    store::SubmissionStore::Filter filter,
                                                    std::optional<absl::Time> at) {
  filter.brief = true;
  filter.current_only = !at.has_value();
  ASSIGN_OR_RETURN(std::vector<store::Attempt> attempts, store.List(filter));
  if (!at) return attempts;
  std::set<std::pair<FeedId, std::string>> taken;  // the newest of a feed's period was the one in force
  std::erase_if(attempts, [&](const store::Attempt& attempt) {
    if (attempt.state == "rejected" || attempt.state == "withdrawn" || attempt.received >= *at) return true;
    return !taken.emplace(attempt.feed, attempt.period).second;
  });
  return attempts;
}

}  // namespace concordat::flows
