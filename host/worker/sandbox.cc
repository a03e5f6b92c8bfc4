#include "host/worker/sandbox.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "fmt/format.h"
#include "host/worker/landlock.h"
#include "host/worker/own_user.h"
#include "host/worker/resource_limits.h"
#include "host/worker/seccomp_filter.h"

namespace concordat::worker {
namespace {

// A change of user undoes these.
absl::Status DieWithHost(uint64_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return ErrnoStatus(errno, "set the parent death signal");
  // The host may have died before the line above.
  if (static_cast<uint64_t>(getppid()) != parent) return absl::CancelledError("the host is gone");
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return ErrnoStatus(errno, "forbid dumps");
  return absl::OkStatus();
}

}  // namespace

absl::Status Sandbox::CutTies(uint64_t parent) {
  RETURN_IF_ERROR(DieWithHost(parent));
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return ErrnoStatus(errno, "renounce new privileges");
  if (close_range(data::kWorkerFdEnd, UINT_MAX, 0) != 0) return ErrnoStatus(errno, "close descriptors");
  return absl::OkStatus();
}

absl::Status Sandbox::Enter(const data::WorkerJob& job, uint64_t parent) {
  const Departure departure = LeaveHost();
  Note(data::kOwnUserLayer, "own user", departure.user);
  Note(data::kNamespacesLayer, "namespaces", departure.namespaces);
  if (departure.user_namespace) layers_ |= data::kUserNamespace;
  RETURN_IF_ERROR(DieWithHost(parent));
  Note(data::kRlimitsLayer, "rlimits", LimitResources(job, departure.counted_alone));
  landlock_abi_ = LandlockAbi();
  Note(data::kLandlockLayer, "landlock",
       landlock_abi_ > 0 ? LetReadSystemLibraries(landlock_abi_)
                         : absl::UnavailableError("this kernel has none, or it is switched off or refused"));
  Note(data::kSeccompLayer, "seccomp", ForbidDangerousCalls());
  return absl::OkStatus();
}

void Sandbox::Shut() {
  if (layers_ & data::kLandlockLayer) Note(data::kLandlockLayer, "landlock", LetReadNothing(landlock_abi_));
  if (layers_ & data::kSeccompLayer) Note(data::kSeccompLayer, "seccomp", AllowOnlyWork());
}

void Sandbox::Note(uint64_t layer, std::string_view word, const absl::Status& status) {
  if (status.ok()) {
    layers_ |= layer;
    return;
  }
  layers_ &= ~layer;
  if (absl::IsUnimplemented(status)) return;  // there is nothing that it could add here
  missing_ += fmt::format("{}{}: {}", missing_.empty() ? "" : "; ", word, MessageOf(status));
}

absl::Status Requires(uint64_t required, const Sandbox& sandbox) {
  if ((sandbox.layers() & required) == required) return absl::OkStatus();
  return absl::UnavailableError(sandbox.missing());
}

}  // namespace concordat::worker
