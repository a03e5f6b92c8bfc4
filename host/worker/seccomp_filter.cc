#include "host/worker/seccomp_filter.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

#include "fmt/format.h"
#include "host/data/worker_protocol.h"

namespace concordat::worker {
namespace {

struct Call {
  int number;  // negative where this processor has no such call: libseccomp passes over it
  const char* name;
};
#define CALL(name) \
  Call { SCMP_SYS(name), #name }

// What no adapter does by mistake: it ends the process, and is told by name.
constexpr Call kForbidden[] = {
    // the network
    CALL(socket), CALL(socketpair), CALL(bind), CALL(connect), CALL(listen), CALL(accept), CALL(accept4),
    CALL(setsockopt), CALL(sendmmsg),
    // other processes
    CALL(fork), CALL(vfork), CALL(execve), CALL(execveat), CALL(ptrace), CALL(process_vm_readv),
    CALL(process_vm_writev), CALL(process_madvise), CALL(process_mrelease), CALL(kcmp), CALL(pidfd_open),
    CALL(pidfd_getfd), CALL(pidfd_send_signal), CALL(tkill), CALL(rt_sigqueueinfo), CALL(rt_tgsigqueueinfo),
    CALL(setpgid), CALL(setsid),
    // files
    CALL(creat), CALL(mkdir), CALL(mkdirat), CALL(mknod), CALL(mknodat), CALL(link), CALL(linkat),
    CALL(symlink), CALL(symlinkat), CALL(unlink), CALL(unlinkat), CALL(rmdir), CALL(rename), CALL(renameat),
    CALL(renameat2), CALL(chmod), CALL(fchmod), CALL(fchmodat), CALL(chown), CALL(lchown), CALL(fchown),
    CALL(fchownat), CALL(truncate), CALL(ftruncate), CALL(fallocate), CALL(setxattr), CALL(lsetxattr),
    CALL(fsetxattr), CALL(removexattr), CALL(lremovexattr), CALL(fremovexattr), CALL(utime), CALL(utimes),
    CALL(utimensat), CALL(futimesat), CALL(pwrite64), CALL(pwritev), CALL(pwritev2), CALL(sendfile),
    CALL(copy_file_range), CALL(splice), CALL(tee), CALL(vmsplice), CALL(open_by_handle_at),
    CALL(name_to_handle_at), CALL(fanotify_init), CALL(fanotify_mark), CALL(inotify_init),
    CALL(inotify_init1), CALL(inotify_add_watch), CALL(chdir), CALL(fchdir), CALL(chroot),
    // mounts and namespaces
    CALL(mount), CALL(umount2), CALL(pivot_root), CALL(move_mount), CALL(open_tree), CALL(fsopen),
    CALL(fsconfig), CALL(fsmount), CALL(fspick), CALL(mount_setattr), CALL(unshare), CALL(setns),
    CALL(sethostname), CALL(setdomainname), CALL(swapon), CALL(swapoff), CALL(acct), CALL(quotactl),
    CALL(quotactl_fd),
    // privileges and limits
    CALL(setuid), CALL(setgid), CALL(setreuid), CALL(setregid), CALL(setresuid), CALL(setresgid),
    CALL(setfsuid), CALL(setfsgid), CALL(setgroups), CALL(capset), CALL(personality),
    // the kernel's rarer doors
    CALL(bpf), CALL(perf_event_open), CALL(io_uring_setup), CALL(io_uring_enter), CALL(io_uring_register),
    CALL(io_setup), CALL(io_submit), CALL(keyctl), CALL(add_key), CALL(request_key), CALL(userfaultfd),
    CALL(memfd_create), CALL(memfd_secret), CALL(init_module), CALL(finit_module), CALL(delete_module),
    CALL(kexec_load), CALL(kexec_file_load), CALL(reboot), CALL(syslog), CALL(settimeofday),
    CALL(clock_settime), CALL(clock_adjtime), CALL(adjtimex), CALL(iopl), CALL(ioperm), CALL(modify_ldt),
    CALL(lookup_dcookie), CALL(vhangup), CALL(ustat), CALL(sysfs), CALL(nfsservctl), CALL(uselib),
    // memory and messages that no limit counts
    CALL(shmget), CALL(shmat), CALL(shmctl), CALL(shmdt), CALL(semget), CALL(semop), CALL(semtimedop),
    CALL(semctl), CALL(msgget), CALL(msgsnd), CALL(msgrcv), CALL(msgctl), CALL(mq_open), CALL(mq_unlink),
    CALL(mq_timedsend), CALL(mq_timedreceive), CALL(mq_notify), CALL(mq_getsetattr), CALL(remap_file_pages),
    CALL(move_pages), CALL(migrate_pages)};

// Their arguments decide.
constexpr Call kDepends[] = {CALL(open),      CALL(openat),    CALL(clone),  CALL(clone3), CALL(kill),
                             CALL(tgkill),    CALL(write),     CALL(writev), CALL(sendto), CALL(sendmsg),
                             CALL(mmap),      CALL(mprotect),  CALL(prctl),  CALL(fcntl),  CALL(mremap),
                             CALL(prlimit64), CALL(newfstatat)};

// Libraries try them and live without: a refusal is the answer.
struct Refusal {
  Call call;
  int error;
};
constexpr Refusal kRefused[] = {{CALL(openat2), ENOSYS},
                                {CALL(access), EACCES},
                                {CALL(faccessat), EACCES},
                                {CALL(faccessat2), EACCES},
                                {CALL(stat), EACCES},
                                {CALL(lstat), EACCES},
                                {CALL(statx), ENOSYS},
                                {CALL(statfs), EACCES},
                                {CALL(fstatfs), EACCES},
                                {CALL(readlink), EACCES},
                                {CALL(readlinkat), EACCES},
                                {CALL(getcwd), EACCES},
                                {CALL(getdents), EACCES},
                                {CALL(getdents64), EACCES},
                                {CALL(ioctl), ENOTTY},
                                {CALL(pipe), EPERM},
                                {CALL(pipe2), EPERM},
                                {CALL(eventfd), EPERM},
                                {CALL(eventfd2), EPERM},
                                {CALL(epoll_create), EPERM},
                                {CALL(epoll_create1), EPERM},
                                {CALL(timerfd_create), EPERM},
                                {CALL(signalfd), EPERM},
                                {CALL(signalfd4), EPERM},
                                {CALL(dup), EPERM},
                                {CALL(dup2), EPERM},
                                {CALL(dup3), EPERM},
                                {CALL(getpeername), EPERM},
                                {CALL(getsockname), EPERM},
                                {CALL(getsockopt), EPERM},
                                {CALL(sched_setaffinity), EPERM},
                                {CALL(sched_setscheduler), EPERM},
                                {CALL(sched_setparam), EPERM},
                                {CALL(sched_setattr), EPERM},
                                {CALL(setpriority), EPERM},
                                {CALL(ioprio_set), EPERM},
                                {CALL(mbind), EPERM},
                                {CALL(set_mempolicy), EPERM},
                                {CALL(get_mempolicy), EPERM},
                                {CALL(mlock), EPERM},
                                {CALL(mlock2), EPERM},
                                {CALL(mlockall), EPERM},
                                {CALL(setrlimit), EPERM},
                                {CALL(setitimer), EPERM},
                                {CALL(timer_create), EPERM},
                                {CALL(alarm), EPERM},
                                {CALL(flock), EPERM},
                                {CALL(fsync), EPERM},
                                {CALL(fdatasync), EPERM},
                                {CALL(sync), EPERM},
                                {CALL(syncfs), EPERM},
                                {CALL(sync_file_range), EPERM},
                                {CALL(getxattr), EPERM},
                                {CALL(fgetxattr), EPERM},
                                {CALL(lgetxattr), EPERM},
                                {CALL(pkey_alloc), EPERM},
                                {CALL(pkey_mprotect), EPERM},
                                {CALL(seccomp), EPERM},
                                {CALL(landlock_create_ruleset), EPERM},
                                {CALL(landlock_add_rule), EPERM},
                                {CALL(landlock_restrict_self), EPERM},
                                {CALL(close_range), EPERM}};

// Reading what was handed over, memory, threads, time: nothing that another process could notice.
constexpr Call kAllowed[] = {CALL(read),
                             CALL(readv),
                             CALL(pread64),
                             CALL(preadv),
                             CALL(preadv2),
                             CALL(lseek),
                             CALL(close),
                             CALL(fstat),
                             CALL(fadvise64),
                             CALL(readahead),
                             CALL(munmap),
                             CALL(madvise),
                             CALL(mincore),
                             CALL(msync),
                             CALL(munlock),
                             CALL(brk),
                             CALL(futex),
                             CALL(futex_waitv),
                             CALL(set_robust_list),
                             CALL(rseq),
                             CALL(membarrier),
                             CALL(sched_yield),
                             CALL(sched_getaffinity),
                             CALL(sched_getscheduler),
                             CALL(sched_getparam),
                             CALL(sched_get_priority_max),
                             CALL(sched_get_priority_min),
                             CALL(getcpu),
                             CALL(clock_gettime),
                             CALL(clock_getres),
                             CALL(clock_nanosleep),
                             CALL(nanosleep),
                             CALL(gettimeofday),
                             CALL(time),
                             CALL(times),
                             CALL(getrandom),
                             CALL(rt_sigaction),
                             CALL(rt_sigprocmask),
                             CALL(rt_sigreturn),
                             CALL(rt_sigpending),
                             CALL(rt_sigsuspend),
                             CALL(rt_sigtimedwait),
                             CALL(sigaltstack),
                             CALL(pause),
                             CALL(restart_syscall),
                             CALL(gettid),
                             CALL(getpid),
                             CALL(getppid),
                             CALL(getuid),
                             CALL(geteuid),
                             CALL(getgid),
                             CALL(getegid),
                             CALL(getrusage),
                             CALL(getrlimit),
                             CALL(sysinfo),
                             CALL(uname),
                             CALL(umask),
                             CALL(poll),
                             CALL(ppoll),
                             CALL(select),
                             CALL(pselect6),
                             CALL(recvfrom),
                             CALL(recvmsg),
                             CALL(set_tid_address),
                             CALL(exit),
                             CALL(exit_group)};

constexpr uint32_t kEnd = SCMP_ACT_TRAP;
constexpr uint32_t Refuse(int error) { return SCMP_ACT_ERRNO(static_cast<uint32_t>(error)); }

/// A filter under construction; the first error stays.
class Filter {
 public:
  explicit Filter(uint32_t otherwise) : context_(seccomp_init(otherwise)) {
    if (context_ == nullptr) {
      error_ = ENOMEM;
      return;
    }
    Note(seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS));
    Note(seccomp_attr_set(context_, SCMP_FLTATR_CTL_NNP, 0));  // renounced before
    Note(seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1));
    Note(seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, 2));  // a tree: a hundred calls cost as seven
  }
  ~Filter() { seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  void Add(uint32_t action, const Call& call, std::initializer_list<scmp_arg_cmp> when = {}) {
    if (error_ != 0) return;
    // A number below zero: this processor has no such call. Some libseccomp answer EDOM there, some do
    // nothing.
    const int result = seccomp_rule_add_array(context_, action, call.number,
                                              static_cast<unsigned>(when.size()), when.begin());
    if (call.number >= 0) Note(result);
  }

  absl::Status Load() {
    if (error_ == 0) Note(seccomp_load(context_));
    return error_ == 0 ? absl::OkStatus() : ErrnoStatus(error_, "load a seccomp filter");
  }

 private:
  void Note(int result) {
    if (result < 0 && error_ == 0) error_ = -result;
  }

  scmp_filter_ctx context_;
  int error_ = 0;
};

scmp_arg_cmp Is(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp Has(unsigned argument, uint64_t mask, uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

// Both filters: a file can be opened to be read at most, which Landlock then answers.
void ForbidWriting(Filter& filter) {
  for (const auto& [call, flags] : {std::pair(CALL(open), 1U), std::pair(CALL(openat), 2U)}) {
    filter.Add(kEnd, call, {Has(flags, O_ACCMODE, O_WRONLY)});
    filter.Add(kEnd, call, {Has(flags, O_ACCMODE, O_RDWR)});
    filter.Add(kEnd, call, {Has(flags, O_CREAT, O_CREAT)});
  }
}

// A clone that is no thread is a process. clone3 keeps its flags in memory, out of the filter's sight: the C
// library goes back to clone when it is told that there is none.
void ForbidProcesses(Filter& filter) {
  filter.Add(kEnd, CALL(clone), {Has(0, CLONE_THREAD, 0)});
  filter.Add(Refuse(ENOSYS), CALL(clone3));
}

void AllowThreads(Filter& filter) {
  filter.Add(SCMP_ACT_ALLOW, CALL(clone), {Has(0, CLONE_THREAD, CLONE_THREAD)});
  filter.Add(Refuse(ENOSYS), CALL(clone3));
  // raise and abort: signals to itself
  filter.Add(SCMP_ACT_ALLOW, CALL(tgkill), {Is(0, static_cast<uint64_t>(getpid()))});
  filter.Add(SCMP_ACT_ALLOW, CALL(kill), {Is(0, static_cast<uint64_t>(getpid()))});
}

// RLIMIT_DATA counts private memory only, and no stacks that grow.
void ForbidUncountedMemory(Filter& filter) {
  filter.Add(Refuse(EPERM), CALL(mmap), {Has(3, MAP_SHARED, MAP_SHARED)});
  filter.Add(Refuse(EPERM), CALL(mmap), {Has(3, MAP_GROWSDOWN, MAP_GROWSDOWN)});
  filter.Add(Refuse(EPERM), CALL(mmap), {Has(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC)});
  filter.Add(Refuse(EPERM), CALL(mprotect), {Has(2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC)});
}

void AllowMemory(Filter& filter) {
  constexpr uint64_t kSharing = MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN;
  filter.Add(SCMP_ACT_ALLOW, CALL(mmap), {Has(2, PROT_EXEC, 0), Has(3, kSharing, MAP_PRIVATE)});
  filter.Add(SCMP_ACT_ALLOW, CALL(mprotect), {Has(2, PROT_EXEC, 0)});
  filter.Add(SCMP_ACT_ALLOW, CALL(mremap));
  // All other ways of asking for memory fail and can be lived with.
  filter.Add(Refuse(EPERM), CALL(mmap), {Has(2, PROT_EXEC, PROT_EXEC)});
  filter.Add(Refuse(EPERM), CALL(mmap), {Has(3, MAP_SHARED, MAP_SHARED)});
  filter.Add(Refuse(EPERM), CALL(mmap), {Has(3, MAP_GROWSDOWN, MAP_GROWSDOWN)});
  filter.Add(Refuse(EPERM), CALL(mprotect), {Has(2, PROT_EXEC, PROT_EXEC)});
}

void AllowTalking(Filter& filter) {
  for (const Call& call : {CALL(sendto), CALL(sendmsg)})
    filter.Add(SCMP_ACT_ALLOW, call, {Is(0, data::kControlFd)});
  for (const Call& call : {CALL(write), CALL(writev)}) {
    for (const uint64_t nowhere : {0, 1, 2}) filter.Add(SCMP_ACT_ALLOW, call, {Is(0, nowhere)});
  }
}

void AllowAsking(Filter& filter) {
  for (const uint64_t command : {F_GETFD, F_GETFL}) filter.Add(SCMP_ACT_ALLOW, CALL(fcntl), {Is(1, command)});
  for (const uint64_t command : {F_SETFD, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC})
    filter.Add(Refuse(EPERM), CALL(fcntl), {Is(1, command)});
  for (const uint64_t option : {PR_SET_NAME, PR_GET_NAME})
    filter.Add(SCMP_ACT_ALLOW, CALL(prctl), {Is(0, option)});
  for (const uint64_t option : {PR_GET_DUMPABLE, PR_CAPBSET_READ, PR_SET_VMA})
    filter.Add(Refuse(EPERM), CALL(prctl), {Is(0, option)});
  filter.Add(SCMP_ACT_ALLOW, CALL(prlimit64), {Is(0, 0), Is(2, 0)});
  filter.Add(Refuse(EPERM), CALL(prlimit64), {{2, SCMP_CMP_NE, 0, 0}});
  filter.Add(Refuse(EACCES), CALL(open), {Has(1, O_ACCMODE | O_CREAT, O_RDONLY)});
  filter.Add(Refuse(EACCES), CALL(openat), {Has(2, O_ACCMODE | O_CREAT, O_RDONLY)});
}

// Ties that were cut stay cut.
void KeepTiesCut(Filter& filter) {
  for (const uint64_t option : {PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_PTRACER, PR_SET_CHILD_SUBREAPER,
                                PR_SET_MM, PR_SET_SECUREBITS, PR_SET_KEEPCAPS, PR_CAP_AMBIENT}) {
    filter.Add(kEnd, CALL(prctl), {Is(0, option)});
  }
  const auto self = static_cast<uint64_t>(getpid());
  filter.Add(kEnd, CALL(kill), {{0, SCMP_CMP_NE, self, 0}});
  filter.Add(kEnd, CALL(tgkill), {{0, SCMP_CMP_NE, self, 0}});
}

}  // namespace

absl::Status ForbidDangerousCalls() {
  Filter filter(SCMP_ACT_ALLOW);
  for (const Call& call : kForbidden) filter.Add(kEnd, call);
  ForbidWriting(filter);
  ForbidProcesses(filter);
  ForbidUncountedMemory(filter);
  KeepTiesCut(filter);
  return filter.Load();
}

absl::Status AllowOnlyWork() {
  Filter filter(kEnd);
  for (const Call& call : kAllowed) filter.Add(SCMP_ACT_ALLOW, call);
  for (const Refusal& refused : kRefused) filter.Add(Refuse(refused.error), refused.call);
  AllowThreads(filter);
  AllowMemory(filter);
  AllowTalking(filter);
  AllowAsking(filter);
  return filter.Load();
}

const char* NameOfCall(int number) {
  for (const Call& call : kForbidden) {
    if (call.number == number) return call.name;
  }
  for (const Call& call : kDepends) {
    if (call.number == number) return call.name;
  }
  return nullptr;
}

}  // namespace concordat::worker
