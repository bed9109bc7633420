/* skus.c - which SKU of a draft is which of the marketplace's */
#include "base/json.h"
#include "flows/listing/desk.h"
#include "flows/listing/look.h"
#include "listing/words.h"

/* ---- one and one ---- */

typedef bool same_fn(struct str key, struct str other);

static bool has_value(const struct listing_sku *sku, struct str value, same_fn *same,
                      struct arena *arena)
{
    struct str key = words_key(value, arena);

    for (size_t i = 0; key.n && i < sku->attribute_count; i++)
        if (same(words_key(sku->attributes[i].value_name, arena), key))
            return true;
    return false;
}

/* In whatever order the marketplace has its options. */
static bool values_same(const json_t *one, const struct listing_sku *sku, same_fn *same,
                        struct arena *arena)
{
    struct str values = json_str(one, "values");
    size_t count = 0;

    while (values.n) {
        if (!has_value(sku, str_cut(&values, '\n'), same, arena))
            return false;
        count++;
    }
    return count && count == sku->attribute_count;
}

static bool sku_same(const json_t *one, const struct listing_sku *sku)
{
    return sku->seller_sku.n && str_eq(json_str(one, "seller_sku"), sku->seller_sku);
}

static bool has_no_values(const json_t *one)
{
    return !json_str(one, "values").n;
}

/* In words: it was sent as the marketplace's own value for what we call otherwise. */
enum likeness {
    ALL_OF_IT,
    ALL_IN_WORDS,
    SELLER_SKU,
    VALUES,
    VALUES_IN_WORDS,
    ONLY_ONE,
    NOTHING_KNOWN,
    LIKENESSES
};

static bool is_alike(const json_t *one, const struct listing_sku *sku, bool only,
                     enum likeness likeness, struct arena *arena)
{
    switch (likeness) {
    case ALL_OF_IT:
        return sku_same(one, sku) && values_same(one, sku, str_eq, arena);
    case ALL_IN_WORDS:
        return sku_same(one, sku) && values_same(one, sku, words_same, arena);
    case SELLER_SKU:
        return sku_same(one, sku);
    case VALUES:
        return values_same(one, sku, str_eq, arena);
    case VALUES_IN_WORDS:
        return values_same(one, sku, words_same, arena);
    case ONLY_ONE: /* a product without options has no other */
        return only && has_no_values(one) && !sku->attribute_count;
    default:
        return !json_str(one, "seller_sku").n && has_no_values(one);
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
        if (given[i] || !json_str(one, "id").n ||
            !is_alike(one, sku, json_array_size(rows) == 1, likeness, arena))
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

static bool is_among(struct str id, const struct str *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(ids[i], id))
            return true;
    return false;
}

/* Rows that may be a SKU's all the same, as their options are not known: those without a
 * seller SKU, or that share one; and where a SKU has no id yet, those that are nobody's.
 */
static bool is_in_doubt(const json_t *rows, size_t at, const struct str *ids,
                        size_t count)
{
    const json_t *one = json_array_get(rows, at);
    struct str id = json_str(one, "id");
    bool some_lack = is_among(STR_LIT(""), ids, count);

    return has_no_values(one) && (is_sku_of_another(rows, at) ||
                                  (some_lack && (!id.n || !is_among(id, ids, count))));
}

static enum aisle_status are_unclear(struct str kept, const struct str *ids, size_t count,
                                     bool *out, struct aisle_err *err)
{
    json_t *rows = NULL;
    enum aisle_status status = read_kept(kept, &rows, err);

    *out = json_array_size(rows) == 0;
    for (size_t i = 0; i < json_array_size(rows); i++)
        *out = *out || is_in_doubt(rows, i, ids, count);
    json_decref(rows);
    return status;
}

/* The marketplace tells what options they have. One that tells of no SKUs leaves what is
 * kept. */
static enum aisle_status learn_values(struct clerk *c, struct listing *l,
                                      struct aisle_err *err)
{
    struct channel_product there;
    struct aisle_err why = {0};
    struct str skus;
    enum aisle_status status =
        look_product(&c->session, l->remote_id, &c->arena, &there, &why);

    if (status == AISLE_NOT_FOUND)
        return AISLE_OK; /* which the edit will say */
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    if (!there.sku_count)
        return AISLE_OK;
    skus = skus_format(there.skus, there.sku_count, &c->arena);
    if (!skus.p)
        return aisle_nomem(err);
    l->skus = skus;
    return AISLE_OK;
}

/* By what is kept, and where that leaves a doubt by what the marketplace tells. */
static enum aisle_status find_ids(struct clerk *c, struct listing *l,
                                  const struct listing_draft *draft, struct str *ids,
                                  struct aisle_err *err)
{
    size_t count = draft->sku_count;
    bool unclear = false;
    enum aisle_status status =
        skus_match(l->skus, draft->skus, count, &c->arena, ids, err);

