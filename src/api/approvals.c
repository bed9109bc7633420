/* approvals.c - accepting all that is agreed, in one go and one batch */
#include "api/queue.h"

#include "flows/decide.h"

enum { APPROVE_MOST = 1000, REFUSED_MOST = 50 };

/* What changed since it was looked at, or may not be, is left as it is and named. */
static void put_refused(struct api_call *c, const struct queue_item *item,
                        const struct aisle_err *why)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "seller", item->seller_id);
    json_add_str(o, "key", item->key);
    json_add_str(o, "code", str_of(aisle_status_name(why->status)));
    json_add_str(o, "detail", api_told(c, why));
    json_close(o);
}

static struct decide_request request_of(const struct queue_item *item, bool by_product)
{
    return (struct decide_request){.seller_id = item->seller_id,
                                   .scope =
                                       by_product ? SCOPE_PRODUCT : SCOPE_SELLER_CATEGORY,
                                   .key = item->key,
                                   .state = DECISION_ACCEPTED,
                                   .category = item->now.category_id,
                                   .expected = item->now.seq,
                                   .reasons = item->now.reasons};
}

static enum aisle_status accept_all(struct queue_work *w, bool by_product,
                                    char batch[BATCH_ID_LEN], struct aisle_err *whys,
                                    struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct decider d = {.app = &c->app,
                        .target = w->h->target,
                        .shop = w->h->shop,
                        .snapshot = w->h->snapshot,
                        .tree = w->h->tree};
    struct decide_request *list =
        arena_alloc(c->request->arena, (w->count + 1) * sizeof(*list));

    if (!list)
        return aisle_nomem(err);
    for (size_t i = 0; i < w->count; i++)
        list[i] = request_of(&w->items[i], by_product);
    return decider_decide_all(&d, list, w->count, batch, whys, err);
}

static enum aisle_status load_agreed(struct queue_work *w, bool by_product,
                                     struct aisle_err *err)
{
    size_t kept = 0;
    enum aisle_status status =
        by_product ? queue_load_waiting(w, (struct str){0}, (struct str){0}, err)
                   : queue_load_categories(w, err);

    for (size_t i = 0; status == AISLE_OK && i < w->count; i++)
        if (w->items[i].queue == AGREED && kept < w->limit)
            w->items[kept++] = w->items[i];
    w->count = kept;
    return status;
}

static void put_approved(struct queue_work *w, const struct aisle_err *whys,
                         const char *batch)
{
    struct api_call *c = w->c;
    size_t refused = 0;

    json_open(&c->json);
    json_key(&c->json, "refused");
    json_open_list(&c->json);
    for (size_t i = 0; i < w->count; i++)
        if (whys[i].status != AISLE_OK && refused++ < REFUSED_MOST)
            put_refused(c, &w->items[i], &whys[i]);
    json_close_list(&c->json);
    json_add_int(&c->json, "accepted", (int64_t)(w->count - refused));
    json_add_int(&c->json, "refused_count", (int64_t)refused);
    api_add_or_null(c, "batch", str_of(batch));
    json_close(&c->json);
    api_note(c, w->seller_id,
             arena_fmt(c->request->arena, "%.*s %zu keys %s", STR_ARG(w->h->target_id),
                       w->count - refused, batch));
}

static enum aisle_status approve_all(struct queue_work *w, bool by_product,
                                     struct str named, struct aisle_err *err)
{
    struct aisle_err *whys =
        arena_zalloc(w->c->request->arena, w->count + 1, sizeof(*whys));
    char batch[BATCH_ID_LEN] = "";
    enum aisle_status status;

    if (!whys)
        return aisle_nomem(err);
    memcpy(batch, named.p ? named.p : "", named.n);
    status = accept_all(w, by_product, batch, whys, err);
    if (status == AISLE_OK)
        put_approved(w, whys, batch);
    return status;
}

/* Exactly what was shown: the number is said, and must still be right. */
static enum aisle_status post_approvals(struct api_call *c, struct aisle_err *err)
{
    struct queue_work w = {.c = c, .queue = AGREED, .limit = APPROVE_MOST};
    struct str by = json_str(c->body, "by");
    bool by_product = str_is(by, "product");
    int64_t count = json_int(c->body, "count", -1);
    struct str target, batch;
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status == AISLE_OK && !by_product && !str_empty(by) && !str_is(by, "category"))
        status = api_fail(c, 400, "by", err, "by is category or product");
    if (status == AISLE_OK)
        status = api_batch(c, &batch, err);
    if (status == AISLE_OK)
        status = queue_begin(&w, json_str(c->body, "seller"), target, err);
    if (status != AISLE_OK)
        return status;
    status = load_agreed(&w, by_product, err);
    if (status == AISLE_OK && count >= 0 && (size_t)count != w.count)
        status = api_fail(c, 409, "count", err, "%zu are agreed by now, not %lld",
                          w.count, (long long)count);
    if (status == AISLE_OK)
        status = approve_all(&w, by_product, batch, err);
    held_give(w.h);
    return status;
}

const struct api_route api_approval_routes[] = {
    {.at = {"POST", "/api/v1/approvals", {{0}}},
     .run = post_approvals,
     .takes = "target seller by count batch",
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
    END_OF_ROUTES,
};
