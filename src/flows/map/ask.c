/* ask.c - a question about a product: guide steps 10 and 11 */
#include "flows/map/ask.h"

#include "flows/map/cost.h"
#include "flows/map/once.h"

enum { ANSWER_KEEPS_S = 30 * 24 * 3600 };

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

/* A leaf the tree lacks is newer than it, or went since: what was said before the tree
 * was last found so does not tell which. */
static bool leaf_may_be(const struct map *m, const struct answer *a)
{
    const struct category *c = taxonomy_get(&m->tree, a->category_id);

    return (c && c->leaf && c->child_count == 0) || a->at >= m->snapshot.checked_at;
}

/* A leaf keeps for a month, if it is one still; a refusal only within the run, the next
 * one may ask again. */
static bool answer_is_fresh(const struct worker *w, const struct answer *a)
{
    const struct map *m = w->map;

    if (str_empty(a->category_id))
        return a->at >= m->run.started_at;
    return clock_now_s(m->app->clock) - a->at < ANSWER_KEEPS_S && leaf_may_be(m, a);
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

    if (asked->image_gone) /* nothing was answered */
        return engine_keep(w->map, &(struct run_step){0}, cost_count, &cost, err);
    w->unkept = (struct unkept){.is = true, .once = str_hash(question)};
    cost_count(&w->unkept.cost, &cost);
    w->unkept.answer = (struct answer){
        .seller_id = p->seller_id,
        .target_id = w->map->target.id,
        .question = question,
        .category_id = asked->category_id,
        .failed = asked->kind == ASKED_FAILED,
        .refusal_code = asked->code,
        .refusal_text = asked->text,
        .request_id = arena_str(&w->arena, str_of(meta->request_id)),
        .with_image = !str_empty(uri),
        .at = clock_now_s(w->map->app->clock),
    };
    return w->unkept.answer.request_id.p ? AISLE_OK : aisle_nomem(err);
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

    status = cost_begin(w, &got, err);
    if (status != AISLE_OK)
        return status;
    status = cost_not_the_budget(
        session_recommend(&w->session, &ask, &w->arena, &advice, &meta, &why), &why);
    cost_end(w, got, &meta);

    out->image_gone = meta.image_gone;
    if (status == AISLE_OK)
        take_advice(&advice, out);
    else if (cost_is_the_products(status, &why))
        status = cost_product_failed(
            w, status == AISLE_REFUSED ? ASKED_REFUSED : ASKED_FAILED, &why, out, err);
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
    if (!w->unkept.is)
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
    cost_count(&w->map->run.counts, &saved);
    pthread_mutex_unlock(&w->map->lock);
    return AISLE_OK;
}

enum aisle_status ask_with_image(struct worker *w, const struct product *p,
                                 struct asked *out, struct aisle_err *err)
{
    struct str uri;
    enum aisle_status status = ask_image(w, p, false, &uri, out, err);

    if (status != AISLE_OK || str_empty(uri))
        return status;
    status = ask_recommend(w, p, uri, out, err);
    if (status != AISLE_OK || !out->image_gone)
        return status;
    *out = (struct asked){0};
    status = ask_image(w, p, true, &uri, out, err);
    if (status != AISLE_OK || str_empty(uri))
        return status;
    return ask_recommend(w, p, uri, out, err);
}
