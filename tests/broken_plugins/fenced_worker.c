// Stands in for a container whose own filter refuses what the sandbox is made of: then becomes the worker
// beside it.
#include <errno.h>
#include <linux/limits.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  (void)argc;
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == NULL) return 1;
#ifdef WITHOUT_LANDLOCK
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
#else
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 0);
#endif
  if (seccomp_load(filter) != 0) return 1;
  char path[PATH_MAX] = "";
  ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
  if (size < 0) return 1;
  char* name = strrchr(path, '/') + 1;
  snprintf(name, sizeof path - (size_t)(name - path), "concordat-worker");
  char* const nothing[] = {NULL};
  execve(path, argv, nothing);
  return 1;
}
