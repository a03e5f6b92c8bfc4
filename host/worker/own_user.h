// A process of nobody, in a world of its own: what an adapter would be if it broke out.
#pragma once

#include "host/base/status.h"

namespace concordat::worker {

struct Departure {
  absl::Status
      user;  // OK: a user id that nothing else on this machine has; Unimplemented: the host is not root
  absl::Status namespaces;  // OK: network, IPC, host name and mounts (read-only) of its own
  bool user_namespace = false;
  bool counted_alone = false;  // no other process's threads count against this one's limit
};

/// Gives up the host's user where that is root, its namespaces where the machine lets it, and all
/// capabilities. One thread only.
Departure LeaveHost();

}  // namespace concordat::worker
