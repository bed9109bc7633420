/* disk.c - preloaded into the program by disk.py: writes down, in order, what it does to
 * files, so that one can tell later what a disk must have had at any moment
 *
 * AISLE_DISK_LOG names the log, which several processes may share. A record is a struct
 * record, then the path, then the bytes. What was done is written down when it is done; a
 * sync before it begins and again when it is over, since it answers for what had been
 * written when it began. Does not see what stdio and mmap write.
 */
#undef _FILE_OFFSET_BITS /* pwrite and pwrite64 are two */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct record {
    char what[8]; /* "write", "sync", "synced", … */
    uint64_t inode, offset, path_len, data_len;
};

static int log_fd = -1;

/* What it would have called, had we not come between. */
#define REAL(name) (__extension__(__typeof__(&(name))) dlsym(RTLD_NEXT, #name))

/* Programs that ours starts are not looked at. */
__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("AISLE_DISK_LOG");

    if (path)
        log_fd = REAL(open)(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    unsetenv("LD_PRELOAD");
}

static void note(const char *what, uint64_t inode, uint64_t offset, const char *path,
                 size_t path_len, const void *data, size_t data_len)
{
    struct record r = {
        .inode = inode, .offset = offset, .path_len = path_len, .data_len = data_len};
    struct iovec parts[] = {
        {&r, sizeof r}, {(void *)path, path_len}, {(void *)data, data_len}};
    int kept = errno;

    strncpy(r.what, what, sizeof r.what - 1);
    if (log_fd >= 0 && writev(log_fd, parts, 3) < 0)
        abort();
    errno = kept;
}

static uint64_t inode_of(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) ? st.st_ino
                                                                               : 0;
}

static void note_path(const char *what, const char *path)
{
    struct stat st;

    if (lstat(path, &st) == 0)
        note(what, st.st_ino, 0, path, strlen(path), NULL, 0);
}

static void note_two(const char *what, const char *from, const char *to)
{
    char both[8192];
    size_t n = strlen(from), m = strlen(to);

    if (n + m + 1 > sizeof both)
        abort();
    memcpy(both, from, n + 1);
    memcpy(both + n + 1, to, m);
    note(what, 0, 0, both, n + 1 + m, NULL, 0);
}

/* ---- bytes ---- */

static ssize_t note_bytes(int fd, ssize_t n, const void *data, off_t offset)
{
    uint64_t inode = n > 0 && fd != log_fd ? inode_of(fd) : 0;

    if (inode)
        note("write", inode, (uint64_t)offset, NULL, 0, data, (size_t)n);
    return n;
}

ssize_t write(int fd, const void *data, size_t n)
{
    ssize_t done = REAL(write)(fd, data, n);
    off_t end = done > 0 ? lseek(fd, 0, SEEK_CUR) : -1;

    return end < done ? done : note_bytes(fd, done, data, end - done);
}

#define PWRITE(name, offset_type)                                                        \
    ssize_t name(int fd, const void *data, size_t n, offset_type offset)                 \
    {                                                                                    \
        return note_bytes(fd, REAL(name)(fd, data, n, offset), data, offset);            \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, size_type)                                                        \
    int name(int fd, size_type size)                                                     \
    {                                                                                    \
        int done = REAL(name)(fd, size);                                                 \
                                                                                         \
        if (done == 0)                                                                   \
            note("cut", inode_of(fd), (uint64_t)size, NULL, 0, NULL, 0);                 \
        return done;                                                                     \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                                       \
    int name(int fd)                                                                     \
    {                                                                                    \
        uint64_t inode = inode_of(fd);                                                   \
        int done;                                                                        \
                                                                                         \
        note("sync", inode, (uint64_t)gettid(), NULL, 0, NULL, 0);                       \
        done = REAL(name)(fd);                                                           \
        if (done == 0)                                                                   \
            note("synced", inode, (uint64_t)gettid(), NULL, 0, NULL, 0);                 \
        return done;                                                                     \
    }
SYNC(fsync)
SYNC(fdatasync)

/* ---- names ---- */

#define OPEN(name)                                                                       \
    int name(const char *path, int flags, ...)                                           \
    {                                                                                    \
        bool made = (flags & O_CREAT) && faccessat(AT_FDCWD, path, F_OK, 0) != 0;        \
        va_list rest;                                                                    \
        mode_t mode;                                                                     \
        int fd;                                                                          \
                                                                                         \
        va_start(rest, flags);                                                           \
        mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                               \
        va_end(rest);                                                                    \
        fd = REAL(name)(path, flags, mode);                                              \
        if (fd >= 0 && made)                                                             \
            note_path("make", path);                                                     \
        else if (fd >= 0 && (flags & O_TRUNC))                                           \
            note("cut", inode_of(fd), 0, NULL, 0, NULL, 0);                              \
        return fd;                                                                       \
    }
OPEN(open)
OPEN(open64)

#define MKOSTEMP(name)                                                                   \
    int name(char *path, int flags)                                                      \
    {                                                                                    \
        int fd = REAL(name)(path, flags);                                                \
                                                                                         \
        if (fd >= 0)                                                                     \
            note_path("make", path);                                                     \
        return fd;                                                                       \
    }
MKOSTEMP(mkostemp)
MKOSTEMP(mkostemp64)

int mknod(const char *path, mode_t mode, dev_t dev)
{
    int done = REAL(mknod)(path, mode, dev);

    if (done == 0)
        note_path("make", path);
    return done;
}

int mkdir(const char *path, mode_t mode)
{
    int done = REAL(mkdir)(path, mode);

    if (done == 0)
        note_path("folder", path);
    return done;
}

int unlink(const char *path)
{
    int done = REAL(unlink)(path);

    if (done == 0)
        note("unlink", 0, 0, path, strlen(path), NULL, 0);
    return done;
}

int rename(const char *from, const char *to)
{
    int done = REAL(rename)(from, to);

    if (done == 0)
        note_two("rename", from, to);
    return done;
}

int link(const char *from, const char *to)
{
    int done = REAL(link)(from, to);

    if (done == 0)
        note_two("link", from, to);
    return done;
}
