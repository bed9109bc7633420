#include "flows/map/ask.h"

#include "base/mem.h"
#include "flows/map/once.h"
#include "image/look.h"
#include "net/objects.h"

#include <stdio.h>

enum { MOST_ATTEMPTS = 6, FEW_ATTEMPTS = 2, ANSWER_KEEPS_S = 30 * 24 * 3600 };

static const char use_case[] = "MAIN_IMAGE";

/* ---- calls and their cost ---- */

struct cost {
    int calls, uploads, recommends, saved;
};

static void count_cost(struct run_counts *c, const void *ctx)
{
    const struct cost *cost = ctx;

    c->calls += cost->calls;
    c->uploads += cost->uploads;
    c->recommends += cost->recommends;
    c->saved += cost->saved;
}

/* A failure of this one product's, not of the run. */
static bool is_the_products(enum aisle_status status)
{
    return status == AISLE_REFUSED || status == AISLE_INVALID || status == AISLE_LIMIT ||
           status == AISLE_NOT_FOUND;
}

static enum aisle_status product_failed(struct worker *w, enum asked_kind kind,
                                        const struct aisle_err *why, struct asked *out,
                                        struct aisle_err *err)
{
    out->kind = kind;
    out->code = arena_str(&w->arena, str_of(why->remote_code));
    out->text = arena_str(&w->arena, str_of(why->text));
    return out->code.p && out->text.p ? AISLE_OK : aisle_nomem(err);
}

/* AISLE_LIMIT is the budget's here; an answer over its ceiling is one we cannot read. */
static enum aisle_status not_the_budget(enum aisle_status status, struct aisle_err *why)
{
    if (status != AISLE_LIMIT)
        return status;
    return why->status = AISLE_GARBLED;
}

/* While call after call finds nobody there, the next is not repeated long. */
static int attempts_now(struct map *m)
{
    bool down;

    pthread_mutex_lock(&m->lock);
    down = m->busy_in_a_row > 0;
    pthread_mutex_unlock(&m->lock);
    return down ? FEW_ATTEMPTS : MOST_ATTEMPTS;
}

/* ---- image: guide steps 2 to 9 ---- */

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
    status = budget_take(&w->map->budget, attempts_now(w->map), &got, err);
    if (status != AISLE_OK)
        return status;
    w->session.to.max_attempts = got;
    status = not_the_budget(
        session_push_image(&w->session, &image, &w->arena, out, &meta, err), err);
    budget_return(&w->map->budget, got, meta.calls);
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

    return engine_keep(w->map, &step, count_cost, cost, err);
}

/* One digest at a time: of two threads with equal bytes the second finds the first's
 * upload. */
static enum aisle_status push_once(struct worker *w, const struct product *p,
                                   const struct product_image *row, struct str bytes,
                                   struct pushed_image *image, struct aisle_err *err)
{
    struct map *m = w->map;
    struct aisle_err none = {0};
    struct cost cost = {.saved = 1};
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
    if (status == AISLE_OK) {
        status = keep_pushed(w, p, image, false, &cost, err);
    } else if (status == AISLE_NOT_FOUND) {
        status = push(w, row, bytes, image, &cost, err);
        if (status == AISLE_OK)
            status = name_pushed(w, p, &hash, image, err);
        if (status == AISLE_OK)
            status = keep_pushed(w, p, image, true, &cost, err);
    } else {
        aisle_pass(err, &none);
    }
    once_leave(m->once, key);
    return status;
}

static enum aisle_status uri_of_pushed(struct worker *w, const struct product *p,
                                       const struct product_image *row, struct str *uri,
                                       struct aisle_err *err)
{
    struct map *m = w->map;
    struct pushed_image image;
    enum aisle_status status = m->app->store->ops->catalogue->get_pushed(
        m->app->store, p->seller_id, m->target.shop_id, row->channel_image_id, &w->arena,
        &image, err);

    if (status == AISLE_OK)
        *uri = image.uri;
    return status;
}

enum aisle_status ask_image(struct worker *w, const struct product *p, struct str *uri,
                            struct asked *out, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_IMAGE);
    struct aisle_err why = {0};
    struct product_image row;
    struct pushed_image image;
    enum aisle_status status;

    *uri = (struct str){0};
    if (str_empty(p->image_id)) {
        out->kind = ASKED_NO_IMAGE;
        out->text = STR_LIT("the product has no image");
        return AISLE_OK;
    }
    status = load_image_row(w, p, &row, err);
    if (status != AISLE_OK)
        return status;
    if (!str_empty(row.channel_image_id))
        return uri_of_pushed(w, p, &row, uri, err);

    status = fetch_bytes(w, &row, &bytes, &why);
    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        buf_clear(&bytes);
        aisle_pass(err, &why);
        return status;
    }
    if (status != AISLE_OK) { /* whatever is wrong with its host, others can go on */
        buf_clear(&bytes);
        return product_failed(w, ASKED_FAILED, &why, out, err);
    }
    status = push_once(w, p, &row, buf_str(&bytes), &image, &why);
    buf_clear(&bytes);
    if (status == AISLE_OK) {
        *uri = image.uri;
        return AISLE_OK;
    }
    if (is_the_products(status) && why.remote_code[0])
        return product_failed(w, ASKED_FAILED, &why, out, err);
    aisle_pass(err, &why);
    return status;
}

/* ---- question: guide steps 10 and 11 ---- */

