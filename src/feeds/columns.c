#include "feeds/columns.h"

#include "base/status.h"
#include "base/text.h"
#include "feeds/csv.h"

/* ---- the map ---- */

/* Up to a comma that stands behind no backslash; the backslashes before commas go. */
static struct str cut_pair(struct str *rest, struct arena *arena)
{
    char *out = arena_alloc(arena, rest->n + 1);
    size_t n = 0, at = 0;

    if (!out)
        return str_of(NULL);
    for (; at < rest->n && rest->p[at] != ','; at++) {
        at += rest->p[at] == '\\' && at + 1 < rest->n && rest->p[at + 1] == ',';
        out[n++] = rest->p[at];
    }
    *rest = str_skip(*rest, at + 1);
    return str_n(out, n);
}

static enum feed_field field_named(struct str word)
{
    size_t i = 0;

    while (i < FEED_FIELDS &&
           !str_eq_nocase(word, str_of(feed_field_name((enum feed_field)i))))
        i++;
    return (enum feed_field)i;
}

struct str feed_key(struct str name, struct arena *arena)
{
    struct buf key = BUF_INIT(CSV_MAX_CELL);
    struct str kept = {0};

    text_key(name, &key);
    if (!key.failed)
        kept = arena_str(arena, buf_str(&key));
    buf_clear(&key);
    return kept;
}

enum aisle_status feed_map_parse(struct str text, struct arena *arena,
                                 struct feed_map *out, struct aisle_err *err)
{
    struct feed_map map = {0};

    while (!str_empty(text)) {
        struct str name = cut_pair(&text, arena), word;
        enum feed_field field;

        if (!name.p)
            return aisle_nomem(err);
        word = text_trim(str_cut(&name, '='));
        name = text_trim(name);
        field = field_named(word);
        if (field == FEED_FIELDS)
            return aisle_fail(err, AISLE_INVALID,
                              "map: \"%.*s\" is none of id, title, description, brand, "
                              "category, category_id, image, price, currency",
                              STR_ARG(str_head(word, 60)));
        if (str_empty(name))
            return aisle_fail(err, AISLE_INVALID, "map: write %s=COLUMN",
                              feed_field_name(field));
        map.name[field] = name;
        map.key[field] = feed_key(name, arena);
        if (!map.key[field].p)
            return aisle_nomem(err);
    }
    *out = map;
    return AISLE_OK;
}

/* Who sells at a promotional price sells at the other where there is none. */
static bool stays_behind(const struct feed_map *map, struct feed_name known)
{
    return known.field == FEED_PRICE && !known.promo &&
           feed_name_of(map->key[FEED_PRICE]).promo;
}

struct feed_name feed_map_name(const struct feed_map *map, struct str name,
                               struct str key)
{
    struct feed_name known = feed_name_of(key);

    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (!str_empty(map->name[f]) &&
            (str_eq(map->name[f], name) || str_eq(map->key[f], key)))
            return (struct feed_name){(enum feed_field)f, 0, known.several, false};
    if (known.field < FEED_FIELDS && !str_empty(map->name[known.field]) &&
        !stays_behind(map, known))
        known.field = FEED_FIELDS; /* the map has another column for it */
    return known;
}

/* ---- the header ---- */

struct str feed_clean(struct str text, struct arena *arena)
{
    struct str clean = arena_str(arena, text_trim(text));
    char *p = (char *)(uintptr_t)clean.p;

    for (size_t i = 0; i < clean.n; i++)
        if ((unsigned char)p[i] < ' ' || p[i] == 0x7F)
            p[i] = ' ';
    return clean;
}

static bool is_named(const struct feed_columns *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_is(c->keys[i], name))
            return true;
    return false;
}

static size_t find_key(const struct feed_columns *c, const char *const *keys)
{
    for (; *keys; keys++)
        for (size_t i = 0; i < c->count; i++)
            if (str_is(c->keys[i], *keys))
                return i;
    return FEED_NO_COLUMN;
}

static const char *const type_words[] = {"type", "тип", "tipe", "tipo",
                                         "typ",  "tur", "loai", NULL};
