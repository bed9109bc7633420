#include "listing/seller_sku.h"

#include "base/hash.h"

enum { DIGEST_TAIL = 9 }; /* a - and eight digits */

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '-' || c == '_' || c == '.';
}

/* False when it is not all there. Blanks leave nothing out. */
static bool put_plain(struct buf *out, struct str part)
{
    bool all = true;

    for (size_t i = 0; i < part.n; i++) {
        all = all && (is_plain(part.p[i]) || part.p[i] == ' ');
        if (is_plain(part.p[i]))
            buf_addc(out, part.p[i]);
        else if (out->n && out->p[out->n - 1] != '-')
            buf_addc(out, '-');
    }
    return all;
}

/* Of the parts as they are, kept apart by what no part has. */
static bool digest_of(struct str product_id, const struct listing_field *options,
                      size_t option_count, char hex[SHA256_HEX_LEN + 1])
{
    struct buf whole = BUF_INIT(BUF_MAX_REQUEST);
    struct sha256 digest;
    bool ok;

    buf_add(&whole, product_id);
    for (size_t i = 0; i < option_count; i++) {
        buf_addc(&whole, '\0');
        buf_add(&whole, str_trim(options[i].value));
    }
    ok = buf_check(&whole, "a seller SKU", NULL) == AISLE_OK &&
         sha256_of(buf_str(&whole), &digest, NULL) == AISLE_OK;
    buf_clear(&whole);
    if (ok)
        sha256_hex(&digest, hex);
    return ok;
}

struct str seller_sku_make(struct str product_id, const struct listing_field *options,
                           size_t option_count, size_t most, struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    char hex[SHA256_HEX_LEN + 1];
    struct str made = {0}, plain;
    bool all = put_plain(&text, product_id);

    for (size_t i = 0; i < option_count; i++) {
        buf_addc(&text, '-');
        all = put_plain(&text, str_trim(options[i].value)) && all;
    }
    plain = buf_str(&text);
    if (!text.failed && all && plain.n <= most)
        made = arena_str(arena, plain);
    else if (!text.failed && digest_of(product_id, options, option_count, hex))
        made = arena_fmt(arena, "%.*s-%.8s", STR_ARG(str_head(plain, most - DIGEST_TAIL)),
                         hex);
    buf_clear(&text);
    return made;
}
