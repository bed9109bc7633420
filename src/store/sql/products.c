/* products.c - products that are put, with their categories and images */
#include "store/sql/products.h"

#include "store/sql/images.h"
#include "store/sql/progress.h"

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
const struct noun sql_product_noun = NOUN("product", struct product, product_columns, 2);

/* ---- putting products ---- */

enum { MANY = 9 }; /* fewer are as quick one by one */

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

enum aisle_status sql_hold_seller(struct conn *c, struct str id, struct aisle_err *err)
{
    enum aisle_status status = sql_add_seller(c, id, err);

    return status == AISLE_OK ? sql_hold(c, "seller", "id", id, err) : status;
}

/* The seller and the category of a file's products change seldom from row to row. */
static enum aisle_status add_surroundings(struct conn *c, const struct product *p,
                                          const struct product *before,
                                          struct aisle_err *err)
{
    bool same_seller = before && str_eq(before->seller_id, p->seller_id);
    enum aisle_status status = AISLE_OK;

    if (!same_seller)
        status = sql_hold_seller(c, p->seller_id, err);
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

static void copy_text(struct str s, char *out)
{
    memcpy(out, s.p, s.n);
    out[s.n] = '\0';
}

static enum aisle_status copy_before(const struct product *then, struct before *out,
                                     struct aisle_err *err)
{
    struct str image_id = str_head(then->image_id, PRODUCT_MAX_FIELD);

    out->created_at = then->created_at;
    out->version = then->version;
    copy_text(image_id, out->image_id);
    copy_text(str_head(then->seller_category_id, PRODUCT_MAX_FIELD), out->category);
    if (str_empty(then->image_location))
        return AISLE_OK;
    return image_id_of("image", then->seller_id, then->image_location, out->derived_id,
                       err);
}

/* p may be NULL. */
enum aisle_status sql_read_before(struct conn *c, struct str seller_id, struct str id,
                                  const struct product *p, struct before *out,
                                  struct aisle_err *err)
{
    struct query q = {0};
    struct product then;
    struct stmt *st = NULL;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &sql_product_noun);
    query_where(&q, "seller_id = ?", sql_text(seller_id));
    query_where(&q, "id = ?", sql_text(id));
    status = sql_peek(c, &sql_product_noun, &q, &st, &then, &found, err);
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
    return status == AISLE_OK ? noun_put(c, &sql_product_noun, &row, err) : status;
}

/* It is counted with its seller category. */
static enum aisle_status count_product(struct conn *c, const struct product *p,
                                       const struct before *before, struct aisle_err *err)
{
    const struct str was = str_of(before->category);

    if (before->version && str_eq(was, p->seller_category_id))
        return AISLE_OK;
    return sql_progress_moved(c, p->seller_id, p->id, before->version ? &was : NULL,
                              &p->seller_category_id, err);
}

static enum aisle_status put_product(struct conn *c, const struct product *p, int64_t at,
                                     struct put_counts *counts, struct aisle_err *err)
{
    struct before before;
    enum aisle_status status = sql_read_before(c, p->seller_id, p->id, p, &before, err);

    if (status == AISLE_OK && !before.same)
        status = keep_product(c, p, &before, at, err);
    if (status == AISLE_OK && !before.same)
        status = count_product(c, p, &before, err);
    if (status == AISLE_OK)
        ++*(before.same      ? &counts->same
            : before.version ? &counts->changed
                             : &counts->added);
    return status;
}

enum aisle_status sql_put_list(struct conn *c, const struct products_write *w,
                               struct aisle_err *err)
{
    bool done = false;
    enum aisle_status status = AISLE_OK;

    if (w->many && w->count >= MANY)
        status = sql_put_many(c, w, &done, err);
    if (done)
        return status;
    for (size_t i = 0; i < w->count && status == AISLE_OK; i++) {
        const struct product *p = &w->list[i];

        status = add_surroundings(c, p, i ? &w->list[i - 1] : NULL, err);
        if (status == AISLE_OK)
            status = put_product(c, p, w->at, w->counts, err);
    }
    return status;
}

static enum aisle_status write_products(struct conn *c, const void *work,
                                        struct aisle_err *err)
{
    const struct products_write *w = work;

    *w->counts = (struct put_counts){0};
    return sql_put_list(c, w, err);
}

enum aisle_status sql_put_products(struct store *s, const struct product *list,
                                   size_t count, int64_t at, struct put_counts *counts,
                                   struct aisle_err *err)
{
    struct put_counts now = {0};
    const struct products_write w = {list, count, at, &now,
                                     sql_driver_of(s)->put_products};
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

enum aisle_status sql_change_product(struct store *s, const struct product *product,
                                     int64_t expected, int64_t at, struct aisle_err *err)
{
    const struct product_change w = {product, expected, at};

    return sql_write(s, write_change, &w, err);
}
