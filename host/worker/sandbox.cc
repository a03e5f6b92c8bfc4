#include "host/worker/sandbox.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace concordat::worker {
namespace {

constexpr rlim_t kDescriptors = 64;

// A sanitizer reserves terabytes of shadow memory, which the limit would count.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitMemory = false;
#else
constexpr bool kLimitMemory = true;
#endif

absl::Status Limit(decltype(RLIMIT_DATA) resource, rlim_t value, std::string_view what) {
  const rlimit limit = {value, value};
  if (setrlimit(resource, &limit) != 0) return ErrnoStatus(errno, what);
  return absl::OkStatus();
}

}  // namespace

absl::Status CutTies(uint64_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return ErrnoStatus(errno, "set the parent death signal");
  // The host may have died before the line above.
  if (static_cast<uint64_t>(getppid()) != parent) return absl::CancelledError("the host is gone");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return ErrnoStatus(errno, "renounce new privileges");
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return ErrnoStatus(errno, "forbid dumps");
  if (close_range(data::kWorkerFdEnd, UINT_MAX, 0) != 0) return ErrnoStatus(errno, "close descriptors");
  return absl::OkStatus();
}

absl::Status LimitResources(const data::WorkerJob& job) {
  // Not RLIMIT_AS: it would count the ring and a mapped source, too. RLIMIT_DATA counts private writable
  // memory.
  if (kLimitMemory && job.memory_bytes > 0)
    RETURN_IF_ERROR(Limit(RLIMIT_DATA, job.memory_bytes, "limit memory"));
  RETURN_IF_ERROR(Limit(RLIMIT_CORE, 0, "forbid core dumps"));
  RETURN_IF_ERROR(Limit(RLIMIT_FSIZE, 0, "forbid files"));
  return Limit(RLIMIT_NOFILE, kDescriptors, "limit descriptors");
}

}  // namespace concordat::worker
