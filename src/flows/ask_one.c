#include "flows/ask_one.h"

#include "flows/runs.h"
#include "flows/session.h"
#include "flows/sync.h"
#include "image/look.h"
#include "net/objects.h"

#include <stdio.h>

static const char use_case[] = "MAIN_IMAGE";
/* As the map runs trust the marketplace alone. */
static const double trust_alone = 0.85;

struct asking {
    const struct app *app;
    const struct ask_request *request;
    struct arena *arena;
    struct target target;
    struct shop shop;
    struct session session;
    struct product product;
    struct run run;
    struct run_request_ids ids;
    struct str uri;
};

static const struct store_work *work_of(const struct asking *a)
{
    return a->app->store->ops->work;
}

/* ---- the image ---- */

static enum aisle_status fetch(struct asking *a, struct buf *bytes,
                               struct image_facts *facts, struct aisle_err *err)
{
    struct object_request request = {
        .location = a->product.image_location,
        .kept = a->app->objects,
        .owner = a->product.seller_id,
        .root = a->request->image_root,
        .allow_private = a->request->allow_private,
        .max_bytes = BUF_MAX_IMAGE,
    };
    enum aisle_status status = object_fetch(a->session.to.net, &request, bytes, err);

    return status == AISLE_OK ? image_look(buf_str(bytes), facts, err) : status;
}

static enum aisle_status push(struct asking *a, struct str bytes,
                              const struct image_facts *facts, const struct sha256 *hash,
                              struct pushed_image *out, struct aisle_err *err)
{
    struct channel_image image = {.file_name = a->product.image_id,
                                  .mime = str_of(image_kind_mime(facts->kind)),
                                  .bytes = bytes,
                                  .use_case = str_of(use_case)};
    struct channel_meta meta = {0};
    char uuid[UUID_LEN + 1];
    enum aisle_status status =
        session_push_image(&a->session, &image, a->arena, out, &meta, err);

    run_note_request(&a->ids, &meta);
    a->run.counts.calls += meta.calls;
    a->run.counts.uploads += meta.calls;
    if (status != AISLE_OK)
        return status;
    uuid_v4(a->app->rng, uuid);
    out->id = arena_str(a->arena, str_of(uuid));
    out->seller_id = a->product.seller_id;
    out->shop_id = a->shop.id;
    out->bytes_hash = *hash;
    out->use_case = str_of(use_case);
    out->request_id = arena_str(a->arena, str_of(meta.request_id));
    out->pushed_at = clock_now_s(a->app->clock);
    return out->id.p && out->request_id.p ? AISLE_OK : aisle_nomem(err);
}

/* Under our UUID, and linked to the product's image. */
static enum aisle_status keep(struct asking *a, const struct pushed_image *image,
                              bool is_new, struct aisle_err *err)
{
    struct run_step step = {.pushed = is_new ? image : NULL,
                            .seller_id = a->product.seller_id,
                            .shop_id = a->shop.id,
                            .link_image_id = a->product.image_id,
                            .link_channel_image_id = image->id};

    return work_of(a)->put_step(a->app->store, &step, err);
}

/* Equal bytes are there already, or are brought there now. */
static enum aisle_status bring(struct asking *a, struct str bytes,
                               const struct image_facts *facts, struct aisle_err *err)
{
    const struct store_catalogue *catalogue = a->app->store->ops->catalogue;
    struct pushed_image image = {0};
    struct aisle_err mine = {0};
    struct sha256 hash;
    bool is_new;
    enum aisle_status status = sha256_of(bytes, &hash, err);

    if (status != AISLE_OK)
        return status;
    status = catalogue->find_pushed(a->app->store, a->product.seller_id, a->shop.id,
                                    &hash, str_of(use_case), a->arena, &image, &mine);
    is_new = status == AISLE_NOT_FOUND;
    if (is_new)
        status = push(a, bytes, facts, &hash, &image, err);
    else
        aisle_pass(err, &mine);
    if (status == AISLE_OK)
        status = keep(a, &image, is_new, err);
    if (status == AISLE_OK)
        a->uri = image.uri;
    return status;
}

static enum aisle_status bring_image(struct asking *a, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_IMAGE);
    struct image_facts facts;
    enum aisle_status status = AISLE_OK;

    if (!str_empty(a->product.image_location) && a->session.to.ops->push_image) {
        status = fetch(a, &bytes, &facts, err);
        if (status == AISLE_OK)
            status = bring(a, buf_str(&bytes), &facts, err);
    }
    buf_clear(&bytes);
    return status;
}

/* ---- the question ---- */

static enum aisle_status recommend(struct asking *a, struct channel_advice *advice,
                                   struct ask_result *out, struct aisle_err *err)
{
    struct channel_question question = {.title = a->product.title,
                                        .image_uris = &a->uri,
                                        .image_count = !str_empty(a->uri),
                                        .version = a->target.version,
                                        .platform = a->target.platform};
    struct channel_meta meta = {0};
    struct aisle_err mine = {0};
    enum aisle_status status =
        session_recommend(&a->session, &question, a->arena, advice, &meta, &mine);

    run_note_request(&a->ids, &meta);
    a->run.counts.calls += meta.calls;
    a->run.counts.recommends += meta.calls;
    if (status == AISLE_REFUSED) { /* an answer too */
        *advice = (struct channel_advice){0};
        out->refusal = arena_str(a->arena, str_of(mine.text));
        return out->refusal.p ? AISLE_OK : aisle_nomem(err);
    }
    aisle_pass(err, &mine);
    return status;
}

