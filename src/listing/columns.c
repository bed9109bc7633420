/* columns.c - columns of a product that bear the name of a member of the body, such as
 * "is_cod_allowed" or "Minimum Order Quantity": what an export has no other word for */
#include "listing/members.h"
#include "listing/words.h"

/* Whole members that a cell can hold. */
static const char *const named[] = {
    "is_cod_allowed",         "is_not_for_sale",
    "is_pre_owned",           "auto_translate_enabled",
    "minimum_order_quantity", "delivery_option_ids",
    "manufacturer_ids",       "responsible_person_ids",
    "listing_platforms",      "shipping_insurance_requirement",
    "shipping_template_id",   "key_product_features",
    "search_terms",           "primary_combined_product_id",
};

/* What sellers call some of them, as text_key leaves it. */
static const struct {
    const char *key, *name;
} also[] = {
    {"minimum pemesanan", "minimum_order_quantity"},
    {"minimal pemesanan", "minimum_order_quantity"},
    {"minimum pembelian", "minimum_order_quantity"},
    {"minimal pembelian", "minimum_order_quantity"},
    {"minimum order", "minimum_order_quantity"},
    {"min order", "minimum_order_quantity"},
    {"min pemesanan", "minimum_order_quantity"},
    {"cod", "is_cod_allowed"},
    {"bayar di tempat", "is_cod_allowed"},
    {"bisa bayar di tempat", "is_cod_allowed"},
};

/* Whether it was used before, which TikTok takes on one platform alone; of what is new
 * nothing has to be said. */
static bool says_used(struct str key, struct str value)
{
    static const char *const keys[] = {"kondisi", "kondisi barang", "kondisi produk",
                                       "condition", "item condition"};
    static const char *const used[] = {"bekas",      "barang bekas", "second",
                                       "secondhand", "used",         "pre-owned",
                                       "second hand"};
    bool asked = false, found = false;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        asked = asked || str_is(key, keys[i]);
    for (size_t i = 0; asked && i < sizeof used / sizeof *used; i++)
        found = found || str_eq_nocase(value, str_of(used[i]));
    return found;
}

/* "is cod allowed" of "is_cod_allowed"; "cod allowed" too. */
static bool is_key_of(struct str key, const char *name)
{
    size_t n = strlen(name);

    if (n > 3 && strncmp(name, "is_", 3) == 0 && !str_starts(key, "is ")) {
        name += 3;
        n -= 3;
    }
    if (key.n != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (key.p[i] != (name[i] == '_' ? ' ' : name[i]))
            return false;
    return true;
}

static bool is_also(struct str key, const char *name)
{
    for (size_t i = 0; i < sizeof also / sizeof *also; i++)
        if (strcmp(also[i].name, name) == 0 && str_is(key, also[i].key))
            return true;
    return false;
}

static const struct member *member_named(struct str key)
{
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        for (size_t k = 0; (is_key_of(key, named[i]) || is_also(key, named[i])) &&
                           k < body_members.count;
             k++)
            if (strcmp(body_members.rows[k].name, named[i]) == 0)
                return &body_members.rows[k];
    return NULL;
}

static bool is_one_of(struct str value, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(value, str_of(words[i])))
            return true;
    return false;
}

/* Unsaid where it is neither. */
static enum listing_flag flag_of(struct str value)
{
    /* English, Indonesian and Malay, Vietnamese, Thai */
    static const char *const yes[] = {
        "true",  "yes",   "1",   "y",    "on", "x",    "active", "enabled", "ya",  "iya",
        "aktif", "benar", "ada", "bisa", "có", "đúng", "bật",    "ใช่",      "เปิด", "มี",
    };
    static const char *const no[] = {
        "false",     "no",         "0",     "n",    "off",   "inactive", "disabled",
        "none",      "-",          "tidak", "tdk",  "bukan", "nonaktif", "tidak aktif",
        "tidak ada", "tidak bisa", "salah", "tak",  "tiada", "không",    "sai",
        "không có",  "tắt",        "ไม่",    "ไม่ใช่", "ไม่มี",   "ปิด",
    };

    return is_one_of(value, yes, sizeof yes / sizeof *yes) ? LISTING_YES
           : is_one_of(value, no, sizeof no / sizeof *no)  ? LISTING_NO
                                                           : LISTING_UNSAID;
}

static bool parts(struct str value, char c)
{
    return c == ';' || c == '|' ||
           (c == ',' && str_find_char(value, ';') == value.n &&
            str_find_char(value, '|') == value.n);
}

/* "a; b | c", or "a, b" where there are no others. */
static bool take_list(struct str value, struct arena *arena, struct listing_strs *out)
{
    struct str *rows = arena_zalloc(arena, value.n + 1, sizeof *rows);
    size_t count = 0, from = 0;

    if (!rows)
        return false;
    for (size_t i = 0; i <= value.n; i++) {
        struct str part;

        if (i < value.n && !parts(value, value.p[i]))
            continue;
        part = str_trim(str_n(value.p + from, i - from));
        if (part.n)
            rows[count++] = part;
        from = i + 1;
    }
    *out = (struct listing_strs){rows, count};
    return true;
}

