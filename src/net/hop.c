#include "net/hop.h"

#include "net/address.h"
#include "net/proxy.h"

#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_HEADERS = 64 * 1024,     /* of all reply headers together, kept or not */
    RECEIVE_AT_ONCE = 64 * 1024, /* a tree of megabytes comes in few pieces */
    CONNECT_TIMEOUT_MS = 10000,
};

/* What the callbacks of a request under way work on. */
struct under_way {
    const struct hop *hop;
    struct net_reply *reply;
    size_t header_bytes;
    enum aisle_status failed; /* a callback ended it: AISLE_LIMIT or AISLE_NOMEM */
    bool in_headers;          /* in the headers, not the body */
    bool proxied;             /* the address connected to is the proxy's */
    char refused[NET_ADDRESS_TEXT];
    char text[CURL_ERROR_SIZE];
};

/* ---- callbacks ---- */

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
    struct under_way *u = ctx;

    (void)size; /* always 1 */
    u->in_headers = false;
    buf_add(&u->reply->body, str_n(p, n));
    if (u->reply->body.failed == AISLE_OK)
        return n;
    u->failed = u->reply->body.failed;
    return 0;
}

/* Lines that no longer fit are left out whole. A status line begins a new answer: that of
 * a 100 Continue is forgotten. */
static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
    struct under_way *u = ctx;
    struct buf *kept = &u->reply->headers;

    (void)size;
    u->header_bytes += n;
    if (str_starts(str_n(p, n), "HTTP/"))
        buf_reset(kept);
    if (n <= kept->max - kept->n)
        buf_add(kept, str_n(p, n));
    u->failed = u->header_bytes > MAX_HEADERS ? AISLE_LIMIT : kept->failed;
    u->in_headers = true;
    return u->failed == AISLE_OK ? n : 0;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct under_way *u = ctx;

    if (purpose != CURLSOCKTYPE_IPCXN)
        return CURL_SOCKET_BAD;
    if (!u->proxied && !net_address_within(&address->addr, u->hop->request->reach)) {
        net_address_format(&address->addr, u->refused);
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int hear_stop(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct under_way *u = ctx;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(u->hop->settings->stop) ? 1 : 0;
}

/* A part's bytes, sent from where they lie. */
struct part_reader {
    struct str data;
    size_t at;
};

static size_t read_part(char *out, size_t size, size_t n, void *ctx)
{
    struct part_reader *r = ctx;
    struct str left = str_head(str_skip(r->data, r->at), size * n);

    if (left.n)
        memcpy(out, left.p, left.n);
    r->at += left.n;
    return left.n;
}

static int seek_part(void *ctx, curl_off_t offset, int origin)
{
    struct part_reader *r = ctx;

    if (origin != SEEK_SET || offset < 0 || (size_t)offset > r->data.n)
        return CURL_SEEKFUNC_CANTSEEK;
    r->at = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

/* libcurl would send a body once more, unasked, where a connection it had kept ends
 * without an answer; what was created by the first one would be there twice. */
static int never_again(void *ctx, curl_off_t offset, int origin)
{
    (void)ctx, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

/* ---- what libcurl is told ---- */

/* Things libcurl reads from while the request is under way. */
struct outgoing {
    struct curl_slist *headers;
    curl_mime *mime;
    struct part_reader *readers;
    struct part_reader body;
};

enum { MAX_PARTS = 8 };

static bool add_header(struct outgoing *out, const char *line)
{
    struct curl_slist *grown = curl_slist_append(out->headers, line);

    if (grown)
        out->headers = grown;
    return grown != NULL;
}

/* libcurl reads "Name;" as a header with nothing in it, "Name:" as one to leave out. */
static enum aisle_status put_header(struct outgoing *out, const char *name, size_t n,
                                    struct str value, struct aisle_err *err)
{
    struct buf line = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7F)
            return aisle_fail(err, AISLE_INVALID,
                              "header %.*s may not hold line ends or control characters",
                              (int)n, name);
    buf_add(&line, str_n(name, n));
    buf_addz(&line, value.n ? ": " : ";");
    buf_add(&line, value);
    status = buf_check(&line, "a request header", err);
    if (status == AISLE_OK && !add_header(out, line.p))
        status = aisle_nomem(err);
    buf_clear(&line);
    return status;
}

/* One content-type and no more: a second one is refused by TikTok Shop (36009022).
 * libcurl writes that of a multipart body, with its boundary; and would add one of its
 * own to a POST without. */
static enum aisle_status put_headers(const struct hop *hop, struct outgoing *out,
                                     struct aisle_err *err)
{
    const struct net_request *r = hop->request;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < r->header_count && !hop->without_extra;
         i++)
        status = put_header(out, r->headers[i].name.p, r->headers[i].name.n,
                            r->headers[i].value, err);
    if (status != AISLE_OK)
        return status;
    if (r->content_type.n)
        status = put_header(out, "Content-Type", 12, r->content_type, err);
    else if (r->part_count == 0 && !add_header(out, "Content-Type:"))
        return aisle_nomem(err);
    /* no waiting for 100 Continue */
    if (status == AISLE_OK && !add_header(out, "Expect:"))
        return aisle_nomem(err);
    return status;
}

/* libcurl copies names, which it wants NUL-terminated. */
typedef CURLcode set_text_fn(curl_mimepart *part, const char *text);

static bool set_text(curl_mimepart *part, set_text_fn *set, struct str value)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    bool good;

    if (value.n == 0)
        return true;
    buf_add(&text, value);
    good = text.failed == AISLE_OK && set(part, text.p) == CURLE_OK;
    buf_clear(&text);
    return good;
}

