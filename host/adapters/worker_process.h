// The worker as a process: started with nothing but the descriptors it needs, watched, and always reaped.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "host/base/files.h"
#include "host/base/status.h"

namespace concordat::adapters {

/// What a worker is given; the descriptors stay the caller's.
struct WorkerStart {
  std::string program;  // path of concordat-worker
  int control_fd = -1;
  int library_fd = -1;
  int source_fd = -1;
  int ring_fd = -1;
  int job_fd = -1;
};

/// Both ends of the socket between host and worker; neither survives an exec by itself.
struct ControlSocket {
  FileDescriptor host_end;
  FileDescriptor worker_end;

  static absl::StatusOr<ControlSocket> Create();
};

/// How a worker ended.
struct WorkerEnd {
  std::string words;  // "it crashed with SIGSEGV (segmentation fault)", "it exited with status 1"
  int signal = 0;     // 0: it exited
  absl::Duration cpu_time;
};

/// One child. The worker dies with the thread that spawned it, so that thread must stay until the process was
/// stopped.
class WorkerProcess {
 public:
  static absl::StatusOr<std::unique_ptr<WorkerProcess>> Spawn(const WorkerStart& start);
  /// Kills and reaps what is still there.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Becomes readable when the process ends.
  int pidfd() const { return pidfd_.get(); }
  /// Waits up to `grace` for it to end by itself, else kills it. Processes that it started itself are killed,
  /// too.
  WorkerEnd Stop(absl::Duration grace);

 private:
  WorkerProcess(int pid, FileDescriptor pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  int pid_;  // 0 once it was reaped
  FileDescriptor pidfd_;
};

}  // namespace concordat::adapters
