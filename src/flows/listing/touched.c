/* touched.c - whom a change of a leaf's demands touches: its products checked once more
 */
#include "flows/requirements.h"

struct touching {
    struct leaf_touched *leaves;
    size_t count;
    publish_item_fn *fn;
    void *ctx;
};

static struct leaf_touched *leaf_of(const struct touching *t, struct str category_id)
{
    for (size_t i = 0; i < t->count; i++)
        if (str_eq(t->leaves[i].category_id, category_id))
            return &t->leaves[i];
    return NULL;
}

bool finding_is_demanded(const struct finding *f)
{
    static const char *const members[] = {
        "product_attributes",  "certifications",     "size_chart",     "manufacturer",
        "responsible_persons", "package_dimensions", "is_cod_allowed",
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (str_starts(f->path, members[i]))
            return f->level == FINDING_ERROR;
    return f->level == FINDING_ERROR &&
           (str_find(f->path, STR_LIT(".sales_attributes")) < f->path.n ||
            str_find(f->path, STR_LIT(".pre_sale")) < f->path.n ||
            str_find(f->path, STR_LIT(".fees")) < f->path.n);
}

static bool is_wrong(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (finding_is_demanded(&f->rows[i]))
            return true;
    return false;
}

static void take_item(void *ctx, const struct publish_item *item)
{
    struct touching *t = ctx;
    struct leaf_touched *leaf = leaf_of(t, item->category_id);
    bool wrong = is_wrong(item->findings);
    bool draft = item->listing && item->listing->state == LISTING_DRAFT;
    bool live = item->listing && item->listing->state == LISTING_LIVE;

    if (!leaf || item->category_id.n == 0)
        return;
    leaf->products++;
    leaf->drafts += draft;
    leaf->live += live;
    leaf->wrong += wrong;
    leaf->drafts_wrong += draft && wrong;
    leaf->live_wrong += live && wrong;
    if (t->fn)
        t->fn(t->ctx, item);
}

enum aisle_status flow_leaves_touched(const struct app *app, struct str target,
                                      struct str defaults, struct leaf_touched *leaves,
                                      size_t count, publish_item_fn *fn, void *ctx,
                                      struct aisle_err *err)
{
    struct touching t = {leaves, count, fn, ctx};
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct publish_request request = {
        .target = target, .defaults = defaults, .check_only = true, .offline = true};
    struct publish_result result;
    enum aisle_status status =
        flow_publish(app, &request, take_item, &t, &arena, &result, err);

    arena_clear(&arena);
    return status;
}
