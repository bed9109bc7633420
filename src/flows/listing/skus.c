/* skus.c - which SKU of a draft is which of the marketplace's */
#include "base/json.h"
#include "flows/listing/desk.h"

/* Of the SKUs kept those that are not given to one of ours yet. */
struct kept {
    const json_t *rows;
    bool *given;
};

/* The first that is free and has this seller SKU; NULL for none. */
static const json_t *take(struct kept *k, struct str seller_sku)
{
    const json_t *one;
    size_t i;

    json_array_foreach(k->rows, i, one)
    {
        if (k->given[i] || !str_eq(json_str(one, "seller_sku"), seller_sku))
            continue;
        k->given[i] = true;
        return one;
    }
    return NULL;
}

static enum aisle_status match(struct kept *k, const struct listing_sku *skus,
                               size_t count, struct arena *arena, struct str *ids,
                               struct aisle_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *one = take(k, skus[i].seller_sku);

        ids[i] = one ? arena_str(arena, json_str(one, "id")) : STR_LIT("");
        if (!ids[i].p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

enum aisle_status skus_match(struct str kept, const struct listing_sku *skus,
                             size_t count, struct arena *arena, struct str *ids,
                             struct aisle_err *err)
{
    json_t *rows = NULL;
    struct kept k;
    enum aisle_status status = json_read(kept.n ? kept : STR_LIT("[]"), BUF_MAX_REQUEST,
                                         "the SKUs kept", &rows, err);

    if (status != AISLE_OK)
        return status;
    k = (struct kept){rows, arena_zalloc(arena, json_array_size(rows), sizeof *k.given)};
    status = k.given ? match(&k, skus, count, arena, ids, err) : aisle_nomem(err);
    json_decref(rows);
    return status;
}

enum aisle_status clerk_name_skus(struct clerk *c, struct listing *l,
                                  struct listing_draft *draft, struct aisle_err *err)
{
    size_t count = draft->sku_count;
    struct listing_sku *skus = arena_zalloc(&c->arena, count, sizeof *skus);
    struct str *ids = arena_zalloc(&c->arena, count, sizeof *ids);
    enum aisle_status status;

    if (!skus || !ids)
        return aisle_nomem(err);
    status = skus_match(l->skus, draft->skus, count, &c->arena, ids, err);
    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        skus[i] = draft->skus[i];
        if (ids[i].n)
            skus[i].id = ids[i];
    }
    draft->skus = skus;
    draft->product_id = l->remote_id;
    return AISLE_OK;
}
