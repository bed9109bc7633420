/* overview.c - what stands for a target, counted: who advised it, and how sure it was */
#include "api/call.h"

enum { BUCKETS = 10 };

struct sums {
    size_t by[ADVISOR_PERSON + 1][DECISION_CLEARED + 1];
    size_t sure[BUCKETS]; /* 0 to 10 %, 10 to 20 %, … of what is proposed or accepted */
    size_t conflicts, provisional;
};

static void add_word(struct sums *s, const struct word_count *word)
{
    const enum decision_state state = standing_state(word->stands);

    s->by[word->advisor][state] += word->products;
    if (word->stands == STANDS_CONTESTED || word->stands == STANDS_CONFLICT)
        s->conflicts += word->products;
    if (word->provisional)
        s->provisional += word->products;
    if (state == DECISION_ACCEPTED || state == DECISION_PROPOSED)
        s->sure[word->tenth] += word->products;
}

static enum aisle_status add_words(void *ctx, const struct word_count *word,
                                   struct aisle_err *err)
{
    (void)err;
    add_word(ctx, word);
    return AISLE_OK;
}

/* Of a rule or seller category. */
static enum aisle_status add_mapping(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    const double tenth = d->confidence * BUCKETS;
    const struct word_count word = {.stands = decision_standing(d),
                                    .advisor = d->advisor,
                                    .tenth = tenth >= BUCKETS - 1 ? BUCKETS - 1
                                             : tenth > 0          ? (int64_t)tenth
                                                                  : 0,
                                    .provisional = d->provisional,
                                    .products = 1};

    (void)err;
    add_word(ctx, &word);
    return AISLE_OK;
}

struct overview {
    struct store *store;
    struct str seller_id, target_id;
    struct sums sums;
};

/* One seller after the other: what belongs to one is found by its key. */
static enum aisle_status add_seller(void *ctx, const struct seller *seller,
                                    struct aisle_err *err)
{
    struct overview *o = ctx;
    const struct store_ops *ops = o->store->ops;
    const struct queue_filter queue = {.seller_id = seller->id,
                                       .target_id = o->target_id};
    struct mapping_filter f = {
        .seller_id = seller->id, .target_id = o->target_id, .has_scope = true};
    enum aisle_status status;

    if (!str_empty(o->seller_id) && !str_eq(o->seller_id, seller->id))
        return AISLE_OK;
    status = ops->queues->each_word(o->store, &queue, add_words, &o->sums, err);
    for (int scope = SCOPE_RULE; scope <= SCOPE_SELLER_CATEGORY && status == AISLE_OK;
         scope++) {
        f.scope = (enum decision_scope)scope;
        status = ops->decisions->each_mapping(o->store, &f, add_mapping, &o->sums, err);
    }
    return status;
}

static void put_sums(struct json_out *o, const struct sums *s)
{
    json_open(o);
    json_key(o, "by");
    json_open_list(o);
    for (int a = 0; a <= ADVISOR_PERSON; a++) {
        json_open(o);
        json_add_str(o, "advisor", str_of(advisor_name((enum advisor)a)));
        for (int d = 0; d <= DECISION_CLEARED; d++)
            json_add_int(o, decision_state_name((enum decision_state)d),
                         (int64_t)s->by[a][d]);
        json_close(o);
    }
    json_close_list(o);
    json_key(o, "confidence");
    json_open_list(o);
    for (size_t i = 0; i < BUCKETS; i++)
        json_put_int(o, (int64_t)s->sure[i]);
    json_close_list(o);
    json_add_int(o, "conflicts", (int64_t)s->conflicts);
    json_add_int(o, "provisional", (int64_t)s->provisional);
    json_close(o);
}

static enum aisle_status get_overview(struct api_call *c, struct aisle_err *err)
{
    struct overview o = {.store = c->app.store};
    struct held *h;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &o.seller_id, err);

    if (status == AISLE_OK)
        status = api_tree(c, api_text(c, "target"), &h, err);
    if (status != AISLE_OK)
        return status;
    o.target_id = h->target_id;
    status = o.store->ops->shops->each_seller(o.store, add_seller, &o, err);
    if (status == AISLE_OK)
        put_sums(&c->json, &o.sums);
    held_give(h);
    return status;
}

const struct api_route api_overview_routes[] = {
    {.at = {"GET", "/api/v1/overview", {PARAM_NEED_TARGET, PARAM_SELLER}},
     .run = get_overview,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
