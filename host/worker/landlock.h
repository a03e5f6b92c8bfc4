// Landlock: which files a process may still open, whoever it is. Raw system calls, because the C library has
// none and Debian 12's header ends at ABI 2; documented in the kernel's
// Documentation/userspace-api/landlock.rst.
#pragma once

#include "host/base/status.h"

namespace concordat::worker {

/// The kernel's ABI, from 1 on; 0 where Landlock is not built in or not switched on.
int LandlockAbi();

/// From now on this thread and those that it starts may read system libraries, and open nothing else; from
/// ABI 4 on no TCP port, from 6 on no abstract socket and no signal to others. Needs no_new_privs. `abi` from
/// LandlockAbi.
absl::Status LetReadSystemLibraries(int abi);
/// From now on not even these.
absl::Status LetReadNothing(int abi);

}  // namespace concordat::worker
