#include "flows/refused.h"

struct word {
    struct str leaf;
    bool refused;
};

struct reading {
    struct arena *arena;
    struct word words[REFUSED_LOOK_BACK]; /* the newest of each leaf */
    /* What was taken back, and with it all that its batch had said before. */
    struct {
        int64_t seq;
        struct str batch_id; /* empty until the decision itself is met */
    } undone[REFUSED_LOOK_BACK];
    size_t words_count, undone_count;
};

static enum aisle_status was_undone(struct reading *r, const struct decision *d,
                                    bool *out, struct aisle_err *err)
{
    *out = false;
    for (size_t i = 0; i < r->undone_count; i++) {
        if (r->undone[i].seq == d->seq) {
            r->undone[i].batch_id = arena_str(r->arena, d->batch_id);
            *out = true;
            return r->undone[i].batch_id.p ? AISLE_OK : aisle_nomem(err);
        }
        *out = *out || (d->batch_id.n && str_eq(r->undone[i].batch_id, d->batch_id));
    }
    return AISLE_OK;
}

static bool is_known(const struct reading *r, struct str leaf)
{
    for (size_t i = 0; i < r->words_count; i++)
        if (str_eq(r->words[i].leaf, leaf))
            return true;
    return false;
}

/* Newest first. Only a person's approval takes a refusal back. */
static enum aisle_status note_word(void *ctx, const struct decision *d,
                                   struct aisle_err *err)
{
    struct reading *r = ctx;
    bool refused = d->state == DECISION_REJECTED;
    bool speaks =
        refused || (d->state == DECISION_ACCEPTED && d->advisor == ADVISOR_PERSON);
    struct word *word = &r->words[r->words_count];
    bool undone;
    enum aisle_status status = was_undone(r, d, &undone, err);

    if (status != AISLE_OK || undone) /* and what it undid stands */
        return status;
    if (d->undoes)
        r->undone[r->undone_count++].seq = d->undoes;
    if (!speaks || str_empty(d->category_id) || is_known(r, d->category_id))
        return AISLE_OK;
    *word = (struct word){arena_str(r->arena, d->category_id), refused};
    r->words_count++;
    return word->leaf.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status refusals_of(const struct app *app, struct str seller_id,
                              struct str target_id, enum decision_scope scope,
                              struct str key, struct arena *arena, struct refusals *out,
                              struct aisle_err *err)
{
    struct reading r = {.arena = arena};
    struct log_filter filter = {.seller_id = seller_id,
                                .target_id = target_id,
                                .key = key,
                                .has_scope = true,
                                .scope = scope,
                                .limit = REFUSED_LOOK_BACK,
                                .newest_first = true};
    enum aisle_status status =
        app->store->ops->decisions->each(app->store, &filter, note_word, &r, err);
    struct str *leaves;
    size_t count = 0;

    if (status != AISLE_OK)
        return status;
    leaves = arena_alloc(arena, (r.words_count + 1) * sizeof *leaves);
    if (!leaves)
        return aisle_nomem(err);
    for (size_t i = 0; i < r.words_count; i++)
        if (r.words[i].refused)
            leaves[count++] = r.words[i].leaf;
    *out = (struct refusals){leaves, count};
    return AISLE_OK;
}

bool refusals_have(const struct refusals *r, struct str leaf)
{
    for (size_t i = 0; r && i < r->count; i++)
        if (str_eq(r->leaves[i], leaf))
            return true;
    return false;
}
