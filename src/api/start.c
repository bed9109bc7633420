/* start.c - jobs begun: runs, and what a person asks the marketplace about one thing */
#include "api/runs.h"

enum { MOST_LOCALES = TAXONOMY_MAX_LOCALES };

static enum aisle_status said_locales(struct api_call *c, struct sync_request *r,
                                      struct aisle_err *err)
{
    const json_t *list = json_list(c->body, "locales");
    size_t count = list ? json_array_size(list) : 0;
    struct str *locales = arena_zalloc(c->request->arena, count + 1, sizeof *locales);

    if (!locales)
        return aisle_nomem(err);
    if (count > MOST_LOCALES)
        return api_fail(c, 400, "locales", err, "at most %d locales", MOST_LOCALES);
    for (size_t i = 0; i < count; i++)
        locales[i] = json_value_str(json_array_get(list, i));
    r->locales = locales;
    r->locale_count = count;
    return AISLE_OK;
}

/* What nobody may say from afar: where files of this machine are. */
static void fill_ours(const struct api_call *c, struct map_request *r)
{
    r->image_root = c->api->set.image_root;
    r->allow_private = c->api->set.allow_private;
    r->model = r->policy == MAP_THRIFTY ? c->api->set.model : STR_LIT("");
}

static enum aisle_status said_unseen(struct api_call *c, struct map_request *r,
                                     struct aisle_err *err)
{
    r->accept_at = json_num(c->body, "accept_at", r->accept_at);
    if (json_at(c->body, "accept_at") && (r->accept_at < 0.5 || r->accept_at > 1))
        return api_fail(c, 400, "accept_at", err,
                        "accept_at is a share from 0.5 to 1, such as 0.98");
    return json_at(c->body, "also")
               ? api_also(c, json_str(c->body, "also"), &r->also, err)
               : AISLE_OK;
}

/* What is not said stays as it is in *r. */
static enum aisle_status said_map(struct api_call *c, struct map_request *r,
                                  struct aisle_err *err)
{
    struct str policy = json_str(c->body, "policy");
    int64_t jobs = json_int(c->body, "jobs", 0), budget = json_int(c->body, "budget", -1),
            limit = json_int(c->body, "limit", (int64_t)r->limit);

    if (!str_empty(policy) && !map_policy_parse(policy, &r->policy))
        return api_fail(c, 400, "policy", err, "policy is thrifty or guide");
    if (jobs < 0 || jobs > MAP_MAX_JOBS)
        return api_fail(c, 400, "jobs", err, "jobs is 0 to %d", MAP_MAX_JOBS);
    if (limit < 0)
        return api_fail(c, 400, "limit", err, "limit is 0 or more");
    if (budget < -1 || budget > MAP_MAX_BUDGET)
        return api_fail(c, 400, "budget", err, "budget is 0 to %d calls, or -1: no limit",
                        MAP_MAX_BUDGET);
    r->jobs = (unsigned)jobs;
    r->limit = (size_t)limit;
    r->budget = budget;
    r->fresh = json_flag(c->body, "fresh", false);
    fill_ours(c, r);
    return said_unseen(c, r, err);
}

/* The target is looked up for its seller; it need not have been synced for a sync. */
static enum aisle_status said_target(struct api_call *c, struct str asked,
                                     struct job_request *r, struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    enum aisle_status status = api_target(c, asked, &target, &shop, err);

    if (status != AISLE_OK)
        return status;
    r->seller_id = shop.seller_id;
    r->sync.target = r->map.target = r->ask.target = target.id;
    r->leaf.target = r->list.target = r->tree.target = target.id;
    return AISLE_OK;
}

enum aisle_status api_start(struct api_call *c, struct job_request *r,
                            struct aisle_err *err)
{
    char id[JOB_ID_LEN];
    struct job_view v;
    enum aisle_status status;

    r->who = c->who.name;
    api_note(c, r->seller_id,
             arena_fmt(c->request->arena, "%s %.*s", job_kind_name(r->kind),
                       STR_ARG(job_subject(r))));
    status = jobs_start(c->api->jobs, r, id, err);
    if (status == AISLE_OK)
        status = jobs_get(c->api->jobs, str_of(id), c->request->arena, &v, err);
    if (status != AISLE_OK)
        return status;
    api_put_job(&c->json, &v);
    c->status = 202;
    return AISLE_OK;
}

/* Both targets have to be of the person's. */
static enum aisle_status said_carry(struct api_call *c, struct job_request *r,
                                    struct aisle_err *err)
{
    struct job_request other = {0};
    struct str from;
    enum aisle_status status = api_need(c, "from", &from, err);

    if (status == AISLE_OK)
        status = said_target(c, from, &other, err);
    if (status != AISLE_OK)
        return status;
    r->tree.carry = true;
    r->tree.from = other.sync.target;
    return AISLE_OK;
}

static enum aisle_status said_kind(struct api_call *c, struct str kind,
                                   struct job_request *r, struct aisle_err *err)
{
    if (str_is(kind, "sync")) {
        r->kind = JOB_SYNC;
        r->sync.accept_shrink = json_flag(c->body, "accept_shrink", false);
        return said_locales(c, &r->sync, err);
    }
    if (str_is(kind, "map")) {
        enum aisle_status status = said_map(c, &r->map, err);

        r->kind = JOB_MAP;
        return status == AISLE_OK
                   ? api_seller(c, json_str(c->body, "seller"), &r->map.seller_id, err)
                   : status;
    }
    r->kind = JOB_TREE;
    r->tree.dry_run = json_flag(c->body, "dry_run", false);
    if (str_is(kind, "carry"))
        return said_carry(c, r, err);
    if (str_is(kind, "requirements"))
        return AISLE_OK;
    return api_fail(c, 400, "kind", err, "kind is sync, map, carry or requirements");
}