/* What makes two questions equal, as hexadecimal text in the arena. */
static enum aisle_status question_digest(struct worker *w, const struct product *p,
                                         struct str uri, struct str *out,
                                         struct aisle_err *err)
{
    const struct str parts[] = {p->title, uri, w->map->target.version,
                                w->map->target.platform};
    struct sha256_ctx ctx = {0};
    struct sha256 digest;
    char hex[SHA256_HEX_LEN + 1];
    enum aisle_status status = sha256_init(&ctx, err);

    for (size_t i = 0; status == AISLE_OK && i < sizeof(parts) / sizeof(*parts); i++) {
        status = sha256_add(&ctx, parts[i], err);
        if (status == AISLE_OK)
            status = sha256_add(&ctx, str_n("", 1), err); /* the NUL keeps parts apart */
    }
    if (status == AISLE_OK)
        status = sha256_finish(&ctx, &digest, err);
    sha256_clear(&ctx);
    if (status != AISLE_OK)
        return status;
    sha256_hex(&digest, hex);
    *out = arena_str(&w->arena, str_of(hex));
    return out->p ? AISLE_OK : aisle_nomem(err);
}

/* A leaf keeps for a month; a refusal only within the run, the next one may ask again. */
static bool answer_is_fresh(const struct worker *w, const struct answer *a)
{
    int64_t now = clock_now_s(w->map->app->clock);

    if (str_empty(a->category_id))
        return a->at >= w->map->run.started_at;
    return now - a->at < ANSWER_KEEPS_S;
}

static enum aisle_status find_answer(struct worker *w, const struct product *p,
                                     struct str question, struct answer *out, bool *found,
                                     struct aisle_err *err)
{
    struct map *m = w->map;
    struct aisle_err none = {0};
    enum aisle_status status = m->app->store->ops->work->get_answer(
        m->app->store, p->seller_id, m->target.id, question, &w->arena, out, &none);

    *found = status == AISLE_OK && answer_is_fresh(w, out);
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

static void take_advice(const struct channel_advice *advice, struct asked *out)
{
    const struct category_row *leaf =
        advice->chain_count ? &advice->chain[advice->chain_count - 1] : NULL;

    out->kind = ASKED_LEAF;
    out->category_id = advice->category_id;
    if (leaf && str_eq(leaf->id, advice->category_id)) {
        out->name = leaf->name;
        out->parent_id = leaf->parent_id;
        if (str_empty(out->parent_id) && advice->chain_count > 1)
            out->parent_id = advice->chain[advice->chain_count - 2].id;
    }
}

static enum aisle_status keep_answer(struct worker *w, const struct product *p,
                                     struct str question, struct str uri,
                                     const struct asked *asked,
                                     const struct channel_meta *meta,
                                     struct aisle_err *err)
{
    struct cost cost = {.calls = meta->calls, .recommends = meta->calls};
    struct answer answer = {
        .seller_id = p->seller_id,
        .target_id = w->map->target.id,
        .question = question,
        .category_id = asked->category_id,
        .failed = asked->kind == ASKED_FAILED,
        .refusal_code = asked->code,
        .refusal_text = asked->text,
        .request_id = str_of(meta->request_id),
        .with_image = !str_empty(uri),
        .at = clock_now_s(w->map->app->clock),
    };

    return engine_keep(w->map, &(struct run_step){.answer = &answer}, count_cost, &cost,
                       err);
}

static enum aisle_status recommend(struct worker *w, const struct product *p,
                                   struct str question, struct str uri, struct asked *out,
                                   struct aisle_err *err)
{
    struct channel_question ask = {
        .title = p->title,
        .image_uris = &uri,
        .image_count = !str_empty(uri),
        .version = w->map->target.version,
        .platform = w->map->target.platform,
    };
    struct channel_advice advice = {0};
    struct channel_meta meta = {0};
    struct aisle_err why = {0};
    enum aisle_status status;
    int got;

    status = budget_take(&w->map->budget, attempts_now(w->map), &got, err);
    if (status != AISLE_OK)
        return status;
    w->session.to.max_attempts = got;
    status = not_the_budget(
        session_recommend(&w->session, &ask, &w->arena, &advice, &meta, &why), &why);
    budget_return(&w->map->budget, got, meta.calls);

    if (status == AISLE_OK)
        take_advice(&advice, out);
    else if (is_the_products(status) && why.remote_code[0])
        status = product_failed(w, status == AISLE_REFUSED ? ASKED_REFUSED : ASKED_FAILED,
                                &why, out, err);
    else
        aisle_pass(err, &why);
    return status == AISLE_OK ? keep_answer(w, p, question, uri, out, &meta, err)
                              : status;
}

enum aisle_status ask_recommend(struct worker *w, const struct product *p, struct str uri,
                                struct asked *out, struct aisle_err *err)
{
    struct cost saved = {.saved = 1};
    struct answer answer;
    struct str question;
    bool found = false;
    enum aisle_status status = question_digest(w, p, uri, &question, err);
    uint64_t key;

    if (status != AISLE_OK)
        return status;
    key = str_hash(question);
    once_enter(w->map->once, key);
    status = find_answer(w, p, question, &answer, &found, err);
    if (status == AISLE_OK && !found)
        status = recommend(w, p, question, uri, out, err);
    once_leave(w->map->once, key);
    if (status != AISLE_OK || !found)
        return status;

    out->kind = answer.failed                   ? ASKED_FAILED
                : str_empty(answer.category_id) ? ASKED_REFUSED
                                                : ASKED_LEAF;
    out->category_id = answer.category_id;
    out->code = answer.refusal_code;
    out->text = answer.refusal_text;
    pthread_mutex_lock(&w->map->lock);
    count_cost(&w->map->run.counts, &saved);
    pthread_mutex_unlock(&w->map->lock);
    return AISLE_OK;
}
