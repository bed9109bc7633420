#include "base/buf.h"

#include "base/mem.h"

#include <stdio.h>

enum { FIRST_CAP = 64 };

void buf_clear(struct buf *b)
{
    mem_free(b->p);
    *b = (struct buf)BUF_INIT(b->max);
}

void buf_reset(struct buf *b)
{
    b->n = 0;
    b->failed = AISLE_OK;
    if (b->p)
        b->p[0] = '\0';
}

char *buf_take(struct buf *b)
{
    char *p = NULL;

    if (b->failed == AISLE_OK && buf_room(b, 0)) {
        p = b->p;
        b->p = NULL;
    }
    buf_clear(b);
    return p;
}

enum aisle_status buf_check(const struct buf *b, const char *what, struct aisle_err *err)
{
    static const struct {
        size_t bytes;
        const char *name;
    } units[] = {{(size_t)1 << 30, "GiB"}, {(size_t)1 << 20, "MiB"}, {1024, "KiB"}};

    if (b->failed == AISLE_OK)
        return AISLE_OK;
    if (b->failed != AISLE_LIMIT)
        return aisle_nomem(err);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (b->max >= units[i].bytes && b->max % units[i].bytes == 0)
            return aisle_fail(err, AISLE_LIMIT, "%s is over %zu %s", what,
                              b->max / units[i].bytes, units[i].name);
    return aisle_fail(err, AISLE_LIMIT, "%s is over %zu bytes", what, b->max);
}

/* Double, but never past the ceiling and its NUL. */
static size_t next_cap(const struct buf *b, size_t need)
{
    size_t most = b->max < SIZE_MAX ? b->max + 1 : SIZE_MAX;
    size_t cap = b->cap <= most / 2 ? b->cap * 2 : most;

    if (cap < FIRST_CAP)
        cap = FIRST_CAP < most ? FIRST_CAP : most;
    return cap > need ? cap : need;
}

bool buf_room(struct buf *b, size_t more)
{
    size_t cap;
    char *p;

    if (b->failed)
        return false;
    if (more > b->max - b->n || b->n + more == SIZE_MAX) {
        b->failed = AISLE_LIMIT;
        return false;
    }
    if (b->n + more < b->cap)
        return true;

    cap = next_cap(b, b->n + more + 1);
    p = mem_realloc(b->p, cap);
    if (!p) {
        b->failed = AISLE_NOMEM;
        return false;
    }
    b->p = p;
    b->cap = cap;
    p[b->n] = '\0';
    return true;
}

void buf_add(struct buf *b, struct str s)
{
    if (s.n == 0 || !buf_room(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = '\0';
}

void buf_addz(struct buf *b, const char *z)
{
    buf_add(b, str_of(z));
}

void buf_addc(struct buf *b, char c)
{
    if (!buf_room(b, 1))
        return;
    b->p[b->n++] = c;
    b->p[b->n] = '\0';
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(b, fmt, ap);
    va_end(ap);
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    int n;

    if (!buf_room(b, 0))
        return;
    va_copy(again, ap);
    n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
    if (n < 0) /* an argument glibc cannot convert, or a text past INT_MAX */
        b->failed = AISLE_LIMIT;
    else if ((size_t)n < b->cap - b->n)
        b->n += (size_t)n;
    else if (buf_room(b, (size_t)n))
        b->n += (size_t)vsnprintf(b->p + b->n, b->cap - b->n, fmt, again);
    if (b->failed)
        b->p[b->n] = '\0'; /* the first attempt may have left a piece */
    va_end(again);
}
