#include "net/objects/s3_reply.h"

#include <stdio.h>

/* ---- elements ---- */

/* "<name>" or "<name " … ">"; *rest then begins with what it holds. */
static bool open_tag(struct str *rest, const char *name)
{
    struct str want = str_of(name);

    for (struct str at = *rest; at.n;) {
        struct str tag;

        at = str_skip(at, str_find_char(at, '<') + 1);
        tag = str_head(at, str_find_char(at, '>'));
        if (tag.n == at.n)
            return false;
        if (str_starts(tag, name) && (tag.n == want.n || tag.p[want.n] == ' ')) {
            *rest = str_skip(at, tag.n + 1);
            return true;
        }
        at = str_skip(at, tag.n + 1);
    }
    return false;
}

bool s3_element(struct str *rest, const char *name, struct str *inner)
{
    struct str at = *rest, from;

    if (!open_tag(&at, name))
        return false;
    from = at;
    while (at.n) {
        struct str tag;

        at = str_skip(at, str_find(at, STR_LIT("</")) + 2);
        tag = str_head(at, str_find_char(at, '>'));
        if (tag.n == at.n || !str_is(tag, name))
            continue;
        *inner = str_n(from.p, (size_t)(at.p - from.p) - 2);
        *rest = str_skip(at, tag.n + 1);
        return true;
    }
    return false;
}

static bool entity(struct str name, struct buf *out)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    int64_t code;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_is(name, known[i].name)) {
            buf_addc(out, known[i].c);
            return true;
        }
    if (!str_starts(name, "#") || !parse_i64(str_skip(name, 1), 32, 126, &code))
        return false;
    buf_addc(out, (char)code);
    return true;
}

bool s3_text(struct str inner, struct buf *out)
{
    while (inner.n) {
        size_t n = str_find_char(inner, '&');

        buf_add(out, str_head(inner, n));
        inner = str_skip(inner, n);
        if (inner.n) {
            size_t end = str_find_char(inner, ';');

            if (end == inner.n || !entity(str_n(inner.p + 1, end - 1), out))
                return false;
            inner = str_skip(inner, end + 1);
        }
    }
    return out->failed == AISLE_OK;
}

/* An element in there, its entities read, in place of what out held. */
static bool member(struct str xml, const char *name, struct buf *out)
{
    struct str inner;

    buf_reset(out);
    return s3_element(&xml, name, &inner) && s3_text(inner, out);
}

/* ---- lists ---- */

static enum aisle_status garbled(struct aisle_err *err)
{
    return aisle_fail(err, AISLE_GARBLED, "the list of objects cannot be read");
}

static enum aisle_status read_one(struct str xml, struct str prefix, struct buf *text,
                                  object_fn *fn, void *ctx, struct aisle_err *err)
{
    struct object_facts facts = {0};
    struct str key;

    if (!member(xml, "Size", text) ||
        !parse_u64(buf_str(text), UINT64_MAX, &facts.size) ||
        !member(xml, "LastModified", text) ||
        !time_parse(buf_str(text), &facts.changed_at))
        return garbled(err);
    if (!member(xml, "Key", text)) /* of someone else's making */
        return text->failed == AISLE_OK ? AISLE_OK : garbled(err);
    key = buf_str(text);
    if (!str_eq(str_head(key, prefix.n), prefix))
        return garbled(err);
    key = str_skip(key, prefix.n);
    return object_key_valid(key) ? fn(ctx, key, &facts, err) : AISLE_OK;
}

enum aisle_status s3_list_read(struct str xml, struct str prefix, object_fn *fn,
                               void *ctx, struct buf *next, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str list = {0}, rest = xml, one;
    enum aisle_status status = AISLE_OK;

    if (!s3_element(&rest, "ListBucketResult", &list) ||
        !member(list, "IsTruncated", &text))
        status = garbled(err);
    if (status == AISLE_OK && str_is(buf_str(&text), "true") &&
        (!member(list, "NextContinuationToken", &text) || text.n == 0))
        status = garbled(err);
    else if (status == AISLE_OK && !str_is(buf_str(&text), "false"))
        buf_add(next, buf_str(&text));
    while (status == AISLE_OK && s3_element(&list, "Contents", &one))
        status = read_one(one, prefix, &text, fn, ctx, err);
    buf_clear(&text);
    return status == AISLE_OK ? buf_check(next, "a list's next page", err) : status;
}

/* ---- errors ---- */

static enum aisle_status meaning_of(int http, struct str code)
{
    if (http == 404 && !str_is(code, "NoSuchBucket"))
        return AISLE_NOT_FOUND;
    if (http == 429 || http >= 500)
        return AISLE_BUSY;
    /* a wrong key, clock, region or bucket: someone must mend a setting */
    if (http < 400 || http == 401 || http == 403 || http == 404 ||
        str_is(code, "AuthorizationHeaderMalformed"))
        return AISLE_CONFIG;
    return AISLE_REFUSED;
}

enum aisle_status s3_error_read(const struct net_reply *reply, const char *what,
                                struct aisle_err *err)
{
    struct str rest = buf_str(&reply->body), error = {0};
    struct buf code = BUF_INIT(1024), text = BUF_INIT(16 * 1024), id = BUF_INIT(1024);
    enum aisle_status status;

    s3_element(&rest, "Error", &error);
    member(error, "Code", &code);
    member(error, "Message", &text);
    member(error, "RequestId", &id);
    status = meaning_of(reply->status, buf_str(&code));
    aisle_fail(err, status, "%s: the object store answered HTTP %d%s%.*s%s%.*s", what,
               reply->status, code.n ? ", " : "", STR_ARG(str_head(buf_str(&code), 40)),
               text.n ? ": " : "", STR_ARG(str_head(buf_str(&text), 120)));
    if (err && err->status == status) {
        snprintf(err->request_id, sizeof err->request_id, "%.*s",
                 STR_ARG(str_head(buf_str(&id), 60)));
        err->http_status = reply->status;
    }
    buf_clear(&code);
    buf_clear(&text);
    buf_clear(&id);
    return status;
}
