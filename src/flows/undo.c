/* undo.c - a batch of decisions taken back, and rules put anew where it had some */
#include "flows/rules.h"

#include "base/mem.h"
#include "flows/map/undone.h"
#include "match/numbered.h"

struct batch_entry { /* the newest decision of one key in the batch */
    struct decision d;
    int64_t first; /* seq of the key's first one in the batch */
    bool stood;    /* when it was looked at */
    bool reversed;
    uint32_t alike; /* place of another key that hashes the same, or NUMBERED_NONE */
};

struct batch {
    struct arena arena;
    struct batch_entry *entries;
    uint32_t count, room;
    struct numbered by_key; /* the last place of a key's hash */
};

static void batch_clear(struct batch *b)
{
    mem_free(b->entries);
    numbered_clear(&b->by_key);
    arena_clear(&b->arena);
}

static bool same_key(const struct decision *a, const struct decision *b)
{
    return a->scope == b->scope && str_eq(a->key, b->key) &&
           str_eq(a->seller_id, b->seller_id) && str_eq(a->target_id, b->target_id);
}

static bool keep_texts(struct arena *arena, struct decision *d)
{
    struct str *texts[] = {&d->seller_id, &d->target_id, &d->key,      &d->category_id,
                           &d->who,       &d->reasons,   &d->batch_id, &d->run_id};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

static uint64_t number_of(const struct decision *d)
{
    uint64_t number = (uint64_t)d->scope + 1;
    const struct str texts[] = {d->key, d->seller_id, d->target_id};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        number = number * UINT64_C(1099511628211) ^ str_hash(texts[i]);
    return number;
}

/* The entry of the decision's key, or NULL. */
static struct batch_entry *entry_of(const struct batch *b, const struct decision *d)
{
    uint32_t place = numbered_find(&b->by_key, number_of(d));

    while (place != NUMBERED_NONE && !same_key(&b->entries[place].d, d))
        place = b->entries[place].alike;
    return place == NUMBERED_NONE ? NULL : &b->entries[place];
}

/* Borrowed until the next one; NULL without memory. */
static struct batch_entry *add_entry(struct batch *b, const struct decision *d)
{
    uint64_t number = number_of(d);
    uint32_t alike = numbered_find(&b->by_key, number);
    void *list = b->entries;
    bool grown = list_grow(&list, b->count, &b->room, sizeof *b->entries);

    b->entries = list;
    if (!grown || !numbered_set(&b->by_key, number, b->count))
        return NULL;
    b->entries[b->count] = (struct batch_entry){.first = d->seq, .alike = alike};
    return &b->entries[b->count++];
}

/* By seq: a later one of the same key takes the place of the earlier. */
static enum aisle_status note_decision(void *ctx, const struct decision *d,
                                       struct aisle_err *err)
{
    struct batch *b = ctx;
    struct batch_entry *e = entry_of(b, d);

    if (!e)
        e = add_entry(b, d);
    if (!e)
        return aisle_nomem(err);
    e->d = *d;
    return keep_texts(&b->arena, &e->d) ? AISLE_OK : aisle_nomem(err);
}

struct before {
    struct arena *arena;
    int64_t seq; /* what stood before this one */
    struct decision found;
    bool any;
};

static enum aisle_status note_before(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    struct before *b = ctx;

    if (d->seq >= b->seq)
        return AISLE_OK;
    b->found = *d;
    if (!keep_texts(b->arena, &b->found))
        return aisle_nomem(err);
    b->any = true;
    return AISLE_STOPPED;
}

/* The decision that takes e's key back to where it was before the batch. */
static enum aisle_status reverse_of(const struct app *app, struct batch *batch,
                                    const struct batch_entry *e, const char *batch_id,
                                    struct decision_write *out, struct aisle_err *err)
{
    struct log_filter filter = {
        .seller_id = e->d.seller_id,
        .target_id = e->d.target_id,
        .key = e->d.key,
        .has_scope = true,
        .scope = e->d.scope,
        .newest_first = true,
    };
    struct before before = {.arena = &batch->arena, .seq = e->first};
    enum aisle_status status =
        app->store->ops->decisions->each(app->store, &filter, note_before, &before, err);

    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    *out = (struct decision_write){.d = before.any ? before.found : e->d,
                                   .expected = e->d.seq,
                                   .skip_if_changed = true};
    if (!before.any) {
        out->d.state = DECISION_CLEARED;
        out->d.category_id = (struct str){"", 0};
        out->d.confidence = 0;
        out->d.conflict = out->d.provisional = false;
    }
    out->d.seq = 0;
    out->d.who = app->who;
    out->d.run_id = (struct str){"", 0};
    out->d.batch_id = str_of(batch_id);
    out->d.undoes = e->d.seq;
    out->d.at = clock_now_s(app->clock);
    return AISLE_OK;
}

/* Whether it still stands; if not, *newest is what stands instead. */
static enum aisle_status still_stands(const struct app *app, struct batch *batch,
                                      const struct batch_entry *e,
                                      struct decision *newest, bool *stands,
                                      struct aisle_err *err)
{
    enum aisle_status status =
        app->store->ops->decisions->get(app->store, e->d.seller_id, e->d.target_id,
                                        e->d.scope, e->d.key, &batch->arena, newest, err);

    *stands = status == AISLE_OK && newest->seq == e->d.seq;
    return status;
}

static enum aisle_status leave_alone(const struct decision *newest, store_decision_fn *fn,
                                     void *ctx, struct undo_result *out,
                                     struct aisle_err *err)
{
    out->left_alone++;
    return fn ? fn(ctx, newest, err) : AISLE_OK;
}

/* In one piece, without those that somebody decides while we are at it. */
static enum aisle_status reverse_all(const struct app *app, struct batch *batch,
                                     struct undone *run, store_decision_fn *fn, void *ctx,
                                     struct undo_result *out, struct aisle_err *err)
{
    struct decision_write *writes =
        arena_alloc(&batch->arena, (batch->count + 1) * sizeof(*writes));
    size_t count = 0;
    enum aisle_status status = AISLE_OK;

    if (!writes)
        return aisle_nomem(err);
    for (uint32_t i = 0; status == AISLE_OK && i < batch->count; i++) {
        struct batch_entry *e = &batch->entries[i];
        struct decision newest;

        status = undone_keep(app, run, err);
        if (status == AISLE_OK)
            status = still_stands(app, batch, e, &newest, &e->stood, err);
        if (status == AISLE_OK && e->stood)
            status = reverse_of(app, batch, e, out->batch_id, &writes[count++], err);
        else if (status == AISLE_OK)
            status = leave_alone(&newest, fn, ctx, out, err);
    }
    if (status == AISLE_OK)
        status = undone_keep(app, run, err);
    if (status == AISLE_OK && count)
        status = app->store->ops->decisions->append(app->store, writes, count, NULL, err);
    return status;
}

static enum aisle_status note_reversed(void *ctx, const struct decision *d,
                                       struct aisle_err *err)
{
    struct batch_entry *e = entry_of(ctx, d);

    (void)err;
    if (e)
        e->reversed = true;
    return AISLE_OK;
}

/* What the log has of us was reversed; what else stood before was decided meanwhile. */
static enum aisle_status count_reversed(const struct app *app, struct batch *batch,
                                        store_decision_fn *fn, void *ctx,
                                        struct undo_result *out, struct aisle_err *err)
{
    const struct log_filter filter = {.batch_id = str_of(out->batch_id)};
    enum aisle_status status =
        app->store->ops->decisions->each(app->store, &filter, note_reversed, batch, err);

    for (uint32_t i = 0; status == AISLE_OK && i < batch->count; i++) {
        const struct batch_entry *e = &batch->entries[i];
        struct decision newest;
        bool stands;

        out->reversed += e->reversed;
        if (!e->stood || e->reversed)
            continue;
        status = still_stands(app, batch, e, &newest, &stands, err);
        if (status == AISLE_OK)
            status = leave_alone(&newest, fn, ctx, out, err);
    }
    return status;
}

/* ---- rules that came or went ---- */

/* Whether it is the first rule of its seller and target that was reversed. */
static bool is_first_rule(const struct batch *batch, uint32_t place)
{
    const struct batch_entry *at = &batch->entries[place];

    if (!at->reversed || at->d.scope != SCOPE_RULE)
        return false;
    for (const struct batch_entry *e = batch->entries; e < at; e++)
        if (e->reversed && e->d.scope == SCOPE_RULE &&
            str_eq(e->d.seller_id, at->d.seller_id) &&
            str_eq(e->d.target_id, at->d.target_id))
            return false;
    return true;
}

static enum aisle_status put_rules_of(const struct app *app, const struct decision *rule,
                                      struct undo_result *out, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct snapshot snapshot;
    struct taxonomy tree;
    struct rules_applied done = {0};
    enum aisle_status status = app->store->ops->trees->load(
        app->store, rule->target_id, 0, &arena, &snapshot, &tree, err);

    if (status == AISLE_OK)
        status =
            flow_rules_apply(app,
                             &(struct rules_request){.seller_id = rule->seller_id,
                                                     .target_id = rule->target_id,
                                                     .batch_id = str_of(out->batch_id),
                                                     .snapshot_id = snapshot.id,
                                                     .tree = &tree},
                             &done, err);
    out->mapped += done.mapped;
    out->changed += done.changed;
    out->opened += done.opened;
    arena_clear(&arena);
    return status;
}

static enum aisle_status put_rules(const struct app *app, const struct batch *batch,
                                   struct undo_result *out, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (uint32_t i = 0; status == AISLE_OK && i < batch->count; i++)
        if (is_first_rule(batch, i))
            status = put_rules_of(app, &batch->entries[i].d, out, err);
    if (status != AISLE_OK)
        aisle_note(err,
                   "putting rules to the products; the batch itself is taken back, by %s",
                   out->batch_id);
    return status;
}

/* ---- the whole ---- */

static enum aisle_status load_batch(const struct app *app, struct str id,
                                    struct batch *batch, struct aisle_err *err)
{
    const struct log_filter filter = {.batch_id = id};
    enum aisle_status status =
        app->store->ops->decisions->each(app->store, &filter, note_decision, batch, err);

    if (status == AISLE_OK && batch->count == 0)
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no batch %.*s", STR_ARG(id));
    return status;
}

/* A run that can still be taken up ends first: taken up, it would hold what is taken back
 * for done. */
static enum aisle_status reverse_run(const struct app *app, struct batch *batch,
                                     struct undone *run, store_decision_fn *fn, void *ctx,
                                     struct undo_result *out, struct aisle_err *err)
{
    enum aisle_status status = undone_end(app, run, err);

    if (status != AISLE_OK)
        return status;
    status = reverse_all(app, batch, run, fn, ctx, out, err);
    out->run_ended = status == AISLE_OK && !str_empty(run->was.id);
    if (status != AISLE_OK) {
        undone_restore(app, run);
        return status;
    }
    status = count_reversed(app, batch, fn, ctx, out, err);
    if (status != AISLE_OK)
        aisle_note(err, "the batch itself is taken back, by %s", out->batch_id);
    return status;
}

enum aisle_status flow_undo(const struct app *app, struct str batch_id,
                            store_decision_fn *fn, void *ctx, struct undo_result *out,
                            struct aisle_err *err)
{
    struct batch batch = {.arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct undo_result result = {0};
    struct undone run;
    enum aisle_status status;

    if (str_empty(batch_id))
        return aisle_fail(err, AISLE_INVALID, "which batch? map history shows them");
    batch_new(app, result.batch_id);
    status = undone_hold(app, batch_id, &batch.arena, &run, err);
    if (status == AISLE_OK)
        status = load_batch(app, batch_id, &batch, err);
    if (status == AISLE_OK)
        status = reverse_run(app, &batch, &run, fn, ctx, &result, err);
    if (status == AISLE_OK)
        status = put_rules(app, &batch, &result, err);
    undone_give_back(app, &run);
    if (status == AISLE_OK)
        *out = result;
    batch_clear(&batch);
    return status;
}
