/* skus.c - which SKU of a draft is which of the marketplace's */
#include "base/json.h"
#include "flows/listing/desk.h"
#include "flows/listing/look.h"
#include "listing/words.h"

/* ---- one and one ---- */

static bool has_value(const struct listing_sku *sku, struct str value,
                      struct arena *arena)
{
    struct str key = words_key(value, arena);

    for (size_t i = 0; key.n && i < sku->attribute_count; i++)
        if (str_eq(words_key(sku->attributes[i].value_name, arena), key))
            return true;
    return false;
}

/* In whatever order the marketplace has its options. */
static bool values_same(const json_t *one, const struct listing_sku *sku,
                        struct arena *arena)
{
    struct str values = json_str(one, "values");
    size_t count = 0;

    while (values.n) {
        if (!has_value(sku, str_cut(&values, '\n'), arena))
            return false;
        count++;
    }
    return count && count == sku->attribute_count;
}

static bool sku_same(const json_t *one, const struct listing_sku *sku)
{
    return sku->seller_sku.n && str_eq(json_str(one, "seller_sku"), sku->seller_sku);
}

enum likeness { ALL_OF_IT, SELLER_SKU, VALUES, NOTHING_KNOWN, LIKENESSES };

static bool is_alike(const json_t *one, const struct listing_sku *sku,
                     enum likeness likeness, struct arena *arena)
{
    switch (likeness) {
    case ALL_OF_IT:
        return sku_same(one, sku) && values_same(one, sku, arena);
    case SELLER_SKU:
        return sku_same(one, sku);
    case VALUES:
        return values_same(one, sku, arena);
    default:
        return !json_str(one, "seller_sku").n && !json_str(one, "values").n;
    }
}

/* ---- all of them ---- */

/* The id of the first that is alike and not given yet; .n 0 for none. */
static struct str take(const json_t *rows, bool *given, const struct listing_sku *sku,
                       enum likeness likeness, struct arena *arena)
{
    const json_t *one;
    size_t i;

    json_array_foreach(rows, i, one)
    {
        if (given[i] || !is_alike(one, sku, likeness, arena))
            continue;
        given[i] = true;
        return arena_str(arena, json_str(one, "id"));
    }
    return STR_LIT("");
}

/* What is surest goes first: none takes an id that is another's with better reason. */
static enum aisle_status match(const json_t *rows, const struct listing_sku *skus,
                               size_t count, struct arena *arena, struct str *ids,
                               struct aisle_err *err)
{
    bool *given = arena_zalloc(arena, json_array_size(rows), sizeof *given);

    if (!given)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++)
        ids[i] = STR_LIT("");
    for (enum likeness likeness = ALL_OF_IT; likeness < LIKENESSES; likeness++)
        for (size_t i = 0; i < count; i++) {
            if (!ids[i].n)
                ids[i] = take(rows, given, &skus[i], likeness, arena);
            if (!ids[i].p)
                return aisle_nomem(err);
        }
    return AISLE_OK;
}

static enum aisle_status read_kept(struct str kept, json_t **out, struct aisle_err *err)
{
    return json_read(kept.n ? kept : STR_LIT("[]"), BUF_MAX_REQUEST, "the SKUs kept", out,
                     err);
}

enum aisle_status skus_match(struct str kept, const struct listing_sku *skus,
                             size_t count, struct arena *arena, struct str *ids,
                             struct aisle_err *err)
{
    json_t *rows = NULL;
    enum aisle_status status = read_kept(kept, &rows, err);

    if (status == AISLE_OK)
        status = match(rows, skus, count, arena, ids, err);
    json_decref(rows);
    return status;
}

/* ---- those that cannot be told apart ---- */

static bool is_sku_of_another(const json_t *rows, size_t at)
{
    struct str sku = json_str(json_array_get(rows, at), "seller_sku");

    for (size_t i = 0; i < json_array_size(rows); i++)
        if (i != at && str_eq(json_str(json_array_get(rows, i), "seller_sku"), sku))
            return true;
    return false;
}

/* Without a seller SKU, or sharing one, and their options not known. */
static enum aisle_status are_unclear(struct str kept, bool *out, struct aisle_err *err)
{
    json_t *rows = NULL;
    enum aisle_status status = read_kept(kept, &rows, err);

    *out = false;
    for (size_t i = 0; i < json_array_size(rows); i++)
        *out = *out || (!json_str(json_array_get(rows, i), "values").n &&
                        is_sku_of_another(rows, i));
    json_decref(rows);
    return status;
}

/* The marketplace tells what options they have. */
static enum aisle_status learn_values(struct clerk *c, struct listing *l,
                                      struct aisle_err *err)
{
    struct channel_product there;
    struct aisle_err why = {0};
    struct str skus;
    bool unclear;
    enum aisle_status status = are_unclear(l->skus, &unclear, err);

    if (status != AISLE_OK || !unclear || !c->online)
        return status;
    status = look_product(&c->session, l->remote_id, &c->arena, &there, &why);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK; /* which the edit will say */
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    skus = skus_format(there.skus, there.sku_count, &c->arena);
    if (!skus.p)
        return aisle_nomem(err);
    l->skus = skus;
    return AISLE_OK;
}

enum aisle_status clerk_name_skus(struct clerk *c, struct listing *l,
                                  struct listing_draft *draft, struct aisle_err *err)
{
    size_t count = draft->sku_count;
    struct listing_sku *skus = arena_zalloc(&c->arena, count, sizeof *skus);
    struct str *ids = arena_zalloc(&c->arena, count, sizeof *ids);
    enum aisle_status status = skus && ids ? learn_values(c, l, err) : aisle_nomem(err);

    if (status == AISLE_OK)
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
