#include "channels/tiktok/sign.h"

#include "base/buf.h"
#include "base/mem.h"

/* Only the media type counts; comparing the boundary too made others sign the body. */
static bool is_multipart(struct str content_type)
{
    return str_eq_nocase(str_trim(str_cut(&content_type, ';')),
                         STR_LIT("multipart/form-data"));
}

static bool is_signed(struct str name)
{
    return !str_is(name, "sign") && !str_is(name, "access_token");
}

/* By name in plain byte order; values do not matter, no name comes twice. */
static size_t sort_params(const struct tiktok_signed *what, struct tiktok_param *sorted)
{
    size_t count = 0;

    for (size_t i = 0; i < what->param_count; i++) {
        size_t at = count;

        if (!is_signed(what->params[i].name))
            continue;
        while (at && str_cmp(sorted[at - 1].name, what->params[i].name) > 0) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = what->params[i];
        count++;
    }
    return count;
}

static void string_to_sign(struct str secret, const struct tiktok_signed *what,
                           struct buf *out)
{
    struct tiktok_param sorted[TIKTOK_MAX_PARAMS];
    size_t count = sort_params(what, sorted);

    buf_add(out, secret);
    buf_add(out, what->path);
    for (size_t i = 0; i < count; i++) {
        buf_add(out, sorted[i].name);
        buf_add(out, sorted[i].value);
    }
    if (!is_multipart(what->content_type))
        buf_add(out, what->body);
    buf_add(out, secret);
}

enum aisle_status tiktok_sign(struct str secret, const struct tiktok_signed *what,
                              char out[SHA256_HEX_LEN + 1], struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST + BUF_MAX_LINE);
    struct sha256 digest;
    enum aisle_status status;

    if (what->param_count > TIKTOK_MAX_PARAMS)
        return aisle_fail(err, AISLE_LIMIT, "more than %d parameters in one request",
                          TIKTOK_MAX_PARAMS);
    string_to_sign(secret, what, &text);
    status = buf_check(&text, "a request", err);
    if (status == AISLE_OK)
        status = hmac_sha256(secret, buf_str(&text), &digest, err);
    if (status == AISLE_OK)
        sha256_hex(&digest, out);
    if (text.p)
        secret_wipe(text.p, text.n);
    buf_clear(&text);
    return status;
}
