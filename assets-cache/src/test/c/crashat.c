/*
 * Fault injector (LD_PRELOAD). Counts the calls that change files below $CRASH_DIR and, at call
 * number N, does what the mode says:
 *
 *   log     nothing; writes every call to $CRASH_LOG
 *   eio     the call fails with EIO; later ones work
 *   enospc  the call fails with ENOSPC; later ones work
 *   dead    this call and all later ones fail: the disk is as if the process had died here
 *   torn    as dead, but if the call is a write, half of it is written first
 *   kill    the process dies (SIGKILL) before the call
 *   exdev   every rename fails with EXDEV, as between file systems
 *   off     nothing is counted
 *
 * The mode and N come from $CRASH_MODE and $CRASH_AT, or, so that one process can go through many
 * points, from mkdir("/crashat/MODE/N"), which makes no directory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FINE, FAIL, HALF };

static atomic_long calls;
static long at = -1;
static char mode[16] = "off";
static const char *directory;

__attribute__((constructor)) static void start(void) {
  const char *m = getenv("CRASH_MODE"), *n = getenv("CRASH_AT");
  directory = getenv("CRASH_DIR");
  if (m) snprintf(mode, sizeof mode, "%s", m);
  if (n) at = atol(n);
}

#define NEXT(name) ({ static typeof(&name) next; if (!next) next = dlsym(RTLD_NEXT, #name); next; })

static int is(const char *name) { return !strcmp(mode, name); }

static void note(long call, const char *name, const char *path) {
  const char *file = getenv("CRASH_LOG");
  if (!file) return;
  int fd = NEXT(open64)(file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%ld %s %s\n", call, name, path);
  if (fd >= 0 && NEXT(write)(fd, line, length) != length) abort();
  if (fd >= 0) NEXT(close)(fd);
}

static int concerns(const char *path) {
  return !is("off") && directory && path && !strncmp(path, directory, strlen(directory));
}

static int concerns_fd(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = is("off") ? -1 : readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return concerns(path);
}

static int verdict(const char *name, const char *path) {
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (is("log")) { note(call, name, path); return FINE; }
  if (is("exdev")) { errno = EXDEV; return strcmp(name, "rename") ? FINE : FAIL; }
  int dead = is("dead") || is("torn");
  if (dead ? call < at : call != at) return FINE;
  if (is("kill")) kill(getpid(), SIGKILL);
  errno = is("enospc") ? ENOSPC : EIO;
  return is("torn") && call == at ? HALF : FAIL;
}

/* Calls that name a path. */
#define BY_PATH(name, params, args, path) \
  int name params { \
    if (concerns(path) && verdict(#name, path) != FINE) return -1; \
    return NEXT(name) args; \
  }
BY_PATH(rename, (const char *from, const char *to), (from, to), to)
BY_PATH(unlink, (const char *path), (path), path)
BY_PATH(rmdir, (const char *path), (path), path)
BY_PATH(link, (const char *from, const char *to), (from, to), to)
BY_PATH(symlink, (const char *from, const char *to), (from, to), to)
BY_PATH(chmod, (const char *path, mode_t bits), (path, bits), path)
BY_PATH(utimensat, (int at_fd, const char *path, const struct timespec t[2], int flags),
        (at_fd, path, t, flags), path)

int mkdir(const char *path, mode_t bits) {
  long point;
  char to[16];
  if (sscanf(path, "/crashat/%15[a-z]/%ld", to, &point) == 2) {
    strcpy(mode, to);
    at = point;
    atomic_store(&calls, 0);
    errno = EEXIST;
    return -1;
  }
  if (concerns(path) && verdict("mkdir", path) != FINE) return -1;
  return NEXT(mkdir)(path, bits);
}

int unlinkat(int dir, const char *name, int flags) {
  char path[PATH_MAX];
  int ours = name[0] == '/' ? concerns(name) : concerns_fd(dir, path);
  if (ours && verdict("unlinkat", name) != FINE) return -1;
  return NEXT(unlinkat)(dir, name, flags);
}

/* Opening for writing may create or cut a file. */
static int opens(const char *name, const char *path, int flags) {
  return (flags & (O_CREAT | O_TRUNC)) && concerns(path) && verdict(name, path) != FINE;
}
#define MODE_OF(flags) ({ mode_t bits = 0; if ((flags) & O_CREAT) { \
    va_list more; va_start(more, flags); bits = va_arg(more, mode_t); va_end(more); } bits; })
int open(const char *path, int flags, ...) {
  mode_t bits = MODE_OF(flags);
  return opens("open", path, flags) ? -1 : NEXT(open)(path, flags, bits);
}
int open64(const char *path, int flags, ...) {
  mode_t bits = MODE_OF(flags);
  return opens("open", path, flags) ? -1 : NEXT(open64)(path, flags, bits);
}

/* Calls on an open file. */
#define BY_FD(name, params, args) \
  int name params { \
    char path[PATH_MAX]; \
    if (concerns_fd(fd, path) && verdict(#name, path) != FINE) return -1; \
    return NEXT(name) args; \
  }
BY_FD(fsync, (int fd), (fd))
BY_FD(fdatasync, (int fd), (fd))
BY_FD(fchmod, (int fd, mode_t bits), (fd, bits))
BY_FD(futimens, (int fd, const struct timespec t[2]), (fd, t))
BY_FD(ftruncate64, (int fd, off64_t size), (fd, size))
BY_FD(ftruncate, (int fd, off_t size), (fd, size))

ssize_t write(int fd, const void *bytes, size_t count) {
  char path[PATH_MAX];
  int result = concerns_fd(fd, path) ? verdict("write", path) : FINE;
  if (result == HALF && NEXT(write)(fd, bytes, count / 2) < 0) abort();
  if (result == HALF) errno = EIO;
  return result == FINE ? NEXT(write)(fd, bytes, count) : -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  char path[PATH_MAX];
  int result = concerns_fd(fd, path) ? verdict("pwrite64", path) : FINE;
  if (result == HALF && NEXT(pwrite64)(fd, bytes, count / 2, offset) < 0) abort();
  if (result == HALF) errno = EIO;
  return result == FINE ? NEXT(pwrite64)(fd, bytes, count, offset) : -1;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  char path[PATH_MAX];
  int result = concerns_fd(fd, path) ? verdict("writev", path) : FINE;
  return result == FINE ? NEXT(writev)(fd, parts, count) : -1;
}