    if (status == AISLE_OK)
        status = are_unclear(l->skus, ids, count, &unclear, err);
    if (status != AISLE_OK || !unclear || !c->online)
        return status;
    status = learn_values(c, l, err);
    return status == AISLE_OK
               ? skus_match(l->skus, draft->skus, count, &c->arena, ids, err)
               : status;
}

enum aisle_status clerk_name_skus(struct clerk *c, struct listing *l,
                                  struct listing_draft *draft, struct aisle_err *err)
{
    size_t count = draft->sku_count;
    struct listing_sku *skus = arena_zalloc(&c->arena, count, sizeof *skus);
    struct str *ids = arena_zalloc(&c->arena, count, sizeof *ids);
    enum aisle_status status =
        skus && ids ? find_ids(c, l, draft, ids, err) : aisle_nomem(err);

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

/* ---- as it was sent ---- */

static struct str values_sent(const struct listing_sku *sku, struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct str out;

    for (size_t i = 0; i < sku->attribute_count; i++) {
        buf_addz(&text, i ? "\n" : "");
        buf_add(&text, sku->attributes[i].value_name);
    }
    out = text.failed == AISLE_NOMEM ? (struct str){0}
          : text.failed              ? STR_LIT("")
                                     : arena_str(arena, buf_str(&text));
    buf_clear(&text);
    return out;
}

static const struct listing_sku *find_sent(const struct listing_draft *draft,
                                           struct str seller_sku)
{
    for (size_t i = 0; seller_sku.n && i < draft->sku_count; i++)
        if (str_eq(draft->skus[i].seller_sku, seller_sku))
            return &draft->skus[i];
    return NULL;
}

struct str skus_sent(const struct channel_listed *listed,
                     const struct listing_draft *draft, struct arena *arena)
{
    struct channel_listed_sku *rows =
        arena_zalloc(arena, listed->sku_count, sizeof *rows);

    for (size_t i = 0; rows && i < listed->sku_count; i++) {
        const struct listing_sku *sent = find_sent(draft, listed->skus[i].seller_sku);

        rows[i] = listed->skus[i];
        if (sent && !rows[i].values.n)
            rows[i].values = values_sent(sent, arena);
        if (!rows[i].values.p && sent)
            return (struct str){0};
    }
    return rows ? skus_format(rows, listed->sku_count, arena) : (struct str){0};
}

/* ---- while it is created ---- */

/* Of one attempt: any of its SKUs finds it, and an earlier one has room left. */
enum { OF_AN_ATTEMPT = CHANNEL_MAX_SKUS_ASKED / 2 };

static size_t add_once(struct str sku, struct str *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i], sku))
            return count;
    if (sku.n && count < CHANNEL_MAX_SKUS_ASKED)
        rows[count++] = sku;
    return count;
}

static size_t add_drafts(const struct listing_draft *draft, size_t most, struct str *rows,
                         size_t count)
{
    for (size_t i = 0; i < draft->sku_count && i < most; i++)
        count = add_once(draft->skus[i].seller_sku, rows, count);
    return count;
}

static enum aisle_status add_kept(struct str kept, struct arena *arena, struct str *rows,
                                  size_t *count, struct aisle_err *err)
{
    json_t *list = NULL;
    const json_t *one;
    size_t i;
    enum aisle_status status = read_kept(kept, &list, err);

    json_array_foreach(list, i, one)
    {
        struct str sku = arena_str(arena, json_str(one, "seller_sku"));

        if (!sku.p)
            status = aisle_nomem(err);
        else
            *count = add_once(sku, rows, *count);
    }
    json_decref(list);
    return status;
}

enum aisle_status skus_kept(struct str kept, struct arena *arena, struct str *out,
                            size_t *count, struct aisle_err *err)
{
    *count = 0;
    return add_kept(kept, arena, out, count, err);
}

enum aisle_status skus_intend(struct str earlier, const struct listing_draft *draft,
                              struct arena *arena, struct str *out, struct aisle_err *err)
{
    struct channel_listed_sku listed[CHANNEL_MAX_SKUS_ASKED] = {0};
    struct str rows[CHANNEL_MAX_SKUS_ASKED], text;
    size_t count = add_drafts(draft, OF_AN_ATTEMPT, rows, 0);
    enum aisle_status status = add_kept(earlier, arena, rows, &count, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        listed[i].seller_sku = rows[i];
    text = skus_format(listed, count, arena);
    if (!text.p)
        return aisle_nomem(err);
    *out = text;
    return AISLE_OK;
}

enum aisle_status skus_sought(struct str kept, const struct listing_draft *draft,
                              struct arena *arena, struct str *out, size_t *count,
                              struct aisle_err *err)
{
    size_t n = 0;
    enum aisle_status status = add_kept(kept, arena, out, &n, err);

    if (status == AISLE_OK)
        *count = add_drafts(draft, draft->sku_count, out, n);
    return status;
}
