// Which walls must stand around an adapter, which should, and which do on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"
#include "host/base/status.h"
#include "host/data/worker_protocol.h"

namespace concordat::adapters {

/// "seccomp", "landlock", "rlimits", "namespaces", in the order in which people read them.
std::vector<std::string> SandboxLayerWords();
/// 0 for a word that is none.
uint32_t SandboxLayerOf(std::string_view word);
/// The words of a set.
std::vector<std::string> SandboxWords(uint64_t layers);

/// Sets of data::SandboxLayer. All layers are tried in every run; the lists say what their absence means.
struct SandboxPolicy {
  // Without them no adapter runs.
  uint32_t required = data::kSeccompLayer | data::kLandlockLayer | data::kRlimitsLayer;
  // A chroot or a container may refuse them: said in the status, and no more.
  uint32_t preferred = data::kNamespacesLayer;
};

/// What a worker found when it put the walls up and opened nothing.
struct SandboxState {
  uint64_t layers = 0;  // set of data::SandboxLayer
  int landlock_abi = 0;
  std::string missing;  // why the others are not in force; empty when all are

  bool Has(uint64_t layer) const { return (layers & layer) == layer; }
};

/// Starts `worker` once, with nothing to open.
absl::StatusOr<SandboxState> ProbeSandbox(const std::string& worker);

/// Unimplemented when a layer that the policy requires is not in force: says which, why, and how to mend
/// it.
absl::Status Suffices(const SandboxState& state, const SandboxPolicy& policy);
/// The same for a worker that said `why`.
absl::Status SandboxMissing(std::string_view why);

/// {landlock: {inForce, abi}, seccomp, rlimits, namespaces, user, required, preferred, adaptersRun, missing},
/// for `host status`.
json::Value SandboxJson(const absl::StatusOr<SandboxState>& probed, const SandboxPolicy& policy);

}  // namespace concordat::adapters
