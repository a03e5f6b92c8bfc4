/* Makes chosen calls of concordatd fail, for tests/scenarios/fault_matrix.py: loaded before it through
 * LD_PRELOAD.
 *
 * CONCORDAT_FAULTS names a file of FAULT_BYTES, mapped shared, so that the test's writes are seen at once and
 * no call is made to look for them. Text: a line with the round's number (counters start anew when it
 * changes), then lines "CALL PATTERN HOW SKIP": calls whose file's path (after readlink) holds PATTERN ("-":
 * any) fail from the SKIP-th on. HOW is an errno's number; "flip" (bytes read are altered), "end" (nothing
 * more to read), "half" (half of the bytes are written, then ENOSPC), "fail" (OpenSSL's 0), "mute" (OpenSSL
 * says well and gives nothing); for clock the seconds to add. The last eight bytes count the calls that
 * failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define FAULT_BYTES 4096
#define FAULTS 8
#define TEXT_BYTES 256

struct fault {
  char call[TEXT_BYTES], pattern[TEXT_BYTES], how[TEXT_BYTES];
  long skip;
};

static volatile char* page;
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;
static struct fault faults[FAULTS];
static int fault_count;
static char round_text[32];

#define REAL(name)               \
  static __typeof__(name)* real; \
  if (real == NULL) real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char* path = getenv("CONCORDAT_FAULTS");
  /* The worker has a sandbox of its own and is not meant. */
  if (path == NULL || strcmp(program_invocation_short_name, "concordatd") != 0) return;
  int (*real_open)(const char*, int, ...) = (int (*)(const char*, int, ...))dlsym(RTLD_NEXT, "open");
  const int fd = real_open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) abort();
  page = mmap(NULL, FAULT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) abort();
}

/* Reads the page anew when its round changed. Called with the lock held. */
static void reread(void) {
  char text[FAULT_BYTES];
  memcpy(text, (const char*)page, FAULT_BYTES - 8);
  text[FAULT_BYTES - 8] = '\0';
  char* line_end = strchr(text, '\n');
  if (line_end == NULL || (size_t)(line_end - text) >= sizeof round_text) return;
  *line_end = '\0';
  if (strcmp(text, round_text) == 0) return;
  strcpy(round_text, text);
  fault_count = 0;
  for (char* line = line_end + 1; *line != '\0' && fault_count < FAULTS; line = line_end + 1) {
    line_end = strchr(line, '\n');
    if (line_end == NULL) return;
    *line_end = '\0';
    struct fault* fault = &faults[fault_count];
    if (sscanf(line, "%255s %255s %255s %ld", fault->call, fault->pattern, fault->how, &fault->skip) == 4)
      ++fault_count;
  }
}

/* Whether this call is to fail; then how, copied to `how`. */
static int strikes(const char* call, const char* path, char* how) {
  if (page == NULL || page[0] == '\0' || page[0] == '0') return 0;
  int struck = 0;
  pthread_mutex_lock(&reading);
  reread();
  for (int i = 0; i < fault_count && !struck; ++i) {
    if (strcmp(faults[i].call, call) != 0) continue;
    if (strcmp(faults[i].pattern, "-") != 0 && (path == NULL || strstr(path, faults[i].pattern) == NULL))
      continue;
    if (faults[i].skip-- > 0) continue;
    strcpy(how, faults[i].how);
    ++*(volatile uint64_t*)(page + FAULT_BYTES - 8);
    struck = 1;
  }
  pthread_mutex_unlock(&reading);
  return struck;
}

static int strikes_fd(const char* call, int fd, char* how) {
  if (page == NULL || page[0] == '\0' || page[0] == '0') return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const int saved = errno;
  const ssize_t size = readlink(link, path, sizeof path - 1);
  errno = saved;
  if (size < 0) return 0;
  path[size] = '\0';
  return strikes(call, path, how);
}

static int fails(const char* how) {
  errno = atoi(how);
  return -1;
}

/* ---- files ---- */

static mode_t mode_of(int flags, va_list rest) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                     \
  int name(const char* path, int flags, ...) {         \
    REAL(name);                                        \
    va_list rest;                                      \
    va_start(rest, flags);                             \
    const mode_t mode = mode_of(flags, rest);          \
    va_end(rest);                                      \
    char how[TEXT_BYTES];                              \
    if (strikes("open", path, how)) return fails(how); \
    return real(path, flags, mode);                    \
  }
