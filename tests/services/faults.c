/* Faults for the tests: kills the program right before its N-th step to the disk or the net, or lets the disk be full from
 * its N-th write on. Loaded with LD_PRELOAD, so that the program itself has no hooks for it.
 *
 *     HEDUI_FAULT_UNDER   only files below this folder count (and, for kills, every socket)
 *     HEDUI_FAULT_DO      kill | full
 *     HEDUI_FAULT_AT      N, counted from 1; 0 or nothing: count only
 *     HEDUI_FAULT_LOG     a file that gets a line a step: its number and what it was
 *
 * A step of "kill" is a sync, a rename, a deletion, a new file or folder, the first of several writes to the same file in
 * a row, and every sending. A step of "full" is every write and every new file or folder; the first that fails writes half
 * of what it should, as disks do.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char under[4096];
static int kills, fills, logged = -1;
static long at, steps;
static int last_written = -1;

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }
#define REAL(result, name, ...) ((result(*)(__VA_ARGS__))next(#name))

__attribute__((constructor)) static void start(void) {
    const char *folder = getenv("HEDUI_FAULT_UNDER"), *what = getenv("HEDUI_FAULT_DO");
    const char *number = getenv("HEDUI_FAULT_AT"), *file = getenv("HEDUI_FAULT_LOG");
    if (!folder || !what) return;
    snprintf(under, sizeof under, "%s/", folder);
    at = number ? atol(number) : 0;
    if (file) logged = REAL(int, open, const char *, int, ...)(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    kills = !strcmp(what, "kill");
    fills = !strcmp(what, "full");
}

static int is_below(const char *path) { return path && (path[0] != '/' || !strncmp(path, under, strlen(under))); }

/* 0: of no interest, 1: a file below the folder, 2: a socket */
static int kind(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (!strncmp(path, "socket:", 7)) return 2;
    return path[0] == '/' && is_below(path);
}

/* Counts a step; whether this one, or an earlier one, is where the fault begins: 2 for the very one. */
static int step(const char *what, const char *path) {
    long number = __atomic_add_fetch(&steps, 1, __ATOMIC_SEQ_CST);
    if (logged >= 0) {
        char line[4200];
        const char *shown = path && !strncmp(path, under, strlen(under)) ? path + strlen(under) : path ? path : "";
        int length = snprintf(line, sizeof line, "%ld %s %s\n", number, what, shown);
        if (REAL(ssize_t, write, int, const void *, size_t)(logged, line, length) < 0) return 0;
    }
    if (!at || number < at) return 0;
    if (kills && number == at) kill(getpid(), SIGKILL);
    return number == at ? 2 : 1;
}

static int full(const char *what, const char *path) {
    int hit = fills ? step(what, path) : 0;
    if (hit) errno = ENOSPC;
    return hit;
}

/* How much of a write may go through: all, half, or nothing (-1). */
static ssize_t room(int fd, const char *what, size_t count) {
    int saved = errno;
    char path[4096];
    int of = kills || fills ? kind(fd, path, sizeof path) : 0;
    ssize_t allowed = (ssize_t)count;
    if (kills && of == 2) step("send", path);
    if (of == 1 && kills && __atomic_exchange_n(&last_written, fd, __ATOMIC_SEQ_CST) != fd) step(what, path);
    if (of == 1 && fills) {
        int hit = step(what, path);
        if (hit) allowed = hit == 2 && count > 1 ? (ssize_t)(count / 2) : -1;
    }
    errno = allowed < 0 ? ENOSPC : saved;
    return allowed;
}

/* Before what makes things last or go. */
static void lasting(const char *what, int fd, const char *named) {
    int saved = errno;
    char path[4096];
    if (kills && (named ? is_below(named) : kind(fd, path, sizeof path) == 1)) {
        __atomic_store_n(&last_written, -1, __ATOMIC_SEQ_CST);
        step(what, named ? named : path);
    }
    errno = saved;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t allowed = room(fd, "write", count);
    return allowed < 0 ? -1 : REAL(ssize_t, write, int, const void *, size_t)(fd, bytes, (size_t)allowed);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    return room(fd, "writev", 1) < 0 ? -1 : REAL(ssize_t, writev, int, const struct iovec *, int)(fd, parts, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    ssize_t allowed = room(fd, "pwrite", count);
    return allowed < 0 ? -1 : REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(fd, bytes, (size_t)allowed, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t send(int fd, const void *bytes, size_t count, int flags) {
    room(fd, "send", count);
    return REAL(ssize_t, send, int, const void *, size_t, int)(fd, bytes, count, flags);
}

int ftruncate64(int fd, off64_t length) {
    char path[4096];
    lasting("truncate", fd, NULL);
    if (fills && kind(fd, path, sizeof path) == 1 && length > 0 && full("truncate", path)) return -1;
    return REAL(int, ftruncate64, int, off64_t)(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd) {
    lasting("sync", fd, NULL);
    return REAL(int, fsync, int)(fd);
}

int fdatasync(int fd) {
    lasting("sync", fd, NULL);
    return REAL(int, fdatasync, int)(fd);
}

int rename(const char *from, const char *to) {
    lasting("rename", -1, to);
    return REAL(int, rename, const char *, const char *)(from, to);
}

int unlink(const char *path) {
    lasting("delete", -1, path);
    return REAL(int, unlink, const char *)(path);
}

int mkdir(const char *path, mode_t mode) {
    lasting("folder", -1, path);
    if (is_below(path) && access(path, F_OK) && full("folder", path)) return -1;
    return REAL(int, mkdir, const char *, mode_t)(path, mode);
}

static int opened(const char *name, const char *path, int flags, mode_t mode) {
    if ((flags & O_CREAT) && (kills || fills) && is_below(path) && access(path, F_OK)) {
        lasting("new", -1, path);
        if (full("new", path)) return -1;
    }
    return ((int (*)(const char *, int, ...))next(name))(path, flags, mode);
}

#define OPEN(name)                                      \
    int name(const char *path, int flags, ...) {        \
        mode_t mode = 0;                                \
        if (flags & (O_CREAT | O_TMPFILE)) {            \
            va_list rest;                               \
            va_start(rest, flags);                      \
            mode = va_arg(rest, mode_t);                \
            va_end(rest);                               \
        }                                               \
        return opened(#name, path, flags, mode);        \
    }
OPEN(open)
OPEN(open64)
