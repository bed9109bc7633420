#include "net/trace.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/scrub.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

enum {
    SHOWN = 16 * 1024,           /* bytes of a body that are written out */
    MAX_LINE = 16 * 1024 * 1024, /* a line, and a body while it is scrubbed */
};

struct net_trace {
    int fd;
    const struct clock *clock;
    pthread_mutex_t lock; /* one line at a time */
};

enum aisle_status net_trace_open(struct str path, const struct clock *clock,
                                 struct net_trace **out, struct aisle_err *err)
{
    char *name = mem_dup(path.p, path.n);
    struct net_trace *t = mem_zalloc(1, sizeof *t);
    enum aisle_status status = AISLE_OK;

    if (!name || !t) {
        status = aisle_nomem(err);
        goto done;
    }
    t->clock = clock;
    t->fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (t->fd < 0) {
        status = aisle_fail(err, AISLE_IO, "the transcript %s cannot be written: %s",
                            name, strerror(errno));
        goto done;
    }
    pthread_mutex_init(&t->lock, NULL);
    *out = t;
    t = NULL;
done:
    mem_free(t);
    mem_free(name);
    return status;
}

void net_trace_close(struct net_trace *t)
{
    if (!t)
        return;
    close(t->fd);
    pthread_mutex_destroy(&t->lock);
    mem_free(t);
}

/* Scrubbed whole and cut after: a secret cut in two would no longer look like one. */
static void add_scrubbed(struct json_out *o, const char *key, struct str text)
{
    struct buf clean = BUF_INIT(MAX_LINE);
    struct str shown;

    scrub_text(text, &clean);
    shown = str_head(buf_str(&clean), SHOWN);
    while (shown.n < clean.n && shown.n &&
           ((unsigned char)clean.p[shown.n] & 0xC0) == 0x80)
        shown.n--; /* not in the middle of a character */
    if (clean.failed == AISLE_OK)
        json_add_str(o, key, shown);
    if (clean.failed == AISLE_OK && shown.n < clean.n)
        json_add_int(o, "cut_at", (int64_t)shown.n);
    buf_clear(&clean);
}

/* What is no text is told by size and digest. */
static void add_bytes(struct json_out *o, const char *key, struct str bytes)
{
    struct sha256 digest;
    char hex[SHA256_HEX_LEN + 1];

    if (bytes.n == 0)
        return;
    json_add_int(o, "bytes", (int64_t)bytes.n);
    if (bytes.n <= MAX_LINE / 2 && !memchr(bytes.p, '\0', bytes.n) && utf8_valid(bytes)) {
        add_scrubbed(o, key, bytes);
    } else if (sha256_of(bytes, &digest, NULL) == AISLE_OK) {
        sha256_hex(&digest, hex);
        json_add_str(o, "sha256", str_of(hex));
    }
}

static void add_parts(struct json_out *o, const struct net_request *r)
{
    json_key(o, "parts");
    json_open_list(o);
    for (size_t i = 0; i < r->part_count; i++) {
        const struct net_part *part = &r->parts[i];

        json_open(o);
        json_add_str(o, "name", part->name);
        if (part->file_name.n)
            json_add_str(o, "file_name", part->file_name);
        if (part->mime.n)
            json_add_str(o, "mime", part->mime);
        add_bytes(o, "data", part->data);
        json_close(o);
    }
    json_close_list(o);
}

/* Written as they stand in a request, line by line, which is how scrub knows them. */
static void add_headers(struct json_out *o, const struct net_request *r)
{
    struct buf lines = BUF_INIT(BUF_MAX_LINE);

    for (size_t i = 0; i < r->header_count; i++)
        buf_addf(&lines, "%.*s: %.*s\r\n", STR_ARG(r->headers[i].name),
                 STR_ARG(r->headers[i].value));
    add_scrubbed(o, "headers", buf_str(&lines));
    buf_clear(&lines);
}

static void add_request(struct json_out *o, const struct net_request *r, struct str url,
                        bool without_headers)
{
    json_key(o, "request");
    json_open(o);
    json_add_str(o, "method", str_of(r->method));
    add_scrubbed(o, "url", url);
    if (r->header_count && !without_headers)
        add_headers(o, r);
    if (r->content_type.n)
        json_add_str(o, "content_type", r->content_type);
    if (r->part_count)
        add_parts(o, r);
    else
        add_bytes(o, "body", r->body);
    json_close(o);
}

static void add_reply(struct json_out *o, const struct net_reply *reply,
                      const struct aisle_err *failure)
{
    if (failure->status != AISLE_OK)
        add_scrubbed(o, "failed", str_of(failure->text));
    if (reply->status == 0)
        return;
    json_key(o, "reply");
    json_open(o);
    json_add_int(o, "status", reply->status);
    add_scrubbed(o, "headers", buf_str(&reply->headers));
    add_bytes(o, "body", buf_str(&reply->body));
    json_close(o);
}

static void write_line(struct net_trace *t, struct str line)
{
    pthread_mutex_lock(&t->lock);
    while (line.n) {
        ssize_t wrote = write(t->fd, line.p, line.n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            break;
        line = str_skip(line, (size_t)wrote);
    }
    pthread_mutex_unlock(&t->lock);
}

void net_trace_write(struct net_trace *t, const struct net_request *request,
                     struct str url, bool without_headers, const struct net_reply *reply,
                     const struct aisle_err *failure)
{
    struct buf line = BUF_INIT(MAX_LINE);
    struct json_out o = {.buf = &line};
    char now[TIME_LEN + 1];

    time_format(clock_now_s(t->clock), now);
    json_open(&o);
    json_add_str(&o, "time", str_of(now));
    add_request(&o, request, url, without_headers);
    add_reply(&o, reply, failure);
    json_add_int(&o, "ms", reply->elapsed_ms);
    json_close(&o);
    buf_addc(&line, '\n');
    if (line.failed == AISLE_OK)
        write_line(t, buf_str(&line));
    buf_clear(&line);
}
