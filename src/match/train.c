/* train.c - labelled rows in, a model's bytes out
 *
 * One training on all rows becomes the model. Others, each without a part of the titles,
 * are asked about that part, to learn what confidence is worth: all four parts where rows
 * are few, so that luck evens out, and one where they are many. Two threads share them.
 */
#include "match/train.h"

#include "match/calibrate.h"
#include "match/modelwrite.h"
#include "match/problem.h"
#include "match/weights.h"

#include <pthread.h>
#include <stdatomic.h>

#define NO_SCORE (-1e30F)

/* The trainings that are measured: which are still to do, and what came of them. */
struct measuring {
    const struct problem *problem;
    const struct linear_weights *prepared;
    struct calibration_row *rows; /* of each row; those not asked have asked false */
    bool *asked;
    unsigned folds;
    bool
        grown; /* the tree was made of the labels: without its rows a leaf is not there */
    atomic_uint next;
};

/* One training without a fold. */
struct measured {
    struct measuring *m;
    struct linear_weights weights;
    struct arena arena;
    uint8_t fold;
    enum aisle_status status;
    struct aisle_err err;
};

/* Which features the training saw: those of rows it did not hold out. */
static uint8_t *features_seen(const struct problem *p, uint8_t fold, struct arena *arena)
{
    const struct linear_problem *l = &p->linear;
    uint8_t *seen = arena_zalloc(arena, l->features + 1, 1);

    for (uint32_t r = 0; seen && r < l->rows; r++)
        for (uint32_t i = l->firsts[r]; l->folds[r] != fold && i < l->firsts[r + 1]; i++)
            seen[l->values[i].feature] = 1;
    return seen;
}

static struct calibration_hints hints_of(const struct problem *p, const uint8_t *seen,
                                         uint32_t row)
{
    struct calibration_hints hints = {0};
    float words = 0, unknown = 0;

    for (uint32_t i = p->linear.firsts[row]; i < p->linear.firsts[row + 1]; i++) {
        uint32_t f = p->linear.values[i].feature;

        if (p->blocks[f] != BLOCK_WORDS)
            continue;
        if (words == 0 && !seen[f])
            hints.start = 1;
        words++;
        unknown += !seen[f];
    }
    hints.unknown = words > 0 ? unknown / words : 1;
    return hints;
}

/* The features that training saw, weighed among themselves, as a new title's would be. */
static uint32_t values_seen(const struct problem *p, const uint8_t *seen, uint32_t row,
                            struct linear_value values[FEATURES_MAX])
{
    uint8_t blocks[FEATURES_MAX];
    float unknown[BLOCKS] = {0};
    uint32_t n = 0;

    for (uint32_t i = p->linear.firsts[row]; i < p->linear.firsts[row + 1]; i++) {
        uint32_t f = p->linear.values[i].feature;

        if (!seen[f]) {
            unknown[p->blocks[f]] += p->idf[f] * p->idf[f];
            continue;
        }
        blocks[n] = p->blocks[f];
        values[n++] = (struct linear_value){f, p->idf[f]};
    }
    problem_weigh(values, blocks, n, unknown);
    return n;
}

/* Which leaves the training had products of. */
static uint8_t *leaves_met(const struct problem *p, uint8_t fold, struct arena *arena)
{
    const struct linear_problem *l = &p->linear;
    uint8_t *met = arena_zalloc(arena, l->leaves + 1, 1);

    for (uint32_t r = 0; met && r < l->rows; r++)
        if (l->folds[r] != fold && p->sources[r])
            met[l->labels[r]] = 1;
    return met;
}

/* A tree that grew from the labels would not have had these leaves: a title of one of
 * them cannot be answered, as will happen with titles to come. */
static void forget_leaves(float *scores, const uint8_t *met, uint32_t leaves)
{
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        if (!met[leaf])
            scores[leaf] = NO_SCORE;
}

/* A product that stands under several leaves has a row for each, but will be asked about
 * once. */
