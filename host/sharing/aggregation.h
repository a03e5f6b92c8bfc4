// Counts, sums, means and ratios of groups instead of records, with small counts suppressed.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/policy/sharing_protocol.h"
#include "host/sharing/disclosure/suppression.h"
#include "host/sharing/released_rows.h"

namespace concordat::sharing {

/// What an aggregate came to. Plain value.
struct AggregateResult {
  ReleasedRows rows;     // keys, then measures, in the order of their keys; totals last when they are printed
  CountTable counts;     // every cell with its true count and whether it is suppressed: not for the recipient
  uint64_t records = 0;  // that were counted
  uint64_t cells = 0;    // rows of `rows`
  uint64_t suppressed = 0;  // of these, without a figure
};

/// Groups treated rows as a share says. Memory: one entry a group. One thread at a time.
class Aggregation {
 public:
  /// `share` has an aggregate and outlives this.
  explicit Aggregation(const policy::Share& share);
  ~Aggregation();

  /// Treated columns as Release::Apply gives them: the keys, then the measured fields. OutOfRange when there
  /// are more groups than a table may have cells; FailedPrecondition when a key reads like a margin's.
  absl::Status Add(const ReleasedRows& rows);

  /// Suppresses, verifies what is about to be printed, and prints. `earlier`: what the same party was given
  /// of the same table, oldest first. Internal: the verification failed; FailedPrecondition: what left before
  /// rules it out.
  absl::StatusOr<AggregateResult> Finish(const std::vector<EarlierTable>& earlier);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace concordat::sharing
