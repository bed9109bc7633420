/* catalogue.c - a seller's products and own categories */
#include "store/sql/images.h"

static const struct column product_columns[] = {
    COLUMN(struct product, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct product, id, "id", MEMBER_TEXT),
    COLUMN(struct product, title, "title", MEMBER_TEXT),
    COLUMN(struct product, description, "description", MEMBER_TEXT),
    COLUMN(struct product, brand, "brand", MEMBER_TEXT),
    COLUMN(struct product, seller_category_id, "seller_category_id", MEMBER_TEXT),
    COLUMN(struct product, image_id, "image_id", MEMBER_TEXT_OR_NULL),
    COLUMN_DERIVED(struct product, image_location,
                   "(SELECT i.location FROM product_image i WHERE i.seller_id = "
                   "product.seller_id AND i.id = product.image_id)",
                   MEMBER_TEXT_OR_NULL),
    COLUMN(struct product, attributes, "attributes", MEMBER_TEXT),
    COLUMN(struct product, price_minor, "price_minor", MEMBER_INT),
    COLUMN(struct product, currency, "currency", MEMBER_TEXT),
    COLUMN(struct product, created_at, "created_at", MEMBER_INT),
    COLUMN(struct product, updated_at, "updated_at", MEMBER_INT),
    COLUMN(struct product, version, "version", MEMBER_INT),
};
static const struct noun product_noun =
    NOUN("product", struct product, product_columns, 2);

static const struct column category_columns[] = {
    COLUMN(struct seller_category, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct seller_category, id, "id", MEMBER_TEXT),
    COLUMN(struct seller_category, path, "path", MEMBER_TEXT),
    COLUMN_DERIVED(struct seller_category, products,
                   "(SELECT count(*) FROM product p WHERE p.seller_id = "
                   "seller_category.seller_id AND p.seller_category_id = "
                   "seller_category.id)",
                   MEMBER_SIZE),
};
static const struct noun category_noun =
    NOUN("seller_category", struct seller_category, category_columns, 2);

/* ---- putting products ---- */

struct products_write {
    const struct product *list;
    size_t count;
    int64_t at;
    struct put_counts *counts;
};

/* What a file says of a category is its path; that is its id too, unless another file
 * named it before. */
static enum aisle_status add_category(struct conn *c, const struct product *p,
                                      struct aisle_err *err)
{
    if (str_empty(p->seller_category_id))
        return AISLE_OK;
    return sql_run(c,
                   "INSERT INTO seller_category (seller_id, id, path) VALUES (?1, ?2, "
                   "?2) ON CONFLICT (seller_id, id) DO NOTHING",
                   SQL_VALUES(sql_text(p->seller_id), sql_text(p->seller_category_id)),
                   err);
}

/* The seller and the category of a file's products change seldom from row to row. Who
 * writes a seller's products holds the seller: what is read before is still so after. */
static enum aisle_status add_surroundings(struct conn *c, const struct product *p,
                                          const struct product *before,
                                          struct aisle_err *err)
{
    bool same_seller = before && str_eq(before->seller_id, p->seller_id);
    enum aisle_status status =
        same_seller ? AISLE_OK : sql_add_seller(c, p->seller_id, err);

    if (status == AISLE_OK && !same_seller)
        status = sql_hold(c, "seller", "id", p->seller_id, err);
    if (status == AISLE_OK &&
        (!before || !same_seller ||
         !str_eq(before->seller_category_id, p->seller_category_id)))
        status = add_category(c, p, err);
    return status;
}

static bool same_image(const struct product *then, const struct product *now)
{
    return str_empty(now->image_id) || str_eq(then->image_id, now->image_id);
}

/* What is kept of the row before, which ends when it is written over. */
struct before {
    int64_t created_at, version; /* version 0: there was none */
    char image_id[PRODUCT_MAX_FIELD + 1];
    char derived_id[IMAGE_ID_LEN + 1]; /* what its location gives, "" without one */
    bool same;                         /* as what is to be put */
};

static enum aisle_status copy_before(const struct product *then, struct before *out,
                                     struct aisle_err *err)
{
    struct str image_id = str_head(then->image_id, PRODUCT_MAX_FIELD);

