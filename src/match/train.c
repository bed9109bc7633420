/* train.c - labelled rows in, a model's bytes out
 *
 * Two trainings run side by side: one on all rows, which becomes the model, and one on
 * four titles of five, which is asked about the fifth to learn what its confidence is
 * worth.
 */
#include "match/train.h"

#include "base/mem.h"
#include "match/calibrate.h"
#include "match/modelwrite.h"
#include "match/problem.h"
#include "match/weights.h"

#include <pthread.h>

/* The training that is measured, and its result. */
struct measuring {
    const struct problem *problem;
    struct linear_weights weights;
    struct arena arena;
    struct calibration_row *rows;
    size_t count;
    enum aisle_status status;
    struct aisle_err err;
};

/* Which features the training saw: those of rows it did not hold out. */
static uint8_t *features_seen(const struct problem *p, struct arena *arena)
{
    const struct linear_problem *l = &p->linear;
    uint8_t *seen = arena_zalloc(arena, l->features + 1, 1);

    for (uint32_t r = 0; seen && r < l->rows; r++)
        for (uint32_t i = l->firsts[r]; l->folds[r] && i < l->firsts[r + 1]; i++)
            seen[l->values[i].feature] = 1;
    return seen;
}

static float unknown_share(const struct problem *p, const uint8_t *seen, uint32_t row)
{
    float words = 0, unknown = 0;

    for (uint32_t i = p->linear.firsts[row]; i < p->linear.firsts[row + 1]; i++) {
        uint32_t f = p->linear.values[i].feature;

        if (p->blocks[f] != BLOCK_WORDS)
            continue;
        words++;
        unknown += !seen[f];
    }
    return words > 0 ? unknown / words : 1;
}

/* The features that training saw, weighed among themselves, as a new title's would be. */
static uint32_t values_seen(const struct problem *p, const uint8_t *seen, uint32_t row,
                            struct linear_value values[FEATURES_MAX])
{
    uint8_t blocks[FEATURES_MAX];
    uint32_t n = 0;

    for (uint32_t i = p->linear.firsts[row]; i < p->linear.firsts[row + 1]; i++) {
        uint32_t f = p->linear.values[i].feature;

        if (!seen[f])
            continue;
        blocks[n] = p->blocks[f];
        values[n++] = (struct linear_value){f, p->idf[f]};
    }
    problem_weigh(values, blocks, n);
    return n;
}

static void note_row(struct measuring *m, const float *scores, uint32_t row,
                     float unknown)
{
    struct calibration_row *out = &m->rows[m->count++];
    uint32_t top[CALIBRATE_TOP];

    out->count = (uint32_t)calibrate_top(scores, m->problem->linear.leaves, top);
    out->right = out->count;
    out->unknown = unknown;
    for (uint32_t i = 0; i < out->count; i++) {
        out->scores[i] = scores[top[i]];
        if (top[i] == m->problem->linear.labels[row])
            out->right = i;
    }
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

static enum aisle_status ask_held_out(struct measuring *m, struct aisle_err *err)
{
    const struct linear_problem *l = &m->problem->linear;
    uint8_t *seen = features_seen(m->problem, &m->arena);
    struct linear_value *values = arena_alloc(&m->arena, FEATURES_MAX * sizeof *values);
    struct linear_scratch s;
    enum aisle_status status = linear_scratch_make(l, &m->weights, &m->arena, &s, err);

    m->rows = mem_alloc((l->rows + 1) * sizeof *m->rows);
    if (status != AISLE_OK || !seen || !values || !m->rows)
        return aisle_nomem(err);
    for (uint32_t r = 0; r < l->rows; r++) {
        uint32_t count;

        if (l->folds[r] != 0 || is_one_too_many(m->problem, r))
            continue;
        count = values_seen(m->problem, seen, r, values);
        linear_score(l, &m->weights, &s, values, count);
        note_row(m, s.nodes, r, unknown_share(m->problem, seen, r));
    }
    return AISLE_OK;
}

static void *measure(void *ctx)
{
    struct measuring *m = ctx;

    m->status = linear_train(&m->problem->linear, true, &m->arena, &m->weights, &m->err);
    if (m->status == AISLE_OK)
        m->status = ask_held_out(m, &m->err);
    return NULL;
}

static enum aisle_status train_both(const struct problem *p, bool one_thread,
                                    struct arena *arena, struct linear_weights *w,
                                    struct measuring *m, struct aisle_err *err)
{
    enum aisle_status status = linear_prepare(&p->linear, arena, w, err);
    pthread_t thread;
    bool aside;

    if (status != AISLE_OK)
        return status;
    m->problem = p;
    m->weights = *w;
    aside = !one_thread && pthread_create(&thread, NULL, measure, m) == 0;
    if (!aside)
        measure(m);
    status = linear_train(&p->linear, false, arena, w, err);
    if (aside)
        pthread_join(thread, NULL);
    if (status == AISLE_OK && m->status != AISLE_OK) {
        status = m->status;
        if (err)
            *err = m->err;
    }
    return status;
}

enum aisle_status model_train(const struct taxonomy *tree, const struct labelled *rows,
                              size_t count, const struct model_options *options,
                              struct buf *out, struct aisle_err *err)
{
    static const struct model_options none = {0};
    struct arena arena = ARENA_INIT(LINEAR_MAX_MEMORY);
    struct measuring m = {.arena = ARENA_INIT(LINEAR_MAX_MEMORY)};
    struct linear_weights weights;
    struct problem problem;
    struct model_header header = {0};
    enum aisle_status status = problem_build(tree, rows, count, &arena, &problem, err);

    if (!options)
        options = &none;
    if (status == AISLE_OK)
        status = train_both(&problem, options->one_thread, &arena, &weights, &m, err);
    if (status == AISLE_OK) {
        header.stamp = options->stamp;
        header.paths = options->paths;
        calibrate_fit(m.rows, m.count, &header.calibration);
        calibrate_measure(&header.calibration, m.rows, m.count, &header.measure);
        status = model_write(tree, &problem, &weights, &header, out, err);
    }
    mem_free(m.rows);
    arena_clear(&m.arena);
    arena_clear(&arena);
    return status;
}
