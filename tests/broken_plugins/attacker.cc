// An adapter that tries to get out: one attack a run, in submit or (built a second time) in a constructor. It
// fails when it comes back, saying whether it got through: "got through" in a message is a hole in the
// sandbox.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>
#include <thread>

#include "plugins/sdk/adapter.h"

namespace {

using namespace concordat::sdk;

std::string target;  // a path, a port, whatever the attack is at

/// What came back from a call that should not have worked.
long Call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  return syscall(number, a, b, c, d, e, f);
}
long At(const void* pointer) { return reinterpret_cast<long>(pointer); }

long Connect() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::atoi(target.c_str())));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to);
}

long ReadFile(const char* path) {
  const int fd = open(path, O_RDONLY);
  char byte;
  return fd < 0 ? -1 : read(fd, &byte, 1);
}

long WriteFile(const char* path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  return fd < 0 ? -1 : write(fd, "x", 1);
}

// With fork, vfork and clone in turn a program could be left behind that goes on.
long Fork() {
  const pid_t child = fork();
  if (child == 0) {
    WriteFile(target.c_str());
    while (true) pause();
  }
  return child;
}

long Exec() {
  const char* const words[] = {"/bin/touch", target.c_str(), nullptr};
  return execve(words[0], const_cast<char**>(words), nullptr);
}

long ExecFromMemory() {
  const long fd = Call(SYS_memfd_create, At("payload"), 0);
  return fd < 0 ? -1 : Call(SYS_execveat, fd, At(""), 0, 0, AT_EMPTY_PATH);
}

long Map(int protection, int flags, int fd = -1) {
  return mmap(nullptr, 1 << 20, protection, flags, fd, 0) == MAP_FAILED ? -1 : 0;
}

long MakeWrittenMemoryRun() {
  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

// The calls of 32-bit programs have other numbers: a filter that forgets them is none.
long CallAs32Bit() {
#if defined(__x86_64__)
  long result;
  asm volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");  // getpid
  return result;
#else
  return Call(SYS_socket, AF_INET, SOCK_STREAM, 0);
#endif
}

long CallAsX32() {
#if defined(__x86_64__)
  return Call(0x40000000 + SYS_getpid);
#else
  return Call(SYS_socket, AF_INET, SOCK_STREAM, 0);
#endif
}

// A handler that cannot run must not turn a forbidden call into an allowed one.
long SocketWithSignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  return socket(AF_INET, SOCK_STREAM, 0);
}

long SocketWithOwnHandler() {
  signal(SIGSYS, [](int) {});
  errno = EPERM;
  return socket(AF_INET, SOCK_STREAM, 0) < 0 || errno == EPERM ? -1 : 0;
}

// Each thread has a filter of its own; this one must have the same.
long SocketOnThread() {
  std::atomic<long> result = -1;
  std::thread([&] { result = socket(AF_UNIX, SOCK_STREAM, 0); }).join();
  return result;
}

long RaiseLimit() {
  const rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
  return Call(SYS_prlimit64, 0, RLIMIT_DATA, At(&more), 0);
}

long CountProcesses() {
  const int fd = open("/proc", O_RDONLY | O_DIRECTORY);
  return fd;
}

long Parent() { return getppid(); }

long Spin() {
  for (std::atomic<uint64_t> i = 0;; ++i) {
  }
}

long SpinWithoutDying() {
  signal(SIGXCPU, SIG_IGN);
  return Spin();
}

long HoardCMemory() {
  while (true) {
    auto* block = static_cast<char*>(std::malloc(1 << 20));
    std::memset(block, 1, 1 << 20);  // no check: a null pointer, in the end
  }
}

