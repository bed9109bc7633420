/* advice.c - leaves for a product: what was proposed for it, and what our matcher says */
#include "api/call.h"

enum { ADVICE_MOST = 20 };

void api_put_suggestions(struct api_call *c, const struct held *h, uint32_t locale,
                         const struct suggestion *list, size_t count)
{
    struct json_out *o = &c->json;

    json_open_list(o);
    for (size_t i = 0; i < count; i++) {
        const struct category *category = taxonomy_get(&h->tree, list[i].category_id);
        struct buf path = BUF_INIT(BUF_MAX_LINE);

        if (category)
            category_path(&h->tree, category, locale, &path);
        json_open(o);
        json_add_str(o, "category", list[i].category_id);
        api_add_or_null(c, "path", buf_str(&path));
        json_add_bool(o, "open", category && category_takes_products(category));
        json_add_num(o, "confidence", list[i].confidence);
        json_add_str(o, "advisor", str_of(advisor_name(list[i].advisor)));
        api_add_or_null(c, "reasons", list[i].reasons);
        json_close(o);
        buf_clear(&path);
    }
    json_close_list(o);
}

enum aisle_status api_rank(struct api_call *c, struct held *h,
                           const struct api_about *about, struct suggestion *out,
                           size_t cap, size_t *count, struct aisle_err *err)
{
    struct arena *arena = c->request->arena;
    struct match_advice known = {0};
    struct match_scratch *scratch = NULL;
    struct seller_advice *advice;
    enum aisle_status status = held_advice(h, about->seller_id, &advice, err);

    if (status == AISLE_OK && about->product)
        status =
            seller_advice_known(advice, about->product, about->own, arena, &known, err);
    if (status == AISLE_OK)
        status = held_scratch_take(h, &scratch, err);
    if (status == AISLE_OK)
        status = match_decide(advice->matcher, scratch, &about->query, &known, arena, out,
                              cap, count, err);
    held_scratch_give(h, scratch);
    return status;
}

struct kept_advice {
    struct api_call *c;
    struct suggestion list[ADVICE_MOST];
    size_t count;
};

static enum aisle_status note_kept(void *ctx, const struct suggestion *s,
                                   struct aisle_err *err)
{
    struct kept_advice *k = ctx;
    struct arena *arena = k->c->request->arena;
    struct suggestion *at;

    if (k->count == ADVICE_MOST)
        return AISLE_STOPPED;
    at = &k->list[k->count++];
    *at = *s;
    at->category_id = arena_str(arena, s->category_id);
    at->reasons = arena_str(arena, s->reasons);
    return at->category_id.p && at->reasons.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status read_product(struct api_call *c, const struct held *h,
                                      struct kept_advice *kept, struct product *p,
                                      struct api_about *about, struct aisle_err *err)
{
    struct store *store = c->app.store;
    enum aisle_status status = store->ops->catalogue->get_product(
        store, about->seller_id, api_text(c, "product"), c->request->arena, p, err);

    if (status == AISLE_OK)
        status = store->ops->work->each_suggestion(store, about->seller_id, h->target_id,
                                                   p->id, note_kept, kept, err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    about->product = p;
    about->query = (struct match_query){.title = p->title,
                                        .description = p->description,
                                        .brand = p->brand,
                                        .seller_category = p->seller_category_id};
    return AISLE_OK;
}

/* For a product of the catalogue, or for words nobody keeps. */
static enum aisle_status suggest(struct api_call *c, struct aisle_err *err)
{
    struct suggestion ranked[ADVICE_MOST];
    struct kept_advice kept = {.c = c};
    struct api_about about = {.query = {.title = api_text(c, "title"),
                                        .brand = api_text(c, "brand"),
                                        .seller_category = api_text(c, "category")}};
    size_t n = 0, cap = (size_t)api_number(c, "limit", 5);
    struct product product;
    struct held *h;
    enum aisle_status status;

    if (api_given(c, "product") == api_given(c, "title"))
        return api_fail(c, 400, "title", err, "say a title, or a product");
    status = api_tree_also(c, api_text(c, "target"), api_text(c, "also"), &h, err);
    if (status != AISLE_OK)
        return status;
    about.seller_id = api_given(c, "seller") ? api_text(c, "seller") : h->shop.seller_id;
    status = api_seller(c, about.seller_id, &about.seller_id, err);
    if (status == AISLE_OK && api_given(c, "product"))
        status = read_product(c, h, &kept, &product, &about, err);
    if (status == AISLE_OK)
        status = api_rank(c, h, &about, ranked, cap, &n, err);
    json_open(&c->json);
    json_key(&c->json, "ranked");
    api_put_suggestions(c, h, taxonomy_locale(&h->tree, api_text(c, "locale")), ranked,
                        status == AISLE_OK ? n : 0);
    json_key(&c->json, "kept");
    api_put_suggestions(c, h, taxonomy_locale(&h->tree, api_text(c, "locale")), kept.list,
                        kept.count);
    json_close(&c->json);
    held_give(h);
    return status;
}

const struct api_route api_advice_routes[] = {
    {.at = {"GET",
            "/api/v1/suggestions",
            {PARAM_NEED_TARGET,
             PARAM_SELLER,
             {.name = "product", .max = PRODUCT_MAX_ID},
             {.name = "title", .min = 1, .max = PRODUCT_MAX_TITLE},
             {.name = "brand"},
             {.name = "category"},
             PARAM_ALSO,
             PARAM_LOCALE,
             {.name = "limit", .type = HTTP_INT, .min = 1, .max = ADVICE_MOST}}},
     .run = suggest,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
