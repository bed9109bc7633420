/* s3.c - objects in a bucket that speaks S3: five calls, path style
 *
 * PutObject, GetObject, HeadObject, DeleteObject and ListObjectsV2 of the Amazon S3 API
 * Reference, which other stores answer too (OpenStack Swift, Ceph, MinIO). Buckets are
 * not made here: who keeps them says who may read them.
 */
#include "net/address.h"
#include "net/objects/driver.h"
#include "net/objects/s3_reply.h"
#include "net/objects/s3_sign.h"

#include "base/arena.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>

enum { TRIES = 4, IDLE_MOST = 8, LIST_PAGE = 1000, WAIT_MS = 200, WAIT_MOST_S = 10 };

struct s3 {
    struct objects objects;
    struct arena arena; /* of the texts */
    struct net_settings net;
    const struct rng *rng;
    struct str endpoint, host, bucket, prefix; /* prefix: "" or "so/on/" */
    struct s3_key key;
    struct str session;
    pthread_mutex_t lock;
    struct net *idle[IDLE_MOST]; /* connections nobody is using */
    size_t idle_count;
};

/* ---- opening ---- */

static bool takes(struct str location)
{
    return str_starts(location, "s3://");
}

/* A number of this machine or of a private network, where no TLS is asked for. */
static bool is_near(struct str host)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    char text[INET_ADDRSTRLEN];
    struct str number = str_head(host, str_find_char(host, ':'));

    if (net_url_is_loopback(host))
        return true;
    if (number.n >= sizeof text)
        return false;
    memcpy(text, number.p, number.n);
    text[number.n] = '\0';
    return inet_pton(AF_INET, text, &at.sin_addr) == 1 &&
           !net_address_within((const struct sockaddr *)&at, NET_PUBLIC);
}

static enum aisle_status check_endpoint(struct str endpoint, struct aisle_err *err)
{
    struct str host, path;
    bool https;

    if (str_empty(endpoint))
        return aisle_fail(err, AISLE_CONFIG,
                          "objects at s3:// want an address: the setting "
                          "objects_endpoint");
    if (!net_url_split(endpoint, &https, &host, &path) || (path.n && !str_is(path, "/")))
        return aisle_fail(err, AISLE_CONFIG, "objects_endpoint is https://host, not %.*s",
                          STR_ARG(str_head(endpoint, 100)));
    if (!https && !is_near(host))
        return aisle_fail(err, AISLE_CONFIG,
                          "objects_endpoint has to begin with https://: what goes to "
                          "%.*s would be seen on the way",
                          STR_ARG(str_head(host, 100)));
    return AISLE_OK;
}

/* A bucket's name is 3 to 63 of small letters, digits, dots and hyphens ("Bucket naming
 * rules"). */
static bool bucket_is_sound(struct str bucket)
{
    for (size_t i = 0; i < bucket.n; i++) {
        char c = bucket.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'))
            return false;
    }
    return bucket.n >= 3 && bucket.n <= 63;
}

static enum aisle_status check_settings(const struct objects_settings *set,
                                        struct aisle_err *err)
{
    struct str rest = str_skip(set->location, strlen("s3://"));
    struct str bucket = str_cut(&rest, '/');
    enum aisle_status status = check_endpoint(set->endpoint, err);

    if (status != AISLE_OK)
        return status;
    if (str_ends(rest, "/"))
        rest.n--;
    if (!bucket_is_sound(bucket) || (rest.n && !object_key_valid(rest)))
        return aisle_fail(err, AISLE_CONFIG,
                          "objects at %.*s: say s3://bucket or "
                          "s3://bucket/prefix",
                          STR_ARG(str_head(set->location, 100)));
    if (str_empty(set->key_id) || str_empty(set->secret))
        return aisle_fail(err, AISLE_CONFIG,
                          "objects at s3:// want a key: AISLE_S3_KEY_ID and "
                          "AISLE_S3_SECRET, or a file (aisle help environment)");
    return AISLE_OK;
}

static struct str keep(struct s3 *s, struct str text)
{
    return arena_str(&s->arena, text);
}

static enum aisle_status keep_settings(struct s3 *s, const struct objects_settings *set,
                                       struct aisle_err *err)
{
    struct str rest = str_skip(set->location, strlen("s3://")), path, bucket;
    bool https;

