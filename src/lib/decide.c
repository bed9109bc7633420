/* decide.c - people's decisions: what is open, taking one, taking a batch back */
#include "flows/decide.h"
#include "flows/newest.h"

#include "base/mem.h"
#include "flows/sync.h"
#include "lib/lib.h"

_Static_assert((int)AISLE_SCOPE_PRODUCT == (int)SCOPE_PRODUCT &&
                   (int)AISLE_SCOPE_RULE == (int)SCOPE_RULE &&
                   (int)AISLE_SCOPE_SELLER_CATEGORY == (int)SCOPE_SELLER_CATEGORY,
               "scopes have the same order inside and out");
_Static_assert((int)AISLE_BATCH_ID_SIZE == (int)BATCH_ID_LEN, "a batch's id fits");
_Static_assert(EXPECT_ANY == -1, "so that 0 and -1 can change places");

/* ---- states ---- */

/* Ours in the order of theirs, which begins with what is asked for most. */
static const enum decision_state states[] = {
    [AISLE_DECISION_ACCEPTED] = DECISION_ACCEPTED,
    [AISLE_DECISION_REJECTED] = DECISION_REJECTED,
    [AISLE_DECISION_NONE] = DECISION_NONE,
    [AISLE_DECISION_PROPOSED] = DECISION_PROPOSED,
    [AISLE_DECISION_CLEARED] = DECISION_CLEARED,
};

static bool state_known(enum aisle_decision_state state)
{
    return (size_t)state < sizeof states / sizeof *states;
}

static enum aisle_decision_state state_out(enum decision_state state)
{
    size_t i = 0;

    while (state_known((enum aisle_decision_state)i) && states[i] != state)
        i++;
    return (enum aisle_decision_state)i;
}

const char *aisle_decision_state_name(enum aisle_decision_state state)
{
    return state_known(state) ? decision_state_name(states[state]) : "unknown";
}

/* ---- a decision ---- */

struct aisle_decision decision_out(const struct decision *d, struct arena *arena,
                                   bool *ok)
{
    return (struct aisle_decision){
        .seq = d->seq,
        .seller = text_out(arena, d->seller_id, ok),
        .target = text_out(arena, d->target_id, ok),
        .scope = (enum aisle_scope)d->scope,
        .key = text_out(arena, d->key, ok),
        .state = state_out(d->state),
        .category_id = text_out(arena, d->category_id, ok),
        .by = advisor_name(d->advisor),
        .confidence = d->confidence,
        .who = text_out(arena, d->who, ok),
        .reasons = text_out(arena, d->reasons, ok),
        .batch_id = text_out(arena, d->batch_id, ok),
        .run_id = text_out(arena, d->run_id, ok),
        .at = d->at,
        .conflict = d->conflict,
        .provisional = d->provisional,
    };
}

void aisle_decision_clear(struct aisle_decision *d)
{
    if (d->owned)
        arena_clear(d->owned);
    mem_free(d->owned);
    *d = (struct aisle_decision){0};
}

struct mapping_key {
    struct str target, seller, product_id;
};

static enum aisle_status find_mapping(const struct app *app, struct mapping_key key,
                                      struct arena *arena, struct aisle_decision *out,
                                      struct aisle_err *err)
{
    const struct store_catalogue *catalogue = app->store->ops->catalogue;
    struct target target;
    struct shop shop;
    struct product product;
    struct decision d;
    bool ok = true;
    enum aisle_status status = flow_target(app, key.target, arena, &target, &shop, err);

    if (status == AISLE_OK)
        status = catalogue->get_product(
            app->store, str_empty(key.seller) ? shop.seller_id : key.seller,
            key.product_id, arena, &product, err);
    if (status == AISLE_OK)
        status = flow_mapping_of(app, &product, target.id, arena, &d, err);
    if (status != AISLE_OK)
        return status;
    *out = decision_out(&d, arena, &ok);
    return ok ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status aisle_mapping_get(struct aisle *a, const char *target,
                                    const char *seller, const char *product_id,
                                    struct aisle_decision *out, struct aisle_err *err)
{
    struct mapping_key key = {str_of(target), str_of(seller), str_of(product_id)};
    struct aisle_decision found = {0};
    struct arena *arena = mem_zalloc(1, sizeof *arena);
    enum aisle_status status;

