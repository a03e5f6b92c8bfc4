#include "host/worker/own_user.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace concordat::worker {
namespace {

// Above everything that distributions, systemd (UIDS-GIDS) and containers hand out, below what is no valid
// id: each worker's own, so that not even another worker could be signalled.
constexpr uid_t kFirstUser = 0x70000000;
constexpr uid_t kNobody = 65534;  // where a container maps no others

constexpr int kWorld = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS;

bool Become(uid_t id) {
  return setgroups(0, nullptr) == 0 && setresgid(id, id, id) == 0 && setresuid(id, id, id) == 0;
}

absl::Status TakeOwnUser(bool& alone) {
  if (geteuid() != 0)
    return absl::UnimplementedError("the host does not run as root, and so cannot change users");
  alone = Become(kFirstUser + static_cast<uid_t>(getpid()));
  if (alone || Become(kNobody)) return absl::OkStatus();
  return ErrnoStatus(errno, "become another user");
}

// In a mount namespace of our own: nothing can be written anywhere. Fails in a chroot, where Landlock still
// stands.
void MakeMountsReadOnly() {
  mount_attr attributes = {};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  attributes.propagation = MS_PRIVATE;
  (void)syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes);
}

absl::Status RenounceCapabilities() {
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  if (syscall(SYS_capset, &header, none) != 0) return ErrnoStatus(errno, "renounce capabilities");
  return absl::OkStatus();
}

}  // namespace

Departure LeaveHost() {
  Departure departure;
  bool apart = geteuid() == 0 && unshare(kWorld) == 0;  // root needs no user namespace for it
  if (apart) MakeMountsReadOnly();
  departure.user = TakeOwnUser(departure.counted_alone);
  departure.user_namespace = unshare(apart ? CLONE_NEWUSER : CLONE_NEWUSER | kWorld) == 0;
  const int refused = errno;
  departure.counted_alone |= departure.user_namespace;
  if (!apart && departure.user_namespace) {
    apart = true;
    MakeMountsReadOnly();
  }
  if (!apart) departure.namespaces = ErrnoStatus(refused, "leave the host's namespaces");
  const absl::Status renounced = RenounceCapabilities();
  if (departure.user.ok()) departure.user = renounced;
  return departure;
}

}  // namespace concordat::worker
