#include "cli/origin.h"

struct parts {
    const char *scheme;
    int64_t usual_port;
    struct str host, port;
};

static bool take_scheme(struct str *rest, struct parts *out)
{
    static const struct parts known[] = {{.scheme = "https://", .usual_port = 443},
                                         {.scheme = "http://", .usual_port = 80}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i].scheme);

        if (!str_eq_nocase(str_head(*rest, n), str_of(known[i].scheme)))
            continue;
        *out = known[i];
        *rest = str_skip(*rest, n);
        return true;
    }
    return false;
}

/* "name:port" or "[number]:port". */
static void cut_port(struct str authority, struct parts *out)
{
    size_t end = str_starts(authority, "[") ? str_find_char(authority, ']') : 0;
    size_t colon = end + str_find_char(str_skip(authority, end), ':');

    out->host = str_head(authority, colon);
    out->port = str_skip(authority, colon);
}

static bool is_among(char c, const char *others)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(others, c));
}

static bool is_host(struct str host)
{
    const char *others = ".-";

    if (str_starts(host, "[") && str_ends(host, "]")) {
        host = str_n(host.p + 1, host.n - 2);
        others = ":.";
    }
    for (size_t i = 0; i < host.n; i++)
        if (!is_among(host.p[i], others))
            return false;
    return host.n > 0 && host.n <= 253;
}

static struct str join(const struct parts *p, int64_t port, struct arena *arena)
{
    struct str joined = port == p->usual_port
                            ? arena_fmt(arena, "%s%.*s", p->scheme, STR_ARG(p->host))
                            : arena_fmt(arena, "%s%.*s:%lld", p->scheme, STR_ARG(p->host),
                                        (long long)port);

    for (size_t i = 0; i < joined.n; i++)
        if (joined.p[i] >= 'A' && joined.p[i] <= 'Z')
            ((char *)joined.p)[i] += 'a' - 'A'; /* ours, just made */
    return joined;
}

const char *origin_read(struct str url, struct arena *arena, struct str *out)
{
    struct parts p;
    struct str rest = url, authority;
    int64_t port;

    if (!take_scheme(&rest, &p))
        return "begins with https:// or http://, such as https://aisle.example";
    authority = str_cut(&rest, '/');
    while (str_starts(rest, "/"))
        rest = str_skip(rest, 1);
    if (!str_empty(rest))
        return "has no path: the service is at the top of an address of its own";
    if (str_find_char(authority, '@') < authority.n)
        return "names no user: people sign in at the page";
    cut_port(authority, &p);
    if (!is_host(p.host))
        return "has a name of letters, digits, \"-\" and \".\", or a number";
    port = p.usual_port;
    if (p.port.n > 1 && !parse_i64(str_skip(p.port, 1), 1, UINT16_MAX, &port))
        return "has a port from 1 to 65535, or none";
    *out = join(&p, port, arena);
    return out->p ? NULL : "is more than there is memory for";
}
