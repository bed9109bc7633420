#include "net/objects/s3_sign.h"

#include <stdlib.h>
#include <time.h>

enum { DATE_LEN = 8 };

static const char algorithm[] = "AWS4-HMAC-SHA256";

void s3_time(int64_t at, char out[S3_TIME_LEN + 1])
{
    time_t t = (time_t)at;
    struct tm tm = {0};

    gmtime_r(&t, &tm);
    if (strftime(out, S3_TIME_LEN + 1, "%Y%m%dT%H%M%SZ", &tm) == 0)
        out[0] = '\0'; /* past the year 9999 */
}

/* ---- the parts of a request, in order ---- */

static int by_name(const void *a, const void *b)
{
    const struct s3_pair *x = a, *y = b;
    int order = str_cmp(x->name, y->name);

    return order ? order : str_cmp(x->value, y->value);
}

static enum aisle_status sorted(const struct s3_pair *pairs, size_t count,
                                struct s3_pair out[S3_MOST_PAIRS], struct aisle_err *err)
{
    if (count > S3_MOST_PAIRS)
        return aisle_fail(err, AISLE_LIMIT, "more than %d things to sign", S3_MOST_PAIRS);
    for (size_t i = 0; i < count; i++)
        out[i] = pairs[i];
    qsort(out, count, sizeof *out, by_name);
    return AISLE_OK;
}

void s3_path(struct buf *out, struct str path)
{
    while (path.n) {
        size_t n = str_find_char(path, '/');

        buf_url(out, str_head(path, n));
        if (n < path.n)
            buf_addc(out, '/');
        path = str_skip(path, n + 1);
    }
}

/* In the order of the names as they are sent. Names that hold nothing to escape, which
 * ours are, have the same order before and after. */
enum aisle_status s3_query(struct buf *out, const struct s3_pair *query, size_t count,
                           struct aisle_err *err)
{
    struct s3_pair list[S3_MOST_PAIRS];
    enum aisle_status status = sorted(query, count, list, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        if (i)
            buf_addc(out, '&');
        buf_url(out, list[i].name);
        buf_addc(out, '=');
        buf_url(out, list[i].value);
    }
    return status == AISLE_OK ? buf_check(out, "a query", err) : status;
}

/* Without blanks around it, and with one where several stood together. */
static void add_trimmed(struct buf *out, struct str value)
{
    value = str_trim(value);
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] != ' ' || value.p[i - 1] != ' ')
            buf_addc(out, value.p[i]);
}

static void add_names(struct buf *out, const struct s3_pair *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_addc(out, ';');
        buf_add(out, headers[i].name);
    }
}

enum aisle_status s3_canonical(const struct s3_call *call, struct buf *out,
                               struct aisle_err *err)
{
    struct s3_pair headers[S3_MOST_PAIRS];
    enum aisle_status status = sorted(call->headers, call->header_count, headers, err);

    if (status != AISLE_OK)
        return status;
    buf_addf(out, "%s\n", call->method);
    s3_path(out, call->path);
    buf_addc(out, '\n');
    status = s3_query(out, call->query, call->query_count, err);
    buf_addc(out, '\n');
    for (size_t i = 0; i < call->header_count; i++) {
        buf_add(out, headers[i].name);
        buf_addc(out, ':');
        add_trimmed(out, headers[i].value);
        buf_addc(out, '\n');
    }
    buf_addc(out, '\n');
    add_names(out, headers, call->header_count);
    buf_addf(out, "\n%s", call->payload_hash);
    return status == AISLE_OK ? buf_check(out, "a request to sign", err) : status;
}

/* ---- signing ---- */

static void add_scope(struct buf *out, const struct s3_call *call, struct str region)
{
    buf_addf(out, "%.*s/%.*s/s3/aws4_request", DATE_LEN, call->time, STR_ARG(region));
}

enum aisle_status s3_to_sign(const struct s3_call *call, struct str region,
                             struct buf *out, struct aisle_err *err)
{
    struct buf canonical = BUF_INIT(BUF_MAX_LINE);
    char hex[SHA256_HEX_LEN + 1];
    struct sha256 hash;
    enum aisle_status status = s3_canonical(call, &canonical, err);

    if (status == AISLE_OK)
        status = sha256_of(buf_str(&canonical), &hash, err);
    buf_clear(&canonical);
    if (status != AISLE_OK)
        return status;
    sha256_hex(&hash, hex);
    buf_addf(out, "%s\n%s\n", algorithm, call->time);
    add_scope(out, call, region);
    buf_addf(out, "\n%s", hex);
    return buf_check(out, "a text to sign", err);
}

static struct str digest_str(const struct sha256 *d)
{
    return str_n((const char *)d->b, sizeof d->b);
}

/* Date, region, service and "aws4_request", one keyed with what came of the one before.
 */
static enum aisle_status signing_key(const struct s3_call *call, const struct s3_key *key,
                                     struct sha256 *out, struct aisle_err *err)
{
    const struct str words[] = {str_n(call->time, DATE_LEN), key->region, STR_LIT("s3"),
                                STR_LIT("aws4_request")};
    struct buf first = BUF_INIT(BUF_MAX_LINE);
    struct sha256 next;
    enum aisle_status status;

    buf_addz(&first, "AWS4");
    buf_add(&first, key->secret);
    status = buf_check(&first, "a key", err);
    if (status == AISLE_OK)
        status = hmac_sha256(buf_str(&first), words[0], out, err);
    for (size_t i = 1; status == AISLE_OK && i < sizeof words / sizeof *words; i++) {
        status = hmac_sha256(digest_str(out), words[i], &next, err);
        if (status == AISLE_OK)
            *out = next;
    }
    if (first.p)
        secret_wipe(first.p, first.n);
    buf_clear(&first);
    return status;
}

static enum aisle_status sign(const struct s3_call *call, const struct s3_key *key,
                              struct sha256 *out, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct sha256 with = {{0}};
    enum aisle_status status = s3_to_sign(call, key->region, &text, err);

    if (status == AISLE_OK)
        status = signing_key(call, key, &with, err);
    if (status == AISLE_OK)
        status = hmac_sha256(digest_str(&with), buf_str(&text), out, err);
    secret_wipe(&with, sizeof with);
    buf_clear(&text);
    return status;
}

enum aisle_status s3_authorize(const struct s3_call *call, const struct s3_key *key,
                               struct buf *out, struct aisle_err *err)
{
    struct s3_pair headers[S3_MOST_PAIRS];
    struct sha256 signature;
    enum aisle_status status = sorted(call->headers, call->header_count, headers, err);

    if (status == AISLE_OK)
        status = sign(call, key, &signature, err);
    if (status != AISLE_OK)
        return status;
    buf_addf(out, "%s Credential=%.*s/", algorithm, STR_ARG(key->id));
    add_scope(out, call, key->region);
    buf_addz(out, ",SignedHeaders=");
    add_names(out, headers, call->header_count);
    buf_addz(out, ",Signature=");
    buf_hex(out, signature.b, sizeof signature.b);
    return buf_check(out, "a signature", err);
}
