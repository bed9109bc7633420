/* files.c - objects as files of a folder: a key is a path under it
 *
 * A file appears whole, by rename, after its bytes are on the disk. What is half written
 * has a name with a dot in front, which is no key.
 */
#include "net/objects/driver.h"

#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct files {
    struct objects objects;
    char *folder;
};

static bool takes(struct str location)
{
    return !str_empty(location) && str_find(location, STR_LIT("://")) == location.n &&
           str_find_char(location, '\0') == location.n;
}

static void close_files(struct objects *o)
{
    struct files *f = (struct files *)o;

    mem_free(f->folder);
    mem_free(f);
}

static enum aisle_status open_files(const struct objects_settings *settings,
                                    struct objects **out, struct aisle_err *err)
{
    struct str at = settings->location;
    struct files *f = mem_zalloc(1, sizeof *f);

    if (!f)
        return aisle_nomem(err);
    while (at.n > 1 && str_ends(at, "/"))
        at.n--;
    f->folder = mem_dup(at.p, at.n);
    if (!f->folder) {
        mem_free(f);
        return aisle_nomem(err);
    }
    f->objects = (struct objects){.ops = &objects_files, .where = str_of(f->folder)};
    *out = &f->objects;
    return AISLE_OK;
}

/* ---- paths ---- */

struct path {
    char z[PATH_MAX];
};

static enum aisle_status path_of(const struct objects *o, struct str key,
                                 struct path *out, struct aisle_err *err)
{
    int n = snprintf(out->z, sizeof out->z, "%.*s/%.*s", STR_ARG(o->where), STR_ARG(key));

    if (n < 0 || (size_t)n >= sizeof out->z)
        return aisle_fail(err, AISLE_CONFIG, "the folder's path is too long: %.*s",
                          STR_ARG(str_head(o->where, 100)));
    return AISLE_OK;
}

static enum aisle_status failed(const char *doing, const char *path,
                                struct aisle_err *err)
{
    return aisle_fail(err, AISLE_IO, "cannot %s %s: %s", doing, path, strerror(errno));
}

/* The folder and those in the key, ours alone. */
static enum aisle_status make_folders(const struct objects *o, struct path *path,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = o->where.n; path->z[i] && status == AISLE_OK; i++) {
        if (path->z[i] != '/' || i == 0)
            continue;
        path->z[i] = '\0';
        if (mkdir(path->z, 0700) == 0)
            status = file_sync_name(path->z, err);
        else if (errno != EEXIST)
            status = failed("make", path->z, err);
        path->z[i] = '/';
    }
    return status;
}

/* The path of what is before the last '/'; "/" is never the last. */
static void folder_of(const struct path *path, struct path *out)
{
    *out = *path;
    *strrchr(out->z, '/') = '\0';
}

/* ---- writing ---- */

static enum aisle_status write_all(int fd, struct str bytes, const char *path,
                                   struct aisle_err *err)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed("write", path, err);
        bytes = str_skip(bytes, (size_t)n);
    }
    return fsync(fd) == 0 ? AISLE_OK : failed("write", path, err);
}

/* half becomes the name of a file that holds the bytes. */
static enum aisle_status write_half(struct path *half, struct str bytes,
                                    struct aisle_err *err)
{
    enum aisle_status status;
    int fd;

    if (strlen(half->z) + sizeof "/.XXXXXX" > sizeof half->z)
        return aisle_fail(err, AISLE_CONFIG, "the folder's path is too long");
    memcpy(half->z + strlen(half->z), "/.XXXXXX", sizeof "/.XXXXXX");
    fd = mkostemp(half->z, O_CLOEXEC); /* of mode 0600 */
    if (fd < 0)
        return failed("make", half->z, err);
    status = write_all(fd, bytes, half->z, err);
    if (close(fd) != 0 && status == AISLE_OK)
        status = failed("write", half->z, err);
    if (status != AISLE_OK)
        unlink(half->z);
    return status;
}

static enum aisle_status put(struct objects *o, struct str key, struct str bytes,
                             struct str mime, struct aisle_err *err)
{
    struct path path, folder, half;
    enum aisle_status status = path_of(o, key, &path, err);

    (void)mime; /* who reads it looks at the bytes */
    if (status == AISLE_OK)
        status = make_folders(o, &path, err);
    if (status != AISLE_OK)
        return status;
    folder_of(&path, &folder);
    half = folder;
    status = write_half(&half, bytes, err);
    if (status != AISLE_OK)
        return status;
    if (rename(half.z, path.z) != 0) {
        status = failed("make", path.z, err);
        unlink(half.z);
        return status;
    }
    return file_sync_name(path.z, err);
}

/* ---- reading ---- */

static enum aisle_status look(int fd, const char *path, struct object_facts *out,
                              struct aisle_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return failed("read", path, err);
    if (!S_ISREG(st.st_mode))
        return aisle_fail(err, AISLE_NOT_FOUND, "%s is not there", path);
    *out = (struct object_facts){(uint64_t)st.st_size, st.st_mtime};
    return AISLE_OK;
}