static enum aisle_status is_provisional(struct asking *a, struct str category_id,
                                        bool *out, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct aisle_err mine = {0};
    struct taxonomy tree;
    enum aisle_status status = a->app->store->ops->trees->load(
        a->app->store, a->target.id, 0, &arena, NULL, &tree, &mine);

    if (status == AISLE_OK)
        *out = taxonomy_get(&tree, category_id) == NULL;
    else if (status == AISLE_NOT_FOUND) /* never synced: there is no tree to lack it */
        status = AISLE_OK;
    else
        aisle_pass(err, &mine);
    arena_clear(&arena);
    return status;
}

/* The suggestion, the leaf the tree lacks, and the record, in one piece. */
static enum aisle_status keep_answer(struct asking *a,
                                     const struct channel_advice *advice,
                                     struct ask_result *out, struct aisle_err *err)
{
    const struct category_row *leaf =
        advice->chain_count ? &advice->chain[advice->chain_count - 1] : NULL;
    struct suggestion suggestion = {.category_id = advice->category_id,
                                    .confidence = trust_alone,
                                    .advisor = ADVISOR_MARKETPLACE};
    struct provisional_category lacking = {.target_id = a->target.id,
                                           .id = advice->category_id,
                                           .name = leaf ? leaf->name : (struct str){0},
                                           .parent_id =
                                               leaf ? leaf->parent_id : (struct str){0},
                                           .at = clock_now_s(a->app->clock)};
    bool named = !str_empty(advice->category_id);
    struct step_item item = {
        .item = {.run_id = a->run.id,
                 .seller_id = a->product.seller_id,
                 .product_id = a->product.id,
                 .state = named ? ITEM_NEEDS_PERSON : ITEM_REFUSED,
                 .category_id = advice->category_id,
                 .by = named ? ITEM_BY_MARKETPLACE : ITEM_BY_NONE,
                 .text = out->refusal,
                 .at = clock_now_s(a->app->clock)},
        .suggestions = named ? &suggestion : NULL,
        .suggestion_count = named,
    };
    struct run_step step = {.items = &item, .item_count = 1, .run = &a->run};
    enum aisle_status status = AISLE_OK;

    if (named)
        status = is_provisional(a, advice->category_id, &out->provisional, err);
    if (out->provisional)
        step.provisional = &lacking;
    a->run.counts.done = 1;
    a->run.counts.need_person = named;
    a->run.counts.refused = !named;
    a->run.state = RUN_DONE;
    a->run.finished_at = clock_now_s(a->app->clock);
    a->run.request_ids = str_of(a->ids.text);
    if (status == AISLE_OK)
        status = work_of(a)->put_step(a->app->store, &step, err);
    out->category_id = advice->category_id;
    return status;
}

/* ---- the whole ---- */

static enum aisle_status prepare(struct asking *a, struct aisle_err *err)
{
    const struct ask_request *r = a->request;
    enum aisle_status status =
        flow_target(a->app, r->target, a->arena, &a->target, &a->shop, err);

    if (status == AISLE_OK)
        status = a->app->store->ops->catalogue->get_product(
            a->app->store, str_empty(r->seller_id) ? a->shop.seller_id : r->seller_id,
            r->product_id, a->arena, &a->product, err);
    if (status == AISLE_OK)
        status = session_open_for(a->app, &a->target, &a->session, err);
    return status;
}

static enum aisle_status begin(struct asking *a, struct ask_result *out,
                               struct aisle_err *err)
{
    run_id_new(a->app, out->run_id);
    a->run = (struct run){.id = str_of(out->run_id),
                          .kind = STR_LIT("ask"),
                          .seller_id = a->product.seller_id,
                          .target_id = a->target.id,
                          .parameters = STR_LIT("{}"),
                          .state = RUN_UNDER_WAY,
                          .counts = {.total = 1},
                          .started_at = clock_now_s(a->app->clock),
                          .owner = a->app->owner};
    return work_of(a)->put_run(a->app->store, &a->run, err);
}

static void give_up(struct asking *a, const struct aisle_err *why)
{
    a->run.state = RUN_FAILED;
    a->run.text = str_of(why ? why->text : "");
    a->run.counts.failed = 1;
    a->run.finished_at = clock_now_s(a->app->clock);
    a->run.request_ids = str_of(a->ids.text);
    work_of(a)->put_run(a->app->store, &a->run, NULL);
}

enum aisle_status flow_ask_one(const struct app *app, const struct ask_request *request,
                               struct arena *arena, struct ask_result *out,
                               struct aisle_err *err)
{
    struct asking a = {.app = app, .request = request, .arena = arena};
    struct channel_advice advice = {0};
    struct ask_result result = {.run_id = ""};
    enum aisle_status status = prepare(&a, err);

    if (status == AISLE_OK)
        status = begin(&a, &result, err);
    if (status == AISLE_OK) {
        status = bring_image(&a, err);
        if (status == AISLE_OK)
            status = recommend(&a, &advice, &result, err);
        if (status == AISLE_OK)
            status = keep_answer(&a, &advice, &result, err);
        if (status != AISLE_OK)
            give_up(&a, err);
    }
    session_close(&a.session);
    if (status != AISLE_OK)
        return status;
    result.target_id = a.target.id;
    result.image_uri = a.uri;
    *out = result;
    return AISLE_OK;
}
