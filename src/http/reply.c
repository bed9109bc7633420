#include "http/reply.h"

#include "base/mem.h"

#include <stdatomic.h>

struct http_shared {
    atomic_size_t holders;
    struct buf text;
};

struct http_shared *http_shared_new(struct buf *text)
{
    struct http_shared *s = mem_alloc(sizeof *s);

    if (!s)
        return NULL;
    s->text = *text;
    atomic_init(&s->holders, 1);
    *text = (struct buf)BUF_INIT(text->max);
    return s;
}

struct http_shared *http_shared_ref(struct http_shared *s)
{
    if (s)
        atomic_fetch_add(&s->holders, 1);
    return s;
}

void http_shared_drop(struct http_shared *s)
{
    if (!s || atomic_fetch_sub(&s->holders, 1) != 1)
        return;
    buf_clear(&s->text);
    mem_free(s);
}

struct str http_shared_str(const struct http_shared *s)
{
    return s ? buf_str(&s->text) : (struct str){0};
}

void http_reply_init(struct http_reply *r)
{
    *r = (struct http_reply){
        .status = 200,
        .body = BUF_INIT(BUF_MAX_REPLY),
        .tail = BUF_INIT(BUF_MAX_REPLY),
        .headers = BUF_INIT(HTTP_MAX_HEADER_TEXT),
    };
}

void http_reply_clear(struct http_reply *r)
{
    if (r->source.close)
        r->source.close(r->source.ctx);
    http_shared_drop(r->middle);
    buf_clear(&r->body);
    buf_clear(&r->tail);
    buf_clear(&r->headers);
    http_reply_init(r);
}

/* The value of a header of that name already set, or NULL. */
static const char *header_at(const struct http_reply *r, const char *name)
{
    const char *p = r->headers.p;

    for (size_t i = 0; i < r->header_count; i++) {
        const char *value = p + strlen(p) + 1;

        if (str_eq_nocase(str_of(p), str_of(name)))
            return p;
        p = value + strlen(value) + 1;
    }
    return NULL;
}

static void drop_header(struct http_reply *r, size_t at)
{
    char *name = r->headers.p + at;
    char *value = name + strlen(name) + 1;
    char *next = value + strlen(value) + 1;

    memmove(name, next, (size_t)(r->headers.p + r->headers.n - next));
    r->headers.n -= (size_t)(next - name);
    r->header_count--;
}

void http_reply_header(struct http_reply *r, const char *name, struct str value)
{
    const char *old = header_at(r, name);

    if (old)
        drop_header(r, (size_t)(old - r->headers.p));
    if (r->header_count == HTTP_MAX_REPLY_HEADERS) {
        r->headers.failed = AISLE_LIMIT;
        return;
    }
    if (!buf_room(&r->headers, strlen(name) + value.n + 2))
        return;
    buf_addz(&r->headers, name);
    buf_addc(&r->headers, '\0');
    for (size_t i = 0; i < value.n; i++)
        buf_addc(&r->headers, (unsigned char)value.p[i] < ' ' ? ' ' : value.p[i]);
    buf_addc(&r->headers, '\0');
    r->header_count++;
}

void http_reply_text(struct http_reply *r, int status, const char *type, struct str text)
{
    r->status = status;
    http_reply_header(r, "Content-Type", str_of(type));
    buf_reset(&r->body);
    buf_add(&r->body, text);
}

size_t http_reply_length(const struct http_reply *r)
{
    return r->body.n + http_shared_str(r->middle).n + r->tail.n;
}
