/* catalogue.c - a seller's products and own categories, as they are read and dropped */
#include "store/sql/images.h"
#include "store/sql/products.h"
#include "store/sql/progress.h"

static const struct column category_columns[] = {
    COLUMN(struct seller_category, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct seller_category, id, "id", MEMBER_TEXT),
    COLUMN(struct seller_category, path, "path", MEMBER_TEXT),
    COLUMN_DERIVED(struct seller_category, products,
                   "coalesce((SELECT g.products FROM progress g WHERE g.seller_id = "
                   "seller_category.seller_id AND g.seller_category_id = "
                   "seller_category.id AND g.target_id = ''), 0)",
                   MEMBER_SIZE),
};
static const struct noun category_noun =
    NOUN("seller_category", struct seller_category, category_columns, 2);

/* ---- reading products ---- */

static enum aisle_status no_product(struct str seller_id, struct str id,
                                    struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "seller %.*s has no product %.*s",
                      STR_ARG(seller_id), STR_ARG(id));
}

static enum aisle_status get_product(struct store *s, struct str seller_id, struct str id,
                                     struct arena *arena, struct product *out,
                                     struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &sql_product_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "id = ?", sql_text(id));
    status = sql_get(s, &sql_product_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_product(seller_id, id, err) : status;
}

/* Within one seller by id alone, so that the key is found and not searched for. */
static void add_after(struct query *q, const struct product_filter *f)
{
    bool own = str_empty(f->after_seller) || str_eq(f->after_seller, f->seller_id);

    if (str_empty(f->after_seller) && str_empty(f->after_id))
        return;
    if (!str_empty(f->seller_id) && own) {
        query_where(q, "id > ?", sql_text(f->after_id));
        return;
    }
    query_where(q, "(seller_id, id) > (?, ?)", sql_text(f->after_seller));
    query_value(q, sql_text(f->after_id));
}

static void add_until(struct query *q, const struct product_filter *f)
{
    if (str_empty(f->until_seller))
        return;
    query_where(q, "(seller_id, id) <= (?, ?)", sql_text(f->until_seller));
    query_value(q, sql_text(f->until_id));
}

/* Goes through the rows: who asks over a catalogue of any size says until where. */
static void add_words(struct query *q, struct str words)
{
    for (size_t n = 0; n < PRODUCT_WORDS_MAX && words.n;) {
        struct str word = str_cut(&words, ' ');

        if (str_empty(word))
            continue;
        query_where(q,
                    "lower(title || ' ' || brand || ' ' || id) LIKE '%' || "
                    "replace(replace(replace(lower(?), '\\', '\\\\'), '%', '\\%'), "
                    "'_', '\\_') || '%' ESCAPE '\\'",
                    sql_text(word));
        n++;
    }
}

/* for_run: whatever a category has settles its products, as runs pass it over whole. */
static void add_undecided(struct query *q, struct str target_id, bool for_run)
{
    if (str_empty(target_id))
        return;
    query_where(q,
                "NOT EXISTS (SELECT 1 FROM mapping m WHERE m.seller_id = "
                "product.seller_id AND m.target_id = ? AND m.scope = 'product' AND m.key "
                "= product.id AND m.settled = 1)",
                sql_text(target_id));
    query_where(q,
                "NOT EXISTS (SELECT 1 FROM mapping m WHERE m.seller_id = "
                "product.seller_id AND m.target_id = ? AND m.scope = 'seller-category' "
                "AND m.key = product.seller_category_id AND m.settled = 1 AND (? = 1 OR "
                "NOT EXISTS (SELECT 1 FROM mapping r WHERE r.seller_id = "
                "product.seller_id AND r.target_id = m.target_id AND r.scope = 'product' "
                "AND r.key = product.id AND r.state = 'rejected' AND r.category_id = "
                "m.category_id)))",
                sql_text(target_id));
    query_value(q, sql_int(for_run));
}

static void add_part(struct query *q, const struct product_filter *f)
{
    if (str_empty(f->undecided_for) || f->part == UNDECIDED_ALL)
        return;
    query_where(q,
                f->part == UNDECIDED_AGREED
                    ? "EXISTS (SELECT 1 FROM mapping m WHERE m.seller_id = "
                      "product.seller_id AND m.target_id = ? AND m.scope = 'product' AND "
                      "m.key = product.id AND m.stands = 'agreed')"
                    : "NOT EXISTS (SELECT 1 FROM mapping m WHERE m.seller_id = "
                      "product.seller_id AND m.target_id = ? AND m.scope = 'product' AND "
                      "m.key = product.id AND m.stands IN ('agreed', 'contested'))",
                sql_text(f->undecided_for));
}

static void add_filter(struct query *q, const struct product_filter *f)
{
    query_where_text(q, "seller_id = ?", f->seller_id);
    if (f->has_seller_category)
        query_where(q, "seller_category_id = ?", sql_text(f->seller_category_id));
    add_after(q, f);
    add_until(q, f);
    add_words(q, f->words);
    add_undecided(q, f->undecided_for, f->for_run);
    add_part(q, f);
}