    if (str_ends(rest, "/"))
        rest.n--;
    bucket = str_cut(&rest, '/');
    s->bucket = keep(s, bucket);
    s->prefix = rest.n ? arena_fmt(&s->arena, "%.*s/", STR_ARG(rest)) : STR_LIT("");
    s->endpoint = keep(s, set->endpoint);
    if (str_ends(s->endpoint, "/"))
        s->endpoint.n--;
    net_url_split(s->endpoint, &https, &s->host, &path);
    s->key = (struct s3_key){.id = keep(s, set->key_id),
                             .secret = keep(s, set->secret),
                             .region = str_empty(set->region) ? STR_LIT("us-east-1")
                                                              : keep(s, set->region)};
    s->session = keep(s, set->session);
    s->net.proxy = keep(s, set->net.proxy);
    s->net.ca_file = keep(s, set->net.ca_file);
    s->objects.where =
        arena_fmt(&s->arena, "%.*s at %.*s", STR_ARG(set->location), STR_ARG(s->host));
    if (!s->bucket.p || !s->prefix.p || !s->endpoint.p || !s->key.id.p ||
        !s->key.secret.p || !s->key.region.p || !s->session.p || !s->net.proxy.p ||
        !s->net.ca_file.p || !s->objects.where.p)
        return aisle_nomem(err);
    return AISLE_OK;
}

static void close_s3(struct objects *o)
{
    struct s3 *s = (struct s3 *)o;

    for (size_t i = 0; i < s->idle_count; i++)
        net_free(s->idle[i]);
    if (s->key.secret.n)
        secret_wipe((char *)(uintptr_t)s->key.secret.p, s->key.secret.n);
    pthread_mutex_destroy(&s->lock);
    arena_clear(&s->arena);
    mem_free(s);
}

static enum aisle_status open_s3(const struct objects_settings *set, struct objects **out,
                                 struct aisle_err *err)
{
    enum aisle_status status = check_settings(set, err);
    struct s3 *s;

    if (status != AISLE_OK)
        return status;
    s = mem_zalloc(1, sizeof *s);
    if (!s)
        return aisle_nomem(err);
    s->objects.ops = &objects_s3;
    s->arena = (struct arena)ARENA_INIT(BUF_MAX_LINE);
    s->net = set->net;
    s->net.trace = NULL; /* bytes of images are no transcript of the marketplace's */
    s->rng = set->rng;
    pthread_mutex_init(&s->lock, NULL);
    status = keep_settings(s, set, err);
    if (status == AISLE_OK)
        *out = &s->objects;
    else
        close_s3(&s->objects);
    return status;
}

/* ---- connections, one thread's at a time ---- */

static enum aisle_status net_take(struct s3 *s, struct net **out, struct aisle_err *err)
{
    *out = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->idle_count)
        *out = s->idle[--s->idle_count];
    pthread_mutex_unlock(&s->lock);
    return *out ? AISLE_OK : net_new(&s->net, out, err);
}

