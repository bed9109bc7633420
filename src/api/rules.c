/* rules.c - a seller's rules: those that stand, those its approvals propose, one more or
 * one less */
#include "flows/rules.h"
#include "api/call.h"

enum { PROPOSE_MOST = 200, PROPOSE_USUAL = 20, PROPOSE_LEAST = 5, RIGHT_OF_HUNDRED = 98 };

static void put_rule(struct api_call *c, const struct held *h, const struct rule *rule,
                     const struct rule_proposal *p)
{
    struct json_out *o = &c->json;
    const struct category *leaf = taxonomy_get(&h->tree, rule->category_id);
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    if (leaf)
        category_path(&h->tree, leaf, TAXONOMY_NONE, &path);
    json_open(o);
    json_add_str(o, "category", rule->category_id);
    api_add_or_null(c, "path", buf_str(&path));
    api_add_or_null(c, "words", rule->words);
    api_add_or_null(c, "brand", rule->brand);
    api_add_or_null(c, "in", rule->seller_category);
    json_add_bool(o, "open", flow_rule_is_open(&h->tree, rule));
    if (p) {
        json_add_int(o, "products", (int64_t)p->products);
        json_add_int(o, "right", (int64_t)p->right);
    }
    json_close(o);
    buf_clear(&path);
}

static enum aisle_status put_standing(struct api_call *c, const struct held *h,
                                      struct str seller, struct aisle_err *err)
{
    struct rule *list;
    size_t count = 0;
    enum aisle_status status =
        flow_rules(&c->app, seller, h->target_id, c->request->arena, &list, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        put_rule(c, h, &list[i], NULL);
    return status;
}

static enum aisle_status put_proposed(struct api_call *c, const struct held *h,
                                      struct str seller, struct aisle_err *err)
{
    struct rule_proposal list[PROPOSE_MOST];
    size_t count = 0, cap = (size_t)api_number(c, "limit", PROPOSE_USUAL);
    enum aisle_status status = flow_rules_propose(
        &c->app, seller, h->target_id, (size_t)api_number(c, "least", PROPOSE_LEAST),
        (double)api_number(c, "percent", RIGHT_OF_HUNDRED) / 100, c->request->arena, list,
        cap < PROPOSE_MOST ? cap : PROPOSE_MOST, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        put_rule(c, h, &list[i].rule, &list[i]);
    return status;
}

static enum aisle_status list_rules(struct api_call *c, struct aisle_err *err)
{
    struct str seller = {0};
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    status = api_seller(c, api_text(c, "seller"), &seller, err);
    if (str_empty(seller))
        seller = h->shop.seller_id;
    api_open_items(c);
    if (status == AISLE_OK)
        status = api_flag(c, "proposed") ? put_proposed(c, h, seller, err)
                                         : put_standing(c, h, seller, err);
    api_close_items(c, (struct str){0});
    held_give(h);
    return status;
}

/* ---- one more, one less ---- */

static enum aisle_status said_rule(struct api_call *c, const struct taxonomy *tree,
                                   bool remove, struct rule *out, struct aisle_err *err)
{
    struct rule said = {.words = json_str(c->body, "words"),
                        .brand = json_str(c->body, "brand"),
                        .seller_category = json_str(c->body, "in"),
                        .category_id = json_str(c->body, "category")};
    struct word_splitter splitter;
    const struct category *leaf =
        remove ? NULL : taxonomy_at_path(tree, said.category_id);
    enum aisle_status status;

    if (!remove && str_empty(said.category_id))
        return api_fail(c, 400, "category", err, "category is missing: an id or a path");
    if (leaf)
        said.category_id = leaf->id;
    status = word_splitter_init(&splitter, err);
    if (status != AISLE_OK)
        return status;
    status = rule_make(&splitter, &said, c->request->arena, out, err);
    word_splitter_clear(&splitter);
    return status;
}

/* What failed then leaves the rule as it was put. */
static enum aisle_status apply(struct api_call *c, const struct rules_request *request,
                               struct rules_applied *out, struct aisle_err *err)
{
    enum aisle_status status = flow_rules_apply(&c->app, request, out, err);

    if (status != AISLE_OK)
        aisle_note(err, "putting it to the products; the rule is kept, in batch %.*s",
                   STR_ARG(request->batch_id));
    return status;
}

static enum aisle_status keep(struct api_call *c, struct decider *d, struct str seller,
                              struct aisle_err *err)
{
    bool remove = json_flag(c->body, "remove", false), same = false;
    bool dry_run = json_flag(c->body, "dry_run", false);
    char batch[BATCH_ID_LEN] = "";
    struct rules_request request = {.seller_id = seller,
                                    .target_id = d->target.id,
                                    .snapshot_id = d->snapshot.id,
                                    .tree = &d->tree};
    struct rules_applied done = {0};
    struct json_out *o = &c->json;
    struct rule rule;
    enum aisle_status status = said_rule(c, &d->tree, remove, &rule, err);

    if (status == AISLE_OK)
        status = flow_rule_put(
            d,
            &(struct rule_request){
                .seller_id = seller, .rule = &rule, .remove = remove, .dry_run = dry_run},
            batch, &same, err);
    request.batch_id = str_of(batch);
    if (status == AISLE_OK && !dry_run && !same)
        status = apply(c, &request, &done, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, seller,
             arena_fmt(c->request->arena, "%.*s %s", STR_ARG(d->target.id), batch));
    json_open(o);
    api_add_or_null(c, "batch", str_of(batch));
    json_add_bool(o, "same", same);
    json_add_int(o, "mapped", (int64_t)done.mapped);
    json_add_int(o, "changed", (int64_t)done.changed);
    json_add_int(o, "opened", (int64_t)done.opened);
    json_add_int(o, "passed_over", (int64_t)done.passed_over);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status post_rule(struct api_call *c, struct aisle_err *err)
{
    struct decider d = {0};
    struct str target, seller = {0};
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status != AISLE_OK)
        return status;
    status = decider_open(&c->app, target, &d, err);
    if (status == AISLE_OK && !api_may_see(c, d.shop.seller_id))
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                            STR_ARG(str_head(target, 60)));
    if (status == AISLE_OK)
        status = api_seller(c, json_str(c->body, "seller"), &seller, err);
    if (str_empty(seller))
        seller = d.shop.seller_id;
    if (status == AISLE_OK)
        status = keep(c, &d, seller, err);
    decider_close(&d);
    return status;
}

const struct api_route api_rule_routes[] = {
    {.at = {"GET",
            "/api/v1/rules",
            {PARAM_NEED_TARGET,
             PARAM_SELLER,
             {.name = "proposed", .type = HTTP_BOOL},
             {.name = "least", .type = HTTP_INT, .min = 1, .max = 1000000},
             {.name = "percent", .type = HTTP_INT, .min = 50, .max = 100},
             PARAM_LIMIT}},
     .run = list_rules,
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/rules", {{0}}},
     .run = post_rule,
     .takes = "target seller words brand in category remove dry_run",
     .right = RIGHT_DECIDE,
     .what = "rule.put"},
    END_OF_ROUTES,
};
