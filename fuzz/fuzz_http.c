/* fuzz_http.c - a request as it comes to us: its line, headers and parameters, the route
 * it finds, and a body of parts
 *
 * The input is a request as it is sent, lines ended by LF or CRLF: libmicrohttpd cuts it
 * up for us when it is real.
 */
#include "fuzz.h"

#include "http/multipart.h"
#include "http/request.h"
#include "http/route.h"

enum { MAX_HEADERS = 64, MAX_MEMORY = 1 << 26 };

static void look(struct str s)
{
    volatile char c = 0;

    must(s.p);
    if (s.n) {
        c = s.p[0];
        c = s.p[s.n - 1];
    }
    (void)c;
}

/* ---- cutting it up ---- */

static struct str next_line(struct str *rest)
{
    struct str line = str_cut(rest, '\n');

    return line.n && line.p[line.n - 1] == '\r' ? str_head(line, line.n - 1) : line;
}

static void read_head(struct str *rest, struct http_pair *headers,
                      struct http_request *out)
{
    struct str line = next_line(rest), target;

    out->method = str_cut(&line, ' ');
    target = str_cut(&line, ' ');
    out->version = line;
    out->path = str_cut(&target, '?');
    out->query = target;
    out->headers = headers;
    while (rest->n && out->header_count < MAX_HEADERS) {
        struct http_pair *h = &headers[out->header_count];

        h->value = next_line(rest);
        if (h->value.n == 0)
            break;
        h->name = str_cut(&h->value, ':');
        h->value = str_trim(h->value);
        out->header_count++;
    }
    out->body = *rest;
}

/* ---- promises ---- */

static void check_args(const struct http_request *r)
{
    must(r->arg_count <= HTTP_MAX_ARGS);
    for (size_t i = 0; i < r->arg_count; i++) {
        look(r->args[i].name);
        look(r->args[i].value);
        must(r->args[i].name.n + r->args[i].value.n <= r->query.n);
    }
}

/* What we write as %XX is read back as it was. */
static void check_decoding(struct str s, struct arena *arena)
{
    struct buf encoded = BUF_INIT(BUF_MAX_REQUEST);
    struct str back;

    buf_url(&encoded, s);
    back = http_decode(buf_str(&encoded), true, arena);
    must(back.p && str_eq(back, s));
    buf_clear(&encoded);
    back = http_decode(s, false, arena);
    must(back.p && back.n <= s.n);
}

static void check_route(const struct http_request *r)
{
    static const struct http_route routes[] = {
        {"GET", "/api/v1/products/{sku}", {{"sku", HTTP_TEXT, true, 1, 40}}, NULL},
        {"GET",
         "/api/v1/products",
         {{"limit", HTTP_INT, false, 1, 200}, {"all", HTTP_BOOL, false, 0, 0}},
         NULL},
        {"POST", "/{a}/{b}/{c}", {{.name = "a"}, {.name = "b"}, {.name = "c"}}, NULL},
    };
    struct http_call call = {0};
    struct buf allow = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};
    enum aisle_status status =
        http_route_find(routes, sizeof routes / sizeof *routes, r, &call, &err);

    if (status == AISLE_OK) {
        must(call.route);
        for (size_t i = 0; i < HTTP_MAX_PARAMS && call.route->params[i].name; i++) {
            const struct http_param *p = &call.route->params[i];

            if (!call.values[i].given)
                continue;
            look(call.values[i].text);
            if (p->type == HTTP_INT)
                must(call.values[i].number >= p->min && call.values[i].number <= p->max);
        }
    } else {
        must(err.status == status && err.text[0]);
    }
    http_route_allow(routes, sizeof routes / sizeof *routes, r->path, &allow);
    must(allow.failed == AISLE_OK);
    buf_clear(&allow);
}

static void check_parts(const struct http_request *r)
{
    struct str type = http_header(r, "Content-Type");
    const struct http_part *parts;
    size_t count = 0;

    must(http_media_type(type).n <= type.n);
    must(http_media_param(type, "boundary").n <= type.n);
    if (http_multipart_read(type, r->body, r->arena, &parts, &count, NULL) != AISLE_OK)
        return;
    must(count <= HTTP_MAX_PARTS);
    for (size_t i = 0; i < count; i++) {
        const struct http_part *p = &parts[i];

        must(p->name.n > 0 && http_part_named(parts, count, "") == NULL);
        must(p->is_file || p->file_name.n == 0);
        must(p->data.n == 0 ||
             (p->data.p >= r->body.p && p->data.p + p->data.n <= r->body.p + r->body.n));
        look(p->data);
        look(p->name);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT(MAX_MEMORY);
    struct http_pair headers[MAX_HEADERS] = {0};
    struct http_request r = {.arena = &arena};
    struct str rest = str_n((const char *)data, size);
    struct aisle_err err = {0};

    read_head(&rest, headers, &r);
    if (http_args_read(r.query, &arena, &r.args, &r.arg_count, &err) == AISLE_OK)
        check_args(&r);
    else
        must(err.status == AISLE_LIMIT && r.arg_count == 0);
    http_framing_fault(&r);
    check_decoding(r.path, &arena);
    check_decoding(r.body, &arena);
    check_route(&r);
    check_parts(&r);
    must(arena.used < 16 * size + (1 << 16)); /* memory in step with what was sent */
    arena_clear(&arena);
    return 0;
}