static uint32_t leaves_of_title(const struct problem *p, uint32_t row)
{
    const struct twins *twins = &p->linear.twins;
    uint32_t title = twins->of[row];

    return title == UINT32_MAX ? 1 : twins->firsts[title + 1] - twins->firsts[title];
}

static void note_row(struct measuring *m, const float *scores, uint32_t row,
                     const uint8_t *met, struct calibration_hints hints)
{
    struct calibration_row *out = &m->rows[row];
    uint32_t top[CALIBRATE_TOP];

    out->count = (uint32_t)calibrate_top(scores, m->problem->linear.leaves, top);
    while (out->count > 0 && scores[top[out->count - 1]] <= NO_SCORE)
        out->count--;
    out->right = out->count;
    out->first = out->count ? top[0] : 0;
    out->fold = m->problem->linear.folds[row];
    out->hints = hints;
    out->weight = 1 / (float)leaves_of_title(m->problem, row);
    out->alone = !met[m->problem->linear.labels[row]];
    for (uint32_t i = 0; i < out->count; i++) {
        out->scores[i] = scores[top[i]];
        if (top[i] == m->problem->linear.labels[row])
            out->right = i;
    }
    m->asked[row] = true;
}

static bool same_title(const struct problem *p, uint32_t a, uint32_t b)
{
    return p->sources[a] && p->sources[b] && p->linear.labels[a] == p->linear.labels[b] &&
           str_eq(p->sources[a]->text.title, p->sources[b]->text.title);
}

/* Rows are sorted by leaf, then title. A title that a shop repeats for every size is one
 * piece of evidence and not a hundred, but it will be asked about as often. */
static bool is_one_too_many(const struct problem *p, uint32_t r)
{
    return r >= CALIBRATE_COPIES && same_title(p, r - CALIBRATE_COPIES, r);
}

static enum aisle_status ask_held_out(struct measured *d, struct aisle_err *err)
{
    const struct problem *p = d->m->problem;
    uint8_t *seen = features_seen(p, d->fold, &d->arena);
    uint8_t *met = leaves_met(p, d->fold, &d->arena);
    struct linear_value *values = arena_alloc(&d->arena, FEATURES_MAX * sizeof *values);
    struct linear_scratch s;
    enum aisle_status status =
        linear_scratch_make(&p->linear, &d->weights, &d->arena, &s, err);

    if (status != AISLE_OK || !seen || !met || !values)
        return aisle_nomem(err);
    for (uint32_t r = 0; r < p->linear.rows; r++) {
        uint32_t count;

        if (p->linear.folds[r] != d->fold || !p->sources[r] || is_one_too_many(p, r))
            continue;
        count = values_seen(p, seen, r, values);
        linear_score(&p->linear, &d->weights, &s, values, count);
        if (d->m->grown)
            forget_leaves(s.nodes, met, p->linear.leaves);
        note_row(d->m, s.nodes, r, met, hints_of(p, seen, r));
    }
    return AISLE_OK;
}

/* Trains and asks fold after fold until none is left. */
static void *measure(void *ctx)
{
    struct measured *d = ctx;
    unsigned fold;

    while (d->status == AISLE_OK &&
           (fold = atomic_fetch_add(&d->m->next, 1)) < d->m->folds) {
        d->fold = (uint8_t)fold;
        d->weights = *d->m->prepared;
        d->arena = (struct arena)ARENA_INIT(LINEAR_MAX_MEMORY);
        d->status = linear_train(&d->m->problem->linear, d->fold, &d->arena, &d->weights,
                                 &d->err);
        if (d->status == AISLE_OK)
            d->status = ask_held_out(d, &d->err);
        arena_clear(&d->arena);
    }
    return NULL;
}

/* As many as it takes to measure on enough rows. */
static unsigned folds_for(uint32_t rows)
{
    unsigned folds = 1;

    while (folds < LINEAR_FOLDS &&
           (uint64_t)rows * folds < (uint64_t)LINEAR_MEASURED * LINEAR_FOLDS)
        folds++;
    return folds;
}

