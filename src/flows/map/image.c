/* image.c - a product's image at the marketplace: guide steps 2 to 9 */
#include "flows/map/ask.h"
#include "flows/map/cost.h"
#include "flows/map/once.h"
#include "image/look.h"
#include "net/objects.h"

#include <stdio.h>

static const char use_case[] = "MAIN_IMAGE";

/* Step 2 and 3: the mapping row, and the local image's location in it. */
static enum aisle_status load_image_row(struct worker *w, const struct product *p,
                                        struct product_image *row, struct aisle_err *err)
{
    struct map *m = w->map;

    return m->app->store->ops->catalogue->get_image(
        m->app->store, p->seller_id, p->image_id, m->target.shop_id, &w->arena, row, err);
}

/* Step 4: its bytes, looked at before anyone is bothered with them. */
static enum aisle_status fetch_bytes(struct worker *w, const struct product_image *row,
                                     struct buf *bytes, struct aisle_err *why)
{
    struct object_request request = {
        .location = row->location,
        .kept = w->map->app->objects,
        .owner = row->seller_id,
        .root = w->map->request->image_root,
        .allow_private = w->map->request->allow_private,
        .max_bytes = BUF_MAX_IMAGE,
    };
    struct image_facts facts;
    enum aisle_status status = object_fetch(w->session.to.net, &request, bytes, why);

    if (status == AISLE_OK)
        status = image_look(buf_str(bytes), &facts, why);
    if (status == AISLE_OK && !facts.whole)
        status = aisle_fail(why, AISLE_INVALID, "image %.*s is cut short",
                            STR_ARG(row->location));
    return status;
}

/* Step 5 and 6: upload, within the budget. */
static enum aisle_status push(struct worker *w, const struct product_image *row,
                              struct str bytes, struct pushed_image *out,
                              struct cost *cost, struct aisle_err *err)
{
    struct channel_image image = {
        .file_name = row->file_name, .bytes = bytes, .use_case = str_of(use_case)};
    struct channel_meta meta = {0};
    struct image_facts facts;
    enum aisle_status status;
    int got;

    if (image_look(bytes, &facts, NULL) == AISLE_OK)
        image.mime = str_of(image_kind_mime(facts.kind));
    status = cost_begin(w, &got, err);
    if (status != AISLE_OK)
        return status;
    status = cost_not_the_budget(
        session_push_image(&w->session, &image, &w->arena, out, &meta, err), err);
    cost_end(w, got, &meta);
    *cost = (struct cost){.calls = meta.calls, .uploads = meta.calls};
    out->request_id = arena_str(&w->arena, str_of(meta.request_id));
    return status;
}

/* Step 7: a UUID of ours for it. */
static enum aisle_status name_pushed(struct worker *w, const struct product *p,
                                     const struct sha256 *hash,
                                     struct pushed_image *image, struct aisle_err *err)
{
    char uuid[UUID_LEN + 1];

    uuid_v4(w->map->app->rng, uuid);
    image->id = arena_str(&w->arena, str_of(uuid));
    image->seller_id = p->seller_id;
    image->shop_id = w->map->target.shop_id;
    image->bytes_hash = *hash;
    image->use_case = str_of(use_case);
    image->pushed_at = clock_now_s(w->map->app->clock);
    return image->id.p ? AISLE_OK : aisle_nomem(err);
}

/* Steps 8 and 9: keep uri and url under the UUID, and link the image row to it. */
static enum aisle_status keep_pushed(struct worker *w, const struct product *p,
                                     const struct pushed_image *image, bool is_new,
                                     const struct cost *cost, struct aisle_err *err)
{
    struct run_step step = {
        .pushed = is_new ? image : NULL,
        .seller_id = p->seller_id,
        .shop_id = w->map->target.shop_id,
        .link_image_id = p->image_id,
        .link_channel_image_id = image->id,
    };

    return engine_keep(w->map, &step, cost_count, cost, err);
}

/* The marketplace will not take these bytes: whoever else has them need not try. */
static enum aisle_status keep_refused(struct worker *w, const struct product *p,
                                      const struct sha256 *hash,
                                      const struct aisle_err *why,
                                      const struct cost *cost, struct aisle_err *err)
{
    struct refused_image image = {
        .seller_id = p->seller_id,
        .shop_id = w->map->target.shop_id,
        .bytes_hash = *hash,
        .use_case = str_of(use_case),
        .code = str_of(why->remote_code),
        .text = str_of(why->text),
        .at = clock_now_s(w->map->app->clock),
    };

    return engine_keep(w->map, &(struct run_step){.refused = &image}, cost_count, cost,
                       err);
}

static enum aisle_status push_and_keep(struct worker *w, const struct product *p,
                                       const struct product_image *row, struct str bytes,
                                       const struct sha256 *hash,
                                       struct pushed_image *image, struct aisle_err *err)
{
    struct aisle_err why = {0};
    struct cost cost = {0};
    enum aisle_status status = push(w, row, bytes, image, &cost, &why), kept;

