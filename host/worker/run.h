// The worker's whole story once the library is open: agree with the adapter, drain it, hand everything over,
// report.
#pragma once

#include "host/base/status.h"
#include "host/data/worker_protocol.h"
#include "host/worker/ring_writer.h"
#include "plugins/sdk/adapter_abi.h"

namespace concordat::worker {

/// Everything from the adapter's first function up to and including the report. InvalidArgument: the source
/// is unreadable as a whole. Aborted: the adapter failed; `agreed` says whether it had answered as an adapter
/// before. Anything else: the worker could not do its work.
absl::Status Run(const data::WorkerJob& job, concordat_adapter_init_function init, RingWriter& ring,
                 bool& agreed);

}  // namespace concordat::worker
