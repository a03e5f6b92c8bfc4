// concordat-worker: runs one adapter over one source, apart from the host. Started by host/adapters, never by
// hand; host/data/worker_protocol.h says what it finds and what it answers.
#include <malloc.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>

#include "fmt/format.h"
#include "host/base/status.h"
#include "host/data/worker_protocol.h"
#include "host/worker/last_words.h"
#include "host/worker/library.h"
#include "host/worker/ring_writer.h"
#include "host/worker/run.h"
#include "host/worker/sandbox.h"

// Under a sanitizer: the host tells a crash by its signal, and an adapter's leaks end with the process.
#if defined(__SANITIZE_ADDRESS__)
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "handle_segv=0:handle_abort=0:abort_on_error=1:detect_leaks=0";
}
#elif defined(__SANITIZE_THREAD__)
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_options() {
  return "handle_segv=0:handle_abort=0";
}
#endif

namespace concordat::worker {
namespace {

absl::StatusOr<std::string_view> MapJob() {
  struct stat about;
  if (fstat(data::kJobFd, &about) != 0) return ErrnoStatus(errno, "look at the job");
  const auto size = static_cast<size_t>(about.st_size);
  void* mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, data::kJobFd, 0);
  if (mapped == MAP_FAILED) return ErrnoStatus(errno, "map the job");
  return std::string_view(static_cast<const char*>(mapped), size);
}

data::WorkerFailure FailureOf(const absl::Status& status, bool agreed) {
  if (absl::IsInvalidArgument(status)) return data::WorkerFailure::kSource;
  if (!absl::IsAborted(status)) return data::WorkerFailure::kWorker;
  if (MemoryHasRunOut()) return data::WorkerFailure::kMemory;
  return agreed ? data::WorkerFailure::kAdapter : data::WorkerFailure::kRefused;
}

// An adapter that throws across the boundary breaks its promise; better told than died of.
absl::Status RunGuarded(const data::WorkerJob& job, concordat_adapter_init_function init, RingWriter& ring,
                        bool& agreed) {
  try {
    return Run(job, init, ring, agreed);
  } catch (const std::exception& thrown) {
    return absl::AbortedError(fmt::format("it threw: {}", thrown.what()));
  } catch (...) {
    return absl::AbortedError("it threw something that is no std::exception");
  }
}

// Batches come and go by the megabyte: memory that goes back to the system between them is paid for in page
// faults.
void KeepFreedMemory() {
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

absl::Status OpenAndRun(const data::WorkerJob& job, Sandbox& sandbox, RingWriter& ring) {
  const auto init = OpenLibrary(fmt::format("/proc/self/fd/{}", int{data::kLibraryFd}));
  if (!init.ok()) {
    ring.SendFailure(data::WorkerFailure::kRefused, MessageOf(init.status()));
    return init.status();
  }
  sandbox.Shut();
  if (absl::Status walls = Requires(job.required, sandbox); !walls.ok()) {
    ring.SendFailure(data::WorkerFailure::kSandbox, MessageOf(walls));
    return walls;
  }
  bool agreed = false;
  absl::Status status = RunGuarded(job, *init, ring, agreed);
  if (!status.ok()) ring.SendFailure(FailureOf(status, agreed), MessageOf(status));
  return status;
}

absl::Status Work(uint64_t parent) {
  KeepFreedMemory();
  RETURN_IF_ERROR(Sandbox::CutTies(parent));
  ASSIGN_OR_RETURN(const std::string_view bytes, MapJob());
  ASSIGN_OR_RETURN(const data::WorkerJob job, data::ReadJob(bytes));
  ASSIGN_OR_RETURN(RingWriter ring, RingWriter::Open(job));
  RETURN_IF_ERROR(PrepareLastWords());
  Sandbox sandbox;
  RETURN_IF_ERROR(sandbox.Enter(job, parent));
  if (job.probe != 0) {
    sandbox.Shut();
    return ring.SendProbe(sandbox.layers(), sandbox.landlock_abi(), sandbox.missing());
  }
  if (absl::Status walls = Requires(job.required, sandbox); !walls.ok()) {
    ring.SendFailure(data::WorkerFailure::kSandbox, MessageOf(walls));
    return walls;
  }
  return OpenAndRun(job, sandbox, ring);
}

}  // namespace
}  // namespace concordat::worker

int main(int argc, char** argv) {
  uint64_t parent = 0;
  if (argc != 2 || std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), parent).ec != std::errc()) {
    std::fputs("concordat-worker is started by concordatd and by concordat check, never by hand\n", stderr);
    return 3;
  }
  const absl::Status status = concordat::worker::Work(parent);
  // At once: destructors of an adapter's statics have nothing left to do here.
  _exit(status.ok() ? 0 : 1);
}
