/* approvals.c - accepting all that is agreed, in one go and one batch */
#include "api/queue.h"

#include "flows/decide.h"

enum { APPROVE_MOST = 1000, REFUSED_MOST = 50 };

struct approving {
    struct queue_work *w;
    char batch[BATCH_ID_LEN];
    size_t accepted, refused;
};

static void put_refused(struct approving *a, const struct queue_item *item,
                        const struct aisle_err *why)
{
    struct json_out *o = &a->w->c->json;

    if (a->refused++ >= REFUSED_MOST)
        return;
    json_open(o);
    json_add_str(o, "seller", item->seller_id);
    json_add_str(o, "key", item->key);
    json_add_str(o, "code", str_of(aisle_status_name(why->status)));
    json_add_str(o, "detail", str_of(why->text));
    json_close(o);
}

/* What changed since it was looked at, or may not be, is left as it is and named. */
static enum aisle_status approve_one(struct approving *a, struct decider *d,
                                     const struct queue_item *item,
                                     enum decision_scope scope, struct aisle_err *err)
{
    struct decide_request r = {.seller_id = item->seller_id,
                               .scope = scope,
                               .key = item->key,
                               .state = DECISION_ACCEPTED,
                               .category = item->now.category_id,
                               .expected = item->now.seq,
                               .batch_id = str_of(a->batch),
                               .reasons = item->now.reasons};
    struct aisle_err mine = {0};
    char batch[BATCH_ID_LEN];
    enum aisle_status status = decider_decide(d, &r, false, batch, &mine);

    if (status == AISLE_CONFLICT || status == AISLE_INVALID ||
        status == AISLE_NOT_FOUND) {
        put_refused(a, item, &mine);
        return AISLE_OK;
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    a->accepted++;
    memcpy(a->batch, batch, sizeof batch);
    return AISLE_OK;
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

static enum aisle_status approve_all(struct queue_work *w, bool by_product,
                                     struct str batch, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct decider d = {.app = &c->app,
                        .target = w->h->target,
                        .shop = w->h->shop,
                        .snapshot = w->h->snapshot,
                        .tree = w->h->tree};
    struct approving a = {.w = w};
    enum aisle_status status = AISLE_OK;

    if (batch.n && batch.n < sizeof a.batch)
        memcpy(a.batch, batch.p, batch.n);
    json_open(&c->json);
    json_key(&c->json, "refused");
    json_open_list(&c->json);
    for (size_t i = 0; status == AISLE_OK && i < w->count; i++)
        status = approve_one(&a, &d, &w->items[i],
                             by_product ? SCOPE_PRODUCT : SCOPE_SELLER_CATEGORY, err);
    json_close_list(&c->json);
    json_add_int(&c->json, "accepted", (int64_t)a.accepted);
    json_add_int(&c->json, "refused_count", (int64_t)a.refused);
    api_add_or_null(c, "batch", str_of(a.batch));
    json_close(&c->json);
    api_note(c, w->seller_id,
             arena_fmt(c->request->arena, "%.*s %zu keys %s", STR_ARG(w->h->target_id),
                       a.accepted, a.batch));
    return status;
}

/* Exactly what was shown: the number is said, and must still be right. */
static enum aisle_status post_approvals(struct api_call *c, struct aisle_err *err)
{
    struct queue_work w = {.c = c, .queue = AGREED, .limit = APPROVE_MOST};
    bool by_product = str_is(json_str(c->body, "by"), "product");
    int64_t count = json_int(c->body, "count", -1);
    struct str target, batch;
    enum aisle_status status = api_need(c, "target", &target, err);

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
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
    END_OF_ROUTES,
};