    out->created_at = then->created_at;
    out->version = then->version;
    memcpy(out->image_id, image_id.p, image_id.n);
    out->image_id[image_id.n] = '\0';
    if (str_empty(then->image_location))
        return AISLE_OK;
    return image_id_of("image", then->seller_id, then->image_location, out->derived_id,
                       err);
}

/* p may be NULL. */
static enum aisle_status read_before(struct conn *c, struct str seller_id, struct str id,
                                     const struct product *p, struct before *out,
                                     struct aisle_err *err)
{
    struct query q = {0};
    struct product then;
    struct stmt *st = NULL;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &product_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "id = ?", sql_text(id));
    status = sql_peek(c, &product_noun, &q, &st, &then, &found, err);
    out->version = 0;
    out->image_id[0] = out->derived_id[0] = '\0';
    out->same = status == AISLE_OK && found && p && product_same(&then, p) &&
                same_image(&then, p);
    if (status == AISLE_OK && found && !out->same)
        status = copy_before(&then, out, err);
    sql_finish(st);
    return status;
}

/* The image the product has now instead of the one it had. */
static enum aisle_status change_image(struct conn *c, const struct product *p,
                                      struct str image_id, struct str before,
                                      struct aisle_err *err)
{
    bool gained = !str_eq(image_id, before);
    enum aisle_status status = AISLE_OK;

    if (!str_empty(image_id))
        status = sql_put_image(c, p, image_id, gained, err);
    if (status == AISLE_OK && gained && !str_empty(before))
        status = sql_let_go_image(c, p->seller_id, before, err);
    return status;
}

static enum aisle_status keep_product(struct conn *c, const struct product *p,
                                      const struct before *before, int64_t at,
                                      struct aisle_err *err)
{
    char image_id[PRODUCT_MAX_FIELD + 1];
    struct product row = *p;
    enum aisle_status status;

    /* read, given another picture and put back: the id was the old picture's place */
    if (str_is(row.image_id, before->derived_id))
        row.image_id = str_of("");
    status = sql_image_id(&row, image_id, err);
    if (status == AISLE_OK)
        status = change_image(c, p, str_of(image_id), str_of(before->image_id), err);
    row.image_id = str_of(image_id);
    row.created_at = before->version ? before->created_at : at;
    row.updated_at = at;
    row.version = before->version + 1;
    return status == AISLE_OK ? noun_put(c, &product_noun, &row, err) : status;
}

static enum aisle_status put_product(struct conn *c, const struct product *p, int64_t at,
                                     struct put_counts *counts, struct aisle_err *err)
{
    struct before before;
    enum aisle_status status = read_before(c, p->seller_id, p->id, p, &before, err);

    if (status == AISLE_OK && !before.same)
        status = keep_product(c, p, &before, at, err);
    if (status == AISLE_OK)
        ++*(before.same      ? &counts->same
            : before.version ? &counts->changed
                             : &counts->added);
    return status;
}

static enum aisle_status write_products(struct conn *c, const void *work,
                                        struct aisle_err *err)
{
    const struct products_write *w = work;
    enum aisle_status status = AISLE_OK;

    *w->counts = (struct put_counts){0};
    for (size_t i = 0; i < w->count && status == AISLE_OK; i++) {
        const struct product *p = &w->list[i];

        status = add_surroundings(c, p, i ? &w->list[i - 1] : NULL, err);
        if (status == AISLE_OK)
            status = put_product(c, p, w->at, w->counts, err);
    }
    return status;
}

static enum aisle_status put_products(struct store *s, const struct product *list,
                                      size_t count, int64_t at, struct put_counts *counts,
                                      struct aisle_err *err)
{
    struct put_counts now = {0};
    const struct products_write w = {list, count, at, &now};
    enum aisle_status status = sql_write(s, write_products, &w, err);

    if (status == AISLE_OK && counts) {
        counts->added += now.added;
        counts->changed += now.changed;
        counts->same += now.same;
    }
    return status;
}

struct product_change {
    const struct product *product;
    int64_t expected, at;
};

/* The row, or where there is none yet its seller's, is held first: what is compared is
 * what is written over. */
