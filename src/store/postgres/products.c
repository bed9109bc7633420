/* products.c - many products at once: brought into a table of the session by COPY or
 * unnest, merged from there in a handful of statements
 *
 * What is done to a product, its image and its category is what sql/products.c does to
 * them one by one, and the contract's tests hold the two together.
 */
#include "store/postgres/products.h"

#include "store/sql/images.h"

/* Loses its rows with each transaction and ends with the session. TEMPORARY is a right
 * that everyone has unless it was taken away. asked_id: the image's id as it came;
 * image_id: as it will be; was_image: as it was; NULL for no image. was_category: NULL of
 * a product that is new. */
#define MAKE_INCOMING                                                                    \
    "CREATE TEMP TABLE IF NOT EXISTS incoming ("                                         \
    "seller_id TEXT COLLATE \"C\" NOT NULL, id TEXT COLLATE \"C\" NOT NULL, "            \
    "title TEXT NOT NULL, description TEXT NOT NULL, brand TEXT NOT NULL, "              \
    "seller_category_id TEXT COLLATE \"C\" NOT NULL, asked_id TEXT NOT NULL, "           \
    "image_id TEXT COLLATE \"C\", image_location TEXT NOT NULL, "                        \
    "file_name TEXT NOT NULL, local_image_id TEXT NOT NULL, attributes TEXT NOT NULL, "  \
    "price_minor BIGINT NOT NULL, currency TEXT NOT NULL, "                              \
    "was_image TEXT COLLATE \"C\", was_category TEXT COLLATE \"C\") "                    \
    "ON COMMIT DELETE ROWS"

#define INCOMING_COLUMNS                                                                 \
    "seller_id, id, title, description, brand, seller_category_id, asked_id, image_id, " \
    "image_location, file_name, local_image_id, attributes, price_minor, currency"
enum { INCOMING_COLUMN_COUNT = 14 };

static void fill_incoming(const void *ctx, size_t i, struct value *v)
{
    const struct incoming *in = (const struct incoming *)ctx + i;
    const struct product *p = in->p;

    *v++ = sql_text(p->seller_id);
    *v++ = sql_text(p->id);
    *v++ = sql_text(p->title);
    *v++ = sql_text(p->description);
    *v++ = sql_text(p->brand);
    *v++ = sql_text(p->seller_category_id);
    *v++ = sql_text(p->image_id);
    *v++ = sql_text_or_null(str_of(in->image_id));
    *v++ = sql_text(p->image_location);
    *v++ = sql_text(sql_image_file_name(p->image_location));
    *v++ = sql_text(str_of(in->local_id));
    *v++ = sql_text(p->attributes);
    *v++ = sql_int(p->price_minor);
    *v = sql_text(p->currency);
}

/* The planner knows nothing of a table that was filled just now, nor of one that grows by
 * a million rows under it: left alone it may read all products for each piece. By their
 * keys they are always found quickly. */
#define BY_KEYS                                                                          \
    "SELECT set_config('enable_hashjoin', 'off', true), "                                \
    "set_config('enable_mergejoin', 'off', true), "                                      \
    "set_config('plan_cache_mode', 'force_custom_plan', true)"
#define AS_BEFORE                                                                        \
    "SELECT set_config('enable_hashjoin', 'on', true), "                                 \
    "set_config('enable_mergejoin', 'on', true), "                                       \
    "set_config('plan_cache_mode', 'auto', true)"

static enum aisle_status bring(struct conn *c, const struct incoming *list, size_t count,
                               struct aisle_err *err)
{
    const struct new_rows rows = {.table = "incoming",
                                  .columns = INCOMING_COLUMNS,
                                  .column_count = INCOMING_COLUMN_COUNT,
                                  .count = count,
                                  .fill = fill_incoming,
                                  .ctx = list};
    enum aisle_status status = sql_run(c, MAKE_INCOMING, SQL_NO_VALUES, err);

    if (status == AISLE_OK)
        status = sql_run(c, BY_KEYS, SQL_NO_VALUES, err);
    if (status == AISLE_OK) /* what this transaction brought before */
        status = sql_run(c, "DELETE FROM incoming", SQL_NO_VALUES, err);
    return status == AISLE_OK ? sql_add(c, &rows, err) : status;
}

