/* listing_acts.c - what jobs do with what is listed already: asked about, activated,
 * deactivated, deleted, recovered; all of a shop's taken in, or moved to the newer tree
 */
#include "api/listing_jobs.h"

#include "base/json.h"
#include "flows/brands.h"
#include "flows/listing.h"

struct following {
    struct json_out *o;
    struct aisle_err why; /* the one's own failure */
    bool told;
};

static void put_followed(void *ctx, const struct listing *l, enum listing_state was,
                         const struct aisle_err *why)
{
    struct following *f = ctx;

    json_add_str(f->o, "was", str_of(listing_state_name(was)));
    json_key(f->o, "listing");
    list_job_put(f->o, l);
    if (why)
        f->why = *why;
    f->told = true;
}

static enum channel_change change_of(enum list_act act)
{
    switch (act) {
    case LIST_DEACTIVATE:
        return CHANGE_DEACTIVATE;
    case LIST_DELETE:
        return CHANGE_DELETE;
    case LIST_RECOVER:
        return CHANGE_RECOVER;
    default:
        return CHANGE_ACTIVATE;
    }
}

static enum aisle_status follow_one(const struct app *app, const struct list_request *r,
                                    struct json_out *o, struct aisle_err *err)
{
    struct following f = {.o = o};
    const struct follow_request request = {.target = r->target,
                                           .seller_id = r->seller_id,
                                           .product_ids = &r->product_id,
                                           .product_count = 1};
    struct follow_result result = {0};
    enum aisle_status status =
        r->act == LIST_STATUS
            ? flow_listing_follow(app, &request, put_followed, &f, &result, err)
            : flow_listing_change(app, r->target, r->seller_id, change_of(r->act),
                                  &r->product_id, 1, put_followed, &f, &result, err);

    if (status == AISLE_OK && f.why.status != AISLE_OK) {
        aisle_pass(err, &f.why);
        return f.why.status;
    }
    if (status == AISLE_OK && !f.told)
        return aisle_fail(err, AISLE_NOT_FOUND, "%.*s has no listing in this shop",
                          STR_ARG(r->product_id));
    return status;
}

/* ---- a whole shop ---- */

static void no_product(void *ctx, const struct channel_product *p, struct str product_id,
                       bool mapped)
{
    (void)ctx, (void)p, (void)product_id, (void)mapped;
}

static enum aisle_status pull_all(const struct app *app, const struct list_request *r,
                                  struct json_out *o, struct aisle_err *err)
{
    struct pull_result result = {0};
    enum aisle_status status = flow_listing_pull(app, r->target, r->seller_id, r->dry_run,
                                                 no_product, NULL, &result, err);

    json_add_int(o, "seen", (int64_t)result.seen);
    json_add_int(o, "joined", (int64_t)result.joined);
    json_add_int(o, "mapped", (int64_t)result.mapped);
    json_add_int(o, "unknown", (int64_t)result.unknown);
    json_add_str(o, "batch", str_of(result.batch_id));
    return status;
}

enum aisle_status list_job_act(const struct app *app, const struct list_request *r,
                               struct buf *result, const char **text,
                               struct aisle_err *err)
{
    struct json_out o = {.buf = result};
    enum aisle_status status;

    json_open(&o);
    if (r->act == LIST_PULL)
        status = pull_all(app, r, &o, err);
    else if (r->act == LIST_UPGRADE)
        status = flow_listing_upgrade(app, r->target, err);
    else
        status = follow_one(app, r, &o, err);
    json_close(&o);
    if (status == AISLE_OK)
        status = buf_check(result, "what became of listings", err);
    if (status == AISLE_OK)
        *text = list_act_name(r->act);
    return status;
}
