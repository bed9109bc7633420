#include "sandbox/sign.h"

#include "base/buf.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    const struct http_pair *const *x = a, *const *y = b;
    int order = str_cmp((*x)->name, (*y)->name);

    /* a name sent twice: in the order sent */
    return order ? order : (*x > *y) - (*x < *y);
}

static bool is_signed(struct str name)
{
    return !str_is(name, "sign") && !str_is(name, "access_token");
}

static enum aisle_status add_args(const struct http_request *r, struct buf *out,
                                  struct aisle_err *err)
{
    const struct http_pair **sorted =
        arena_alloc(r->arena, (r->arg_count + 1) * sizeof *sorted);

    if (!sorted)
        return aisle_nomem(err);
    for (size_t i = 0; i < r->arg_count; i++)
        sorted[i] = &r->args[i];
    qsort(sorted, r->arg_count, sizeof *sorted, by_name);
    for (size_t i = 0; i < r->arg_count; i++) {
        if (!is_signed(sorted[i]->name))
            continue;
        buf_add(out, sorted[i]->name);
        buf_add(out, sorted[i]->value);
    }
    return AISLE_OK;
}

enum aisle_status sign_request(struct str secret, const struct http_request *r,
                               bool with_body, char out[SHA256_HEX_LEN + 1],
                               struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    struct str type = http_media_type(http_header(r, "Content-Type"));
    struct sha256 digest;
    enum aisle_status status;

    buf_add(&text, secret);
    buf_add(&text, r->path);
    status = add_args(r, &text, err);
    if (with_body && !str_eq_nocase(type, STR_LIT("multipart/form-data")))
        buf_add(&text, r->body);
    buf_add(&text, secret);
    if (status == AISLE_OK)
        status = buf_check(&text, "text to sign", err);
    if (status == AISLE_OK)
        status = hmac_sha256(secret, buf_str(&text), &digest, err);
    if (status == AISLE_OK)
        sha256_hex(&digest, out);
    secret_wipe(text.p, text.n);
    buf_clear(&text);
    return status;
}
