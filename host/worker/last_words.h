// What a worker can still say when its adapter brings it down: a forbidden call by name, memory that ran out.
#pragma once

#include "host/base/status.h"

namespace concordat::worker {

/// Signal handlers for forbidden calls (SIGSYS) and crashes. The first report which call it was over the
/// control socket and end the process; the second say so when no memory is left, and let the crash be what it
/// is. An adapter that puts handlers of its own in their place is confined as before, only told of with less.
absl::Status PrepareLastWords();

/// Whether `new` has failed in this process, in whatever library.
bool MemoryHasRunOut();

}  // namespace concordat::worker
