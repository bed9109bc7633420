#include "catalog/product.h"

#include "base/text.h"
#include "catalog/currency.h"

#include <assert.h>

/* ---- seller categories ---- */

/* The strongest of the separators that occurs, '\0' for none. */
static char separator_of(struct str raw)
{
    for (const char *c = ">|/"; *c; c++)
        if (str_find_char(raw, *c) < raw.n)
            return *c;
    return '\0';
}

/* A part with each run of blanks, no-break ones too, as one blank. */
static void add_part(struct str part, struct buf *out)
{
    bool gap = false;

    part = text_trim(part);
    for (size_t at = 0; at < part.n;) {
        size_t from = at;
        uint32_t c = utf8_next(part, &at);

        if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0) {
            gap = true;
            continue;
        }
        if (gap)
            buf_addc(out, ' ');
        gap = false;
        buf_add(out, str_n(part.p + from, at - from));
    }
}

/* Is there one part at most? Then it is put into out, without the separators about it. */
static bool is_one_part(struct str raw, char separator, struct str *out)
{
    struct str only = {0};

    while (!str_empty(raw)) {
        struct str part = text_trim(str_cut(&raw, separator));

        if (!str_empty(part) && !str_empty(only))
            return false;
        only = str_empty(part) ? only : part;
    }
    *out = only;
    return true;
}

void seller_category_path(struct str raw, struct buf *out)
{
    char separator = separator_of(raw);
    bool first = true;

    /* What separates nothing, as in "Baju/Kaos >", does not hide what does. */
    while (separator && is_one_part(raw, separator, &raw))
        separator = separator_of(raw);

    while (!str_empty(raw)) {
        struct str part = text_trim(separator ? str_cut(&raw, separator) : raw);

        if (!separator)
            raw.n = 0;
        if (str_empty(part))
            continue;
        if (!first)
            buf_addz(out, " > ");
        add_part(part, out);
        first = false;
    }
}

/* ---- products ---- */

/* The text of a product with its ceilings, and the words for each. */
static const struct {
    const char *name;
    size_t at, max;
} fields[] = {
    {"id", offsetof(struct product, id), PRODUCT_MAX_ID},
    {"title", offsetof(struct product, title), PRODUCT_MAX_TITLE},
    {"description", offsetof(struct product, description), PRODUCT_MAX_DESCRIPTION},
    {"brand", offsetof(struct product, brand), PRODUCT_MAX_FIELD},
    {"category", offsetof(struct product, seller_category_id), PRODUCT_MAX_FIELD},
    {"image id", offsetof(struct product, image_id), PRODUCT_MAX_FIELD},
    {"image", offsetof(struct product, image_location), PRODUCT_MAX_FIELD},
    {"attributes", offsetof(struct product, attributes), PRODUCT_MAX_ATTRIBUTES},
};

static struct str field(const struct product *p, size_t at)
{
    return *(const struct str *)(const void *)((const char *)p + at);
}

static enum aisle_status check_text(const struct product *p, struct aisle_err *err)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct str text = field(p, fields[i].at);

        if (text.n > fields[i].max)
            return aisle_fail(err, AISLE_INVALID, "%s has %zu bytes, more than %zu",
                              fields[i].name, text.n, fields[i].max);
        if (!utf8_valid(text))
            return aisle_fail(err, AISLE_INVALID, "%s is not UTF-8", fields[i].name);
        if (str_find_char(text, '\0') < text.n)
            return aisle_fail(err, AISLE_INVALID, "%s has a NUL in it", fields[i].name);
    }
    return AISLE_OK;
}

enum aisle_status product_check(const struct product *p, struct aisle_err *err)
{
    if (str_empty(text_trim(p->id)))
        return aisle_fail(err, AISLE_INVALID, "product has no id");
    if (str_empty(text_trim(p->title)))
        return aisle_fail(err, AISLE_INVALID, "product has no title");
    if (p->price_minor < -1)
        return aisle_fail(err, AISLE_INVALID, "price is below zero");
    if (!str_empty(p->currency) && !currency_is_known(p->currency))
        return aisle_fail(err, AISLE_INVALID, "\"%.*s\" is no currency; write it as IDR",
                          STR_ARG(str_head(p->currency, 20)));
    return check_text(p, err);
}

bool product_same(const struct product *a, const struct product *b)
{
    return str_eq(a->title, b->title) && str_eq(a->description, b->description) &&
           str_eq(a->brand, b->brand) &&
           str_eq(a->seller_category_id, b->seller_category_id) &&
           str_eq(a->image_location, b->image_location) &&
           str_eq(a->attributes, b->attributes) && a->price_minor == b->price_minor &&
           str_eq(a->currency, b->currency);
}

/* ---- images ---- */

enum { ID_FOLDER = 12, ID_FILE = 16, ID_DIGEST = 24 };

static_assert(ID_FOLDER + 1 + ID_FILE + 1 + ID_DIGEST == IMAGE_ID_LEN, "parts of an id");

static void add_word(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        buf_addc(b, plain ? c : '-');
    }
    if (s.n)
        buf_addc(b, '-');
}

/* Cuts what is behind the last slash off. */
static struct str cut_last(struct str *path)
{
    size_t at = path->n;
    struct str last;

    while (at > 0 && path->p[at - 1] != '/')
        at--;
    last = str_skip(*path, at);
    *path = str_head(*path, at ? at - 1 : 0);
    return last;
}

static void add_place(struct buf *b, struct str location)
{
    struct str file = cut_last(&location), folder = cut_last(&location);

    if (folder.n > ID_FOLDER)
        folder = str_skip(folder, folder.n - ID_FOLDER);
    add_word(b, folder);
    add_word(b, str_head(file, ID_FILE));
}

static enum aisle_status digest_place(const char *kind, struct str seller_id,
                                      struct str location, char hex[SHA256_HEX_LEN + 1],
                                      struct aisle_err *err)
{
    struct buf named = BUF_INIT(BUF_MAX_LINE);
    struct sha256 digest;
    enum aisle_status status;

    /* lengths keep seller and location from running into each other */
    buf_addf(&named, "%s:%zu:%.*s:%zu:", kind, seller_id.n, STR_ARG(seller_id),
             location.n);
    buf_add(&named, location);
    status = buf_check(&named, "location of the image", err);
    if (status == AISLE_OK)
        status = sha256_of(buf_str(&named), &digest, err);
    if (status == AISLE_OK)
        sha256_hex(&digest, hex);
    buf_clear(&named);
    return status;
}

enum aisle_status image_id_of(const char *kind, struct str seller_id, struct str location,
                              char out[IMAGE_ID_LEN + 1], struct aisle_err *err)
{
    struct buf id = BUF_INIT(IMAGE_ID_LEN);
    char hex[SHA256_HEX_LEN + 1];
    enum aisle_status status = digest_place(kind, seller_id, location, hex, err);

    if (status == AISLE_OK) {
        add_place(&id, location);
        buf_add(&id, str_n(hex, ID_DIGEST));
        status = buf_check(&id, "id of an image", err);
    }
    if (status == AISLE_OK)
        memcpy(out, id.p, id.n + 1);
    buf_clear(&id);
    return status;
}