static void net_give(struct s3 *s, struct net *net)
{
    pthread_mutex_lock(&s->lock);
    if (s->idle_count < IDLE_MOST) {
        s->idle[s->idle_count++] = net;
        net = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    net_free(net);
}

/* ---- one call ---- */

struct call {
    const char *method;
    struct str key; /* without our prefix; "" the bucket */
    const struct s3_pair *query;
    size_t query_count;
    struct str body, mime;
    size_t max_reply;
};

/* What goes with a call, for as long as it is on its way. */
struct signed_call {
    struct buf url, authorization, path;
    struct net_header headers[4];
    size_t count;
    char time[S3_TIME_LEN + 1], payload[SHA256_HEX_LEN + 1];
};

static enum aisle_status hash_body(const struct call *c, struct signed_call *out,
                                   struct aisle_err *err)
{
    struct sha256 hash;
    enum aisle_status status = sha256_of(c->body, &hash, err);

    if (status == AISLE_OK)
        sha256_hex(&hash, out->payload);
    return status;
}

static enum aisle_status make_url(const struct s3 *s, const struct call *c,
                                  struct signed_call *out, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    buf_addf(&out->path, "/%.*s", STR_ARG(s->bucket));
    if (c->key.n)
        buf_addf(&out->path, "/%.*s%.*s", STR_ARG(s->prefix), STR_ARG(c->key));
    buf_add(&out->url, s->endpoint);
    s3_path(&out->url, buf_str(&out->path));
    if (c->query_count) {
        buf_addc(&out->url, '?');
        status = s3_query(&out->url, c->query, c->query_count, err);
    }
    if (status == AISLE_OK)
        status = buf_check(&out->path, "an object's path", err);
    return status == AISLE_OK ? buf_check(&out->url, "an object's address", err) : status;
}

static void add_header(struct signed_call *out, const char *name, struct str value)
{
    out->headers[out->count++] = (struct net_header){str_of(name), value};
}

/* Host and Content-Type are sent by net and signed here. */
static enum aisle_status sign(const struct s3 *s, const struct call *c,
                              struct signed_call *out, struct aisle_err *err)
{
    struct s3_pair signed_headers[6] = {{STR_LIT("host"), s->host}};
    struct s3_call call = {.method = c->method,
                           .path = buf_str(&out->path),
                           .query = c->query,
                           .query_count = c->query_count,
                           .headers = signed_headers,
                           .header_count = 1,
                           .payload_hash = out->payload,
                           .time = out->time};
    enum aisle_status status;

    add_header(out, "x-amz-date", str_of(out->time));
    add_header(out, "x-amz-content-sha256", str_of(out->payload));
    if (s->session.n)
        add_header(out, "x-amz-security-token", s->session);
    for (size_t i = 0; i < out->count; i++)
        signed_headers[call.header_count++] =
            (struct s3_pair){out->headers[i].name, out->headers[i].value};
    if (c->mime.n)
        signed_headers[call.header_count++] =
            (struct s3_pair){STR_LIT("content-type"), c->mime};
    status = s3_authorize(&call, &s->key, &out->authorization, err);
    if (status == AISLE_OK)
        add_header(out, "Authorization", buf_str(&out->authorization));
    return status;
}

static enum aisle_status send_once(struct s3 *s, struct net *net, const struct call *c,
                                   struct net_reply *reply, struct aisle_err *err)
{
    struct signed_call out = {.url = BUF_INIT(BUF_MAX_LINE),
                              .authorization = BUF_INIT(BUF_MAX_LINE),
                              .path = BUF_INIT(BUF_MAX_LINE)};
    struct net_request request = {.method = c->method,
                                  .headers = out.headers,
                                  .body = c->body,
                                  .content_type = c->mime,
                                  .reach =
                                      NET_ANYWHERE, /* an admin's word, not a row's */
                                  .max_reply = c->max_reply};
    enum aisle_status status = make_url(s, c, &out, err);

    s3_time(clock_now_s(s->net.clock), out.time);
    if (status == AISLE_OK)
        status = hash_body(c, &out, err);
    if (status == AISLE_OK)
        status = sign(s, c, &out, err);
    request.url = buf_str(&out.url);
    request.header_count = out.count;
    if (status == AISLE_OK)
        status = net_send(net, &request, reply, err);
    buf_clear(&out.url);
    buf_clear(&out.authorization);
    buf_clear(&out.path);
    return status;
}

/* Some are told to wait so long; and who stops is not kept waiting. */
static enum aisle_status wait_before(struct s3 *s, int attempt, int asked_s,
                                     struct aisle_err *err)
{
    int64_t ms = (int64_t)WAIT_MS << (2 * (attempt - 1));

    if (asked_s > 0)
        ms = (asked_s < WAIT_MOST_S ? asked_s : WAIT_MOST_S) * (int64_t)1000;
    ms += (int64_t)rng_below(s->rng, WAIT_MS);
    for (; ms > 0; ms -= WAIT_MS) {
        if (s->net.stop && atomic_load(s->net.stop))
            return aisle_fail(err, AISLE_STOPPED, "stopped as asked");
        clock_sleep_ms(s->net.clock, ms < WAIT_MS ? ms : WAIT_MS);
    }
    return AISLE_OK;
}

/* Every call may be repeated: what is put is the same bytes under the same key. */
static enum aisle_status ask(struct s3 *s, const struct call *c, const char *what,
                             struct net_reply *reply, struct aisle_err *err)
{
    struct net *net;
    enum aisle_status status = net_take(s, &net, err);

    if (status != AISLE_OK)
        return status;
    for (int attempt = 1;; attempt++) {
        struct aisle_err why = {0};
        int asked_s = 0;

        status = send_once(s, net, c, reply, &why);
        if (status == AISLE_OK && reply->status >= 300) {
            asked_s = net_reply_retry_after_s(reply, s->net.clock);
            status = s3_error_read(reply, what, &why);
        }
        if (status == AISLE_BUSY && attempt < TRIES)
            status = wait_before(s, attempt, asked_s, err);
        else if (status != AISLE_OK)
            aisle_pass(err, &why);
        else
            break;
        if (status != AISLE_OK)
            break;
    }
    net_give(s, net);
    return status;
}

/* ---- the contract ---- */

enum { SMALL = 256 * 1024, WHAT = 256 };

static void name_object(struct str key, char what[WHAT])
{
    snprintf(what, WHAT, "object %.*s", STR_ARG(key));
}

static enum aisle_status put(struct objects *o, struct str key, struct str bytes,
                             struct str mime, struct aisle_err *err)
{
    const struct call call = {
        .method = "PUT", .key = key, .body = bytes, .mime = mime, .max_reply = SMALL};
    struct net_reply reply;
    enum aisle_status status;
    char what[WHAT];

    name_object(key, what);
    net_reply_init(&reply);
    status = ask((struct s3 *)o, &call, what, &reply, err);
    net_reply_clear(&reply);
    return status;
}

static enum aisle_status get(struct objects *o, struct str key, size_t max,
                             struct buf *out, struct aisle_err *err)
{
    /* room for what a failure says, too */
    const struct call call = {
        .method = "GET", .key = key, .max_reply = max > SMALL ? max : SMALL};
    struct net_reply reply;
    enum aisle_status status;
    char what[WHAT];

    name_object(key, what);
    net_reply_init(&reply);
    status = ask((struct s3 *)o, &call, what, &reply, err);
    if (status == AISLE_OK && reply.body.n > max)
        status = aisle_fail(err, AISLE_LIMIT, "%s is over %zu bytes", what, max);
    if (status == AISLE_OK) {
        struct buf was = *out;

        *out = reply.body;
        reply.body = was;
    }
    net_reply_clear(&reply);
    return status;
}

static enum aisle_status read_facts(const struct net_reply *reply,
                                    struct object_facts *out, struct aisle_err *err)
{
    struct str date = net_reply_header(reply, "last-modified");
    char zdate[64];
    time_t at;

    snprintf(zdate, sizeof zdate, "%.*s", STR_ARG(str_head(date, sizeof zdate - 1)));
    at = curl_getdate(zdate, NULL);
    if (at == -1 ||
        !parse_u64(net_reply_header(reply, "content-length"), UINT64_MAX, &out->size))
        return aisle_fail(err, AISLE_GARBLED,
                          "the answer about an object has no size "
                          "or date");
    out->changed_at = at;
    return AISLE_OK;
}

static enum aisle_status head(struct objects *o, struct str key, struct object_facts *out,
                              struct aisle_err *err)
{
    /* the size it tells is held against the largest reply, though none follows */
    const struct call call = {.method = "HEAD", .key = key, .max_reply = BUF_MAX_FILE};
    struct object_facts facts = {0};
    struct net_reply reply;
    enum aisle_status status;
    char what[WHAT];

    name_object(key, what);
    net_reply_init(&reply);
    status = ask((struct s3 *)o, &call, what, &reply, err);
    if (status == AISLE_OK)
        status = read_facts(&reply, &facts, err);
    if (status == AISLE_OK)
        *out = facts;
    net_reply_clear(&reply);
    return status;
}

static enum aisle_status drop(struct objects *o, struct str key, struct aisle_err *err)
{
    const struct call call = {.method = "DELETE", .key = key, .max_reply = SMALL};
    struct aisle_err mine = {0};
    struct net_reply reply;
    enum aisle_status status;
    char what[WHAT];

    name_object(key, what);
    net_reply_init(&reply);
    status = ask((struct s3 *)o, &call, what, &reply, &mine);
    net_reply_clear(&reply);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &mine);
    return status;
}

