#include "host/worker/landlock.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "host/base/files.h"

namespace concordat::worker {
namespace {

constexpr int kNewestAbi = 6;  // what newer kernels add does not concern a process that may do nothing
constexpr uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;

constexpr uint64_t kReadFile = 1 << 2;
constexpr uint64_t kReadDirectory = 1 << 3;

// Where ld.so looks; what is not there is passed over.
constexpr const char* kLibraries[] = {"/lib",       "/lib32",         "/lib64",
                                      "/libx32",    "/usr/lib",       "/usr/lib32",
                                      "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};

// The kernel takes as much of it as its ABI knows.
struct Ruleset {
  uint64_t files = 0;
  uint64_t network = 0;
  uint64_t scopes = 0;
};

struct [[gnu::packed]] PathBeneath {
  uint64_t allowed = 0;
  int32_t parent = -1;
};

// Everything that this ABI can forbid.
Ruleset AllOf(int abi) {
  constexpr int kFileRights[] = {13, 13, 14, 15,
                                 15, 16, 16};  // by ABI; refer came with 2, truncate 3, ioctl 5
  Ruleset all;
  all.files = (uint64_t{1} << kFileRights[std::clamp(abi, 1, kNewestAbi)]) - 1;
  if (abi >= 4) all.network = 0b11;  // bind and connect
  if (abi >= 6) all.scopes = 0b11;   // abstract sockets and signals
  return all;
}

size_t SizeFor(int abi) {
  if (abi >= 6) return sizeof(Ruleset);
  return abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

absl::StatusOr<FileDescriptor> ForbidAll(int abi) {
  const Ruleset all = AllOf(abi);
  FileDescriptor rules(static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, SizeFor(abi), 0)));
  if (!rules.valid()) return ErrnoStatus(errno, "make a Landlock ruleset");
  return rules;
}

absl::Status Enforce(const FileDescriptor& rules) {
  if (syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) return ErrnoStatus(errno, "enforce Landlock");
  return absl::OkStatus();
}

absl::Status LetRead(const FileDescriptor& rules, const char* path) {
  const FileDescriptor parent(open(path, O_PATH | O_CLOEXEC));
  if (!parent.valid()) return absl::OkStatus();
  PathBeneath rule;
  rule.allowed = kReadFile | kReadDirectory;
  rule.parent = parent.get();
  if (syscall(SYS_landlock_add_rule, rules.get(), kPathBeneath, &rule, 0) == 0) return absl::OkStatus();
  rule.allowed = kReadFile;  // the path is that of a file
  if (syscall(SYS_landlock_add_rule, rules.get(), kPathBeneath, &rule, 0) == 0) return absl::OkStatus();
  return ErrnoStatus(errno, "let the worker read system libraries");
}

}  // namespace

int LandlockAbi() {
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, size_t{0}, kAskVersion);
  return abi < 1 ? 0 : static_cast<int>(std::min<long>(abi, 1'000));
}

absl::Status LetReadSystemLibraries(int abi) {
  ASSIGN_OR_RETURN(const FileDescriptor rules, ForbidAll(abi));
  for (const char* path : kLibraries) RETURN_IF_ERROR(LetRead(rules, path));
  return Enforce(rules);
}

absl::Status LetReadNothing(int abi) {
  ASSIGN_OR_RETURN(const FileDescriptor rules, ForbidAll(abi));
  return Enforce(rules);
}

}  // namespace concordat::worker
