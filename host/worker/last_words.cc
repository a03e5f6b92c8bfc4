#include "host/worker/last_words.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>

#include "host/data/worker_protocol.h"
#include "host/worker/seccomp_filter.h"

namespace concordat::worker {
namespace {

constexpr size_t kSomeMemory = 4 << 20;
constexpr size_t kHandlerStack = 64 << 10;
constexpr size_t kLongestPath = 200;

std::atomic<bool> new_failed = false;

// A handler may run anywhere, malloc included: everything below is memory of its own and raw system calls.
data::ControlMessage last_message;
char handler_stack[kHandlerStack];
std::atomic_flag speaking = ATOMIC_FLAG_INIT;

/// Writes a text piece by piece into the message.
class Words {
 public:
  void Add(const char* text, size_t most = SIZE_MAX) {
    for (; *text != '\0' && most > 0 && at_ + 1 < sizeof last_message.text; ++text, --most)
      last_message.text[at_++] = *text;
    last_message.text[at_] = '\0';
  }
  void AddNumber(unsigned number) {
    char digits[16];
    size_t count = sizeof digits;
    digits[--count] = '\0';
    do {
      digits[--count] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0 && count > 0);
    Add(digits + count);
  }

 private:
  size_t at_ = 0;
};

void Send(data::WorkerFailure failure) {
  last_message.kind = data::ControlKind::kFailed;
  last_message.failure = failure;
  syscall(SYS_sendto, data::kControlFd, &last_message, sizeof last_message, MSG_NOSIGNAL | MSG_DONTWAIT,
          nullptr, 0);
}

#if defined(__x86_64__)
uint64_t Argument(const ucontext_t& context, int index) {
  constexpr int kRegisters[] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
  return static_cast<uint64_t>(context.uc_mcontext.gregs[kRegisters[index]]);
}
void Answer(ucontext_t& context, int64_t result) { context.uc_mcontext.gregs[REG_RAX] = result; }
#elif defined(__aarch64__)
uint64_t Argument(const ucontext_t& context, int index) { return context.uc_mcontext.regs[index]; }
void Answer(ucontext_t& context, int64_t result) {
  context.uc_mcontext.regs[0] = static_cast<uint64_t>(result);
}
#else
#error "the sandbox knows x86-64 and arm64"
#endif

// The C library's fstat is a call that could look at any path, which no filter can tell apart: answered here,
// for descriptors only.
bool AnswerStat(const siginfo_t& info, ucontext_t& context) {
#if defined(SYS_newfstatat)
  if (info.si_syscall != SYS_newfstatat) return false;
  const auto* path = reinterpret_cast<const char*>(Argument(context, 1));
  const bool descriptor = path != nullptr && path[0] == '\0' && (Argument(context, 3) & AT_EMPTY_PATH) != 0;
  if (!descriptor) {
    Answer(context, -EACCES);
    return true;
  }
  const long result = syscall(SYS_fstat, Argument(context, 0), Argument(context, 2));
  Answer(context, result == 0 ? 0 : -errno);
  return true;
#else
  return false;
#endif
}

void OnForbiddenCall(int, siginfo_t* info, void* raw) {
  const int error = errno;
  auto& context = *static_cast<ucontext_t*>(raw);
  if (AnswerStat(*info, context)) {
    errno = error;
    return;
  }
  if (!speaking.test_and_set()) {
    Words words;
    if (const char* name = NameOfCall(info->si_syscall); name != nullptr) {
      words.Add(name);
    } else {
      words.AddNumber(static_cast<unsigned>(info->si_syscall));
    }
    if (info->si_syscall == SYS_openat) {
      words.Add(" of ");
      words.Add(reinterpret_cast<const char*>(Argument(context, 1)), kLongestPath);
      words.Add(" for writing");
    }
    Send(data::WorkerFailure::kForbidden);
  }
  syscall(SYS_exit_group, 77);
}

bool NoMemoryIsLeft() {
  const long memory =
      syscall(SYS_mmap, nullptr, kSomeMemory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == -1) return errno == ENOMEM;
  syscall(SYS_munmap, memory, kSomeMemory);
  return false;
}

// Comes once (SA_RESETHAND): on return the instruction that crashed crashes again, and ends the process; a
// signal that was sent is sent again.
void OnCrash(int signal, siginfo_t* info, void*) {
  if (NoMemoryIsLeft() && !speaking.test_and_set()) {
    last_message.text[0] = '\0';
    Send(data::WorkerFailure::kMemory);
  }
  if (info->si_code <= 0) syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), signal);
}

absl::Status Handle(int signal, void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | flags;
  if (sigaction(signal, &action, nullptr) != 0) return ErrnoStatus(errno, "handle a signal");
  return absl::OkStatus();
}

void OnFailedNew() {
  new_failed = true;
  throw std::bad_alloc();
}

}  // namespace

absl::Status PrepareLastWords() {
  std::set_new_handler(OnFailedNew);
  const stack_t stack = {handler_stack, 0, sizeof handler_stack};
  if (sigaltstack(&stack, nullptr) != 0) return ErrnoStatus(errno, "give signal handlers a stack");
  RETURN_IF_ERROR(Handle(SIGSYS, OnForbiddenCall, SA_NODEFER));
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE})
    RETURN_IF_ERROR(Handle(signal, OnCrash, SA_RESETHAND));
  return absl::OkStatus();
}

bool MemoryHasRunOut() { return new_failed; }

}  // namespace concordat::worker
