#include "flows/products.h"

/* ---- products ---- */

static enum aisle_status even_out(struct product *p, struct arena *arena,
                                  struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    char id[IMAGE_ID_LEN + 1];
    enum aisle_status status = AISLE_OK;

    seller_category_path(p->seller_category_id, &path);
    p->seller_category_id = arena_str(arena, buf_str(&path));
    buf_clear(&path);
    p->image_id = (struct str){0};
    if (!str_empty(p->image_location)) {
        status = image_id_of("image", p->seller_id, p->image_location, id, err);
        if (status == AISLE_OK)
            p->image_id = arena_str(arena, str_of(id));
    }
    if (status == AISLE_OK && !p->seller_category_id.p)
        status = aisle_nomem(err);
    return status;
}

enum aisle_status flow_product_put(const struct app *app, const struct product *product,
                                   struct arena *arena, struct product *out,
                                   struct aisle_err *err)
{
    const struct store_catalogue *catalogue = app->store->ops->catalogue;
    struct product p = *product;
    enum aisle_status status;

    if (!short_word_valid(p.seller_id))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no name for a seller: 1 to 40 of a-z 0-9 - _",
                          STR_ARG(str_head(p.seller_id, 60)));
    status = even_out(&p, arena, err);
    if (status == AISLE_OK)
        status = product_check(&p, err);
    if (status == AISLE_OK)
        status = catalogue->change_product(app->store, &p, product->version,
                                           clock_now_s(app->clock), err);
    if (status == AISLE_OK)
        status = catalogue->get_product(app->store, p.seller_id, p.id, arena, out, err);
    return status;
}

enum aisle_status flow_product_drop(const struct app *app, struct str seller_id,
                                    struct str id, int64_t version, struct aisle_err *err)
{
    return app->store->ops->catalogue->drop_product(app->store, seller_id, id, version,
                                                    err);
}
