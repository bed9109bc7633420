#include "net/net.h"

#include "base/mem.h"
#include "base/scrub.h"
#include "net/address.h"
#include "net/hop.h"
#include "net/silent.h"
#include "net/trace.h"

#include <netdb.h>
#include <pthread.h>

enum { REACHES = NET_ANYWHERE + 1 };

/* A handle a reach: an address is judged when a connection is made, so one made for the
 * whole world must not serve a request that is for the public only. */
struct net {
    CURL *easy[REACHES];
    struct net_settings settings;
    char *proxy, *ca_file;
    struct silent silent;
};

/* libcurl wants to be set up once a process, before threads use it, and is set up by
 * whoever comes first: it counts, so that a program which does so itself is not
 * disturbed. This flag is the state it makes us keep; nothing is taken down again, as
 * other threads may be using it. */
static pthread_once_t set_up_once = PTHREAD_ONCE_INIT;

static void set_up(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum aisle_status net_new(const struct net_settings *settings, struct net **out,
                          struct aisle_err *err)
{
    struct net *n = mem_zalloc(1, sizeof *n);

    if (!n)
        return aisle_nomem(err);
    n->settings = *settings;
    n->proxy = mem_dup(settings->proxy.p, settings->proxy.n);
    n->ca_file = mem_dup(settings->ca_file.p, settings->ca_file.n);
    if (!n->proxy || !n->ca_file) {
        net_free(n);
        return aisle_nomem(err);
    }
    n->settings.proxy = str_of(n->proxy);
    n->settings.ca_file = str_of(n->ca_file);
    pthread_once(&set_up_once, set_up);
    *out = n;
    return AISLE_OK;
}

/* A handle forgets its options with each request. Without this one libcurl sets the
 * process's SIGPIPE aside while it ends connections, and back; of two threads that do so
 * at once the later puts back what the earlier had set. What is sent goes out with
 * MSG_NOSIGNAL. */
static void end_quietly(CURL *easy)
{
    if (easy)
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_cleanup(easy);
}

void net_free(struct net *n)
{
    if (!n)
        return;
    for (int i = 0; i < REACHES; i++)
        end_quietly(n->easy[i]);
    mem_free(n->proxy);
    mem_free(n->ca_file);
    mem_free(n);
}

/* The address as it is sent: blanks and bytes past ASCII in path and query as %XX, the
 * fragment left out. What is %XX already stays. */
static enum aisle_status url_to_send(struct str url, struct buf *out,
                                     struct aisle_err *err)
{
    struct buf shown = BUF_INIT(BUF_MAX_LINE);
    struct str host, path;
    bool https;

    if (!net_url_split(url, &https, &host, &path)) {
        scrub_text(str_head(url, 200), &shown);
        aisle_fail(err, AISLE_INVALID, "not an http or https address: %.*s",
                   STR_ARG(buf_str(&shown)));
        buf_clear(&shown);
        return AISLE_INVALID;
    }
    buf_addz(out, https ? "https://" : "http://");
    buf_add(out, host);
    if (path.n == 0 || path.p[0] != '/')
        buf_addc(out, '/');
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == ' ' || (unsigned char)path.p[i] >= 0x80)
            buf_addf(out, "%%%02X", (unsigned char)path.p[i]);
        else
            buf_addc(out, path.p[i]);
    return buf_check(out, "an address", err);
}

/* libcurl's reading of the host: 0x7f.1 is 127.0.0.1 there, so it is here. */
static char *host_as_curl_reads_it(const char *url)
{
    CURLU *u = curl_url();
    char *host = NULL;

    if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK)
        curl_url_get(u, CURLUPART_HOST, &host, 0);
    curl_url_cleanup(u);
    return host;
}

/* Is the host a number outside reach? For what goes through a proxy, where no connection
 * of ours can be judged; all else is judged when connecting. */
static enum aisle_status check_number(const char *url, enum net_reach reach,
                                      struct net_reply *reply, struct aisle_err *err)
{
    struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char *host = host_as_curl_reads_it(url);
    size_t n = host ? strlen(host) : 0;
    char bare[NET_ADDRESS_TEXT + 16] = "", text[NET_ADDRESS_TEXT];
    enum aisle_status status = AISLE_OK;

    if (n > 2 && host[0] == '[' && n - 2 < sizeof bare)
        memcpy(bare, host + 1, n - 2);
    else if (n < sizeof bare)
        memcpy(bare, host ? host : "", n);
    curl_free(host);
    if (bare[0] && getaddrinfo(bare, NULL, &wanted, &found) == 0) {
        if (!net_address_within(found->ai_addr, reach)) {
            net_address_format(found->ai_addr, text);
            reply->out_of_reach = true;
            status = aisle_fail(err, AISLE_INVALID,
                                "%s is an address that may not be asked", text);
        }
        freeaddrinfo(found);
    }
    return status;
}