/* Those equal to what is there leave; of the others it is noted which image they had. */
static enum aisle_status compare(struct conn *c, int64_t *same, int64_t *changed,
                                 struct aisle_err *err)
{
    enum aisle_status status = sql_change_later(
        c,
        "DELETE FROM incoming i USING product p LEFT JOIN product_image x "
        "ON x.seller_id = p.seller_id AND x.id = p.image_id "
        "WHERE p.seller_id = i.seller_id AND p.id = i.id AND p.title = i.title "
        "AND p.description = i.description AND p.brand = i.brand "
        "AND p.seller_category_id = i.seller_category_id "
        "AND coalesce(x.location, '') = i.image_location AND p.attributes = i.attributes "
        "AND p.price_minor = i.price_minor AND p.currency = i.currency "
        "AND (i.asked_id = '' OR i.asked_id = coalesce(p.image_id, ''))",
        SQL_NO_VALUES, same, err);

    return status == AISLE_OK
               ? sql_change_later(
                     c,
                     "UPDATE incoming i SET was_image = p.image_id, was_category = "
                     "p.seller_category_id FROM product p WHERE p.seller_id = "
                     "i.seller_id AND p.id = i.id",
                     SQL_NO_VALUES, changed, err)
               : status;
}

/* ---- merging ---- */

#define LOST "i.was_image IS NOT NULL AND i.was_image IS DISTINCT FROM i.image_id"

/* In this order; the ?s are the time. */
static const struct {
    const char *sql;
    bool timed;
} merge[] = {
    {"INSERT INTO product_image (seller_id, id, file_name, local_image_id, location, "
     "products) SELECT seller_id, image_id, min(file_name), min(local_image_id), "
     "min(image_location), "
     "count(CASE WHEN image_id IS DISTINCT FROM was_image THEN 1 END) "
     "FROM incoming WHERE image_id IS NOT NULL GROUP BY seller_id, image_id "
     "ON CONFLICT (seller_id, id) DO UPDATE SET "
     "products = product_image.products + excluded.products "
     "WHERE excluded.products > 0",
     false},
    /* the last product that had an image takes it along */
    {"UPDATE product_image x SET products = x.products - gone.count "
     "FROM (SELECT i.seller_id, i.was_image, count(*) AS count FROM incoming i "
     "WHERE " LOST " GROUP BY i.seller_id, i.was_image) gone "
     "WHERE x.seller_id = gone.seller_id AND x.id = gone.was_image",
     false},
    {"DELETE FROM image_link k USING incoming i JOIN product_image x "
     "ON x.seller_id = i.seller_id AND x.id = i.was_image "
     "WHERE " LOST " AND x.products <= 0 AND k.seller_id = x.seller_id "
     "AND k.image_id = x.id",
     false},
    {"DELETE FROM product_image x USING incoming i "
     "WHERE " LOST " AND x.seller_id = i.seller_id AND x.id = i.was_image "
     "AND x.products <= 0",
     false},
    {"INSERT INTO product (seller_id, id, title, description, brand, "
     "seller_category_id, image_id, attributes, price_minor, currency, created_at, "
     "updated_at, version) SELECT seller_id, id, title, description, brand, "
     "seller_category_id, image_id, attributes, price_minor, currency, ?1, ?1, 1 "
     "FROM incoming ON CONFLICT (seller_id, id) DO UPDATE SET title = excluded.title, "
     "description = excluded.description, brand = excluded.brand, "
     "seller_category_id = excluded.seller_category_id, image_id = excluded.image_id, "
     "attributes = excluded.attributes, price_minor = excluded.price_minor, "
     "currency = excluded.currency, updated_at = excluded.updated_at, "
     "version = product.version + 1",
     true},
};

/* ---- counting ---- */

#define MOVED "i.was_category IS DISTINCT FROM i.seller_category_id"
#define COUNTED                                                                          \
    "seller_id, seller_category_id, target_id, stands, advisor, tenth, provisional, "    \
    "products"
#define ADDED                                                                            \
    " ON CONFLICT (seller_id, seller_category_id, target_id, stands, advisor, tenth, "   \
    "provisional) DO UPDATE SET products = progress.products + excluded.products"
/* What stands for those that moved; in which category is said in between. */
#define WORDS(category)                                                                  \
    "SELECT m.seller_id, i." category " AS seller_category_id, m.target_id, m.stands, "  \
    "m.advisor, m.tenth, m.provisional, count(*) AS products FROM incoming i JOIN "      \
    "decision d ON d.seller_id = i.seller_id AND d.key = i.id AND d.scope = 'product' "  \
    "JOIN mapping m ON m.seller_id = d.seller_id AND m.target_id = d.target_id AND "     \
    "m.scope = d.scope AND m.key = d.key AND m.seq = d.seq WHERE " MOVED                 \
    " AND i." category " IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, " \
    "5, 6, 7"