    if (status != AISLE_OK) {
        kept = cost_is_the_products(status, &why)
                   ? keep_refused(w, p, hash, &why, &cost, err)
                   : AISLE_OK;
        aisle_pass(err, &why);
        return kept == AISLE_OK ? status : kept;
    }
    status = name_pushed(w, p, hash, image, err);
    if (status == AISLE_OK)
        status = keep_pushed(w, p, image, true, &cost, err);
    return status;
}

/* A refusal holds for the run, also when it is taken up again; the next may try anew. */
static enum aisle_status check_refused(struct worker *w, const struct product *p,
                                       const struct sha256 *hash, struct aisle_err *err)
{
    struct map *m = w->map;
    struct aisle_err none = {0};
    struct refused_image image;
    enum aisle_status status = m->app->store->ops->catalogue->find_refused(
        m->app->store, p->seller_id, m->target.shop_id, hash, str_of(use_case), &w->arena,
        &image, &none);

    if (status == AISLE_NOT_FOUND || (status == AISLE_OK && image.at < m->run.started_at))
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &none);
        return status;
    }
    status = engine_keep(m, &(struct run_step){0}, cost_count, &(struct cost){.saved = 1},
                         err);
    if (status != AISLE_OK)
        return status;
    aisle_fail(err, AISLE_INVALID, "%.*s", STR_ARG(image.text));
    snprintf(err->remote_code, sizeof err->remote_code, "%.*s", STR_ARG(image.code));
    return AISLE_INVALID;
}

/* One digest at a time: of two threads with equal bytes the second finds the first's
 * upload. One that is not pushed after `after` is known to be gone, and no find. */
static enum aisle_status push_once(struct worker *w, const struct product *p,
                                   const struct product_image *row, int64_t after,
                                   struct str bytes, struct pushed_image *image,
                                   struct aisle_err *err)
{
    struct map *m = w->map;
    struct aisle_err none = {0};
    struct cost saved = {.saved = 1};
    struct sha256 hash;
    enum aisle_status status = sha256_of(bytes, &hash, err);
    uint64_t key;

    if (status != AISLE_OK)
        return status;
    key = str_hash(str_n((const char *)hash.b, sizeof(hash.b)));
    once_enter(m->once, key);
    status = m->app->store->ops->catalogue->find_pushed(
        m->app->store, p->seller_id, m->target.shop_id, &hash, str_of(use_case),
        &w->arena, image, &none);
    if (status == AISLE_OK && image->pushed_at > after) {
        status = keep_pushed(w, p, image, false, &saved, err);
    } else if (status == AISLE_OK || status == AISLE_NOT_FOUND) {
        status = check_refused(w, p, &hash, err);
        if (status == AISLE_OK)
            status = push_and_keep(w, p, row, bytes, &hash, image, err);
    } else {
        aisle_pass(err, &none);
    }
    once_leave(m->once, key);
    return status;
}

static enum aisle_status load_pushed(struct worker *w, const struct product *p,
                                     const struct product_image *row,
                                     struct pushed_image *out, struct aisle_err *err)
{
    struct map *m = w->map;

    return m->app->store->ops->catalogue->get_pushed(
        m->app->store, p->seller_id, m->target.shop_id, row->channel_image_id, &w->arena,
        out, err);
}

enum aisle_status ask_image(struct worker *w, const struct product *p, bool anew,
                            struct str *uri, struct asked *out, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_IMAGE);
    struct aisle_err why = {0};
    struct product_image row;
    struct pushed_image image = {.pushed_at = INT64_MIN};
    enum aisle_status status;

    *uri = (struct str){0};
    if (str_empty(p->image_id)) {
        out->kind = ASKED_NO_IMAGE;
        out->text = STR_LIT("the product has no image");
        return AISLE_OK;
    }
    status = load_image_row(w, p, &row, err);
    if (status == AISLE_OK && !str_empty(row.channel_image_id))
        status = load_pushed(w, p, &row, &image, err);
    if (status != AISLE_OK)
        return status;
    if (!anew && !str_empty(row.channel_image_id)) {
        *uri = image.uri;
        return AISLE_OK;
    }

    status = fetch_bytes(w, &row, &bytes, &why);
    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        buf_clear(&bytes);
        aisle_pass(err, &why);
        return status;
    }
    if (status != AISLE_OK) { /* whatever is wrong with its host, others can go on */
        buf_clear(&bytes);
        return cost_product_failed(w, ASKED_FAILED, &why, out, err);
    }
    status = push_once(w, p, &row, image.pushed_at, buf_str(&bytes), &image, &why);
    buf_clear(&bytes);
    if (status == AISLE_OK) {
        *uri = image.uri;
        return AISLE_OK;
    }
    if (cost_is_the_products(status, &why))
        return cost_product_failed(w, ASKED_FAILED, &why, out, err);
    aisle_pass(err, &why);
    return status;
}
