/* support.h - what test programs share: cmocka with its headers, and memory that runs out
 */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/status.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* STR_LIT for a static's initialiser. */
#define STR_INIT(z)                                                                      \
    {                                                                                    \
        "" z, sizeof(z) - 1                                                              \
    }

/* One piece of work from nothing to nothing; what it leaves behind is a leak. */
typedef enum aisle_status work_fn(void *ctx, struct aisle_err *err);

/* Does the work with the first allocation failing, then the second, and so on until it
 * comes through. Each time before it must say AISLE_NOMEM, in words. */
static inline void assert_survives_no_memory(work_fn *work, void *ctx)
{
    for (long n = 1;; n++) {
        struct aisle_err err = {0};
        enum aisle_status status;

        assert_true(n < 1000000);
        mem_fail_at(n);
        status = work(ctx, &err);
        mem_fail_at(0);
        if (status == AISLE_OK)
            return;
        assert_int_equal(status, AISLE_NOMEM);
        assert_int_equal(err.status, AISLE_NOMEM);
        assert_true(err.text[0] != '\0');
    }
}

/* ---- files ---- */

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

/* Real data, which is none of the project's: in $AISLE_DATA, else in ../shared/data
 * beside the project. A test that needs it says skip() where it is missing. */
static inline void data_path(char out[4096], const char *folder, const char *file)
{
    const char *data = getenv("AISLE_DATA"), *root = getenv("SOURCE_ROOT");

    if (data && *data)
        snprintf(out, 4096, "%s/%s/%s", data, folder, file);
    else
        snprintf(out, 4096, "%s/../shared/data/%s/%s", root ? root : ".", folder, file);
}

static inline bool data_is_there(const char *folder, const char *file)
{
    char path[4096];

    data_path(path, folder, file);
    return access(path, R_OK) == 0;
}

static inline struct buf data_read(const char *folder, const char *file)
{
    char path[4096];

    data_path(path, folder, file);
    return file_read(path);
}

/* What a str holds, compared as text. */
static inline void assert_str(struct str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("want \"%s\", got \"%.*s\"", want, STR_ARG(got));
}

#endif