static bool fill_part(curl_mimepart *part, const struct net_part *from,
                      struct part_reader *reader)
{
    *reader = (struct part_reader){.data = from->data};
    return set_text(part, curl_mime_name, from->name) &&
           set_text(part, curl_mime_filename, from->file_name) &&
           set_text(part, curl_mime_type, from->mime) &&
           curl_mime_data_cb(part, (curl_off_t)from->data.n, read_part, seek_part, NULL,
                             reader) == CURLE_OK;
}

static enum aisle_status put_parts(CURL *easy, const struct net_request *r,
                                   struct outgoing *out, struct aisle_err *err)
{
    out->mime = curl_mime_init(easy);
    if (!out->mime)
        return aisle_nomem(err);
    for (size_t i = 0; i < r->part_count; i++) {
        curl_mimepart *part = curl_mime_addpart(out->mime);

        if (!part || !fill_part(part, &r->parts[i], &out->readers[i]))
            return aisle_nomem(err);
    }
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, out->mime);
    return AISLE_OK;
}

/* A body also where it is empty: "Content-Length: 0" (Tokopedia's token call). */
static void put_body(CURL *easy, const struct net_request *r, struct outgoing *out)
{
    bool expects_body = strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0;

    if (strcmp(r->method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (r->body.n == 0 && (!expects_body || r->part_count))
        return;
    out->body = (struct part_reader){.data = r->body};
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_part);
    curl_easy_setopt(easy, CURLOPT_READDATA, &out->body);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, never_again);
}

static void put_limits(CURL *easy, const struct hop *hop)
{
    const struct net_settings *s = hop->settings;
    long connect =
        s->connect_timeout_ms > 0 ? s->connect_timeout_ms : (long)CONNECT_TIMEOUT_MS;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_AT_ONCE);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)hop->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                     (curl_off_t)hop->request->max_reply);
    /* one request at a time on a connection: HTTP/2 would bring nothing */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (s->ca_file.n)
        curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file.p);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "aisle/" AISLE_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    /* the path that is sent is the path that was signed */
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void put_callbacks(CURL *easy, struct under_way *u)
{
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, u);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, u);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, u);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, u->text);
    if (u->hop->settings->stop) {
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, hear_stop);
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, u);
    }
}

