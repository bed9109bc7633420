/* train.c - a model from what was decided: gathered, trained, kept, made the newest */
#include "flows/models.h"

#include "base/hash.h"
#include "flows/learn.h"
#include "flows/newest.h"
#include "flows/sync.h"
#include "match/train.h"

#include <stdio.h>

struct training {
    const struct app *app;
    const struct train_request *request;
    struct target target;
    struct shop shop;
    struct snapshot snapshot;
    struct taxonomy tree;
    struct arena arena, item; /* the rows and what they are made of; one row's */
    struct labelled *rows;
    size_t seen; /* the last TRAIN_MOST of them are rows */
    int64_t stamp;
    struct trained_model before; /* key empty: none */
};

/* ---- rows ---- */

static enum aisle_status keep_row(struct training *t, const struct labelled *row,
                                  struct aisle_err *err)
{
    struct labelled kept = {
        .text = {.title = arena_str(&t->arena, row->text.title),
                 .description = arena_str(
                     &t->arena, str_head(row->text.description, FEATURES_MAX_TEXT)),
                 .brand = arena_str(&t->arena, row->text.brand),
                 .seller_category = arena_str(&t->arena, row->text.seller_category)},
        .category_id = arena_str(&t->arena, row->category_id)};

    if (!kept.text.title.p || !kept.text.description.p || !kept.text.brand.p ||
        !kept.text.seller_category.p || !kept.category_id.p)
        return aisle_nomem(err);
    t->rows[t->seen++ % TRAIN_MOST] = kept;
    return AISLE_OK;
}

/* Products that a seller category's decision speaks for. */
struct covering {
    struct training *t;
    const struct labelled *row; /* of the category */
};

static enum aisle_status keep_covered(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct covering *c = ctx;
    struct training *t = c->t;
    struct labelled row = {.text = {.title = p->title,
                                    .description = p->description,
                                    .brand = p->brand,
                                    .seller_category = c->row->text.seller_category},
                           .category_id = c->row->category_id};
    struct decision own;
    bool found = false;
    enum aisle_status status =
        newest_decision(t->app, p->seller_id, t->target.id, SCOPE_PRODUCT, p->id,
                        &t->item, &own, &found, err);

    if (status == AISLE_OK && (!found || own.state == DECISION_CLEARED))
        status = keep_row(t, &row, err);
    arena_clear(&t->item);
    return status;
}

static enum aisle_status take_row(void *ctx, const struct decision *d,
                                  const struct labelled *row, struct aisle_err *err)
{
    struct training *t = ctx;
    struct product_filter of = {.seller_id = t->shop.seller_id,
                                .seller_category_id = d->key,
                                .has_seller_category = true,
                                .limit = TRAIN_COVERED};
    struct covering c = {t, row};
    enum aisle_status status = app_check_stop(t->app, err);

    if (status != AISLE_OK)
        return status;
    if (d->scope == SCOPE_PRODUCT)
        return keep_row(t, row, err);
    return t->app->store->ops->catalogue->each_product(t->app->store, &of, keep_covered,
                                                       &c, err);
}

static enum aisle_status gather(struct training *t, struct aisle_err *err)
{
    struct learn_request from = {
        .seller_id = t->shop.seller_id, .target_id = t->target.id, .tree = &t->tree};

    t->rows = arena_alloc(&t->arena, TRAIN_MOST * sizeof *t->rows);
    return t->rows ? learnt_each(t->app, &from, take_row, t, &t->stamp, err)
                   : aisle_nomem(err);
}

/* ---- whether ---- */

static enum aisle_status find_before(struct training *t, struct arena *arena,
                                     struct aisle_err *err)
{
    struct aisle_err none = {0};
    enum aisle_status status = t->app->store->ops->models->get(
        t->app->store, t->shop.seller_id, t->target.id, arena, &t->before, &none);

    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

struct counting {
    size_t count, most;
    size_t category; /* what a seller category's counts as */
};

static enum aisle_status count_news(void *ctx, const struct decision *d,
                                    struct aisle_err *err)
{
    struct counting *c = ctx;

    (void)err;
    if (d->scope != SCOPE_RULE && d->advisor != ADVISOR_LOCAL)
        c->count += d->scope == SCOPE_SELLER_CATEGORY ? c->category : 1;
    return c->count < c->most ? AISLE_OK : AISLE_STOPPED;
}

static enum aisle_status count_since(const struct app *app,
                                     const struct trained_model *model,
                                     struct counting *c, struct aisle_err *err)
{
    struct log_filter since = {.seller_id = model->seller_id,
                               .target_id = model->target_id,
                               .after_seq = model->stamp};
    enum aisle_status status =
        app->store->ops->decisions->each(app->store, &since, count_news, c, err);

