// A request as the worker reads it: one sealed memory file.
#pragma once

#include <memory>
#include <mutex>

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

/// The adapter's library as a sealed copy whose digest is the manifest's, made once and then kept. Aborted
/// when the file changed between the reading of the manifest and the first run. Thread-safe.
class SealedLibrary {
 public:
  absl::StatusOr<std::shared_ptr<const MemoryFile>> Of(const Manifest& manifest);

 private:
  std::mutex mutex_;
  std::shared_ptr<const MemoryFile> copy_;
};

/// From the manifest's own SealedLibrary, or a copy for this run where it has none.
absl::StatusOr<std::shared_ptr<const MemoryFile>> SealLibrary(const Manifest& manifest);

}  // namespace concordat::adapters
