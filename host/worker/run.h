// The worker's whole story: open the adapter, drain it, hand everything over, report.
#pragma once

#include "host/base/status.h"
#include "host/data/worker_protocol.h"
#include "host/worker/ring_writer.h"

namespace concordat::worker {

/// Everything up to and including the report. InvalidArgument: the source is unreadable as a whole. Aborted:
/// the adapter failed. Anything else: the worker could not do its work.
absl::Status Run(const data::WorkerJob& job, RingWriter& ring);

}  // namespace concordat::worker
