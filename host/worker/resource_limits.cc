#include "host/worker/resource_limits.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace concordat::worker {
namespace {

constexpr rlim_t kDescriptors = 64;
constexpr rlim_t kThreads = 128;
constexpr rlim_t kAddresses = rlim_t{64} << 30;  // libraries, what allocators reserve for each thread
constexpr rlim_t kStack = 8 << 20;
constexpr rlim_t kSecondsToDie = 2;  // between SIGXCPU, which a handler may catch, and SIGKILL

// A sanitizer reserves terabytes of shadow memory, which the limit would count.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitMemory = false;
#else
constexpr bool kLimitMemory = true;
#endif

absl::Status Limit(decltype(RLIMIT_DATA) resource, rlim_t value, rlim_t hard, std::string_view what) {
  rlimit limit = {};
  if (getrlimit(resource, &limit) != 0) return ErrnoStatus(errno, what);
  // What the host itself was given less of stays less: only root can raise it.
  limit = {std::min(value, limit.rlim_max), std::min(hard, limit.rlim_max)};
  if (setrlimit(resource, &limit) != 0) return ErrnoStatus(errno, what);
  return absl::OkStatus();
}

absl::Status Limit(decltype(RLIMIT_DATA) resource, rlim_t value, std::string_view what) {
  return Limit(resource, value, value, what);
}

}  // namespace

absl::Status LimitResources(const data::WorkerJob& job, bool counted_alone) {
  // RLIMIT_DATA counts private writable memory, and so neither the ring nor a mapped source. Addresses are
  // bounded generously: each 2 MiB of them that are touched cost the kernel 4 KiB, even where nothing is
  // written.
  if (kLimitMemory && job.memory_bytes > 0) {
    RETURN_IF_ERROR(Limit(RLIMIT_DATA, job.memory_bytes, "limit memory"));
    const rlim_t addresses = kAddresses + job.memory_bytes + job.source_size + job.slots * job.slot_bytes;
    RETURN_IF_ERROR(Limit(RLIMIT_AS, addresses, "limit addresses"));
  }
  if (job.cpu_seconds > 0)
    RETURN_IF_ERROR(Limit(RLIMIT_CPU, job.cpu_seconds, job.cpu_seconds + kSecondsToDie, "limit CPU time"));
  if (counted_alone) RETURN_IF_ERROR(Limit(RLIMIT_NPROC, kThreads, "limit threads"));
  RETURN_IF_ERROR(Limit(RLIMIT_STACK, kStack, "limit the stack"));
  RETURN_IF_ERROR(Limit(RLIMIT_MEMLOCK, 0, "forbid locked memory"));
  RETURN_IF_ERROR(Limit(RLIMIT_MSGQUEUE, 0, "forbid message queues"));
  RETURN_IF_ERROR(Limit(RLIMIT_CORE, 0, "forbid core dumps"));
  RETURN_IF_ERROR(Limit(RLIMIT_FSIZE, 0, "forbid files"));
  return Limit(RLIMIT_NOFILE, kDescriptors, "limit descriptors");
}

}  // namespace concordat::worker