static enum aisle_status write_change(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    const struct product_change *w = work;
    const struct product *p = w->product;
    const struct values key = SQL_VALUES(sql_text(p->seller_id), sql_text(p->id));
    struct put_counts counts = {0};
    int64_t version = 0;
    enum aisle_status status =
        sql_run(c, "UPDATE product SET version = version WHERE seller_id = ? AND id = ?",
                key, err);

    if (status == AISLE_OK)
        status = add_surroundings(c, p, NULL, err);
    if (status == AISLE_OK && w->expected == 0)
        status = sql_hold(c, "seller", "id", p->seller_id, err);
    if (status == AISLE_OK)
        status = sql_ask(c, "SELECT version FROM product WHERE seller_id = ? AND id = ?",
                         key, 0, &version, err);
    if (status == AISLE_OK && version != w->expected)
        return aisle_fail(err, AISLE_CONFLICT, "product %.*s %s", STR_ARG(p->id),
                          w->expected ? "was changed meanwhile" : "is there already");
    return status == AISLE_OK ? put_product(c, p, w->at, &counts, err) : status;
}

static enum aisle_status change_product(struct store *s, const struct product *product,
                                        int64_t expected, int64_t at,
                                        struct aisle_err *err)
{
    const struct product_change w = {product, expected, at};

    return sql_write(s, write_change, &w, err);
}

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

    query_select(&q, &product_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "id = ?", sql_text(id));
    status = sql_get(s, &product_noun, &q, arena, out, &found, err);
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

static void add_undecided(struct query *q, struct str target_id)
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
                "AND m.key = product.seller_category_id AND m.settled = 1)",
                sql_text(target_id));
}

static void add_filter(struct query *q, const struct product_filter *f)
{
    query_where_text(q, "seller_id = ?", f->seller_id);
    if (f->has_seller_category)
        query_where(q, "seller_category_id = ?", sql_text(f->seller_category_id));
    add_after(q, f);
    add_undecided(q, f->undecided_for);
}

static enum aisle_status each_product(struct store *s,
                                      const struct product_filter *filter,
                                      store_product_fn *fn, void *ctx,
                                      struct aisle_err *err)
{
    struct query q = {0};
    struct product product;
    struct walk w;

    query_select(&q, &product_noun);
    add_filter(&q, filter);
    query_add(&q, " ORDER BY seller_id, id");
    query_limit(&q, filter->limit);
    w = walk_begin(s, &product_noun, &q, err);
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

/* ---- dropping one ---- */

struct product_key {
    struct str seller_id, id;
};

static enum aisle_status drop_rows(struct conn *c, const struct product_key *key,
                                   struct str image_id, struct aisle_err *err)
{
    const struct values values = SQL_VALUES(sql_text(key->seller_id), sql_text(key->id));
    enum aisle_status status = sql_run(
        c, "DELETE FROM suggestion WHERE seller_id = ? AND product_id = ?", values, err);

    if (status == AISLE_OK)
        status =
            sql_run(c, "DELETE FROM product WHERE seller_id = ? AND id = ?", values, err);
    if (status == AISLE_OK && !str_empty(image_id))
        status = sql_let_go_image(c, key->seller_id, image_id, err);
    return status;
}

static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct product_key *key = work;
    struct before before = {0};
    enum aisle_status status = sql_hold(c, "seller", "id", key->seller_id, err);

    if (status == AISLE_OK)
        status = read_before(c, key->seller_id, key->id, NULL, &before, err);
    if (status == AISLE_OK && !before.version)
        return no_product(key->seller_id, key->id, err);
    return status == AISLE_OK ? drop_rows(c, key, str_of(before.image_id), err) : status;
}

static enum aisle_status drop_product(struct store *s, struct str seller_id,
                                      struct str id, struct aisle_err *err)
{
    const struct product_key key = {seller_id, id};

    return sql_write(s, write_drop, &key, err);
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
    .put_products = put_products,
    .change_product = change_product,
    .get_product = get_product,
    .each_product = each_product,
    .count_products = count_products,
    .drop_product = drop_product,
    .each_seller_category = each_seller_category,
    .get_image = sql_get_image,
    .get_pushed = sql_get_pushed,
    .find_pushed = sql_find_pushed,
    .find_refused = sql_find_refused,
};
