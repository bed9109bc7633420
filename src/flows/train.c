/* train.c - a model from what was decided and labelled: trained, kept, made the newest */
#include "flows/models.h"

#include "base/hash.h"
#include "flows/sync.h"
#include "flows/train_rows.h"
#include "match/train.h"

#include <stdio.h>

struct training {
    const struct app *app;
    const struct train_request *request;
    struct target target;
    struct shop shop;
    struct snapshot snapshot;
    struct taxonomy tree;
    struct arena arena; /* the tree */
    struct train_rows rows;
    struct trained_model before; /* key empty: none */
};

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

/* An older program's: nobody here can read it. */
static bool is_outdated(const struct trained_model *m)
{
    return !str_empty(m->key) && m->version < MODEL_VERSION;
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

static enum aisle_status last_change(const struct app *app,
                                     const struct trained_model *model, int64_t *seq,
                                     struct aisle_err *err)
{
    return app->store->ops->labels->changed(app->store, model->seller_id,
                                            model->target_id, seq, err);
}

enum aisle_status flow_model_newer(const struct app *app,
                                   const struct trained_model *model,
                                   struct model_news *out, struct aisle_err *err)
{
    struct counting c = {.most = SIZE_MAX, .category = 1};
    int64_t change = 0;
    enum aisle_status status = count_since(app, model, &c, err);

    if (status == AISLE_OK)
        status = last_change(app, model, &change, err);
    if (status == AISLE_OK)
        *out = (struct model_news){c.count, change > model->labels};
    return status;
}

static enum aisle_status add_rows(void *ctx, const struct label_set *set,
                                  struct aisle_err *err)
{
    (void)err;
    *(int64_t *)ctx += set->rows;
    return AISLE_OK;
}

/* Sets came, went or are others than the model's. Without a model it takes enough rows
 * that there can be one. */
static enum aisle_status look_at_sets(const struct app *app,
                                      const struct trained_model *model, bool *due,
                                      struct aisle_err *err)
{
    int64_t change = 0, rows = 0;
    enum aisle_status status = last_change(app, model, &change, err);

    if (status == AISLE_OK && change > model->labels && str_empty(model->key))
        status = app->store->ops->labels->each(app->store, model->seller_id,
                                               model->target_id, add_rows, &rows, err);
    if (status == AISLE_OK)
        *due = change > model->labels && (!str_empty(model->key) || rows >= TRAIN_LEAST);
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
    if (status == AISLE_OK && (c.count >= c.most || is_outdated(&last)))
        *due = true;
    else if (status == AISLE_OK)
        status = look_at_sets(app, &last, due, err);
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

/* By what it knows and by its content: the same rows give the same bytes, and those the
 * same key. */
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
    m->key = arena_fmt(arena, "%.*s%lld-%lld-%.16s.model", STR_ARG(folder),
                       (long long)t->rows.labels, (long long)t->rows.stamp, hex);
    return folder.p && m->key.p ? AISLE_OK : aisle_nomem(err);
}

static void describe(const struct training *t, const struct model_header *h,
                     struct trained_model *m)
{
    m->seller_id = t->shop.seller_id;
    m->target_id = t->target.id;
    m->stamp = t->rows.stamp;
    m->labels = t->rows.labels;
    m->rows = h->taught;
    m->labelled = (int64_t)t->rows.labelled;
    m->left_out = h->left_out + (int64_t)t->rows.left_out;
    m->leaves = h->leaves;
    m->bytes = (int64_t)h->bytes;
    m->version = h->version;
    m->held_out = h->measure.titles;
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

/* As name_model wrote it. */
static bool read_name(struct str key, int64_t *labels, int64_t *stamp)
{
    struct str name = key, rest;
    size_t at;

    while ((at = str_find_char(name, '/')) < name.n)
        name = str_skip(name, at + 1);
    at = str_find_char(name, '-');
    rest = str_skip(name, at < name.n ? at + 1 : at);
    return parse_i64(str_head(name, at), 0, INT64_MAX, labels) &&
           parse_i64(str_head(rest, str_find_char(rest, '-')), 0, INT64_MAX, stamp);
}

/* Models that know less than the newest, but the one before it: somebody may be about to
 * fetch that. One that is being kept just now knows more. */
struct clearing {
    const struct training *t;
    const struct trained_model *newest;
};

static enum aisle_status drop_old(void *ctx, struct str key,
                                  const struct object_facts *facts, struct aisle_err *err)
{
    struct clearing *c = ctx;
    const struct trained_model *newest = c->newest;
    int64_t labels, stamp;

    (void)facts;
    if (!read_name(key, &labels, &stamp) || labels > newest->labels ||
        (labels == newest->labels && stamp >= newest->stamp) ||
        str_eq(key, c->t->before.key))
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
    t->rows.app = app;
    t->rows.seller_id = t->shop.seller_id;
    t->rows.target_id = t->target.id;
    t->rows.tree = &t->tree;
    return find_before(t, arena, err);
}

static enum aisle_status train(struct training *t, struct arena *arena,
                               struct train_result *out, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct model_options options = {.stamp = t->rows.stamp, .stop = t->app->stop};
    enum aisle_status status = model_train(
        &t->tree, t->rows.list, train_rows_count(&t->rows), &options, &bytes, err);

    if (status == AISLE_OK)
        status = keep_model(t, buf_str(&bytes), arena, out, err);
    buf_clear(&bytes);
    return status;
}

/* One that knows sets which are there no more, or others now, is not to be asked; an
 * outdated one cannot be. */
static enum aisle_status leave_few(struct training *t, struct train_result *out,
                                   struct aisle_err *err)
{
    const struct app *app = t->app;
    enum aisle_status status;

    out->outcome = TRAIN_TOO_FEW;
    if (str_empty(t->before.key) ||
        (t->before.labels >= t->rows.labels && !is_outdated(&t->before)))
        return AISLE_OK;
    status = check_hold(t, err);
    if (status == AISLE_OK)
        status = app->store->ops->models->drop(app->store, t->shop.seller_id,
                                               t->target.id, err);
    if (status == AISLE_OK)
        status = objects_drop(app->objects, t->before.key, err);
    if (status == AISLE_OK)
        out->outcome = TRAIN_GONE;
    return status;
}

static bool knows_all(const struct training *t)
{
    return !str_empty(t->before.key) && !is_outdated(&t->before) &&
           t->before.stamp >= t->rows.stamp && t->before.labels >= t->rows.labels;
}

/* Where it cannot be told, it is taken to be there. */
static bool is_lost(const struct training *t)
{
    struct aisle_err why = {0};
    enum aisle_status status = t->before.version == MODEL_VERSION
                                   ? flow_model_check(t->app, &t->before, &why)
                                   : AISLE_OK;

    return status == AISLE_NOT_FOUND || status == AISLE_GARBLED;
}

enum aisle_status flow_train(const struct app *app, const struct train_request *request,
                             struct arena *arena, struct train_result *out,
                             struct aisle_err *err)
{
    struct training t = {
        .app = app, .request = request, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct train_result result = {0};
    enum aisle_status status = prepare(&t, arena, err);

    if (status == AISLE_OK)
        status = train_rows_gather(&t.rows, err);
    result.model = t.before;
    result.rows = train_rows_count(&t.rows);
    if (status == AISLE_OK && knows_all(&t) && !is_lost(&t))
        result.outcome = TRAIN_NOTHING_NEW;
    else if (status == AISLE_OK && result.rows < TRAIN_LEAST)
        status = leave_few(&t, &result, err);
    else if (status == AISLE_OK)
        status = train(&t, arena, &result, err);
    if (status == AISLE_OK)
        *out = result;
    train_rows_clear(&t.rows);
    arena_clear(&t.arena);
    return status;
}
