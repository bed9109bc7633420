/* batches.c - decisions taken together: whose a batch is, the list of them, taking one
 * back */
#include "api/call.h"
#include "flows/decide.h"

enum { WALK_MOST = 200000 };

static enum aisle_status note_who(void *ctx, const struct decision *d,
                                  struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    return str_eq(d->who, c->who.name) ? AISLE_OK : AISLE_REFUSED;
}

enum aisle_status api_batch(struct api_call *c, struct str *out, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct log_filter f = {
        .batch_id = json_str(c->body, "batch"), .limit = 1, .newest_first = true};
    enum aisle_status status;

    *out = (struct str){0};
    if (str_empty(f.batch_id))
        return AISLE_OK;
    if (!str_starts(f.batch_id, "b-") || f.batch_id.n != 2 + UUID_LEN)
        return api_fail(c, 400, "batch", err,
                        "batch is one a decision was answered with");
    status = store->ops->decisions->each(store, &f, note_who, c, err);
    if (status == AISLE_REFUSED)
        return api_fail(c, 409, "batch", err, "this batch is somebody else's");
    *out = f.batch_id;
    return status;
}

struct batch_listing {
    struct api_call *c;
    size_t left, walked;
    struct decision head; /* the newest of the batch being counted */
    size_t counts[DECISION_CLEARED + 1], decisions;
    int64_t first_seq;
    int64_t next;
};

static void put_batch(struct batch_listing *l)
{
    struct api_call *c = l->c;
    struct json_out *o = &c->json;

    if (!l->decisions)
        return;
    json_open(o);
    json_add_str(o, "batch", l->head.batch_id);
    json_add_str(o, "seller", l->head.seller_id);
    json_add_str(o, "target", l->head.target_id);
    json_add_str(o, "who", l->head.who);
    api_add_or_null(c, "run", l->head.run_id);
    json_add_bool(o, "undo", l->head.undoes != 0);
    api_time(c, "at", l->head.at);
    json_add_int(o, "first_seq", l->first_seq);
    json_add_int(o, "last_seq", l->head.seq);
    json_add_int(o, "decisions", (int64_t)l->decisions);
    for (int s = 0; s <= DECISION_CLEARED; s++)
        json_add_int(o, decision_state_name((enum decision_state)s),
                     (int64_t)l->counts[s]);
    json_close(o);
}

static enum aisle_status count_decision(void *ctx, const struct decision *d,
                                        struct aisle_err *err)
{
    struct batch_listing *l = ctx;
    struct arena *arena = l->c->request->arena;

    if (l->decisions && !str_eq(l->head.batch_id, d->batch_id)) {
        put_batch(l);
        l->decisions = 0;
        if (--l->left == 0) {
            l->next = l->first_seq;
            return AISLE_STOPPED;
        }
    }
    if (!l->decisions) {
        memset(l->counts, 0, sizeof l->counts);
        l->head = *d;
        l->head.batch_id = arena_str(arena, d->batch_id);
        l->head.seller_id = arena_str(arena, d->seller_id);
        l->head.target_id = arena_str(arena, d->target_id);
        l->head.who = arena_str(arena, d->who);
        l->head.run_id = arena_str(arena, d->run_id);
        if (!l->head.run_id.p)
            return aisle_nomem(err);
    }
    l->decisions++;
    l->counts[d->state]++;
    l->first_seq = d->seq;
    if (++l->walked < WALK_MOST)
        return AISLE_OK;
    l->next = d->seq;
    return AISLE_STOPPED;
}

/* Newest first. Decisions of two batches that came at the same time lie mixed in the log,
 * and are told in the pieces they lie in; so is one of more than a page walks through. */
static enum aisle_status list_batches(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct log_filter f = {.after_seq = api_number(c, "after", 0), .newest_first = true};
    struct batch_listing l = {.c = c, .left = api_limit(c)};
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status == AISLE_OK)
        status = api_filter_target(c, "target", &f.target_id, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->decisions->each(store, &f, count_decision, &l, err);
    put_batch(&l);
    if (status == AISLE_STOPPED)
        status = AISLE_OK;
    api_close_items(c, api_next(c, l.next));
    return status;
}

/* Whoever may not see all of a batch learns nothing of it, and it is not noted whose it
 * is. */
static enum aisle_status check_decision(void *ctx, const struct decision *d,
                                        struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    if (!api_may_see(c, d->seller_id))
        return AISLE_REFUSED;
    if (str_empty(c->note.about))
        api_note(c, d->seller_id, api_text(c, "id"));
    return AISLE_OK;
}

static enum aisle_status put_left_alone(void *ctx, const struct decision *d,
                                        struct aisle_err *err)
{
    (void)err;
    api_put_decision(ctx, d);
    return AISLE_OK;
}

static enum aisle_status undo_batch(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct log_filter f = {.batch_id = api_text(c, "id")};
    struct undo_result result = {0};
    enum aisle_status status =
        store->ops->decisions->each(store, &f, check_decision, c, err);

    if (status == AISLE_REFUSED)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no batch %.*s",
                          STR_ARG(api_text(c, "id")));
    if (status != AISLE_OK)
        return status;
    json_open(&c->json);
    json_key(&c->json, "left_alone");
    json_open_list(&c->json);
    status = flow_undo(&c->app, api_text(c, "id"), put_left_alone, c, &result, err);
    json_close_list(&c->json);
    json_add_int(&c->json, "reversed", (int64_t)result.reversed);
    json_add_int(&c->json, "mapped", (int64_t)result.mapped);
    json_add_int(&c->json, "changed", (int64_t)result.changed);
    json_add_int(&c->json, "opened", (int64_t)result.opened);
    json_add_bool(&c->json, "run_ended", result.run_ended);
    json_add_str(&c->json, "batch", str_of(result.batch_id));
    json_close(&c->json);
    return status;
}

const struct api_route api_batch_routes[] = {
    {.at = {"GET",
            "/api/v1/batches",
            {PARAM_TARGET, PARAM_SELLER, PARAM_AFTER_NUMBER, PARAM_LIMIT}},
     .run = list_batches,
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/batches/{id}/undo", {{.name = "id", .max = 64}}},
     .run = undo_batch,
     .right = RIGHT_DECIDE,
     .what = "decision.undo"},
    END_OF_ROUTES,
};