static bool same_origin(struct str a, struct str b)
{
    struct str host_a, host_b, path;
    bool https_a, https_b;

    return net_url_split(a, &https_a, &host_a, &path) &&
           net_url_split(b, &https_b, &host_b, &path) && https_a == https_b &&
           str_eq_nocase(host_a, host_b);
}

static bool follows(const struct net_request *r, const struct hop_end *end)
{
    return r->max_redirects > 0 && end->location.n && r->body.n == 0 &&
           r->part_count == 0 &&
           (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0);
}

static enum aisle_status check_silent(const struct net *n, struct str url,
                                      struct aisle_err *err)
{
    struct str host, path;
    bool https;

    if (!n->settings.clock || !net_url_split(url, &https, &host, &path) ||
        !silent_has(&n->silent, host, clock_mono_ms(n->settings.clock)))
        return AISLE_OK;
    return aisle_fail(err, AISLE_BUSY,
                      "%.*s did not answer a while ago and is not asked again for now",
                      STR_ARG(host));
}

static void note_silent(struct net *n, struct str url)
{
    struct str host, path;
    bool https;

    if (n->settings.clock && net_url_split(url, &https, &host, &path))
        silent_note(&n->silent, host, clock_mono_ms(n->settings.clock));
}

/* One hop to *url; where it is redirected and we follow, *url becomes where to and
 * *again is set. */
static enum aisle_status one_hop(struct net *n, CURL *easy, struct hop *hop,
                                 struct buf *url, struct net_reply *reply, bool *again,
                                 struct aisle_err *err)
{
    const struct net_request *r = hop->request;
    struct hop_end end = {.location = BUF_INIT(BUF_MAX_LINE)};
    struct aisle_err why = {0};
    enum aisle_status status = check_number(url->p, r->reach, reply, &why);

    hop->url = buf_str(url);
    if (status == AISLE_OK && r->fail_fast)
        status = check_silent(n, hop->url, &why);
    if (status == AISLE_OK)
        status = hop_run(easy, hop, reply, &end, &why);
    if (reply->silent)
        note_silent(n, hop->url);
    reply->elapsed_ms += end.took_ms;
    if (n->settings.trace)
        net_trace_write(n->settings.trace, r, hop->url, hop->without_extra, reply, &why);
    *again = status == AISLE_OK && follows(r, &end);
    if (*again) {
        hop->without_extra |= !same_origin(buf_str(url), buf_str(&end.location));
        buf_reset(url);
        status = url_to_send(buf_str(&end.location), url, &why);
    }
    if (status != AISLE_OK && err && err->status == AISLE_OK)
        *err = why;
    buf_clear(&end.location);
    return status;
}

static enum aisle_status send_all(struct net *n, CURL *easy, const struct net_request *r,
                                  struct buf *url, struct net_reply *reply,
                                  struct aisle_err *err)
{
    int64_t most = r->timeout_ms > 0            ? r->timeout_ms
                   : n->settings.timeout_ms > 0 ? n->settings.timeout_ms
                                                : NET_TIMEOUT_MS;
    struct hop hop = {.settings = &n->settings, .request = r};
    bool again = true;

    reply->elapsed_ms = 0;
    reply->sent = reply->silent = reply->out_of_reach = false;
    for (int hops = 0; again; hops++) {
        enum aisle_status status;

        if (hops > r->max_redirects)
            return aisle_fail(err, AISLE_INVALID, "redirected more than %d times",
                              r->max_redirects);
        if (n->settings.stop && atomic_load(n->settings.stop))
            return aisle_fail(err, AISLE_STOPPED, "stopped before a request");
        hop.timeout_ms = most - reply->elapsed_ms;
        if (hop.timeout_ms <= 0)
            return aisle_fail(err, AISLE_BUSY, "redirects took too long");
        status = one_hop(n, easy, &hop, url, reply, &again, err);
        if (status != AISLE_OK)
            return status;
    }
    return AISLE_OK;
}

enum aisle_status net_send(struct net *n, const struct net_request *request,
                           struct net_reply *reply, struct aisle_err *err)
{
    CURL **easy = &n->easy[request->reach];
    struct net_request r = *request;
    struct buf url = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = url_to_send(request->url, &url, err);

    if (r.max_reply == 0)
        r.max_reply = BUF_MAX_REPLY;
    if (status == AISLE_OK && !*easy && !(*easy = curl_easy_init()))
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        status = send_all(n, *easy, &r, &url, reply, err);
    buf_clear(&url);
    return status;
}