// Pages that are only read are nobody's memory, but the tables that lead to them are the kernel's: 4 KiB for
// every 2 MiB of addresses. Half a gibibyte of them is enough to see.
long HoardPageTables() {
  constexpr size_t kStep = size_t{2} << 20;
  constexpr size_t kTouched = 131072;
  void* const memory =
      mmap(nullptr, kTouched * kStep, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return -1;
  for (size_t i = 0; i < kTouched; ++i) (void)static_cast<const volatile char*>(memory)[i * kStep];
  return 0;
}

long HoardStacks() {
  std::vector<std::thread> threads;
  while (true) threads.emplace_back([] { pause(); });
}

long FreeTwice() {
  auto* block = static_cast<char*>(std::malloc(100));
  char* volatile same = block;
  std::free(block);
  std::free(same);
  return 0;
}

long OverflowStack(volatile char* before = nullptr) {
  volatile char here[4096];
  here[0] = before == nullptr ? '\0' : before[0];
  return here[0] == '\0' ? OverflowStack(here) + here[0] : 0;
}

struct Attack {
  const char* name;
  std::function<long()> run;
};

const Attack kAttacks[] = {
    {"socket", Connect},
    {"socketpair", [] { return Call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, At(&target)); }},
    {"socket_on_thread", SocketOnThread},
    {"socket_signals_blocked", SocketWithSignalsBlocked},
    {"socket_own_handler", SocketWithOwnHandler},
    {"read_passwd", [] { return ReadFile("/etc/passwd"); }},
    {"read_target", [] { return ReadFile(target.c_str()); }},
    {"read_maps", [] { return ReadFile("/proc/self/maps"); }},
    {"read_library", [] { return ReadFile("/etc/ld.so.cache"); }},
    {"list_processes", CountProcesses},
    {"stat_passwd",
     [] {
       struct stat about;
       return static_cast<long>(stat("/etc/passwd", &about));
     }},
    {"read_link",
     [] {
       char text[100];
       return static_cast<long>(readlink("/proc/self/exe", text, sizeof text));
     }},
    {"fork", Fork},
    {"vfork", [] { return Call(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD); }},
    {"clone3",
     [] {
       clone_args arguments = {};
       arguments.exit_signal = SIGCHLD;
       const long child = Call(SYS_clone3, At(&arguments), sizeof arguments);
       if (child == 0) pause();
       return child;
     }},
    {"exec", Exec},
    {"exec_from_memory", ExecFromMemory},
    {"write_file", [] { return WriteFile(target.c_str()); }},
    {"create_unnamed", [] { return static_cast<long>(open("/tmp", O_TMPFILE | O_RDWR, 0600)); }},
    {"unlink", [] { return static_cast<long>(unlink(target.c_str())); }},
    {"mkdir", [] { return static_cast<long>(mkdir(target.c_str(), 0777)); }},
    {"rename", [] { return static_cast<long>(rename(target.c_str(), "/tmp/taken")); }},
    {"symlink", [] { return static_cast<long>(symlink("/etc/passwd", target.c_str())); }},
    {"chmod", [] { return static_cast<long>(chmod(target.c_str(), 0777)); }},
    {"truncate", [] { return static_cast<long>(truncate(target.c_str(), 0)); }},
    {"write_source", [] { return static_cast<long>(pwrite(5, "x", 1, 0)); }},
    {"write_library", [] { return static_cast<long>(write(4, "x", 1)); }},
    {"shrink_ring", [] { return static_cast<long>(ftruncate(6, 0)); }},
    {"map_source_shared", [] { return Map(PROT_READ | PROT_WRITE, MAP_SHARED, 5); }},
    {"proc_mem", [] { return static_cast<long>(open("/proc/self/mem", O_RDWR)); }},
    {"parent_mem", [] { return ReadFile(("/proc/" + std::to_string(Parent()) + "/environ").c_str()); }},
    {"ptrace_parent", [] { return Call(SYS_ptrace, PTRACE_ATTACH, Parent(), 0, 0); }},
    {"ptrace_me", [] { return Call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }},
    {"read_parent", [] { return Call(SYS_process_vm_readv, Parent(), 0, 0, 0, 0, 0); }},
    {"kill_parent", [] { return static_cast<long>(kill(static_cast<pid_t>(Parent()), SIGKILL)); }},
    {"kill_all", [] { return static_cast<long>(kill(-1, SIGKILL)); }},
    {"tgkill_parent", [] { return Call(SYS_tgkill, Parent(), Parent(), SIGKILL); }},
    {"pidfd_parent", [] { return Call(SYS_pidfd_open, Parent(), 0); }},
    {"outlive_host", [] { return static_cast<long>(prctl(PR_SET_PDEATHSIG, 0)); }},
    {"raise_limit", RaiseLimit},
    {"write_and_run", [] { return Map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS); }},
    {"run_mapped", [] { return Map(PROT_READ | PROT_EXEC, MAP_PRIVATE, 4); }},
    {"run_written", MakeWrittenMemoryRun},
    {"share_memory", [] { return Map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS); }},
    {"grow_stack", [] { return Map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN); }},
    {"io_uring", [] { return Call(SYS_io_uring_setup, 8, At(&target)); }},
    {"keyctl", [] { return Call(SYS_keyctl, 0, -1, 0, 0, 0); }},
    {"add_key", [] { return Call(SYS_add_key, At("user"), At("x"), At("y"), 1, -3); }},
    {"userfaultfd", [] { return Call(SYS_userfaultfd, 0); }},
    {"bpf", [] { return Call(SYS_bpf, 0, 0, 0); }},
    {"perf", [] { return Call(SYS_perf_event_open, 0, 0, -1, -1, 0); }},
    {"memfd", [] { return Call(SYS_memfd_create, At("x"), 0); }},
    {"shm", [] { return Call(SYS_shmget, 0, 4096, 01600); }},
    {"queue", [] { return Call(SYS_mq_open, At("x"), O_RDWR | O_CREAT, 0600, 0); }},
    {"mount", [] { return Call(SYS_mount, At("none"), At("/tmp"), At("tmpfs"), 0, 0); }},
    {"unshare", [] { return Call(SYS_unshare, CLONE_NEWUSER); }},
    {"chroot", [] { return Call(SYS_chroot, At("/tmp")); }},
    {"setuid", [] { return Call(SYS_setuid, 0); }},
    {"setresuid", [] { return Call(SYS_setresuid, 0, 0, 0); }},
    {"personality", [] { return Call(SYS_personality, 0x0400000); }},
    {"module", [] { return Call(SYS_finit_module, 4, At(""), 0); }},
    {"handle", [] { return Call(SYS_open_by_handle_at, 0, 0, 0); }},
    {"calls_of_32_bit", CallAs32Bit},
    {"calls_of_x32", CallAsX32},
    {"unknown_call", [] { return Call(1'000'000); }},
    {"spin", Spin},
    {"spin_without_dying", SpinWithoutDying},
    {"hoard_c_memory", HoardCMemory},
    {"hoard_page_tables", HoardPageTables},
    {"hoard_stacks", HoardStacks},
    {"free_twice", FreeTwice},
    {"overflow_stack", [] { return OverflowStack(); }},
    {"segfault", [] { return static_cast<long>(*reinterpret_cast<volatile int*>(8)); }},
    {"jump_nowhere",
     [] {
       reinterpret_cast<void (*)()>(16)();
       return 0L;
     }},
    {"exit",
     [] {
       std::exit(0);
       return 0L;
     }},
    {"kill_itself", [] { return static_cast<long>(kill(getpid(), SIGKILL)); }},
    {"throw", []() -> long { throw std::runtime_error("catch me"); }},
};

