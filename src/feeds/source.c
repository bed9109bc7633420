#include "feeds/source.h"

#include "base/status.h"

#include <errno.h>

static enum aisle_status read_text(void *ctx, char *out, size_t cap, size_t *n,
                                   struct aisle_err *err)
{
    struct str *rest = ctx;
    struct str piece = str_head(*rest, cap);

    (void)err;
    if (piece.n)
        memcpy(out, piece.p, piece.n);
    *rest = str_skip(*rest, piece.n);
    *n = piece.n;
    return AISLE_OK;
}

struct feed_source feed_source_text(struct str *rest)
{
    return (struct feed_source){rest, read_text};
}

static enum aisle_status read_stream(void *ctx, char *out, size_t cap, size_t *n,
                                     struct aisle_err *err)
{
    FILE *f = ctx;
    size_t got = fread(out, 1, cap, f);

    if (got == 0 && ferror(f) && errno == EINTR)
        return aisle_fail(err, AISLE_STOPPED, "stopped as asked");
    if (got == 0 && ferror(f))
        return aisle_fail(err, AISLE_IO, "file cannot be read: %s", strerror(errno));
    *n = got;
    return AISLE_OK;
}

struct feed_source feed_source_stream(FILE *f)
{
    return (struct feed_source){f, read_stream};
}
