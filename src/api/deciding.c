/* deciding.c - what stands for a key, what counts for a product, and deciding */
#include "api/call.h"
#include "flows/decide.h"
#include "flows/newest.h"

enum { DECIDE_MOST = 200 };

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
        status = api_scope(c, &has, &out->scope, err);
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

/* Without an ETag: it may be its category's, which is another key to decide. */
static enum aisle_status get_product_mapping(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    struct decision d;
    struct held *h;
    enum aisle_status status = api_find_product(c, &p, err);

    if (status == AISLE_OK)
        status = api_tree(c, api_text(c, "target"), &h, err);
    if (status != AISLE_OK)
        return status;
    status = flow_mapping_of(&c->app, &p, h->target_id, c->request->arena, &d, err);
    if (status == AISLE_OK)
        api_put_decision(c, &d);
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

/* ---- a list: each is refused or kept by itself, and said which ---- */

struct listed {
    struct mapping_key key;
    struct aisle_err why; /* AISLE_OK: it was read */
};

static enum aisle_status read_listed(struct api_call *c, const struct decider *d,
                                     const json_t *item, struct mapping_key *key,
                                     struct decide_request *r, struct aisle_err *err)
{
    struct str seller = json_str(item, "seller");
    enum aisle_status status;

    *key = (struct mapping_key){.target = d->target.id, .key = json_str(item, "key")};
    status = read_decision(c, item, r, err);
    if (status == AISLE_OK && !decision_scope_parse(json_str(item, "scope"), &key->scope))
        status =
            aisle_fail(err, AISLE_INVALID, "scope is product, rule or seller-category");
    if (status == AISLE_OK)
        status = api_seller(c, str_empty(seller) ? d->shop.seller_id : seller,
                            &key->seller, err);
    r->seller_id = key->seller;
    r->scope = key->scope;
    r->key = key->key;
    c->status = 200;
    c->field = (struct str){0};
    return status;
}

/* The requests that can be read, side by side; their number in *count. */
static enum aisle_status read_list(struct api_call *c, const struct decider *d,
                                   const json_t *list, struct listed *out,
                                   struct decide_request *requests, size_t *count,
                                   struct aisle_err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct listed *l = &out[i];
        enum aisle_status status;

        requests[*count] = (struct decide_request){0};
        status = read_listed(c, d, json_array_get(list, i), &l->key, &requests[*count],
                             &l->why);
        if (status == AISLE_OK) {
            ++*count;
        } else if (status != AISLE_INVALID && status != AISLE_NOT_FOUND) {
            aisle_pass(err, &l->why);
            return status;
        }
    }
    return AISLE_OK;
}

static enum aisle_status put_listed(struct api_call *c, const struct mapping_key *key,
                                    const struct aisle_err *why, struct aisle_err *err)
{
    struct json_out *o = &c->json;
    struct decision now = {0};
    enum aisle_status status = AISLE_OK;

    if (why->status == AISLE_OK || why->status == AISLE_CONFLICT)
        status = newest(c, key, &now, err);
    json_open(o);
    json_add_str(o, "key", key->key);
    json_add_bool(o, "ok", why->status == AISLE_OK);
    if (why->status != AISLE_OK) {
        json_add_str(o, "code", str_of(aisle_status_name(why->status)));
        json_add_str(o, "detail", api_told(c, why));
    }
    json_key(o, "now");
    if (now.seq)
        api_put_decision(c, &now);
    else
        json_put_null(o);
    json_close(o);
    return status;
}

static enum aisle_status decide_all(struct api_call *c, struct decider *d,
                                    const json_t *list, char batch[BATCH_ID_LEN],
                                    struct aisle_err *err)
{
    const size_t all = json_array_size(list);
    struct arena *arena = c->request->arena;
    struct listed *listed = arena_zalloc(arena, all, sizeof(*listed));
    struct decide_request *requests = arena_zalloc(arena, all, sizeof(*requests));
    struct aisle_err *whys = arena_zalloc(arena, all, sizeof(*whys));
    size_t count = 0;
    enum aisle_status status;

    if (!listed || !requests || !whys)
        return aisle_nomem(err);
    status = read_list(c, d, list, listed, requests, &count, err);
    if (status == AISLE_OK)
        status = decider_decide_all(d, requests, count, batch, whys, err);
    for (size_t i = 0; status == AISLE_OK && i < all; i++)
        status =
            put_listed(c, &listed[i].key,
                       listed[i].why.status == AISLE_OK ? whys++ : &listed[i].why, err);
    return status;
}

static enum aisle_status decide_list(struct api_call *c, struct held *h,
                                     struct aisle_err *err)
{
    struct decider d = decider_over(c, h);
    const json_t *list = json_list(c->body, "decisions");
    char batch[BATCH_ID_LEN] = "";
    struct str named;
    enum aisle_status status = api_batch(c, &named, err);

    if (status == AISLE_OK &&
        (!list || json_array_size(list) == 0 || json_array_size(list) > DECIDE_MOST))
        status =
            api_fail(c, 400, "decisions", err, "decisions has 1 to %d rows", DECIDE_MOST);
    if (status != AISLE_OK)
        return status;
    memcpy(batch, named.p ? named.p : "", named.n);
    api_open_items(c);
    status = decide_all(c, &d, list, batch, err);
    json_close_list(&c->json);
    api_add_or_null(c, "batch", str_of(batch));
    json_close(&c->json);
    api_note(c, h->shop.seller_id,
             arena_fmt(c->request->arena, "%.*s %zu keys %s", STR_ARG(h->target_id),
                       json_array_size(list), batch));
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

#define KEY "/api/v1/mappings/{target}/{seller}/{scope}/{key}"
#define PARAM_KEY                                                                        \
    PARAM_TARGET, PARAM_SELLER, PARAM_SCOPE,                                             \
    {                                                                                    \
        .name = "key", .max = 4096                                                       \
    }

const struct api_route api_deciding_routes[] = {
    {.at = {"POST", "/api/v1/decisions", {{0}}},
     .run = post_decisions,
     .takes = "target batch decisions[seller scope key expected state category reasons "
              "allow_closed]",
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
    {.at = {"PUT", KEY, {PARAM_KEY}},
     .run = put_mapping,
     .takes = "state category reasons allow_closed batch",
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
    {.at = {"GET", KEY, {PARAM_KEY}},
     .run = get_mapping,
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"GET", PRODUCT_PATH "/mapping", {PARAM_PRODUCT, PARAM_NEED_TARGET}},
     .run = get_product_mapping,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