static enum aisle_status list_page(struct s3 *s, struct str prefix, object_fn *fn,
                                   void *ctx, struct buf *after, struct aisle_err *err)
{
    char most[16];
    struct s3_pair query[4] = {{STR_LIT("list-type"), STR_LIT("2")},
                               {STR_LIT("max-keys"), {0}},
                               {STR_LIT("prefix"), prefix}};
    struct call call = {.method = "GET", .query = query, .query_count = 3};
    struct net_reply reply;
    enum aisle_status status;

    snprintf(most, sizeof most, "%d", LIST_PAGE);
    query[1].value = str_of(most);
    if (after->n)
        query[call.query_count++] =
            (struct s3_pair){STR_LIT("continuation-token"), buf_str(after)};
    net_reply_init(&reply);
    status = ask(s, &call, "the bucket", &reply, err);
    buf_reset(after);
    if (status == AISLE_OK)
        status = s3_list_read(buf_str(&reply.body), s->prefix, fn, ctx, after, err);
    net_reply_clear(&reply);
    return status;
}

static enum aisle_status each(struct objects *o, struct str prefix, object_fn *fn,
                              void *ctx, struct aisle_err *err)
{
    struct s3 *s = (struct s3 *)o;
    struct buf whole = BUF_INIT(BUF_MAX_LINE), after = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    buf_add(&whole, s->prefix);
    buf_add(&whole, prefix);
    status = buf_check(&whole, "a prefix", err);
    if (status == AISLE_OK)
        do
            status = list_page(s, buf_str(&whole), fn, ctx, &after, err);
        while (status == AISLE_OK && after.n);
    buf_clear(&whole);
    buf_clear(&after);
    return status;
}

const struct objects_ops objects_s3 = {
    .name = "s3",
    .takes = takes,
    .open = open_s3,
    .close = close_s3,
    .put = put,
    .get = get,
    .head = head,
    .drop = drop,
    .each = each,
};
