#include "net/net.h"

#include <curl/curl.h>

enum { DAY_S = 86400 };

void net_reply_init(struct net_reply *r)
{
    *r = (struct net_reply){
        .body = BUF_INIT(BUF_MAX_REPLY),
        .headers = BUF_INIT(NET_MAX_KEPT_HEADERS),
    };
}

void net_reply_clear(struct net_reply *r)
{
    buf_clear(&r->body);
    buf_clear(&r->headers);
    r->status = 0;
    r->elapsed_ms = 0;
}

struct str net_reply_header(const struct net_reply *r, const char *name)
{
    struct str rest = buf_str(&r->headers);

    while (rest.n) {
        struct str line = str_cut(&rest, '\n');
        size_t colon = str_find_char(line, ':');

        if (colon < line.n && str_eq_nocase(str_head(line, colon), str_of(name)))
            return str_trim(str_skip(line, colon + 1));
    }
    return STR_LIT("");
}

int net_reply_retry_after_s(const struct net_reply *r, const struct clock *clock)
{
    struct str text = net_reply_header(r, "retry-after");
    char date[64];
    int64_t s;
    time_t at;

    if (parse_i64(text, 0, INT64_MAX, &s))
        return s > DAY_S ? DAY_S : (int)s;
    if (text.n == 0 || text.n >= sizeof date)
        return 0;
    memcpy(date, text.p, text.n);
    date[text.n] = '\0';
    at = curl_getdate(date, NULL);
    s = (int64_t)at - clock_now_s(clock);
    if (at == -1 || s <= 0)
        return 0;
    return s > DAY_S ? DAY_S : (int)s;
}