static const char *const parent_words[] = {
    "parent",   "родитель",   "родительский", "induk",
    "superior", "ascendente", "principal",    "ubergeordnetes produkt",
    "hoofd",    "nadrzedny",  "ebeveyn",      "cha",
    NULL};
static const char *const published_words[] = {"published",
                                              "опубликован",
                                              "diterbitkan",
                                              "dipublikasikan",
                                              "publicado",
                                              "publie",
                                              "veroffentlicht",
                                              "gepubliceerd",
                                              "opublikowano",
                                              "pubblicato",
                                              "yayımlandı",
                                              "da xuat ban",
                                              NULL};
static const char *const status_words[] = {"status", NULL};
static const char *const sku_words[] = {"sku", "артикул", "ugs", "artikelnummer", NULL};

/* Handle, and one of the columns nobody else has. */
static bool is_shopify(const struct feed_columns *c)
{
    static const char *const marks[] = {"body html",     "variant sku",
                                        "variant price", "option1 name",
                                        "option1 value", "variant inventory qty"};

    for (size_t i = 0; is_named(c, "handle") && i < sizeof marks / sizeof *marks; i++)
        if (is_named(c, marks[i]))
            return true;
    return false;
}

/* ID, Type, SKU, Name, …: the order never changes, the words do with the language of the
 * shop (export of WooCommerce 3.1 and later). */
static bool is_woocommerce(const struct feed_columns *c)
{
    return c->count > 4 && str_is(c->keys[0], "id") && find_key(c, type_words) == 1 &&
           find_key(c, sku_words) == 2;
}