/* Behind a proxy it is the proxy that resolves names, so what they resolve to cannot be
 * judged here; addresses written as numbers still are, before (net.c). What may go to
 * this machine only never passes a proxy. The empty texts keep libcurl from reading the
 * environment. */
static void put_proxy(CURL *easy, struct under_way *u)
{
    const struct hop *hop = u->hop;

    u->proxied = hop->settings->proxy.n && hop->request->reach != NET_LOOPBACK &&
                 !net_url_is_loopback(hop->url);
    curl_easy_setopt(easy, CURLOPT_PROXY, u->proxied ? hop->settings->proxy.p : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
}

static enum aisle_status tell(CURL *easy, struct under_way *u, struct outgoing *out,
                              struct aisle_err *err)
{
    const struct net_request *r = u->hop->request;
    enum aisle_status status;

    curl_easy_setopt(easy, CURLOPT_URL, u->hop->url.p);
    put_limits(easy, u->hop);
    put_callbacks(easy, u);
    put_proxy(easy, u);
    put_body(easy, r, out);
    status = r->part_count ? put_parts(easy, r, out, err) : AISLE_OK;
    if (status == AISLE_OK)
        status = put_headers(u->hop, out, err);
    if (status != AISLE_OK)
        return status;
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, out->headers);
    if (strcmp(r->method, "HEAD") != 0)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, r->method);
    return AISLE_OK;
}

/* ---- what became of it ---- */

/* libcurl says "connection reset" within a TLS handshake with the same code as a
 * certificate it does not like; only its words tell them apart. */
static bool handshake_was_cut(const char *text)
{
    return strstr(text, "Connection reset") || strstr(text, "SSL_ERROR_SYSCALL") ||
           strstr(text, "Connection timed out");
}

static enum aisle_status tls_failed(const struct under_way *u, struct str host,
                                    CURLcode rc, struct aisle_err *err)
{
    const char *said = u->text[0] ? u->text : curl_easy_strerror(rc);

    if (rc == CURLE_SSL_CACERT_BADFILE)
        return aisle_fail(err, AISLE_CONFIG, "the CA file %.*s cannot be read: %s",
                          STR_ARG(u->hop->settings->ca_file), said);
    if (rc == CURLE_SSL_CONNECT_ERROR && handshake_was_cut(said))
        return aisle_fail(err, AISLE_BUSY,
                          "the connection to %.*s was cut in the TLS "
                          "handshake: %s",
                          STR_ARG(host), said);
    if (rc == CURLE_PEER_FAILED_VERIFICATION)
        return aisle_fail(
            err, AISLE_CONFIG,
            "%.*s has no certificate we can trust (%s): behind a proxy that "
            "opens TLS, name its CA file",
            STR_ARG(host), said);
    return aisle_fail(err, AISLE_CONFIG, "no TLS with %.*s: %s", STR_ARG(host), said);
}

static bool is_tls(CURLcode rc)
{
    switch (rc) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
        return true;
    default:
        return false;
    }
}

static enum aisle_status callback_failed(const struct under_way *u, struct aisle_err *err)
{
    if (u->failed == AISLE_NOMEM)
        return aisle_nomem(err);
    if (u->in_headers)
        return aisle_fail(err, AISLE_LIMIT, "the reply's headers are over %d KiB",
                          MAX_HEADERS / 1024);
    return buf_check(&u->reply->body, "the reply", err);
}

static enum aisle_status failed(const struct under_way *u, CURLcode rc,
                                struct aisle_err *err)
{
    const char *said = u->text[0] ? u->text : curl_easy_strerror(rc);
    struct str host = STR_LIT("?"), path;
    bool https;

