/* overview.c - what stands for a target, counted: who advised it, and how sure it was */
#include "api/call.h"

enum { BUCKETS = 10 };

struct sums {
    size_t by[ADVISOR_PERSON + 1][DECISION_CLEARED + 1];
    size_t sure[BUCKETS]; /* 0 to 10 %, 10 to 20 %, … of what is proposed or accepted */
    size_t conflicts, provisional;
};

static enum aisle_status add_mapping(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    struct sums *s = ctx;
    double tenth = d->confidence * BUCKETS;
    size_t bucket = tenth <= 0 ? 0 : tenth >= BUCKETS ? BUCKETS - 1 : (size_t)tenth;

    (void)err;
    s->by[d->advisor][d->state]++;
    s->conflicts += d->conflict;
    s->provisional += d->provisional;
    if (d->state == DECISION_ACCEPTED || d->state == DECISION_PROPOSED)
        s->sure[bucket]++;
    return AISLE_OK;
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
    struct store *store = c->app.store;
    struct mapping_filter filter = {0};
    struct sums sums = {0};
    struct held *h;
    enum aisle_status status =
        api_seller(c, api_text(c, "seller"), &filter.seller_id, err);

    if (status == AISLE_OK)
        status = api_tree(c, api_text(c, "target"), &h, err);
    if (status != AISLE_OK)
        return status;
    filter.target_id = h->target_id;
    status = store->ops->decisions->each_mapping(store, &filter, add_mapping, &sums, err);
    if (status == AISLE_OK)
        put_sums(&c->json, &sums);
    held_give(h);
    return status;
}

const struct api_route api_overview_routes[] = {
    {.at = {"GET", "/api/v1/overview", {PARAM_NEED_TARGET, PARAM_SELLER}},
     .run = get_overview,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
