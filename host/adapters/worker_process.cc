#include "host/adapters/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "fmt/format.h"
#include "host/data/worker_protocol.h"

namespace concordat::adapters {
namespace {

// The child's descriptors are moved out of the way first: dup2 onto 3 must not overwrite a source that is 3
// itself.
constexpr int kOutOfTheWay = 64;

/// posix_spawn's two structs with one owner. Not fork: the host has threads, and gRPC does not survive it.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  absl::Status Give(int fd, int as) {
    FileDescriptor moved(fcntl(fd, F_DUPFD_CLOEXEC, kOutOfTheWay));
    if (!moved.valid()) return ErrnoStatus(errno, "hand a descriptor to the worker");
    posix_spawn_file_actions_adddup2(&actions_, moved.get(), as);
    moved_.push_back(std::move(moved));
    return absl::OkStatus();
  }

  void Confine() {
    for (int fd = 0; fd <= 2; ++fd) posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, data::kWorkerFdEnd);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    // A group of its own: Ctrl-C at a terminal is for the host, which then stops its workers.
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }

  absl::StatusOr<int> Spawn(const std::string& program) {
    const std::string parent = std::to_string(getpid());
    char* const arguments[] = {const_cast<char*>(program.c_str()), const_cast<char*>(parent.c_str()),
                               nullptr};
    char* const environment[] = {nullptr};
    pid_t pid = 0;
    const int error = posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments, environment);
    if (error != 0) return ErrnoStatus(error, "start the worker " + program);
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
  std::vector<FileDescriptor> moved_;
};

void WaitForEnd(int pidfd, absl::Duration grace) {
  pollfd wait = {pidfd, POLLIN, 0};
  while (poll(&wait, 1, static_cast<int>(absl::ToInt64Milliseconds(grace))) < 0 && errno == EINTR) {
  }
}

std::string HowItEnded(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return fmt::format("it exited with status {}", info.si_status);
  const char* name = sigabbrev_np(info.si_status);
  if (name == nullptr) return fmt::format("it was ended by signal {}", info.si_status);
  const char* verb = info.si_status == SIGKILL ? "was killed" : "crashed";
  return fmt::format("it {} with SIG{} ({})", verb, name, strsignal(info.si_status));
}

}  // namespace

absl::StatusOr<ControlSocket> ControlSocket::Create() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return ErrnoStatus(errno, "make a socket");
  return ControlSocket{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerProcess::Spawn(const WorkerStart& start) {
  SpawnPlan plan;
  RETURN_IF_ERROR(plan.Give(start.control_fd, data::kControlFd));
  RETURN_IF_ERROR(plan.Give(start.library_fd, data::kLibraryFd));
  RETURN_IF_ERROR(plan.Give(start.source_fd, data::kSourceFd));
  RETURN_IF_ERROR(plan.Give(start.ring_fd, data::kRingFd));
  RETURN_IF_ERROR(plan.Give(start.job_fd, data::kJobFd));
  plan.Confine();
  ASSIGN_OR_RETURN(const int pid, plan.Spawn(start.program));
  // The child is unreaped, so that its number cannot be another's yet.
  FileDescriptor pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  const int error = errno;
  std::unique_ptr<WorkerProcess> process(new WorkerProcess(pid, std::move(pidfd)));
  if (!process->pidfd_.valid()) return ErrnoStatus(error, "watch the worker");
  return process;
}

WorkerProcess::~WorkerProcess() {
  if (pid_ != 0) Stop(absl::ZeroDuration());
}

WorkerEnd WorkerProcess::Stop(absl::Duration grace) {
  if (pidfd_.valid()) WaitForEnd(pidfd_.get(), grace);
  // The whole group, of which the unreaped worker keeps the number: an adapter's own children go with it.
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
  siginfo_t info = {};
  rusage used = {};
  long result;
  do {
    // The system call itself, for the C library's leaves out what the child used.
    result = syscall(SYS_waitid, P_PID, pid_, &info, WEXITED, &used);
  } while (result != 0 && errno == EINTR);
  pid_ = 0;
  WorkerEnd end;
  end.words = HowItEnded(info);
  end.signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
  end.cpu_time = absl::DurationFromTimeval(used.ru_utime) + absl::DurationFromTimeval(used.ru_stime);
  return end;
}

}  // namespace concordat::adapters