    net_url_split(u->hop->url, &https, &host, &path);
    if (u->failed != AISLE_OK)
        return callback_failed(u, err);
    if (is_tls(rc))
        return tls_failed(u, host, rc, err);
    switch (rc) {
    case CURLE_ABORTED_BY_CALLBACK:
        return aisle_fail(err, AISLE_STOPPED, "stopped while talking to %.*s",
                          STR_ARG(host));
    case CURLE_OUT_OF_MEMORY:
        return aisle_nomem(err);
    case CURLE_FILESIZE_EXCEEDED:
        return aisle_fail(err, AISLE_LIMIT, "the reply of %.*s is over %zu bytes",
                          STR_ARG(host), u->hop->request->max_reply);
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, as libcurl calls any other talk */
    case CURLE_WEIRD_SERVER_REPLY:
        return aisle_fail(err, AISLE_GARBLED, "%.*s does not speak HTTP", STR_ARG(host));
    case CURLE_URL_MALFORMAT:
        return aisle_fail(err, AISLE_INVALID, "not an address we can ask: %.*s",
                          STR_ARG(host));
    case CURLE_OPERATION_TIMEDOUT:
        u->reply->silent = u->header_bytes == 0;
        return aisle_fail(err, AISLE_BUSY, "%.*s took too long: %s", STR_ARG(host), said);
    case CURLE_SEND_FAIL_REWIND: /* never_again */
        return aisle_fail(err, AISLE_BUSY, "%.*s ended the connection without an answer",
                          STR_ARG(host));
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_BAD_CONTENT_ENCODING:
        return aisle_fail(err, AISLE_BUSY, "the answer of %.*s was cut short: %s",
                          STR_ARG(host), said);
    default:
        u->reply->out_of_reach = u->refused[0] != '\0';
        if (u->refused[0])
            return aisle_fail(err, AISLE_INVALID,
                              "%.*s is at %s, an address that may not be asked",
                              STR_ARG(host), u->refused);
        return aisle_fail(err, AISLE_BUSY, "%.*s cannot be reached: %s", STR_ARG(host),
                          said);
    }
}

static enum aisle_status finish(CURL *easy, struct under_way *u, CURLcode rc,
                                struct hop_end *end, struct aisle_err *err)
{
    char *location = NULL;
    enum aisle_status status;
    curl_off_t took_us = 0, began_us = 0, connected_us = 0;
    long http = 0;

    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &took_us);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &began_us);
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    end->took_ms = took_us / 1000;
    u->reply->sent |= connected_us > 0;
    /* A header line over 100 KiB is "out of memory" in libcurl 7.88; 8.6 has a code of
     * its own for it, CURLE_TOO_LARGE. */
    if (rc == CURLE_OUT_OF_MEMORY && began_us > 0) {
        u->failed = AISLE_LIMIT;
        u->in_headers = true;
    }
    if (u->failed == AISLE_OK && u->proxied) {
        status = proxy_check(easy, u->hop->settings->proxy, u->hop->url, rc, err);
        if (status != AISLE_OK)
            return status;
    }
    if (rc != CURLE_OK)
        return failed(u, rc, err);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &http);
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    u->reply->status = (int)http;
    if (location)
        buf_addz(&end->location, location);
    return buf_check(&end->location, "the address of a redirect", err);
}

enum aisle_status hop_run(CURL *easy, const struct hop *hop, struct net_reply *reply,
                          struct hop_end *end, struct aisle_err *err)
{
    struct part_reader readers[MAX_PARTS];
    struct under_way u = {.hop = hop, .reply = reply};
    struct outgoing out = {.readers = readers};
    enum aisle_status status;

    if (hop->request->part_count > MAX_PARTS)
        return aisle_fail(err, AISLE_INVALID, "more than %d parts in one form",
                          MAX_PARTS);
    reply->status = 0;
    buf_reset(&reply->body);
    buf_reset(&reply->headers);
    reply->body.max = hop->request->max_reply;

    curl_easy_reset(easy);
    status = tell(easy, &u, &out, err);
    if (status == AISLE_OK)
        status = finish(easy, &u, curl_easy_perform(easy), end, err);
    curl_easy_reset(easy); /* it forgets what lies on our stack */
    curl_mime_free(out.mime);
    curl_slist_free_all(out.headers);
    return status;
}
