// A request as the worker reads it: one sealed memory file.
#pragma once

#include "host/adapters/memory_file.h"
#include "host/adapters/session.h"
#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::adapters {

/// Slots of the ring: one that the worker fills, one that the host empties, and two against waiting for each
/// other.
inline constexpr uint64_t kSlots = 4;

/// Bytes of one slot for these limits: whole pages, and large enough for any header.
uint64_t SlotBytes(const Limits& limits);

absl::StatusOr<MemoryFile> SealJob(const Request& request);

/// The adapter's library as a sealed copy whose digest is the manifest's. Aborted when the file has changed
/// since.
absl::StatusOr<MemoryFile> SealLibrary(const Manifest& manifest);

}  // namespace concordat::adapters
