/* decisions.c - the log of decisions, what stands, deciding, and taking batches back */
#include "api/call.h"
#include "flows/decide.h"

enum { DECIDE_MOST = 200, WALK_MOST = 200000 };

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

/* ---- looking ---- */

struct log_listing {
    struct api_call *c;
    size_t left;
    int64_t last;
};

static enum aisle_status put_row(void *ctx, const struct decision *d,
                                 struct aisle_err *err)
{
    struct log_listing *l = ctx;

    (void)err;
    api_put_decision(l->c, d);
    l->last = --l->left ? 0 : d->seq;
    return AISLE_OK;
}

static struct str next_seq(struct api_call *c, int64_t last)
{
    return last ? arena_fmt(c->request->arena, "%lld", (long long)last) : (struct str){0};
}

static enum aisle_status said_scope(struct api_call *c, bool *has,
                                    enum decision_scope *scope, struct aisle_err *err)
{
    *has = api_given(c, "scope");
    if (*has && !decision_scope_parse(api_text(c, "scope"), scope))
        return api_fail(c, 400, "scope", err,
                        "scope is product, rule or seller-category");
    return AISLE_OK;
}

static enum aisle_status list_log(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct log_filter f = {.target_id = api_text(c, "target"),
                           .key = api_text(c, "key"),
                           .batch_id = api_text(c, "batch"),
                           .run_id = api_text(c, "run"),
                           .after_seq = api_number(c, "after", 0),
                           .limit = api_limit(c),
                           .newest_first = true};
    struct log_listing l = {.c = c, .left = f.limit};
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status == AISLE_OK)
        status = said_scope(c, &f.has_scope, &f.scope, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->decisions->each(store, &f, put_row, &l, err);
    api_close_items(c, next_seq(c, l.last));
    return status;
}

static enum aisle_status list_mappings(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct mapping_filter f = {.target_id = api_text(c, "target"),
                               .category_id = api_text(c, "category"),
                               .after_seq = api_number(c, "after", 0),
                               .limit = api_limit(c)};
    struct log_listing l = {.c = c, .left = f.limit};
    enum decision_state state;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status == AISLE_OK)
        status = said_scope(c, &f.has_scope, &f.scope, err);
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
    api_close_items(c, next_seq(c, l.last));
    return status;
}

/* ---- one key ---- */

struct mapping_key {
    struct str target, seller, key;
    enum decision_scope scope;
};

static enum aisle_status said_key(struct api_call *c, const struct held *h,
                                  struct mapping_key *out, struct aisle_err *err)
{
    bool has;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &out->seller, err);

    if (status == AISLE_OK)
        status = said_scope(c, &has, &out->scope, err);
    out->target = h->target_id;
    out->key = api_text(c, "key");
    return status;
}

/* seq 0: nothing was decided yet. */
static enum aisle_status newest(struct api_call *c, const struct mapping_key *k,
                                struct decision *out, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct aisle_err mine = {0};
    struct decision d;
    enum aisle_status status = store->ops->decisions->get(
        store, k->seller, k->target, k->scope, k->key, c->request->arena, &d, &mine);

    if (status == AISLE_NOT_FOUND) {
        *out = (struct decision){0};
        return AISLE_OK;
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    *out = d;
    return AISLE_OK;
}

static enum aisle_status get_mapping(struct api_call *c, struct aisle_err *err)
{
    struct mapping_key key;
    struct decision d;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    status = said_key(c, h, &key, err);
    if (status == AISLE_OK)
        status = newest(c, &key, &d, err);
    if (status == AISLE_OK && !d.seq)
        status = aisle_fail(err, AISLE_NOT_FOUND, "%s %.*s is not decided for %.*s",
                            decision_scope_name(key.scope), STR_ARG(key.key),
                            STR_ARG(key.target));
    if (status == AISLE_OK) {
        api_etag_number(c, d.seq);
        api_put_decision(c, &d);
    }
    held_give(h);
    return status;
}

/* ---- deciding ---- */

static enum aisle_status read_decision(struct api_call *c, const json_t *body,
                                       struct decide_request *r, struct aisle_err *err)
{
    struct str state = json_str(body, "state");

    if (!decision_state_parse(state, &r->state) || r->state == DECISION_PROPOSED ||
        r->state == DECISION_CLEARED)
        return api_fail(c, 400, "state", err, "state is accepted, rejected or none");
    r->category = json_str(body, "category");
    if (r->state == DECISION_ACCEPTED && str_empty(r->category))
        return api_fail(c, 400, "category", err, "category is missing");
    r->reasons = str_head(json_str(body, "reasons"), 1000);
    r->allow_closed = json_flag(body, "allow_closed", false);
    r->expected = json_int(body, "expected", EXPECT_ANY);
    return AISLE_OK;
}

/* Over the tree that is held: none is loaded for a decision. */
static struct decider decider_over(struct api_call *c, const struct held *h)
{
    return (struct decider){.app = &c->app,
                            .target = h->target,
                            .shop = h->shop,
                            .snapshot = h->snapshot,
                            .tree = h->tree};
}

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

static void put_current(struct api_call *c, const struct decision *d)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct json_out whole = c->json;

    c->json = (struct json_out){.buf = &text};
    api_put_decision(c, d);
    c->json = whole;
    c->current = arena_str(c->request->arena, buf_str(&text));
    buf_clear(&text);
}

