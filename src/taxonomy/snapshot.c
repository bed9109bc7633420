#include "taxonomy/snapshot.h"

#include "base/mem.h"

#include <stdlib.h>

/* ---- targets ---- */

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
            return false;
    }
    return true;
}

enum aisle_status target_parse(struct str text, struct target *out, struct aisle_err *err)
{
    struct str rest = text;
    struct target t = {.id = text};

    t.shop_id = str_cut(&rest, ':');
    t.version = str_cut(&rest, ':');
    t.platform = rest;
    /* "toko-a:" would be another id for the target "toko-a" */
    if (str_empty(t.shop_id) || str_ends(text, ":") || !is_word(t.shop_id) ||
        !is_word(t.version) || !is_word(t.platform))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no target: write SHOP, SHOP:VERSION or "
                          "SHOP:VERSION:PLATFORM, as in toko-a:v2:TOKOPEDIA",
                          STR_ARG(str_head(text, 60)));
    *out = t;
    return AISLE_OK;
}

struct str target_format(struct arena *arena, struct str shop_id, struct str version,
                         struct str platform)
{
    if (!str_empty(platform))
        return arena_fmt(arena, "%.*s:%.*s:%.*s", STR_ARG(shop_id), STR_ARG(version),
                         STR_ARG(platform));
    if (!str_empty(version))
        return arena_fmt(arena, "%.*s:%.*s", STR_ARG(shop_id), STR_ARG(version));
    return arena_str(arena, shop_id);
}

/* ---- digests ---- */

/* A row in the order of ids: most are told apart by the beginning, which lies at hand. */
struct place {
    uint64_t begins; /* the first eight bytes of its id, as a number that sorts alike */
    const struct category_row *row;
};

static struct place place_of(const struct category_row *row)
{
    struct place place = {.row = row};

    for (size_t i = 0; i < sizeof place.begins; i++)
        place.begins =
            place.begins << 8 | (i < row->id.n ? (unsigned char)row->id.p[i] : 0);
    return place;
}

/* Ties (an id sent twice) fall by content, so that no order of sending shows. */
static int by_content(const void *left, const void *right)
{
    const struct place *one = left, *two = right;
    const struct category_row *a = one->row, *b = two->row;
    int order;

    if (one->begins != two->begins)
        return one->begins < two->begins ? -1 : 1;
    order = str_cmp(a->id, b->id);
    if (order == 0)
        order = str_cmp(a->parent_id, b->parent_id);
    if (order == 0)
        order = str_cmp(a->name, b->name);
    if (order == 0)
        order = (int)a->leaf - (int)b->leaf;
    if (order == 0)
        order = (a->permissions > b->permissions) - (a->permissions < b->permissions);
    return order;
}

/* Length before text, so that no two rows can run into each other. */
static void add_text(struct buf *b, struct str s)
{
    char digits[24];
    size_t at = sizeof digits;

    digits[--at] = ':';
    for (size_t n = s.n; n > 0 || at == sizeof digits - 1; n /= 10)
        digits[--at] = (char)('0' + n % 10);
    buf_add(b, str_n(digits + at, sizeof digits - at));
    buf_add(b, s);
}

static void add_row(struct buf *b, const struct category_row *row)
{
    add_text(b, row->id);
    add_text(b, str_is(row->parent_id, "0") ? str_of("") : row->parent_id);
    buf_addc(b, row->leaf ? '*' : '-');
    add_text(b, row->name);
}

static void add_permissions(struct buf *b, const struct category_row *row)
{
    char words[80];

    permission_format(row->permissions, words);
    add_text(b, row->id);
    add_text(b, str_of(words));
}

typedef void add_row_fn(struct buf *b, const struct category_row *row);

enum { PIECE = 32 * 1024 };

/* Rows in the order of ids, written by `add`, into the digest a piece at a time. */
static enum aisle_status add_rows(struct sha256_ctx *ctx, const struct place *sorted,
                                  size_t count, add_row_fn *add, struct aisle_err *err)
{
    struct buf piece = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < count && status == AISLE_OK; i++) {
        add(&piece, sorted[i].row);
        if (piece.n < PIECE && i + 1 < count)
            continue;
        status = buf_check(&piece, "category row", err);
        if (status == AISLE_OK)
            status = sha256_add(ctx, buf_str(&piece), err);
        buf_reset(&piece);
    }
    buf_clear(&piece);
    return status;
}

static enum aisle_status hash_sorted(const struct place *sorted, size_t count,
                                     struct str head, add_row_fn *add, struct sha256 *out,
                                     struct aisle_err *err)
{
    struct sha256_ctx ctx = {0};
    enum aisle_status status = sha256_init(&ctx, err);

    if (status == AISLE_OK)
        status = sha256_add(&ctx, head, err);
    if (status == AISLE_OK)
        status = add_rows(&ctx, sorted, count, add, err);
    if (status == AISLE_OK)
        status = sha256_finish(&ctx, out, err);
    sha256_clear(&ctx);
    return status;
}

static enum aisle_status hash_locale(const struct place *sorted,
                                     const struct category_rows *rows, struct sha256 *out,
                                     struct aisle_err *err)
{
    struct buf head = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    add_text(&head, rows->locale);
    status = buf_check(&head, "locale", err);
    if (status == AISLE_OK)
        status = hash_sorted(sorted, rows->count, buf_str(&head), add_row, out, err);
    buf_clear(&head);
    return status;
}

/* What is told of one locale, and with `permissions` those of its rows too. */
static enum aisle_status digest_locale(const struct category_rows *rows,
                                       struct sha256 *locale, struct sha256 *permissions,
                                       struct aisle_err *err)
{
    struct place *sorted = mem_zalloc(rows->count + 1, sizeof *sorted);
    enum aisle_status status;

    if (!sorted)
        return aisle_nomem(err);
    for (size_t i = 0; i < rows->count; i++)
        sorted[i] = place_of(&rows->rows[i]);
    qsort(sorted, rows->count, sizeof *sorted, by_content);
    status = hash_locale(sorted, rows, locale, err);
    if (status == AISLE_OK && permissions)
        status = hash_sorted(sorted, rows->count, STR_LIT("permissions"), add_permissions,
                             permissions, err);
    mem_free(sorted);
    return status;
}

static enum aisle_status hash_digests(const struct sha256 *list, size_t count,
                                      struct sha256 *out, struct aisle_err *err)
{
    struct sha256_ctx ctx = {0};
    enum aisle_status status = sha256_init(&ctx, err);

    for (size_t i = 0; i < count && status == AISLE_OK; i++)
        status = sha256_add(&ctx, str_n((const char *)list[i].b, SHA256_LEN), err);
    if (status == AISLE_OK)
        status = sha256_finish(&ctx, out, err);
    sha256_clear(&ctx);
    return status;
}

enum aisle_status taxonomy_digest(const struct category_rows *per_locale,
                                  size_t locale_count, struct tree_digests *out,
                                  struct aisle_err *err)
{
    struct tree_digests found = {0};
    enum aisle_status status = AISLE_OK;

    if (locale_count == 0 || locale_count > TAXONOMY_MAX_LOCALES)
        return aisle_fail(err, AISLE_LIMIT, "a tree has from 1 to %d locales",
                          TAXONOMY_MAX_LOCALES);
    for (size_t l = 0; l < locale_count && status == AISLE_OK; l++)
        status = digest_locale(&per_locale[l], &found.locales[l],
                               l == 0 ? &found.permissions : NULL, err);
    if (status == AISLE_OK)
        status = hash_digests(found.locales, locale_count, &found.content, err);
    if (status == AISLE_OK)
        *out = found;
    return status;
}
