// Which system calls an adapter may make; the only door to libseccomp.
#pragma once

#include "host/base/status.h"

namespace concordat::worker {

/// While the library is opened and its constructors run: everything but what reaches beyond this process
/// (network, other processes, new files, privileges, the kernel's rarer doors). All threads.
absl::Status ForbidDangerousCalls();

/// From then on: only what reading, computing and answering need; no file, no executable memory. All threads.
absl::Status AllowOnlyWork();

/// What a refused call is answered with, or that it ends the process by SIGSYS (forbidden_call.h tells who
/// asked for it). Null for a number that stands in no list here.
const char* NameOfCall(int number);

}  // namespace concordat::worker
