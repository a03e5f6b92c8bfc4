// The walls around an adapter. Everything that confines the worker stands here and is called before the
// library is opened, because a library's constructors already run when it is.
#pragma once

#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::worker {

/// First of all: the worker dies with the host's thread that started it, gains no privileges, cannot be
/// traced or dumped, and keeps no other descriptors than those of the protocol. `parent` is the host's
/// process id.
absl::Status CutTies(uint64_t parent);

/// Before the library is opened: limits on private memory, descriptors, files and core dumps.
absl::Status LimitResources(const data::WorkerJob& job);

}  // namespace concordat::worker