OPEN(open)
OPEN(open64)

#define WRITE(name, arguments, passed)                 \
  ssize_t name arguments {                             \
    REAL(name);                                        \
    char how[TEXT_BYTES];                              \
    if (strikes_fd("write", fd, how)) {                \
      if (strcmp(how, "half") != 0) return fails(how); \
      if (size < 2) return fails("28");                \
      size /= 2;                                       \
    }                                                  \
    return real passed;                                \
  }
WRITE(write, (int fd, const void* bytes, size_t size), (fd, bytes, size))
WRITE(pwrite, (int fd, const void* bytes, size_t size, off_t at), (fd, bytes, size, at))
WRITE(pwrite64, (int fd, const void* bytes, size_t size, off64_t at), (fd, bytes, size, at))

#define READ(name, arguments, passed)                                          \
  ssize_t name arguments {                                                     \
    REAL(name);                                                                \
    char how[TEXT_BYTES];                                                      \
    if (!strikes_fd("read", fd, how)) return real passed;                      \
    if (strcmp(how, "end") == 0) return 0;                                     \
    if (strcmp(how, "flip") != 0) return fails(how);                           \
    const ssize_t count = real passed;                                         \
    for (ssize_t i = count / 2; i < count; i += 64) ((char*)bytes)[i] ^= 0x55; \
    return count;                                                              \
  }
READ(read, (int fd, void* bytes, size_t size), (fd, bytes, size))
READ(pread, (int fd, void* bytes, size_t size, off_t at), (fd, bytes, size, at))
READ(pread64, (int fd, void* bytes, size_t size, off64_t at), (fd, bytes, size, at))

#define SYNC(name)                                      \
  int name(int fd) {                                    \
    REAL(name);                                         \
    char how[TEXT_BYTES];                               \
    if (strikes_fd("sync", fd, how)) return fails(how); \
    return real(fd);                                    \
  }
SYNC(fsync)
SYNC(fdatasync)

/* ---- the clock, as the host asks for it: absl::Now() of Debian 12. TLS and timers keep the right time ----
 */

struct absl_time {
  int64_t seconds;
  uint32_t quarters; /* of a nanosecond */
};
struct absl_time _ZN4absl7debian33NowEv(void);
struct absl_time _ZN4absl7debian33NowEv(void) {
  REAL(_ZN4absl7debian33NowEv);
  struct absl_time now = real();
  char how[TEXT_BYTES];
  if (strikes("clock", NULL, how)) now.seconds += atoll(how);
  return now;
}

/* ---- OpenSSL, without its headers: only the callers' view of its functions counts ---- */

/* TLS signs and encrypts with the same functions, in the host's process but not in its program. */
static int is_ours(const void* caller) {
  Dl_info about;
  if (page == NULL || page[0] == '\0' || page[0] == '0') return 0;
  return dladdr(caller, &about) != 0 && about.dli_fname != NULL &&
         strstr(about.dli_fname, "concordatd") != NULL;
}

int EVP_DigestSign(void* context, unsigned char* signature, size_t* size, const unsigned char* text,
                   size_t text_size);
int EVP_DigestSign(void* context, unsigned char* signature, size_t* size, const unsigned char* text,
                   size_t text_size) {
  REAL(EVP_DigestSign);
  char how[TEXT_BYTES];
  if (!is_ours(__builtin_return_address(0)) || !strikes("sign", NULL, how))
    return real(context, signature, size, text, text_size);
  if (strcmp(how, "mute") == 0) *size = 0;
  return strcmp(how, "mute") == 0;
}

#define FINAL(name, call)                                                           \
  int name(void* context, unsigned char* out, int* size);                           \
  int name(void* context, unsigned char* out, int* size) {                          \
    REAL(name);                                                                     \
    char how[TEXT_BYTES];                                                           \
    if (is_ours(__builtin_return_address(0)) && strikes(call, NULL, how)) return 0; \
    return real(context, out, size);                                                \
  }
FINAL(EVP_EncryptFinal_ex, "encrypt")
FINAL(EVP_DecryptFinal_ex, "decrypt")

int SHA256_Final(unsigned char* digest, void* context);
int SHA256_Final(unsigned char* digest, void* context) {
  REAL(SHA256_Final);
  char how[TEXT_BYTES];
  return strikes("sha256", NULL, how) ? 0 : real(digest, context);
}