static enum aisle_status copy_names(const struct str *cells, struct feed_columns *c,
                                    struct arena *arena, struct aisle_err *err)
{
    for (size_t i = 0; i < c->count; i++) {
        struct str name = feed_clean(csv_unguard(cells[i]), arena);
        size_t before = 0;

        if (!name.p)
            return aisle_nomem(err);
        if (str_empty(name))
            name = arena_fmt(arena, "column %zu", i + 1);
        for (size_t k = 0; k < i; k++)
            before += str_eq(c->names[k], name);
        if (before)
            name = arena_fmt(arena, "%.*s (%zu)", STR_ARG(name), i + 1);
        c->names[i] = name;
        c->keys[i] = feed_key(csv_unguard(cells[i]), arena);
        if (!c->names[i].p || !c->keys[i].p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

/* Puts a column among those of its field, in the order of rank. */
static void add_source(struct feed_columns *c, size_t column, struct feed_name name,
                       unsigned ranks[FEED_FIELDS][FEED_MOST_SOURCES])
{
    size_t *from = c->from[name.field];
    unsigned *rank = ranks[name.field];
    size_t n = c->from_count[name.field], at = n;

    while (at > 0 && rank[at - 1] > name.rank)
        at--;
    if (at == FEED_MOST_SOURCES)
        return;
    n -= n == FEED_MOST_SOURCES;
    memmove(from + at + 1, from + at, (n - at) * sizeof *from);
    memmove(rank + at + 1, rank + at, (n - at) * sizeof *rank);
    from[at] = column;
    rank[at] = name.rank;
    c->from_count[name.field] = n + 1;
}

/* In an export a word can mean something else than elsewhere. */
static bool means_other(const struct feed_columns *c, size_t column, struct str key)
{
    if (c->form == FEED_WOOCOMMERCE)
        return column == c->kind || column == c->parent;
    if (c->form == FEED_SHOPIFY)
        return str_starts(key, "variant ") && !str_is(key, "variant price") &&
               !str_is(key, "variant image");
    return str_is(key, "type");
}

/* They come behind all others, and are the price where there is no other. */
static void set_promos_aside(struct feed_columns *c, const bool *promos)
{
    size_t n = 0;

    c->promo = FEED_NO_COLUMN;
    while (n < c->from_count[FEED_PRICE] && !promos[c->from[FEED_PRICE][n]])
        n++;
    if (n == c->from_count[FEED_PRICE])
        return;
    c->price_is_promo = n == 0;
    if (n == 0)
        return;
    c->promo = c->from[FEED_PRICE][n];
    c->from_count[FEED_PRICE] = n;
}

/* The exports name their pictures otherwise. */
static void find_pictures(struct feed_columns *c)
{
    for (size_t i = 0; c->form == FEED_TABLE && i < c->count; i++) {
        c->pictures[i] = feed_picture_number(c->keys[i]);
        if (c->pictures[i] > c->most_pictures)
            c->most_pictures = c->pictures[i];
    }
}

static void find_exports(struct feed_columns *c)
{
    c->kind = c->parent = c->row_id = c->sku = FEED_NO_COLUMN;
    c->status = c->published = FEED_NO_COLUMN;
    c->form = FEED_TABLE;
    if (is_shopify(c)) {
        c->form = FEED_SHOPIFY;
        c->status = find_key(c, status_words);
        c->published = find_key(c, published_words);
    } else if (is_woocommerce(c)) {
        c->form = FEED_WOOCOMMERCE;
        c->row_id = 0;
        c->kind = 1;
        c->sku = 2;
        c->parent = find_key(c, parent_words);
        c->published = find_key(c, published_words);
    }
}

/* Elsewhere it may be anything, such as a shop's name. */
static bool is_our_seller(const struct feed_columns *c, size_t column)
{
    return c->form == FEED_TABLE && str_is(c->keys[column], "seller") &&
           is_named(c, "attributes");
}

/* The exports' own keys: a product of Shopify is its handle, one of WooCommerce its SKU
 * and, where it has none, its number. */
static struct feed_name name_in_export(const struct feed_columns *c, size_t column,
                                       struct feed_name name)
{
    if (name.field != FEED_ID)
        return name;
    if (c->form == FEED_SHOPIFY && !str_is(c->keys[column], "handle"))
        name.field = FEED_FIELDS;
    if (c->form == FEED_WOOCOMMERCE)
        name.rank = column == c->row_id ? UINT32_MAX : 0;
    return name;
}

static enum aisle_status check_map(const struct feed_columns *c,
                                   const struct feed_map *map, struct aisle_err *err)
{
    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (!str_empty(map->name[f]) && c->from_count[f] == 0)
            return aisle_fail(err, AISLE_INVALID, "map: the file has no column \"%.*s\"",
                              STR_ARG(str_head(map->name[f], 100)));
    return AISLE_OK;
}

enum aisle_status feed_columns_read(const struct str *cells, size_t count,
                                    const struct feed_map *map, struct arena *arena,
                                    struct feed_columns *out, struct aisle_err *err)
{
    unsigned ranks[FEED_FIELDS][FEED_MOST_SOURCES];
    struct feed_columns c = {.count = count};
    bool *promos = arena_zalloc(arena, count, sizeof *promos);
    enum aisle_status status;

    c.names = arena_zalloc(arena, count, sizeof *c.names);
    c.keys = arena_zalloc(arena, count, sizeof *c.keys);
    c.several = arena_zalloc(arena, count, sizeof *c.several);
    c.pictures = arena_zalloc(arena, count, sizeof *c.pictures);
    if (!c.names || !c.keys || !c.several || !c.pictures || !promos)
        return aisle_nomem(err);
    status = copy_names(cells, &c, arena, err);
    if (status != AISLE_OK)
        return status;

    find_exports(&c);
    find_pictures(&c);
    for (size_t i = 0; i < count; i++) {
        struct feed_name name = feed_map_name(map, c.names[i], c.keys[i]);
        bool mapped = name.field < FEED_FIELDS && !str_empty(map->name[name.field]);

        if (!mapped && means_other(&c, i, c.keys[i]))
            continue;
        if (!mapped)
            name = name_in_export(&c, i, name);
        if (!mapped && is_our_seller(&c, i))
            name = (struct feed_name){.field = FEED_SELLER};
        if (name.field == FEED_FIELDS)
            continue;
        add_source(&c, i, name, ranks);
        /* in its languages WooCommerce's plural may be another's singular */
        c.several[i] = name.several || c.form == FEED_WOOCOMMERCE;
        promos[i] = name.promo;
    }
    set_promos_aside(&c, promos);
    status = check_map(&c, map, err);
    if (status == AISLE_OK)
        *out = c;
    return status;
}
