// The walls around an adapter, in the order in which they go up. All but the last stand before the library is
// opened, because a library's constructors already run when it is.
#pragma once

#include <string>

#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::worker {

/// The layers that are in force in this process.
class Sandbox {
 public:
  /// First of all: the worker dies with the host's thread that started it, gains no privileges, cannot be
  /// traced or dumped, and keeps no other descriptors than those of the protocol. `parent` is the host's
  /// process id.
  static absl::Status CutTies(uint64_t parent);

  /// Before the library is opened: own user, namespaces, limits, system libraries only, no dangerous calls.
  /// What cannot be had is noted and passed over. Cancelled when the host is gone.
  absl::Status Enter(const data::WorkerJob& job, uint64_t parent);
  /// Before any function of it is called: no file at all, and only the calls that work needs.
  void Shut();

  /// A set of data::SandboxLayer.
  uint64_t layers() const { return layers_; }
  int landlock_abi() const { return landlock_abi_; }
  /// Why what is missing is missing: "namespaces: Operation not permitted; ..."
  const std::string& missing() const { return missing_; }

 private:
  void Note(uint64_t layer, std::string_view word, const absl::Status& status);

  uint64_t layers_ = 0;
  int landlock_abi_ = 0;
  std::string missing_;
};

/// Unavailable names the first of `required` that `sandbox` does not have, and why.
absl::Status Requires(uint64_t required, const Sandbox& sandbox);

}  // namespace concordat::worker
