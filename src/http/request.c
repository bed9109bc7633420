#include "http/request.h"

struct str http_header(const struct http_request *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++)
        if (str_eq_nocase(r->headers[i].name, str_of(name)))
            return r->headers[i].value;
    return (struct str){0};
}

struct str http_header_last(const struct http_request *r, const char *name)
{
    for (size_t i = r->header_count; i > 0; i--)
        if (str_eq_nocase(r->headers[i - 1].name, str_of(name)))
            return r->headers[i - 1].value;
    return (struct str){0};
}

size_t http_header_times(const struct http_request *r, const char *name)
{
    size_t times = 0;

    for (size_t i = 0; i < r->header_count; i++)
        times += str_eq_nocase(r->headers[i].name, str_of(name));
    return times;
}

bool http_arg(const struct http_request *r, const char *name, struct str *value)
{
    for (size_t i = 0; i < r->arg_count; i++) {
        if (str_is(r->args[i].name, name)) {
            *value = r->args[i].value;
            return true;
        }
    }
    return false;
}

size_t http_arg_times(const struct http_request *r, const char *name)
{
    size_t times = 0;

    for (size_t i = 0; i < r->arg_count; i++)
        times += str_is(r->args[i].name, name);
    return times;
}

struct str http_arg_str(const struct http_request *r, const char *name)
{
    struct str value = {0};

    http_arg(r, name, &value);
    return value;
}

struct str http_media_type(struct str content_type)
{
    return str_trim(str_cut(&content_type, ';'));
}

struct str http_media_param(struct str content_type, const char *name)
{
    str_cut(&content_type, ';');
    while (content_type.n) {
        struct str value = str_cut(&content_type, ';');
        struct str key = str_trim(str_cut(&value, '='));

        if (!str_eq_nocase(key, str_of(name)))
            continue;
        value = str_trim(value);
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            value = str_n(value.p + 1, value.n - 2);
        return value;
    }
    return (struct str){0};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte at s[*at], decoded, and past it. */
static char next_byte(struct str s, bool plus, size_t *at)
{
    char c = s.p[*at];
    int high, low;

    *at += 1;
    if (c == '+' && plus)
        return ' ';
    if (c != '%' || s.n - *at < 2)
        return c;
    high = hex_digit(s.p[*at]);
    low = hex_digit(s.p[*at + 1]);
    if (high < 0 || low < 0)
        return c;
    *at += 2;
    return (char)(high * 16 + low);
}

struct str http_decode(struct str s, bool plus, struct arena *arena)
{
    struct str copy;
    char *out;
    size_t n = 0;

    if (str_find_char(s, '%') == s.n && (!plus || str_find_char(s, '+') == s.n))
        return s.p ? s : STR_LIT("");
    copy = arena_str(arena, s);
    if (!copy.p)
        return copy;
    out = (char *)copy.p; /* ours, and never longer than what it is made from */
    for (size_t at = 0; at < s.n;)
        out[n++] = next_byte(s, plus, &at);
    out[n] = '\0';
    return str_n(out, n);
}

static size_t args_at_most(struct str query)
{
    size_t n = query.n != 0;

    for (size_t i = 0; i < query.n; i++)
        n += query.p[i] == '&';
    return n;
}

enum aisle_status http_args_read(struct str query, struct arena *arena,
                                 const struct http_pair **out, size_t *count,
                                 struct aisle_err *err)
{
    size_t most = args_at_most(query), n = 0;
    struct http_pair *args;

    if (most > HTTP_MAX_ARGS)
        return aisle_fail(err, AISLE_LIMIT, "more than %d query parameters",
                          HTTP_MAX_ARGS);
    args = arena_zalloc(arena, most + 1, sizeof *args);
    if (!args)
        return aisle_nomem(err);

    while (query.n) {
        struct str value = str_cut(&query, '&');
        struct str name = str_cut(&value, '=');

        if (str_empty(name) && str_empty(value))
            continue;
        args[n].name = http_decode(name, true, arena);
        args[n].value = http_decode(value, true, arena);
        if (!args[n].name.p || !args[n].value.p)
            return aisle_nomem(err);
        n++;
    }
    *out = args;
    *count = n;
    return AISLE_OK;
}

/* RFC 9110 5.6.2: what a header's name is made of. */
static bool is_token(struct str s)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

        if (!plain && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return s.n > 0;
}

/* RFC 9110 5.5: what a header's value is not made of, a bare CR above all. */
static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7F)
            return true;
    return false;
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

const char *http_framing_fault(const struct http_request *r)
{
    size_t lengths = http_header_times(r, "Content-Length");
    size_t encodings = http_header_times(r, "Transfer-Encoding");
    size_t hosts = http_header_times(r, "Host");

    for (size_t i = 0; i < r->header_count; i++) {
        if (!is_token(r->headers[i].name))
            return "a header name that is none";
        if (has_control(r->headers[i].value))
            return "a control character in a header";
    }
    if (lengths > 1)
        return "more than one Content-Length";
    if (lengths && encodings)
        return "a Content-Length beside Transfer-Encoding";
    if (lengths && !is_digits(http_header(r, "Content-Length")))
        return "a Content-Length that is no number";
    if (encodings > 1 || (encodings && !str_eq_nocase(http_header(r, "Transfer-Encoding"),
                                                      STR_LIT("chunked"))))
        return "a Transfer-Encoding other than chunked";
    if (hosts > 1)
        return "more than one Host";
    if (!hosts && str_is(r->version, "HTTP/1.1"))
        return "no Host";
    return NULL;
}
