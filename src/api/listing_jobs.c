#include "api/listing_jobs.h"

#include "base/json.h"

static const char *const act_names[] = {"check",   "draft",    "publish",    "edit",
                                        "status",  "activate", "deactivate", "delete",
                                        "recover", "pull",     "upgrade"};

const char *list_act_name(enum list_act act)
{
    return act_names[act];
}

bool list_act_parse(struct str name, enum list_act *out)
{
    for (size_t i = 0; i < sizeof act_names / sizeof *act_names; i++)
        if (str_is(name, act_names[i])) {
            *out = (enum list_act)i;
            return true;
        }
    return false;
}

static void add_or_null(struct json_out *o, const char *key, struct str s)
{
    json_key(o, key);
    if (str_empty(s))
        json_put_null(o);
    else
        json_put_str(o, s);
}

/* ---- a leaf ---- */

static bool is_open(const struct leaf_now *now)
{
    return now->is_leaf && permission_is_open(now->permissions);
}

enum aisle_status leaf_job_run(const struct app *app, const struct leaf_request *request,
                               struct buf *result, const char **text,
                               struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct json_out o = {.buf = result};
    struct leaf_now now;
    char permissions[80];
    enum aisle_status status = flow_leaf_ask(app, request, &arena, &now, err);

    if (status == AISLE_OK) {
        permission_format(now.permissions, permissions);
        json_open(&o);
        json_add_str(&o, "category", now.id);
        json_add_str(&o, "path", now.path);
        json_add_bool(&o, "told", now.told);
        json_add_bool(&o, "leaf", now.is_leaf);
        json_add_bool(&o, "open", is_open(&now));
        add_or_null(&o, "permissions", str_of(permissions));
        json_add_bool(&o, "provisional", now.provisional);
        json_close(&o);
        *text = is_open(&now) ? "open" : "closed";
        status = buf_check(result, "what is said of a leaf", err);
    }
    arena_clear(&arena);
    return status;
}

/* ---- a product ---- */

struct telling {
    struct json_out o;
    const char *key;
    enum publish_outcome outcome;
    bool told;
};

void list_job_put(struct json_out *o, const struct listing *l)
{
    json_open(o);
    json_add_str(o, "state", str_of(listing_state_name(l->state)));
    add_or_null(o, "listing", l->remote_id);
    add_or_null(o, "audit", l->audit);
    add_or_null(o, "reason", l->reason);
    json_close(o);
}

/* Those it may be sold from: the form has a column for each. */
static void put_warehouses(struct json_out *o, const struct publish_item *item)
{
    json_key(o, "warehouses");
    json_open_list(o);
    for (size_t i = 0; i < item->warehouse_count; i++) {
        const struct shop_warehouse *w = &item->warehouses[i];

        if (!str_is(w->type, "SALES_WAREHOUSE") || !str_is(w->status, "ENABLED"))
            continue;
        json_open(o);
        json_add_str(o, "id", w->id);
        json_add_str(o, "name", w->name);
        json_add_bool(o, "default", w->is_default);
        json_close(o);
    }
    json_close_list(o);
}

static void put_item(void *ctx, const struct publish_item *item)
{
    struct telling *t = ctx;
    struct json_out *o = &t->o;
    struct buf findings = BUF_INIT(BUF_MAX_REQUEST);

    json_key(o, t->key);
    json_open(o);
    json_add_str(o, "outcome", str_of(publish_outcome_name(item->outcome)));
    add_or_null(o, "category", item->category_id);
    add_or_null(o, "code", item->code);
    add_or_null(o, "text", item->text);
    json_key(o, "listing");
    if (item->listing)
        list_job_put(o, item->listing);
    else
        json_put_null(o);
    findings_format(item->findings, &findings);
    put_warehouses(o, item);
    json_key(o, "findings");
    if (findings.n && !findings.failed)
        json_put_raw(o, buf_str(&findings));
    else
        json_put_raw(o, STR_LIT("[]"));
    json_close(o);
    t->outcome = item->outcome;
    t->told = true;
    buf_clear(&findings);
}

/* One pass over the product, as a draft or as a listing. */
static enum aisle_status pass(const struct app *app, const struct list_request *r,
                              bool draft, struct telling *t, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct publish_request request = {
        .target = r->target,
        .seller_id = r->seller_id,
        .product_ids = &r->product_id,
        .seen = &r->seen,
        .product_count = 1,
        .draft = draft,
        .check_only = r->act == LIST_CHECK,
        .fix = r->fix,
        .only_listed = r->act == LIST_EDIT,
        .again = true,
        .jobs = 1,
        .image_root = r->image_root,
        .allow_private = r->allow_private,
        .search_lag_s = -1,
    };
    struct publish_result result;
    enum aisle_status status;

    t->key = draft ? "draft" : "listing";
    t->told = false;
    status = flow_publish(app, &request, put_item, t, &arena, &result, err);
    if (status == AISLE_OK && !t->told)
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no product %.*s",
                            STR_ARG(r->product_id));
    arena_clear(&arena);
    return status;
}

enum aisle_status list_job_run(const struct app *app, const struct list_request *request,
                               struct buf *result, const char **text,
                               struct aisle_err *err)
{
    struct telling t = {.o = {.buf = result}};
    enum aisle_status status = AISLE_OK;

    if (request->act >= LIST_STATUS)
        return list_job_act(app, request, result, text, err);
    json_open(&t.o);
    if (request->act == LIST_CHECK || request->act == LIST_DRAFT)
        status = pass(app, request, true, &t, err);
    if (status == AISLE_OK && request->act != LIST_DRAFT)
        status = pass(app, request, false, &t, err);
    json_close(&t.o);
    if (status == AISLE_OK)
        status = buf_check(result, "what is wrong with a product", err);
    if (status == AISLE_OK)
        *text = publish_outcome_name(t.outcome);
    return status;
}