/* The model's own training on this thread, the measuring beside it, shared when done. */
static enum aisle_status train_all(const struct problem *p, bool one_thread,
                                   struct arena *arena, struct linear_weights *w,
                                   struct measuring *m, struct aisle_err *err)
{
    struct linear_weights prepared = *w;
    struct measured here = {.m = m}, there = {.m = m};
    enum aisle_status status;
    pthread_t thread;
    bool aside;

    m->prepared = &prepared;
    aside = !one_thread && pthread_create(&thread, NULL, measure, &there) == 0;
    status = linear_train(&p->linear, LINEAR_NOTHING, arena, w, err);
    if (status == AISLE_OK)
        measure(&here);
    if (aside)
        pthread_join(thread, NULL);
    m->prepared = NULL;
    if (status == AISLE_OK && here.status != AISLE_OK) {
        status = here.status;
        aisle_pass(err, &here.err);
    }
    if (status == AISLE_OK && there.status != AISLE_OK) {
        status = there.status;
        aisle_pass(err, &there.err);
    }
    return status;
}

/* The rows that were asked, moved together; how many. */
static size_t gather(struct measuring *m)
{
    size_t n = 0;

    for (uint32_t r = 0; r < m->problem->linear.rows; r++)
        if (m->asked[r])
            m->rows[n++] = m->rows[r];
    return n;
}

/* Whether right and wrong say anything: where the tree is made of labels and no leaf has
 * two titles, each title held out is one that could not be answered. */
static bool can_be_measured(const struct measuring *m, size_t count)
{
    for (size_t r = 0; r < count; r++)
        if (!m->grown || !m->rows[r].alone)
            return true;
    return false;
}

static enum aisle_status train(const struct problem *p,
                               const struct model_options *options, struct arena *arena,
                               struct linear_weights *w, struct model_header *header,
                               float **trust, struct aisle_err *err)
{
    struct measuring m = {
        .problem = p,
        .rows = arena_alloc(arena, (p->linear.rows + 1) * sizeof *m.rows),
        .asked = arena_zalloc(arena, p->linear.rows + 1, sizeof *m.asked),
        .folds = folds_for(p->linear.rows),
        .grown = options->paths,
    };
    enum aisle_status status;
    size_t count;

    if (!m.rows || !m.asked)
        return aisle_nomem(err);
    status = linear_prepare(&p->linear, arena, w, err);
    if (status == AISLE_OK)
        status = train_all(p, options->one_thread, arena, w, &m, err);
    if (status != AISLE_OK)
        return status;
    count = gather(&m);
    *trust = arena_zalloc(arena, p->linear.leaves + 1, sizeof **trust);
    if (!*trust)
        return aisle_nomem(err);
    status = calibrate_fit(m.rows, count, p->linear.leaves, arena, &header->calibration,
                           *trust, err);
    if (status != AISLE_OK)
        return status;
    if (can_be_measured(&m, count))
        calibrate_measure(&header->calibration, m.rows, count, &header->measure);
    return AISLE_OK;
}

enum aisle_status model_train(const struct taxonomy *tree, const struct labelled *rows,
                              size_t count, const struct model_options *options,
                              struct buf *out, struct aisle_err *err)
{
    static const struct model_options none = {0};
    struct arena arena = ARENA_INIT(LINEAR_MAX_MEMORY);
    struct linear_weights weights;
    struct problem problem;
    struct model_header header = {0};
    float *trust = NULL;
    enum aisle_status status;

    if (!options)
        options = &none;
    status = problem_build(tree, rows, count, options->paths, &arena, &problem, err);
    problem.linear.stop = options->stop;
    if (status == AISLE_OK)
        status = train(&problem, options, &arena, &weights, &header, &trust, err);
    if (status == AISLE_OK) {
        header.stamp = options->stamp;
        header.paths = options->paths;
        status = model_write(tree, &problem, &weights, trust, &header, out, err);
    }
    arena_clear(&arena);
    return status;
}
