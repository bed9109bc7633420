#include "image/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

/* "folder/ab/cdef…" and what comes behind; false when that is too long for a path. */
static bool path_of(struct str folder, const struct sha256 *digest, const char *more,
                    char out[PATH_ROOM])
{
    char hex[SHA256_HEX_LEN + 1];
    int n;

    sha256_hex(digest, hex);
    n = snprintf(out, PATH_ROOM, "%.*s/%.2s/%s%s", STR_ARG(folder), hex, hex + 2, more);
    return n > 0 && n < PATH_ROOM;
}

static bool name_path(struct str folder, const struct sha256 *original,
                      const struct image_need *need, char out[PATH_ROOM])
{
    char more[IMAGE_NEED_TEXT + 1] = "-";

    image_need_text(need, more + 1);
    return path_of(folder, original, more, out);
}

static bool read_file(const char *path, struct buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    ssize_t n = -1;

    if (fd < 0)
        return false;
    buf_reset(out);
    if (fstat(fd, &st) == 0 && st.st_size >= 0 && buf_room(out, (size_t)st.st_size + 1)) {
        size_t room = (size_t)st.st_size + 1; /* one more: nothing comes behind it */

        while (out->n < room && (n = read(fd, out->p + out->n, room - out->n)) > 0)
            out->n += (size_t)n;
        out->p[out->n < room ? out->n : room - 1] = '\0';
    }
    close(fd);
    return n == 0 && out->n == (size_t)st.st_size;
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool parse_digest(struct str hex, struct sha256 *out)
{
    if (hex.n != SHA256_HEX_LEN)
        return false;
    for (size_t i = 0; i < SHA256_LEN; i++) {
        int high = nibble(hex.p[2 * i]), low = nibble(hex.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out->b[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

enum aisle_status image_keep_find(struct str folder, const struct sha256 *original,
                                  const struct image_need *need, struct buf *out,
                                  struct aisle_err *err)
{
    struct sha256 mended, found;
    char path[PATH_ROOM];
    bool there = folder.n && name_path(folder, original, need, path) &&
                 read_file(path, out) && parse_digest(str_trim(buf_str(out)), &mended) &&
                 path_of(folder, &mended, "", path) && read_file(path, out);

    if (there && sha256_of(buf_str(out), &found, NULL) == AISLE_OK &&
        memcmp(&found, &mended, sizeof found) == 0)
        return AISLE_OK;
    return aisle_fail(err, AISLE_NOT_FOUND, "this image was not mended before");
}

static bool make_folders(char *path)
{
    for (char *p = path + 1; (p = strchr(p, '/')); p++) {
        bool made;

        *p = '\0';
        made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = '/';
        if (!made)
            return false;
    }
    return true;
}

/* Whole or not at all. */
static bool write_file(char path[PATH_ROOM], struct str bytes)
{
    char part[PATH_ROOM + 32];
    bool done = false;
    int fd;

    if (!make_folders(path))
        return false;
    snprintf(part, sizeof part, "%s.XXXXXX", path);
    fd = mkostemp(part, O_CLOEXEC);
    if (fd < 0)
        return false;
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno != EINTR)
            break;
        bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
    }
    done = close(fd) == 0 && bytes.n == 0 && rename(part, path) == 0;
    if (!done)
        unlink(part);
    return done;
}

enum aisle_status image_keep_put(struct str folder, const struct sha256 *original,
                                 const struct image_need *need, struct str bytes,
                                 struct aisle_err *err)
{
    char path[PATH_ROOM], hex[SHA256_HEX_LEN + 1];
    struct sha256 digest;
    enum aisle_status status = sha256_of(bytes, &digest, err);

    if (status != AISLE_OK)
        return status;
    sha256_hex(&digest, hex);
    if (path_of(folder, &digest, "", path) && write_file(path, bytes) &&
        name_path(folder, original, need, path) && write_file(path, str_of(hex)))
        return AISLE_OK;
    return aisle_fail(err, AISLE_IO, "cannot keep a mended image below %.*s: %s",
                      STR_ARG(folder), strerror(errno));
}
