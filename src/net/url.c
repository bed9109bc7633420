/* url.c - taking an address apart, by the strictest reading
 *
 * libcurl has the last word on where a request goes, so what two readers could take apart
 * in two ways (a backslash, user:password@, a blank in the host) is no address here.
 */
#include "net/net.h"

#include <arpa/inet.h>

static bool is_alnum(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters of other scripts pass: libcurl turns them to ASCII, and the address counts. */
static bool name_is_sound(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];

        if (!is_alnum(c) && c != '.' && c != '-' && c != '_' && c < 0x80)
            return false;
    }
    return name.n > 0 && name.n <= 255;
}

static bool v6_is_sound(struct str inner)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;

    if (inner.n >= sizeof text)
        return false;
    memcpy(text, inner.p, inner.n);
    text[inner.n] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

/* "host", "host:80", "[::1]:80" to the host without brackets; false when it is none. */
static bool host_of(struct str authority, struct str *host)
{
    bool bracket = str_starts(authority, "[");
    struct str rest = authority, name;
    int64_t port;

    if (bracket) {
        rest = str_skip(rest, 1);
        if (str_find_char(rest, ']') == rest.n)
            return false;
        name = str_cut(&rest, ']');
        if (rest.n && rest.p[0] != ':')
            return false;
        rest = str_skip(rest, 1);
    } else {
        name = str_cut(&rest, ':');
    }
    if (authority.n && authority.p[authority.n - 1] == ':')
        return false;
    if (rest.n && !parse_i64(rest, 1, 65535, &port))
        return false;
    *host = name;
    return bracket ? v6_is_sound(name) : name_is_sound(name);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F || s.p[i] == '\\')
            return true;
    return false;
}

bool net_url_split(struct str url, bool *https, struct str *host,
                   struct str *path_and_query)
{
    bool secure = str_eq_nocase(str_head(url, 8), STR_LIT("https://"));
    struct str rest = str_skip(url, secure ? 8 : 7), authority, bare;
    size_t n = 0;

    if (!secure && !str_eq_nocase(str_head(url, 7), STR_LIT("http://")))
        return false;
    while (n < rest.n && !strchr("/?#", rest.p[n]))
        n++;
    authority = str_head(rest, n);
    rest = str_skip(rest, n);
    if (has_control(url) || !host_of(authority, &bare))
        return false;

    *https = secure;
    *host = authority;
    *path_and_query = str_cut(&rest, '#');
    return true;
}

bool net_url_is_loopback(struct str url)
{
    struct str authority = url, host, path;
    char text[INET6_ADDRSTRLEN];
    struct in_addr v4;
    bool https;

    if (str_find(url, STR_LIT("://")) < url.n &&
        !net_url_split(url, &https, &authority, &path))
        return false;
    if (!host_of(authority, &host) || host.n >= sizeof text)
        return false;
    if (str_eq_nocase(host, STR_LIT("localhost")) || str_is(host, "::1"))
        return true;
    memcpy(text, host.p, host.n);
    text[host.n] = '\0';
    return inet_pton(AF_INET, text, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}
