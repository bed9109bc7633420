#include "net/proxy.h"

#include "net/net.h"

struct proxy_failure {
    struct str proxy, host;
    CURLcode rc;
    long http;      /* what it answered; 0 nothing */
    bool connected; /* there was a connection to it */
};

/* "proxy.example:3128" of "http://user:password@proxy.example:3128/". */
static struct str bare_name(struct str proxy)
{
    size_t at = str_find(proxy, STR_LIT("://")), end;

    if (at < proxy.n)
        proxy = str_skip(proxy, at + 3);
    for (size_t i = proxy.n; i-- > 0;)
        if (proxy.p[i] == '@') /* a password may hold one, too */
            return bare_name(str_skip(proxy, i + 1));
    end = str_find(proxy, STR_LIT("/"));
    return str_head(proxy, end);
}

static enum aisle_status refused(const struct proxy_failure *f, struct str name,
                                 struct aisle_err *err)
{
    if (f->http == 407)
        return aisle_fail(err, AISLE_CONFIG,
                          "the proxy %.*s wants a user and password it knows (HTTP 407): "
                          "write them into the proxy's address",
                          STR_ARG(name));
    if (f->http == 429 || f->http == 503 || f->http == 504)
        return aisle_fail(err, AISLE_BUSY,
                          "the proxy %.*s does not reach %.*s for now (HTTP %ld)",
                          STR_ARG(name), STR_ARG(f->host), f->http);
    return aisle_fail(
        err, AISLE_CONFIG,
        "the proxy %.*s lets nobody through to %.*s (HTTP %ld): ask whoever "
        "runs it, or set another",
        STR_ARG(name), STR_ARG(f->host), f->http);
}

static enum aisle_status judge(const struct proxy_failure *f, struct aisle_err *err)
{
    struct str name = bare_name(f->proxy);

    if (f->http >= 300)
        return refused(f, name, err);
    if (f->rc == CURLE_COULDNT_RESOLVE_PROXY)
        return aisle_fail(err, AISLE_CONFIG,
                          "the proxy %.*s has no address: is its name right?",
                          STR_ARG(name));
    if (f->rc == CURLE_COULDNT_CONNECT)
        return aisle_fail(err, AISLE_CONFIG,
                          "the proxy %.*s cannot be reached: is it running, and the "
                          "address right?",
                          STR_ARG(name));
    if (f->rc == CURLE_OPERATION_TIMEDOUT && !f->connected)
        return aisle_fail(err, AISLE_BUSY, "the proxy %.*s took too long", STR_ARG(name));
    return AISLE_OK;
}

enum aisle_status proxy_check(CURL *easy, struct str proxy, struct str url, CURLcode rc,
                              struct aisle_err *err)
{
    struct proxy_failure f = {.proxy = proxy, .rc = rc};
    curl_off_t connected_us = 0;
    struct str path;
    bool https;

    net_url_split(url, &https, &f.host, &path);
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &f.http);
    if (rc == CURLE_OK) /* the answer is the host's, but for this one */
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &f.http);
    if (rc == CURLE_OK && f.http != 407)
        return AISLE_OK;
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected_us);
    f.connected = connected_us > 0;
    return judge(&f, err);
}
