/* decisions.c - the log of decisions, and the mappings that stand */
#include "api/call.h"

void api_put_decision(struct api_call *c, const struct decision *d)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_int(o, "seq", d->seq);
    json_add_str(o, "seller", d->seller_id);
    json_add_str(o, "target", d->target_id);
    json_add_str(o, "scope", str_of(decision_scope_name(d->scope)));
    json_add_str(o, "key", d->key);
    json_add_str(o, "state", str_of(decision_state_name(d->state)));
    api_add_or_null(c, "category", d->category_id);
    json_add_str(o, "advisor", str_of(advisor_name(d->advisor)));
    json_add_num(o, "confidence", d->confidence);
    json_add_str(o, "who", d->who);
    api_add_or_null(c, "reasons", d->reasons);
    json_add_str(o, "batch", d->batch_id);
    api_add_or_null(c, "run", d->run_id);
    json_add_int(o, "snapshot", d->snapshot_id);
    json_add_bool(o, "conflict", d->conflict);
    json_add_bool(o, "provisional", d->provisional);
    if (d->undoes)
        json_add_int(o, "undoes", d->undoes);
    api_time(c, "at", d->at);
    json_close(o);
}

enum aisle_status api_scope(struct api_call *c, bool *has, enum decision_scope *scope,
                            struct aisle_err *err)
{
    *has = api_given(c, "scope");
    if (*has && !decision_scope_parse(api_text(c, "scope"), scope))
        return api_fail(c, 400, "scope", err,
                        "scope is product, rule or seller-category");
    return AISLE_OK;
}

struct log_listing {
    struct api_call *c;
    struct api_page page;
    int64_t last;
};

static enum aisle_status put_row(void *ctx, const struct decision *d,
                                 struct aisle_err *err)
{
    struct log_listing *l = ctx;

    (void)err;
    if (!api_page_takes(&l->page))
        return AISLE_OK;
    api_put_decision(l->c, d);
    l->last = d->seq;
    return AISLE_OK;
}

static enum aisle_status list_log(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct log_filter f = {.key = api_text(c, "key"),
                           .batch_id = api_text(c, "batch"),
                           .run_id = api_text(c, "run"),
                           .after_seq = api_number(c, "after", 0),
                           .limit = api_limit(c) + 1,
                           .newest_first = true};
    struct log_listing l = {.c = c, .page = api_page(c)};
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status == AISLE_OK)
        status = api_filter_target(c, "target", &f.target_id, err);
    if (status == AISLE_OK)
        status = api_scope(c, &f.has_scope, &f.scope, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->decisions->each(store, &f, put_row, &l, err);
    api_close_items(c, api_next(c, l.page.more ? l.last : 0));
    return status;
}

static enum aisle_status list_mappings(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct mapping_filter f = {.category_id = api_text(c, "category"),
                               .after_seq = api_number(c, "after", 0),
                               .limit = api_limit(c) + 1};
    struct log_listing l = {.c = c, .page = api_page(c)};
    enum decision_state state;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status == AISLE_OK)
        status = api_filter_target(c, "target", &f.target_id, err);
    if (status == AISLE_OK)
        status = api_scope(c, &f.has_scope, &f.scope, err);
    if (status != AISLE_OK)
        return status;
    if (api_given(c, "state")) {
        if (!decision_state_parse(api_text(c, "state"), &state))
            return api_fail(c, 400, "state", err,
                            "state is proposed, accepted, rejected, none or cleared");
        f.states = 1u << state;
    }
    api_open_items(c);
    status = store->ops->decisions->each_mapping(store, &f, put_row, &l, err);
    api_close_items(c, api_next(c, l.page.more ? l.last : 0));
    return status;
}

const struct api_route api_decision_routes[] = {
    {.at = {"GET",
            "/api/v1/decisions",
            {PARAM_TARGET,
             PARAM_SELLER,
             PARAM_SCOPE,
             {.name = "key", .max = 4096},
             {.name = "batch", .max = 64},
             {.name = "run", .max = 64},
             PARAM_AFTER_NUMBER,
             PARAM_LIMIT}},
     .run = list_log,
     .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/mappings",
            {PARAM_TARGET,
             PARAM_SELLER,
             PARAM_SCOPE,
             {.name = "state", .max = 20},
             {.name = "category", .max = 100},
             PARAM_AFTER_NUMBER,
             PARAM_LIMIT}},
     .run = list_mappings,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