    return status == AISLE_STOPPED ? AISLE_OK : status;
}

enum aisle_status flow_model_newer(const struct app *app,
                                   const struct trained_model *model, size_t *count,
                                   struct aisle_err *err)
{
    struct counting c = {.most = SIZE_MAX, .category = 1};
    enum aisle_status status = count_since(app, model, &c, err);

    if (status == AISLE_OK)
        *count = c.count;
    return status;
}

enum aisle_status flow_train_due(const struct app *app, struct str seller_id,
                                 struct str target_id, bool *due, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct trained_model last = {.seller_id = seller_id, .target_id = target_id};
    struct aisle_err none = {0};
    struct counting c = {.most = TRAIN_FIRST, .category = TRAIN_CATEGORY};
    enum aisle_status status = app->store->ops->models->get(
        app->store, seller_id, target_id, &arena, &last, &none);

    if (status == AISLE_OK && last.rows / TRAIN_TENTH > TRAIN_FIRST)
        c.most = (size_t)(last.rows / TRAIN_TENTH);
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        status = count_since(app, &last, &c, err);
    else
        aisle_pass(err, &none);
    if (status == AISLE_OK)
        *due = c.count >= c.most;
    arena_clear(&arena);
    return status;
}

/* ---- keeping ---- */

/* A part of a key, whatever the text has: what a key may not have is '_', and then a
 * digest tells it from others. */
static void add_part(struct buf *out, struct str text)
{
    struct str head = str_head(text, 60);
    bool same = head.n == text.n;

    for (size_t i = 0; i < head.n; i++) {
        char c = head.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '-' || (c == '.' && i > 0);

        buf_addc(out, plain ? c : '_');
        same = same && plain;
    }
    if (!same)
        buf_addf(out, "-%08x", (unsigned)(str_hash(text) & 0xffffffffu));
}

/* "SELLER/models/TARGET/" */
static struct str folder_of(const struct training *t, struct arena *arena)
{
    struct buf text = BUF_INIT(OBJECT_KEY_MAX);
    struct str kept = {0};

    add_part(&text, t->shop.seller_id);
    buf_addz(&text, "/models/");
    add_part(&text, t->target.id);
    buf_addc(&text, '/');
    if (buf_check(&text, "the model's name", NULL) == AISLE_OK)
        kept = arena_str(arena, buf_str(&text));
    buf_clear(&text);
    return kept;
}

/* By its content: the same decisions give the same bytes, and those the same key. */
static enum aisle_status name_model(const struct training *t, struct str bytes,
                                    struct arena *arena, struct trained_model *m,
                                    struct aisle_err *err)
{
    struct str folder = folder_of(t, arena);
    char hex[SHA256_HEX_LEN + 1];
    struct sha256 digest;
    enum aisle_status status = sha256_of(bytes, &digest, err);

    if (status != AISLE_OK)
        return status;
    sha256_hex(&digest, hex);
    m->key = arena_fmt(arena, "%.*s%lld-%.16s.model", STR_ARG(folder),
                       (long long)t->stamp, hex);
    return folder.p && m->key.p ? AISLE_OK : aisle_nomem(err);
}

static void describe(const struct training *t, const struct model_header *h,
                     struct trained_model *m)
{
    m->seller_id = t->shop.seller_id;
    m->target_id = t->target.id;
    m->stamp = t->stamp;
    m->rows = h->taught;
    m->left_out = h->left_out;
    m->leaves = h->leaves;
    m->bytes = (int64_t)h->bytes;
    m->version = h->version;
    m->held_out = h->measure.rows;
    m->right = h->measure.right;
    m->right_in_3 = h->measure.right_in_3;
    m->ece = (double)h->measure.ece;
    m->trained_at = clock_now_s(t->app->clock);
    m->owner = t->app->owner;
}

/* Whoever lost the task while training keeps nothing: another is at it, or was. */
static enum aisle_status check_hold(const struct training *t, struct aisle_err *err)
{
    const struct task_hold *h = t->request->hold;
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct task task;
    enum aisle_status status = app_check_stop(t->app, err);