static enum aisle_status open_object(struct objects *o, struct str key, struct path *path,
                                     int *fd, struct object_facts *facts,
                                     struct aisle_err *err)
{
    enum aisle_status status = path_of(o, key, path, err);

    if (status != AISLE_OK)
        return status;
    *fd = open(path->z, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (*fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
            return aisle_fail(err, AISLE_NOT_FOUND, "object %.*s is not there",
                              STR_ARG(key));
        return failed("open", path->z, err);
    }
    status = look(*fd, path->z, facts, err);
    if (status != AISLE_OK)
        close(*fd);
    return status;
}

static enum aisle_status read_all(int fd, size_t size, const char *path, struct buf *out,
                                  struct aisle_err *err)
{
    while (out->n < size) {
        ssize_t n;

        if (!buf_room(out, size - out->n))
            break;
        n = read(fd, out->p + out->n, size - out->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed("read", path, err);
        if (n == 0)
            return aisle_fail(err, AISLE_IO, "%s was cut short while it was read", path);
        out->n += (size_t)n;
        out->p[out->n] = '\0';
    }
    return buf_check(out, "an object", err);
}

static enum aisle_status get(struct objects *o, struct str key, size_t max,
                             struct buf *out, struct aisle_err *err)
{
    struct object_facts facts;
    struct path path;
    int fd = -1;
    enum aisle_status status = open_object(o, key, &path, &fd, &facts, err);

    if (status != AISLE_OK)
        return status;
    if (facts.size > max)
        status = aisle_fail(err, AISLE_LIMIT, "object %.*s is over %zu bytes",
                            STR_ARG(key), max);
    else
        status = read_all(fd, (size_t)facts.size, path.z, out, err);
    close(fd);
    return status;
}

static enum aisle_status head(struct objects *o, struct str key, struct object_facts *out,
                              struct aisle_err *err)
{
    struct path path;
    int fd;
    enum aisle_status status = open_object(o, key, &path, &fd, out, err);

    if (status == AISLE_OK)
        close(fd);
    return status;
}

static enum aisle_status drop(struct objects *o, struct str key, struct aisle_err *err)
{
    struct path path, folder;
    enum aisle_status status = path_of(o, key, &path, err);

    if (status != AISLE_OK)
        return status;
    if (unlink(path.z) == 0) {
        folder_of(&path, &folder);
        return file_sync_name(path.z, err);
    }
    return errno == ENOENT || errno == ENOTDIR ? AISLE_OK : failed("drop", path.z, err);
}

/* ---- listing ---- */

struct walk {
    struct objects *o;
    object_fn *fn;
    void *ctx;
};

static enum aisle_status walk_folder(const struct walk *w, struct str key,
                                     struct aisle_err *err);

static enum aisle_status walk_entry(const struct walk *w, struct str key,
                                    struct aisle_err *err)
{
    struct object_facts facts;
    struct path path;
    struct stat st;
    enum aisle_status status = path_of(w->o, key, &path, err);

    if (status != AISLE_OK || lstat(path.z, &st) != 0)
        return status; /* gone meanwhile */
    if (S_ISDIR(st.st_mode))
        return walk_folder(w, key, err);
    if (!S_ISREG(st.st_mode))
        return AISLE_OK;
    facts = (struct object_facts){(uint64_t)st.st_size, st.st_mtime};
    return w->fn(w->ctx, key, &facts, err);
}

/* Recursion ends where keys do: at OBJECT_KEY_MAX bytes. */
static enum aisle_status walk_folder(const struct walk *w, struct str key,
                                     struct aisle_err *err)
{
    char name[OBJECT_KEY_MAX + 1];
    enum aisle_status status;
    struct dirent *e;
    struct path path;
    DIR *folder;

    status = path_of(w->o, key, &path, err);
    if (status != AISLE_OK)
        return status;
    folder = opendir(path.z);
    if (!folder && errno == ENOENT)
        return AISLE_OK;
    if (!folder)
        return failed("read", path.z, err);
    while (status == AISLE_OK && (e = readdir(folder))) {
        int n = snprintf(name, sizeof name, "%.*s%s%s", STR_ARG(key), key.n ? "/" : "",
                         e->d_name);

        if (n > 0 && (size_t)n < sizeof name && object_key_valid(str_of(name)))
            status = walk_entry(w, str_of(name), err);
    }
    closedir(folder);
    return status;
}

static enum aisle_status each(struct objects *o, struct str prefix, object_fn *fn,
                              void *ctx, struct aisle_err *err)
{
    const struct walk w = {o, fn, ctx};

    return walk_folder(&w, str_head(prefix, prefix.n ? prefix.n - 1 : 0), err);
}

const struct objects_ops objects_files = {
    .name = "files",
    .takes = takes,
    .open = open_files,
    .close = close_files,
    .put = put,
    .get = get,
    .head = head,
    .drop = drop,
    .each = each,
};
