// What the runs of adapters teach: failures are counted a feed and version, and too many in a row quarantine
// the version for that feed. A feed and not the whole adapter: whoever sends an evil file again and again to
// an adapter that many share shuts himself out, and nobody else.
#pragma once

#include "host/flows/caller.h"
#include "host/flows/host_parts.h"
#include "host/flows/pipeline.h"

namespace concordat::flows {

/// Before a byte is received: Unavailable when the feed's adapter is disabled, or quarantined for this feed,
/// saying since when, why, and what the administrator does.
absl::Status RequireAdapterFit(const HostParts& host, const FeedPlan& plan);

/// Counts what came of a run: OK ends the row of failures, an adapter's failure (adapters::FailureIn) adds to
/// it, anything else is not the adapter's doing. The answer is `status`; its message says so when this
/// failure was the one that quarantined the adapter.
absl::Status CountAdapterRun(const HostParts& host, const FeedPlan& plan, const Caller& caller,
                             const SubmissionId& submission, absl::Status status);

}  // namespace concordat::flows