    if (!arena)
        return aisle_nomem(err);
    arena->max = BUF_MAX_REQUEST;
    status = find_mapping(&a->app, key, arena, &found, err);
    found.owned = arena;
    if (status != AISLE_OK)
        aisle_decision_clear(&found);
    aisle_decision_clear(out);
    *out = found;
    return status;
}

/* ---- what is open ---- */

struct open_call {
    aisle_open_item_fn *fn;
    void *ctx;
    struct arena arena;
};

static void candidates_out(const struct open_item *item, struct arena *arena,
                           struct aisle_candidate *out, bool *ok)
{
    for (size_t i = 0; i < item->candidate_count; i++) {
        const struct suggestion *s = &item->candidates[i];

        out[i] = (struct aisle_candidate){
            .category_id = text_out(arena, s->category_id, ok),
            .path = text_out(arena, item->paths[i], ok),
            .confidence = s->confidence,
            .by = advisor_name(s->advisor),
            .reasons = text_out(arena, s->reasons, ok),
            .takes_products = item->takes_products[i],
        };
    }
}

static enum aisle_status tell_open(void *ctx, const struct open_item *item,
                                   struct aisle_err *err)
{
    struct aisle_candidate candidates[DECIDE_MAX_CANDIDATES];
    struct open_call *call = ctx;
    struct arena *arena = &call->arena;
    struct arena_mark mark = arena_mark(arena);
    bool ok = true;
    struct aisle_open_item out = {
        .seller = text_out(arena, item->seller_id, &ok),
        .target = text_out(arena, item->target_id, &ok),
        .scope = (enum aisle_scope)item->scope,
        .key = text_out(arena, item->key, &ok),
        .title = text_out(arena, item->title, &ok),
        .seller_category = text_out(arena, item->seller_category, &ok),
        .products = item->products,
        .why = item->why,
        .seen = item->now ? item->now->seq : AISLE_EXPECT_NONE,
        .candidates = candidates,
        .candidate_count = item->candidate_count,
    };
    enum aisle_status status;

    candidates_out(item, arena, candidates, &ok);
    status = ok ? call->fn(call->ctx, &out, err) : aisle_nomem(err);
    arena_rewind(arena, mark);
    return status;
}

enum aisle_status aisle_open_each(struct aisle *a,
                                  const struct aisle_open_request *request,
                                  aisle_open_item_fn *fn, void *ctx,
                                  struct aisle_err *err)
{
    struct open_call call = {.fn = fn, .ctx = ctx, .arena = ARENA_INIT(BUF_MAX_REQUEST)};
    struct open_filter filter = {
        .target = str_of(request->target),
        .seller_id = str_of(request->seller),
        .by_product = request->by_product,
        .limit = request->limit,
        .model = str_of(request->model),
        .also = str_of(request->also),
    };
    enum aisle_status status = flow_each_open(&a->app, &filter, tell_open, &call, err);

    arena_clear(&call.arena);
    return status;
}

/* ---- deciding ---- */

/* To callers 0 is "whatever" and -1 "none yet"; to us it is the other way round. */
static int64_t expected_in(int64_t expected)
{
    if (expected == 0)
        return EXPECT_ANY;
    return expected == AISLE_EXPECT_NONE ? 0 : expected;
}

enum aisle_status aisle_decide(struct aisle *a,
                               const struct aisle_decide_request *request,
                               char batch_id[AISLE_BATCH_ID_SIZE], struct aisle_err *err)
{
    struct decide_request decide = {
        .target = str_of(request->target),
        .seller_id = str_of(request->seller),
        .scope = (enum decision_scope)request->scope,
        .key = str_of(request->key),
        .category = str_of(request->category),
        .expected = expected_in(request->expected),
        .batch_id = str_of(request->batch_id),
        .reasons = str_of(request->reasons),
        .allow_closed = request->allow_closed,
    };

    if (!state_known(request->state) || request->state > AISLE_DECISION_NONE)
        return aisle_fail(err, AISLE_INVALID, "a person accepts, rejects or says none");
    if (!decision_scope_known(decide.scope))
        return aisle_fail(err, AISLE_INVALID,
                          "scope %d is none of product, rule and seller category",
                          (int)request->scope);
    decide.state = states[request->state];
    return flow_decide(&a->app, &decide, batch_id, err);
}

struct undo_call {
    const struct aisle_undo_request *request;
    struct arena arena;
};

static enum aisle_status tell_left_alone(void *ctx, const struct decision *d,
                                         struct aisle_err *err)
{
    struct undo_call *call = ctx;
    struct arena_mark mark = arena_mark(&call->arena);
    bool ok = true;
    struct aisle_decision out = decision_out(d, &call->arena, &ok);

    if (!ok)
        return aisle_nomem(err);
    call->request->left_alone(call->request->ctx, &out);
    arena_rewind(&call->arena, mark);
    return AISLE_OK;
}

enum aisle_status aisle_undo(struct aisle *a, const struct aisle_undo_request *request,
                             struct aisle_undo_result *result, struct aisle_err *err)
{
    struct undo_call call = {.request = request, .arena = ARENA_INIT(BUF_MAX_REQUEST)};
    struct undo_result r;
    enum aisle_status status =
        flow_undo(&a->app, str_of(request->batch_id),
                  request->left_alone ? tell_left_alone : NULL, &call, &r, err);

    if (status == AISLE_OK && result) {
        *result = (struct aisle_undo_result){.reversed = r.reversed,
                                             .left_alone = r.left_alone};
        text_put(result->batch_id, sizeof result->batch_id, str_of(r.batch_id));
    }
    arena_clear(&call.arena);
    return status;
}