static const struct api_kind run_kinds[] = {
    {"sync", "locales accept_shrink"},
    {"map", "seller policy budget limit jobs fresh accept_at also"},
    {"carry", "from dry_run"},
    {"requirements", "dry_run"},
    {NULL, NULL},
};

static enum aisle_status post_run(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {0};
    struct str kind, target;
    enum aisle_status status = api_need(c, "kind", &kind, err);

    if (status == AISLE_OK)
        status = api_need(c, "target", &target, err);
    if (status == AISLE_OK)
        status = said_target(c, target, &r, err);
    if (status == AISLE_OK)
        status = said_kind(c, kind, &r, err);
    if (status == AISLE_OK)
        status = api_check_kind(c, run_kinds, kind, err);
    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

static enum aisle_status resume_run(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_MAP};
    struct run run;
    enum aisle_status status = api_find_run(c, &run, err);

    if (status == AISLE_OK && !str_is(run.kind, "map"))
        status = aisle_fail(err, AISLE_INVALID,
                            "only map runs are taken up again; start the sync anew");
    if (status == AISLE_OK)
        status = map_request_of(&run, c->request->arena, &r.map, err);
    if (status == AISLE_OK)
        status = said_map(c, &r.map, err);
    if (status == AISLE_OK)
        status = said_target(c, run.target_id, &r, err);
    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

enum aisle_status api_start_ask(struct api_call *c, struct str target,
                                const struct product *p, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_ASK,
                            .ask = {.seller_id = p->seller_id,
                                    .product_id = p->id,
                                    .image_root = c->api->set.image_root,
                                    .allow_private = c->api->set.allow_private}};
    enum aisle_status status = said_target(c, target, &r, err);

    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

enum aisle_status api_start_leaf(struct api_call *c, struct str target,
                                 struct str category_id, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_LEAF, .leaf = {.category_id = category_id}};
    enum aisle_status status = said_target(c, target, &r, err);

    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

/* What is asked of what is listed already is not asked of the product. */
static enum aisle_status said_seen(struct api_call *c, struct list_request *r,
                                   struct aisle_err *err)
{
    const json_t *expected = json_at(c->body, "expected");

    r->seen = (struct publish_seen){json_int(c->body, "expected", 0),
                                    json_str(c->body, "category")};
    if (expected && r->seen.version < 1)
        return api_fail(c, 400, "expected", err, "expected is the version that was seen");
    if (r->act >= LIST_STATUS && (expected || r->seen.category_id.n))
        return api_fail(c, 400, expected ? "expected" : "category", err,
                        "expected and category go with check, draft, publish and edit");
    return AISLE_OK;
}

enum aisle_status api_start_list(struct api_call *c, const struct product *p,
                                 struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_LIST,
                            .list = {.seller_id = p->seller_id,
                                     .product_id = p->id,
                                     .fix = json_flag(c->body, "fix", false),
                                     .image_root = c->api->set.image_root,
                                     .allow_private = c->api->set.allow_private}};
    struct str target, act;
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status == AISLE_OK)
        status = api_need(c, "act", &act, err);
    if (status == AISLE_OK)
        status = said_target(c, target, &r, err);
    if (status == AISLE_OK &&
        (!list_act_parse(act, &r.list.act) || r.list.act >= LIST_PULL))
        return api_fail(c, 400, "act", err,
                        "act is check, draft, publish, edit, status, activate, "
                        "deactivate, delete or recover");
    if (status == AISLE_OK)
        status = said_seen(c, &r.list, err);
    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

/* About all a shop lists. */
static enum aisle_status post_listings(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_LIST};
    struct str target, act;
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status == AISLE_OK)
        status = api_need(c, "act", &act, err);
    if (status == AISLE_OK &&
        (!list_act_parse(act, &r.list.act) || r.list.act < LIST_PULL))
        status = api_fail(c, 400, "act", err, "act is pull or upgrade");
    if (status == AISLE_OK)
        status = said_target(c, target, &r, err);
    if (status == AISLE_OK)
        status = api_seller(c, json_str(c->body, "seller"), &r.list.seller_id, err);
    if (status != AISLE_OK)
        return status;
    r.list.dry_run = json_flag(c->body, "dry_run", false);
    return api_start(c, &r, err);
}

#define PARAM_ID                                                                         \
    {                                                                                    \
        .name = "id", .max = 64                                                          \
    }

const struct api_route api_start_routes[] = {
    {.at = {"POST", "/api/v1/runs", {{0}}},
     .run = post_run,
     .takes = "kind target seller dry_run from locales accept_shrink policy budget limit "
              "jobs fresh accept_at also",
     .right = RIGHT_EDIT,
     .what = "run.start"},
    {.at = {"POST", "/api/v1/runs/{id}/resume", {PARAM_ID}},
     .run = resume_run,
     .takes = "budget limit jobs accept_at also",
     .right = RIGHT_EDIT,
     .what = "run.resume"},
    {.at = {"POST", "/api/v1/listings", {{0}}},
     .run = post_listings,
     .takes = "target act seller dry_run",
     .right = RIGHT_EDIT,
     .what = "listing.all"},
    END_OF_ROUTES,
};
