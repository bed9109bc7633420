/* data.h - files for tests: the project's own, and real data that is none of it
 *
 * Real data is in $AISLE_DATA, else in ../shared/data beside the project. A program that
 * needs it begins with data_or_skip.
 */
#ifndef TESTS_DATA_H
#define TESTS_DATA_H

#include "check.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file whole, at most BUF_MAX_REPLY; the test fails where it cannot be read. */
static inline struct buf file_read(const char *path)
{
    struct buf out = BUF_INIT(BUF_MAX_REPLY);
    FILE *f = fopen(path, "rb");
    size_t n;

    if (!f)
        fail_msg("cannot open %s", path);
    do {
        assert_true(buf_room(&out, 65536));
        n = fread(out.p + out.n, 1, 65536, f);
        out.n += n;
    } while (n > 0);
    out.p[out.n] = '\0';
    fclose(f);
    return out;
}

enum { PATH_ROOM = 4096 };

static inline void data_path(char out[PATH_ROOM], const char *folder, const char *file)
{
    const char *data = getenv("AISLE_DATA"), *root = getenv("SOURCE_ROOT");

    if (data && *data)
        snprintf(out, PATH_ROOM, "%s/%s/%s", data, folder, file);
    else
        snprintf(out, PATH_ROOM, "%s/../shared/data/%s/%s", root ? root : ".", folder,
                 file);
}

static inline bool data_is_there(const char *folder, const char *file)
{
    char path[PATH_ROOM];

    data_path(path, folder, file);
    return access(path, R_OK) == 0;
}

static inline struct buf data_read(const char *folder, const char *file)
{
    char path[PATH_ROOM];

    data_path(path, folder, file);
    return file_read(path);
}

/* Whether the program's tests can run; else says so in TAP, and main returns 0. */
static inline bool data_or_skip(const char *folder)
{
    if (data_is_there(folder, ""))
        return true;
    printf("1..0 # SKIP no %s: set AISLE_DATA to where the real data is\n", folder);
    return false;
}

#endif