static const char *const count_products[] = {
    "UPDATE progress g SET products = g.products - gone.products FROM (SELECT "
    "i.seller_id, i.was_category, count(*) AS products FROM incoming i WHERE " MOVED
    " AND i.was_category IS NOT NULL GROUP BY 1, 2) gone WHERE g.seller_id = "
    "gone.seller_id AND g.seller_category_id = gone.was_category AND g.target_id = ''",
    "INSERT INTO progress (" COUNTED ") SELECT seller_id, seller_category_id, '', '', "
    "'', 0, 0, count(*) FROM incoming i WHERE " MOVED
    " GROUP BY 1, 2 ORDER BY 1, 2" ADDED,
};
static const char *const count_words[] = {
    "UPDATE progress g SET products = g.products - w.products FROM (" WORDS(
        "was_category") ") w WHERE g.seller_id = w.seller_id AND g.seller_category_id = "
                        "w.seller_category_id AND g.target_id = w.target_id AND g.stands "
                        "= w.stands AND g.advisor = w.advisor AND g.tenth = w.tenth AND "
                        "g.provisional = w.provisional",
    "INSERT INTO progress (" COUNTED ") " WORDS("seller_category_id") ADDED,
};

/* Whoever decides on one of them takes a number: either before us, and we find it, or it
 * waits here until the commit and finds the product. */
static enum aisle_status count_decided(struct conn *c, struct aisle_err *err)
{
    int64_t decided = 0;
    enum aisle_status status = sql_hold(c, "counter", "name", STR_LIT("decision"), err);

    if (status == AISLE_OK)
        status = sql_ask(
            c,
            "SELECT 1 FROM incoming i WHERE " MOVED
            " AND (i.was_category IS NOT NULL OR EXISTS (SELECT 1 FROM decision d WHERE "
            "d.seller_id = i.seller_id AND d.key = i.id AND d.scope = 'product')) LIMIT "
            "1",
            SQL_NO_VALUES, 0, &decided, err);
    for (size_t i = 0; i < 2 && decided && status == AISLE_OK; i++)
        status = sql_run(c, count_words[i], SQL_NO_VALUES, err);
    return status;
}

static enum aisle_status count_moved(struct conn *c, struct aisle_err *err)
{
    int64_t moved = 0;
    enum aisle_status status =
        sql_ask(c, "SELECT 1 FROM incoming i WHERE " MOVED " LIMIT 1", SQL_NO_VALUES, 0,
                &moved, err);

    for (size_t i = 0; i < 2 && moved && status == AISLE_OK; i++)
        status = sql_run(c, count_products[i], SQL_NO_VALUES, err);
    return moved && status == AISLE_OK ? count_decided(c, err) : status;
}

/* ---- all of it ---- */

static enum aisle_status add_categories(struct conn *c, struct aisle_err *err)
{
    return sql_run(c,
                   "INSERT INTO seller_category (seller_id, id, path) SELECT DISTINCT "
                   "seller_id, seller_category_id, seller_category_id FROM incoming "
                   "WHERE seller_category_id <> '' ON CONFLICT (seller_id, id) DO "
                   "NOTHING",
                   SQL_NO_VALUES, err);
}

static enum aisle_status run_merge(struct conn *c, int64_t at, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < sizeof merge / sizeof *merge && status == AISLE_OK; i++)
        status = sql_run(c, merge[i].sql,
                         merge[i].timed ? SQL_VALUES(sql_int(at)) : SQL_NO_VALUES, err);
    if (status == AISLE_OK)
        status = count_moved(c, err);
    if (status == AISLE_OK)
        status = sql_run(c, AS_BEFORE, SQL_NO_VALUES, err);
    return status == AISLE_OK ? sql_settle(c, err) : status;
}

enum aisle_status pg_put_products(struct conn *c, const struct incoming *list,
                                  size_t count, int64_t at, struct put_counts *counts,
                                  struct aisle_err *err)
{
    int64_t same = 0, changed = 0;
    enum aisle_status status = bring(c, list, count, err);

    if (status == AISLE_OK)
        status = add_categories(c, err);
    if (status == AISLE_OK)
        status = compare(c, &same, &changed, err);
    if (status == AISLE_OK)
        status = run_merge(c, at, err);
    if (status != AISLE_OK)
        return status;
    counts->same += (size_t)same;
    counts->changed += (size_t)changed;
    counts->added += count - (size_t)same - (size_t)changed;
    return AISLE_OK;
}
