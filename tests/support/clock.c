/* Lets a host and all command lines of a story travel in time together: loaded through LD_PRELOAD by
 * tests/support/concordat_host.py.
 *
 * CONCORDAT_CLOCK names a file of eight bytes, mapped shared: the seconds to add to the time of day, so that
 * what the story writes there is seen by all of them at once. Only what asks for the date travels
 * (clock_gettime of CLOCK_REALTIME, gettimeofday, time, timespec_get); the monotonic clocks go on as they
 * are. Who waits until a time of day (a condition variable, a semaphore, a mutex, a sleep) worked it out from
 * the travelled clock, while the kernel compares with its own: those times are brought back. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* offset;

#define REAL(name)               \
  static __typeof__(name)* real; \
  if (real == NULL) real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char* path = getenv("CONCORDAT_CLOCK");
  if (path == NULL) return;
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) abort(); /* a story that believes to be in another year must not run in this one */
  void* page = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) abort();
  offset = page;
  close(fd);
}

static time_t travelled(void) { return offset == NULL ? 0 : (time_t)*offset; }

static int is_time_of_day(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

/* ---- who asks what time it is ---- */

int clock_gettime(clockid_t clock, struct timespec* now) {
  REAL(clock_gettime);
  const int result = real(clock, now);
  if (result == 0 && is_time_of_day(clock)) now->tv_sec += travelled();
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  REAL(gettimeofday);
  const int result = real(now, zone);
  if (result == 0) now->tv_sec += travelled();
  return result;
}

time_t time(time_t* now) {
  struct timespec moment;
  clock_gettime(CLOCK_REALTIME, &moment);
  if (now != NULL) *now = moment.tv_sec;
  return moment.tv_sec;
}

int timespec_get(struct timespec* now, int base) {
  REAL(timespec_get);
  const int result = real(now, base);
  if (result == TIME_UTC) now->tv_sec += travelled();
  return result;
}

/* Abseil of Debian 12 guesses the time between two looks at the clock from the processor's cycles, so a jump
 * would show only after seconds: it is answered here. */

struct absl_time {
  int64_t seconds;
  uint32_t quarters; /* of a nanosecond */
};
struct absl_time _ZN4absl7debian33NowEv(void);
struct absl_time _ZN4absl7debian33NowEv(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (struct absl_time){now.tv_sec, (uint32_t)now.tv_nsec * 4};
}

int64_t _ZN4absl7debian319GetCurrentTimeNanosEv(void);
int64_t _ZN4absl7debian319GetCurrentTimeNanosEv(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- who waits until a time of day ---- */

static struct timespec returned(const struct timespec* until) {
  struct timespec at = *until;
  at.tv_sec -= travelled();
  return at;
}

/* glibc offers an older pthread_cond_timedwait beside the one meant; dlsym would find that. A sanitizer comes
 * before both: one that does not see the wait believes that the mutex is never let go. */
#define REAL_VERSION(name, version)                                                     \
  static __typeof__(name)* real;                                                        \
  if (real == NULL) real = (__typeof__(name)*)dlsym(RTLD_NEXT, "__interceptor_" #name); \
  if (real == NULL) real = (__typeof__(name)*)dlvsym(RTLD_NEXT, #name, version)

/* A condition variable may count by the monotonic clock; those times are far below any date. */
static int is_date(const struct timespec* until) {
  struct timespec booted;
  clock_gettime(CLOCK_MONOTONIC, &booted);
  return until->tv_sec > booted.tv_sec + 10L * 365 * 86400;
}

int pthread_cond_timedwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict until) {
  REAL_VERSION(pthread_cond_timedwait, "GLIBC_2.3.2");
  const struct timespec at = is_date(until) ? returned(until) : *until;
  return real(condition, mutex, &at);
}

int pthread_cond_clockwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           clockid_t clock, const struct timespec* restrict until) {
  REAL(pthread_cond_clockwait);
  const struct timespec at = is_time_of_day(clock) ? returned(until) : *until;
  return real(condition, mutex, clock, &at);
}

int pthread_mutex_timedlock(pthread_mutex_t* restrict mutex, const struct timespec* restrict until) {
  REAL(pthread_mutex_timedlock);
  const struct timespec at = returned(until);
  return real(mutex, &at);
}

int sem_timedwait(sem_t* restrict semaphore, const struct timespec* restrict until) {
  REAL(sem_timedwait);
  const struct timespec at = returned(until);
  return real(semaphore, &at);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec* until, struct timespec* rest) {
  REAL(clock_nanosleep);
  if ((flags & TIMER_ABSTIME) == 0 || !is_time_of_day(clock)) return real(clock, flags, until, rest);
  const struct timespec at = returned(until);
  return real(clock, flags, &at, rest);
}

/* Abseil's mutexes, and with them gRPC, wait by system calls of their own. */
long syscall(long number, ...) {
  static long (*real)(long, ...);
  if (real == NULL) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  va_list rest;
  va_start(rest, number);
  long arguments[6];
  for (int i = 0; i < 6; ++i) arguments[i] = va_arg(rest, long);
  va_end(rest);
  struct timespec at;
  const long until_date = FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME;
  if (number == SYS_futex && (arguments[1] & ~FUTEX_PRIVATE_FLAG) == until_date && arguments[3] != 0) {
    at = returned((const struct timespec*)arguments[3]);
    arguments[3] = (long)&at;
  }
  return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