/* What stands instead, said by name. */
static enum aisle_status
someone_was_faster(struct api_call *c, const struct mapping_key *k, struct aisle_err *err)
{
    struct decision d;
    enum aisle_status status = newest(c, k, &d, err);

    if (status != AISLE_OK)
        return status;
    if (!d.seq)
        return api_fail(c, 412, "If-Match", err, "nothing was decided here as yet");
    put_current(c, &d);
    api_etag_number(c, d.seq);
    return api_fail(c, 412, "If-Match", err, "decided meanwhile by %.*s: %s%s%.*s",
                    STR_ARG(d.who), decision_state_name(d.state),
                    d.category_id.n ? " " : "", STR_ARG(d.category_id));
}

/* "\"17\"", or "*" for whatever stands. */
static enum aisle_status said_match(struct api_call *c, int64_t *expected,
                                    struct aisle_err *err)
{
    struct str match = http_header(c->request, "If-Match");

    if (str_empty(match) || str_is(match, "*"))
        return AISLE_OK;
    if (match.n < 3 || match.p[0] != '"' || match.p[match.n - 1] != '"' ||
        !parse_i64(str_n(match.p + 1, match.n - 2), 0, INT64_MAX, expected))
        return api_fail(c, 400, "If-Match", err,
                        "If-Match is the ETag of the mapping, \"0\" for none");
    return AISLE_OK;
}

static enum aisle_status decide_one(struct api_call *c, struct held *h,
                                    struct aisle_err *err)
{
    struct decide_request r = {0};
    struct decider d = decider_over(c, h);
    char batch[BATCH_ID_LEN];
    struct mapping_key key;
    struct decision now;
    struct aisle_err mine = {0};
    enum aisle_status status = said_key(c, h, &key, err);

    if (status == AISLE_OK)
        status = read_decision(c, c->body, &r, err);
    if (status == AISLE_OK)
        status = said_match(c, &r.expected, err);
    if (status == AISLE_OK)
        status = api_batch(c, &r.batch_id, err);
    if (status != AISLE_OK)
        return status;
    r.seller_id = key.seller;
    r.scope = key.scope;
    r.key = key.key;
    api_note(
        c, key.seller,
        arena_fmt(c->request->arena, "%.*s %.*s", STR_ARG(key.target), STR_ARG(key.key)));
    status = decider_decide(&d, &r, false, batch, &mine);
    if (status == AISLE_CONFLICT)
        return someone_was_faster(c, &key, err);
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    status = newest(c, &key, &now, err);
    if (status == AISLE_OK) {
        api_etag_number(c, now.seq);
        api_put_decision(c, &now);
    }
    return status;
}

static enum aisle_status put_mapping(struct api_call *c, struct aisle_err *err)
{
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    status = c->body ? decide_one(c, h, err)
                     : api_fail(c, 400, "state", err, "state is missing");
    held_give(h);
    return status;
}