std::string Run(const std::string& name) {
  for (const Attack& attack : kAttacks) {
    if (name != attack.name) continue;
    errno = 0;
    const long result = attack.run();
    return result < 0 ? name + " was refused: " + std::strerror(errno) : name + " got through";
  }
  return "there is no attack " + name;
}

#ifdef ATTACK_IN_CONSTRUCTOR
// Before main agreed on anything: opening the library runs it.
const std::string early = [] {
  target = "0";
  return Run(ATTACK_IN_CONSTRUCTOR);
}();

std::atomic<bool> opened = false;
// A thread from before the last walls stood must stand behind them, too.
const std::thread* const early_thread = new std::thread([] {
  while (true) {
    if (open("/usr/lib/os-release", O_RDONLY) < 0) break;
    std::this_thread::yield();
  }
  opened = true;
});
#endif

class Attacker : public Adapter {
 public:
  using Adapter::Adapter;

  Status Open(std::vector<std::string>& columns) override {
    columns = {"Crime ID"};
    const std::string attack(host().Option("attack"));
    target = host().Option("target");
#ifdef ATTACK_IN_CONSTRUCTOR
    while (!opened) std::this_thread::yield();
    return Status::Failed(early);
#endif
    if (attack == "none") return Status::Ok();
    if (attack == "keep_threads") {
      for (int i = 0; i < 3; ++i) std::thread([] { Spin(); }).detach();
      return Status::Ok();
    }
    if (attack == "never_end") {
      endless_ = true;
      return Status::Ok();
    }
    return Status::Failed(Run(attack));
  }

  Status Read(BatchBuilder& batch) override {
    if (record_ > 0 && !endless_) return Status::Ok();
    for (int i = 0; i < (endless_ ? 4096 : 3); ++i) {
      batch.column(0).Append("x");
      batch.EndRecord(++record_);
    }
    return Status::Ok();
  }

 private:
  bool endless_ = false;
  uint64_t record_ = 0;
};

}  // namespace

CONCORDAT_ADAPTER(Attacker)