/* Each member once at most, so that there is room. */
static bool note_unread(const struct member *m, struct str value, struct arena *arena,
                        struct listing_draft *draft)
{
    const size_t most = sizeof named / sizeof *named;

    if (!draft->unread)
        draft->unread = arena_zalloc(arena, most, sizeof *draft->unread);
    if (!draft->unread)
        return false;
    for (size_t i = 0; i < draft->unread_count; i++)
        if (draft->unread[i].member == m->name)
            return true;
    draft->unread[draft->unread_count++] =
        (struct listing_cell){m->name, m->kind == MEMBER_FLAG, value};
    return true;
}

static bool take(const struct member *m, struct str value, struct arena *arena,
                 struct listing_draft *draft)
{
    void *at = member_at(draft, m->at);
    struct listing_int *number = at;
    enum listing_flag *flag = at;
    struct listing_strs list;

    switch (m->kind) {
    case MEMBER_TEXT:
        *(struct str *)at = value;
        return true;
    case MEMBER_FLAG:
        *flag = flag_of(value);
        return *flag != LISTING_UNSAID || note_unread(m, value, arena, draft);
    case MEMBER_INT:
        number->said = parse_i64(value, INT64_MIN, INT64_MAX, &number->n);
        return number->said || note_unread(m, value, arena, draft);
    case MEMBER_TEXTS:
        if (!take_list(value, arena, &list))
            return false;
        *(const void **)at = list.rows;
        *(size_t *)member_at(draft, m->count) = list.count;
        return true;
    default:
        return true;
    }
}

bool listing_fill_columns(const struct assemble_request *q, struct arena *arena,
                          struct listing_draft *draft)
{
    for (size_t i = 0; i < q->field_count; i++) {
        struct str value = str_trim(q->fields[i].value);
        struct str key = words_key(q->fields[i].name, arena);
        const struct member *m = key.p ? member_named(key) : NULL;

        if (!key.p ||
            (m && value.n && !member_is_there(m, draft) && !take(m, value, arena, draft)))
            return false;
        if (draft->is_pre_owned == LISTING_UNSAID && says_used(key, value))
            draft->is_pre_owned = LISTING_YES;
    }
    return true;
}

/* "PRODUCT/SKU x 2", once without a number; what has another shape is judged as an id. */
static struct listing_combined_sku part_of_bundle(struct str cell)
{
    size_t times = str_find(cell, STR_LIT(" x "));
    struct str ids = str_head(cell, times);
    int64_t n = 1;

    if (times < cell.n &&
        !parse_i64(str_trim(str_skip(cell, times + 3)), INT64_MIN, INT64_MAX, &n))
        n = 0;
    return (struct listing_combined_sku){.product_id = str_trim(str_cut(&ids, '/')),
                                         .sku_id = str_trim(ids),
                                         .sku_count = {true, n}};
}

bool listing_combined_column(struct str cell, struct arena *arena,
                             struct listing_sku *out)
{
    struct listing_strs list;
    struct listing_combined_sku *rows;

    if (str_empty(cell))
        return true;
    if (!take_list(cell, arena, &list))
        return false;
    rows = arena_zalloc(arena, list.count + 1, sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < list.count; i++)
        rows[i] = part_of_bundle(list.rows[i]);
    out->combined = rows;
    out->combined_count = list.count;
    return true;
}

/* "Pre-order days" alone is a PRE_ORDER of so many. */
bool listing_pre_sale_columns(const struct assemble_request *q, struct arena *arena,
                              struct listing_pre_sale *out)
{
    for (size_t i = 0; i < q->field_count; i++) {
        struct str value = str_trim(q->fields[i].value);
        struct str key = words_key(q->fields[i].name, arena);
        int64_t n;

        if (!key.p)
            return false;
        if (value.n && (str_is(key, "pre sale type") || str_is(key, "pre sale"))) {
            out->said = true;
            out->type = value;
        } else if (value.n &&
                   (str_is(key, "pre order days") ||
                    str_is(key, "handling duration days") ||
                    str_is(key, "waktu preorder") || str_is(key, "waktu pre order") ||
                    str_is(key, "waktu proses preorder") ||
                    str_is(key, "waktu proses pre order"))) {
            out->said = out->fulfillment_said = true;
            out->handling_duration_days = (struct listing_int){
                true, parse_i64(value, INT64_MIN, INT64_MAX, &n) ? n : 0};
        }
    }
    if (out->said && !out->type.n)
        out->type = STR_LIT("PRE_ORDER");
    return true;
}