/* One of a list: refused or kept by itself, and said which. */
static enum aisle_status decide_in_list(struct api_call *c, struct decider *d,
                                        const json_t *item, struct str batch_id,
                                        char batch[BATCH_ID_LEN], struct aisle_err *err)
{
    struct decide_request r = {.batch_id = batch_id};
    struct mapping_key key = {.target = d->target.id, .key = json_str(item, "key")};
    struct str seller = json_str(item, "seller");
    struct decision now = {0};
    struct json_out *o = &c->json;
    struct aisle_err mine = {0};
    enum aisle_status status = read_decision(c, item, &r, &mine);

    if (status == AISLE_OK && !decision_scope_parse(json_str(item, "scope"), &key.scope))
        status =
            aisle_fail(&mine, AISLE_INVALID, "scope is product, rule or seller-category");
    if (status == AISLE_OK)
        status = api_seller(c, str_empty(seller) ? d->shop.seller_id : seller,
                            &key.seller, &mine);
    r.seller_id = key.seller;
    r.scope = key.scope;
    r.key = key.key;
    if (status == AISLE_OK)
        status = decider_decide(d, &r, false, batch, &mine);
    c->status = 200;
    c->field = (struct str){0};
    if (status == AISLE_OK || status == AISLE_CONFLICT) {
        enum aisle_status looked = newest(c, &key, &now, err);

        if (looked != AISLE_OK)
            return looked;
    } else if (status != AISLE_INVALID && status != AISLE_NOT_FOUND) {
        aisle_pass(err, &mine);
        return status;
    }
    json_open(o);
    json_add_str(o, "key", key.key);
    json_add_bool(o, "ok", status == AISLE_OK);
    if (status != AISLE_OK) {
        json_add_str(o, "code", str_of(aisle_status_name(status)));
        json_add_str(o, "detail", str_of(mine.text));
    }
    json_key(o, "now");
    if (now.seq)
        api_put_decision(c, &now);
    else
        json_put_null(o);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status decide_list(struct api_call *c, struct held *h,
                                     struct aisle_err *err)
{
    struct decider d = decider_over(c, h);
    const json_t *list = json_list(c->body, "decisions");
    char batch[BATCH_ID_LEN] = "";
    struct str batch_id;
    enum aisle_status status = api_batch(c, &batch_id, err);

    if (status == AISLE_OK &&
        (!list || json_array_size(list) == 0 || json_array_size(list) > DECIDE_MOST))
        status =
            api_fail(c, 400, "decisions", err, "decisions has 1 to %d rows", DECIDE_MOST);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < json_array_size(list); i++) {
        status = decide_in_list(c, &d, json_array_get(list, i), batch_id, batch, err);
        if (*batch && str_empty(batch_id))
            batch_id = arena_str(c->request->arena, str_of(batch));
    }
    json_close_list(&c->json);
    api_add_or_null(c, "batch", batch_id);
    json_close(&c->json);
    api_note(c, h->shop.seller_id,
             arena_fmt(c->request->arena, "%.*s %zu keys %.*s", STR_ARG(h->target_id),
                       json_array_size(list), STR_ARG(batch_id)));
    return status;
}

static enum aisle_status post_decisions(struct api_call *c, struct aisle_err *err)
{
    struct str target;
    struct held *h;
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status == AISLE_OK)
        status = api_tree(c, target, &h, err);
    if (status != AISLE_OK)
        return status;
    status = decide_list(c, h, err);
    held_give(h);
    return status;
}

/* ---- batches ---- */

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
    return ++l->walked == WALK_MOST ? AISLE_STOPPED : AISLE_OK;
}

/* Newest first. Decisions of two batches that came at the same time lie mixed in the log,
 * and are told in the pieces they lie in. */
static enum aisle_status list_batches(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct log_filter f = {.target_id = api_text(c, "target"),
                           .after_seq = api_number(c, "after", 0),
                           .newest_first = true};
    struct batch_listing l = {.c = c, .left = api_limit(c)};
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->decisions->each(store, &f, count_decision, &l, err);
    put_batch(&l);
    if (status == AISLE_STOPPED)
        status = AISLE_OK;
    api_close_items(c, next_seq(c, l.next));
    return status;
}

static enum aisle_status note_batch(void *ctx, const struct decision *d,
                                    struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    api_note(c, d->seller_id, api_text(c, "id"));
    return api_may_see(c, d->seller_id) ? AISLE_OK : AISLE_REFUSED;
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
    enum aisle_status status = store->ops->decisions->each(store, &f, note_batch, c, err);

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
    json_add_str(&c->json, "batch", str_of(result.batch_id));
    json_close(&c->json);
    return status;
}

#define KEY "/api/v1/mappings/{target}/{seller}/{scope}/{key}"
#define PARAM_KEY                                                                        \
    PARAM_TARGET, PARAM_SELLER, {.name = "scope", .max = 20},                            \
    {                                                                                    \
        .name = "key", .max = 4096                                                       \
    }
#define PARAM_AFTER                                                                      \
    {                                                                                    \
        .name = "after", .type = HTTP_INT, .max = INT64_MAX                              \
    }

const struct api_route api_decision_routes[] = {
    {.at = {"POST", "/api/v1/decisions", {{0}}},
     .run = post_decisions,
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
    {.at = {"PUT", KEY, {PARAM_KEY}},
     .run = put_mapping,
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
    {.at = {"GET", KEY, {PARAM_KEY}}, .run = get_mapping, .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/decisions",
            {PARAM_TARGET,
             PARAM_SELLER,
             {.name = "scope", .max = 20},
             {.name = "key", .max = 4096},
             {.name = "batch", .max = 64},
             {.name = "run", .max = 64},
             PARAM_AFTER,
             PARAM_LIMIT}},
     .run = list_log,
     .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/mappings",
            {PARAM_TARGET,
             PARAM_SELLER,
             {.name = "scope", .max = 20},
             {.name = "state", .max = 20},
             {.name = "category", .max = 100},
             PARAM_AFTER,
             PARAM_LIMIT}},
     .run = list_mappings,
     .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/batches",
            {PARAM_TARGET, PARAM_SELLER, PARAM_AFTER, PARAM_LIMIT}},
     .run = list_batches,
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/batches/{id}/undo", {{.name = "id", .max = 64}}},
     .run = undo_batch,
     .right = RIGHT_DECIDE,
     .what = "decision.undo"},
    END_OF_ROUTES,
};