static enum aisle_status each_product(struct store *s,
                                      const struct product_filter *filter,
                                      store_product_fn *fn, void *ctx,
                                      struct aisle_err *err)
{
    struct query q = {0};
    struct product product;
    struct walk w;

    query_select(&q, &sql_product_noun);
    add_filter(&q, filter);
    query_add(&q, " ORDER BY seller_id, id");
    query_limit(&q, filter->limit);
    w = walk_begin(s, &sql_product_noun, &q, err);
    while (walk_next(&w, &product))
        w.status = fn(ctx, &product, err);
    return walk_end(&w);
}

static enum aisle_status count_products(struct store *s,
                                        const struct product_filter *filter,
                                        size_t *count, struct aisle_err *err)
{
    struct query q = {0};
    int64_t n = 0;
    enum aisle_status status;

    query_add(&q, "SELECT count(*) FROM (SELECT 1 FROM product");
    add_filter(&q, filter);
    query_limit(&q, filter->limit);
    query_add(&q, ") found");
    status = sql_look(s, &q, &n, err);
    if (status == AISLE_OK)
        *count = (size_t)n;
    return status;
}

struct product_key {
    struct str seller_id, id;
};
static const struct column key_columns[] = {
    COLUMN(struct product_key, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct product_key, id, "id", MEMBER_TEXT),
};
static const struct noun key_noun = NOUN("product", struct product_key, key_columns, 2);

static enum aisle_status nth_product(struct store *s, const struct product_filter *filter,
                                     size_t n, struct arena *arena, struct str *seller_id,
                                     struct str *id, struct aisle_err *err)
{
    struct query q = {0};
    struct product_key key;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &key_noun);
    add_filter(&q, filter);
    query_add(&q, " ORDER BY seller_id, id LIMIT 1 OFFSET ?");
    query_value(&q, sql_int((int64_t)n - 1));
    status = sql_get(s, &key_noun, &q, arena, &key, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "there are fewer than %zu products", n);
    if (status != AISLE_OK)
        return status;
    *seller_id = key.seller_id;
    *id = key.id;
    return AISLE_OK;
}

/* ---- dropping one ---- */

static enum aisle_status drop_rows(struct conn *c, const struct product_key *key,
                                   const struct before *before, struct aisle_err *err)
{
    const struct str category = str_of(before->category);
    const struct str image_id = str_of(before->image_id);
    const struct values values = SQL_VALUES(sql_text(key->seller_id), sql_text(key->id));
    enum aisle_status status = sql_run(
        c, "DELETE FROM suggestion WHERE seller_id = ? AND product_id = ?", values, err);

    if (status == AISLE_OK)
        status =
            sql_run(c, "DELETE FROM product WHERE seller_id = ? AND id = ?", values, err);
    if (status == AISLE_OK)
        status = sql_progress_moved(c, key->seller_id, key->id, &category, NULL, err);
    if (status == AISLE_OK && !str_empty(image_id))
        status = sql_let_go_image(c, key->seller_id, image_id, err);
    return status;
}

struct product_drop {
    struct product_key key;
    int64_t version;
};

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct product_drop *drop = work;
    const struct product_key *key = &drop->key;
    struct before before = {0};
    enum aisle_status status = sql_hold(c, "seller", "id", key->seller_id, err);

    if (status == AISLE_OK)
        status = sql_read_before(c, key->seller_id, key->id, NULL, &before, err);
    if (status == AISLE_OK && !before.version)
        return no_product(key->seller_id, key->id, err);
    if (status == AISLE_OK && drop->version && drop->version != before.version)
        return aisle_fail(err, AISLE_CONFLICT,
                          "product %.*s of seller %.*s was changed meanwhile",
                          STR_ARG(key->id), STR_ARG(key->seller_id));
    return status == AISLE_OK ? drop_rows(c, key, &before, err) : status;
}

static enum aisle_status drop_product(struct store *s, struct str seller_id,
                                      struct str id, int64_t version,
                                      struct aisle_err *err)
{
    const struct product_drop drop = {{seller_id, id}, version};

    return sql_write(s, write_drop, &drop, err);
}

/* ---- seller categories ---- */

static enum aisle_status
each_seller_category(struct store *s, struct str seller_id,
                     enum aisle_status (*fn)(void *ctx, const struct seller_category *,
                                             struct aisle_err *),
                     void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct seller_category category;
    struct walk w;

    query_select(&q, &category_noun);
    query_where_text(&q, "seller_id = ?", seller_id);
    query_add(&q, " ORDER BY seller_id, id");
    w = walk_begin(s, &category_noun, &q, err);
    while (walk_next(&w, &category))
        w.status = fn(ctx, &category, err);
    return walk_end(&w);
}

const struct store_catalogue sql_catalogue = {
    .put_products = sql_put_products,
    .merge_products = sql_merge_products,
    .change_product = sql_change_product,
    .get_product = get_product,
    .each_product = each_product,
    .count_products = count_products,
    .nth_product = nth_product,
    .drop_product = drop_product,
    .each_seller_category = each_seller_category,
    .get_image = sql_get_image,
    .get_pushed = sql_get_pushed,
    .find_pushed = sql_find_pushed,
    .find_refused = sql_find_refused,
};