    if (status == AISLE_OK && h) {
        status = t->app->store->ops->tasks->get(t->app->store, h->seller_id, h->shop_id,
                                                h->id, &arena, &task, err);
        if (status == AISLE_OK && (task.state != TASK_TAKEN || task.fence != h->fence))
            status = aisle_fail(err, AISLE_CONFLICT, "task %.*s was taken over",
                                STR_ARG(h->id));
    }
    arena_clear(&arena);
    return status;
}

/* Models with fewer decisions than the newest, but the one before it: somebody may be
 * about to fetch that. One that is being kept just now has more. */
struct clearing {
    const struct training *t;
    const struct trained_model *newest;
};

static enum aisle_status drop_old(void *ctx, struct str key,
                                  const struct object_facts *facts, struct aisle_err *err)
{
    struct clearing *c = ctx;
    struct str name = key;
    int64_t stamp;
    size_t at;

    (void)facts;
    while ((at = str_find_char(name, '/')) < name.n)
        name = str_skip(name, at + 1);
    if (!parse_i64(str_head(name, str_find_char(name, '-')), 0, INT64_MAX, &stamp) ||
        stamp >= c->newest->stamp || str_eq(key, c->t->before.key))
        return AISLE_OK;
    return objects_drop(c->t->app->objects, key, err);
}

/* What is left behind goes with the next. */
static void clear_old(const struct training *t, const struct trained_model *newest,
                      struct arena *arena)
{
    struct clearing c = {t, newest};
    struct aisle_err why = {0};

    if (objects_each(t->app->objects, folder_of(t, arena), drop_old, &c, &why) !=
        AISLE_OK)
        log_error(t->app->log, &why, "dropping older models");
}

/* The bytes first, then the word that they are the newest: killed between the two, they
 * go with the next one's older ones. */
static enum aisle_status keep_model(const struct training *t, struct str bytes,
                                    struct arena *arena, struct train_result *out,
                                    struct aisle_err *err)
{
    struct trained_model m;
    struct aisle_err why = {0};
    enum aisle_status status = check_hold(t, err);

    describe(t, (const struct model_header *)(const void *)bytes.p, &m);
    if (status == AISLE_OK)
        status = name_model(t, bytes, arena, &m, err);
    if (status == AISLE_OK)
        status = objects_put(t->app->objects, m.key, bytes,
                             STR_LIT("application/octet-stream"), err);
    if (status == AISLE_OK)
        status = check_hold(t, err);
    if (status != AISLE_OK)
        return status;
    status = t->app->store->ops->models->put(t->app->store, &m, &why);
    if (status == AISLE_CONFLICT) {
        out->outcome = TRAIN_OUTDONE;
        return objects_drop(t->app->objects, m.key, err);
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    clear_old(t, &m, arena);
    out->outcome = TRAIN_DONE;
    out->model = m;
    return AISLE_OK;
}

/* ---- the whole ---- */

static enum aisle_status prepare(struct training *t, struct arena *arena,
                                 struct aisle_err *err)
{
    const struct app *app = t->app;
    struct aisle_err why = {0};
    enum aisle_status status =
        flow_target(app, t->request->target, arena, &t->target, &t->shop, err);

    if (status == AISLE_OK && !app->objects)
        status = aisle_fail(err, AISLE_CONFIG,
                            "there is nowhere to keep a model: set objects");
    if (status != AISLE_OK)
        return status;
    status = app->store->ops->trees->load(app->store, t->target.id, 0, &t->arena,
                                          &t->snapshot, &t->tree, &why);
    if (status == AISLE_NOT_FOUND)
        return aisle_fail(err, AISLE_CONFIG,
                          "the tree of %.*s is not here yet: sync it first",
                          STR_ARG(t->target.id));
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    return find_before(t, arena, err);
}

static enum aisle_status train(struct training *t, struct arena *arena,
                               struct train_result *out, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct model_options options = {.stamp = t->stamp, .stop = t->app->stop};
    size_t count = t->seen < TRAIN_MOST ? t->seen : TRAIN_MOST;
    enum aisle_status status =
        model_train(&t->tree, t->rows, count, &options, &bytes, err);

    if (status == AISLE_OK)
        status = keep_model(t, buf_str(&bytes), arena, out, err);
    buf_clear(&bytes);
    return status;
}

enum aisle_status flow_train(const struct app *app, const struct train_request *request,
                             struct arena *arena, struct train_result *out,
                             struct aisle_err *err)
{
    struct training t = {.app = app,
                         .request = request,
                         .arena = ARENA_INIT(ARENA_MAX_WORK),
                         .item = ARENA_INIT(ARENA_MAX_WORK)};
    struct train_result result = {0};
    enum aisle_status status = prepare(&t, arena, err);

    if (status == AISLE_OK)
        status = gather(&t, err);
    result.model = t.before;
    result.rows = t.seen;
    if (status == AISLE_OK && !str_empty(t.before.key) && t.before.stamp >= t.stamp)
        result.outcome = TRAIN_NOTHING_NEW;
    else if (status == AISLE_OK && t.seen < TRAIN_LEAST)
        result.outcome = TRAIN_TOO_FEW;
    else if (status == AISLE_OK)
        status = train(&t, arena, &result, err);
    if (status == AISLE_OK)
        *out = result;
    arena_clear(&t.item);
    arena_clear(&t.arena);
    return status;
}
