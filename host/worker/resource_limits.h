// How much of the machine one worker may take.
#pragma once

#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::worker {

/// Private memory and CPU time as the job says; no files, no core dumps, no locked memory, few descriptors;
/// threads where nobody else's are counted with them (`counted_alone`).
absl::Status LimitResources(const data::WorkerJob& job, bool counted_alone);

}  // namespace concordat::worker
