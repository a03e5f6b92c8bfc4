// One feed over its periods: what arrived, when, what became of it, and what never came.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/flows/host_parts.h"
#include "host/policy/policy_set.h"

namespace concordat::flows {

/// One period as it stands. `standing` is what counts for it: the current submission, else the newest
/// accepted attempt, else the newest rejected one; nothing is missing data, which is data, too.
struct PeriodStanding {
  policy::Period period;
  std::optional<absl::Time> due;
  std::vector<size_t> attempts;  // indexes into FeedCourse::attempts, oldest first
  std::optional<size_t> standing;
  std::string
      state;  // accepted | accepted_with_quarantine | rejected | withdrawn | erased | missing | awaited
  std::optional<absl::Time> received;  // the first accepted attempt
  int64_t days_late = 0;  // > 0: received so many days after it was due, or still owed for so long

  bool late() const { return days_late > 0; }
  /// Accepted data stands for it, whoever asks for it now.
  bool supplied() const {
    return state == "accepted" || state == "accepted_with_quarantine" || state == "erased";
  }
};

struct FeedCourse {
  FeedId feed;
  PartnerId partner;
  DatasetId dataset;
  const policy::Feed* policy =
      nullptr;  // null: the policies have it no longer; else as long as the PolicySet lives
  std::vector<store::Attempt> attempts;  // brief: without results
  std::vector<PeriodStanding> periods;   // oldest first
};

/// Which feeds; what is left empty does not narrow them.
struct CourseFilter {
  FeedId feed;
  DatasetId dataset;
  PartnerId partner;
};

/// The courses of all feeds that match, by partner, dataset and feed; those of feeds that only the store
/// remembers, too. NotFound (with "did you mean") for a feed, dataset or partner that neither the policies
/// nor the store know.
absl::StatusOr<std::vector<FeedCourse>> CoursesOf(const HostParts& host, const policy::PolicySet& set,
                                                  const CourseFilter& filter, absl::Time now);

}  // namespace concordat::flows
