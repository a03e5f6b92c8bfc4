// What partners owe and by when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "host/base/json.h"
#include "host/flows/caller.h"
#include "host/flows/host_parts.h"

namespace concordat::flows {

/// The last instant on which data of `period` is in time: the end of the due day, UTC.
absl::Time DueTime(const policy::Schedule& schedule, const policy::Period& period);

/// One period of one feed.
struct DueItem {
  FeedId feed;
  PartnerId partner;
  policy::Period period;
  absl::Time due;
  bool owed = false;                        // the period has ended and nothing is accepted for it
  int64_t days_late = 0;                    // > 0: overdue by so many days
  std::string submission;                   // the current one, or empty
  std::optional<absl::Time> last_received;  // of any period of the feed
};

/// One period of a feed's schedule, with whatever was sent for it.
struct FeedPeriod {
  policy::Period period;
  absl::Time due;
  std::vector<const store::Attempt*> attempts;  // oldest first; of those that were handed in
};

/// Every period of the feed that ended before `now`, oldest first: from the first that something was sent
/// for, or the latest ended one when nothing was yet; at most ten years of them. Empty for a feed without a
/// schedule. `attempts` are the feed's, in any order, and outlive the result.
absl::StatusOr<std::vector<FeedPeriod>> EndedPeriods(const policy::PolicySet& set, const policy::Feed& feed,
                                                     const std::vector<store::Attempt>& attempts,
                                                     absl::Time now);

/// Ended periods without an accepted submission, overdue first; for each feed with none owed, the next one to
/// come. A feed owes from the period after its first attempt, or from the latest ended period when there was
/// none yet.
absl::StatusOr<std::vector<DueItem>> ListDue(const HostParts& host, const std::optional<PartnerId>& partner);

/// What is owed beside data, as JSON (obligations.h, due_assessments.h), due at `due`.
struct OwedObligation {
  absl::Time due;
  json::Object json;
};

/// The JSON of `feed due --json`: {asOf, message, owed: [...], upcoming: [...]}, overdue first. Each item has
/// a `kind`: submission, assessment, action, or one of store::Obligation, with the members of its own.
json::Value DueJson(const std::vector<DueItem>& items, std::vector<OwedObligation> obligations,
                    absl::Time now);

/// The one list of a partner, data and obligations together; of all partners for an administrator who names
/// none. Of other partners a caller sees the data that is owed alone.
absl::StatusOr<json::Value> DueList(const HostParts& host, const Caller& caller,
                                    const std::optional<PartnerId>& partner);

}  // namespace concordat::flows
