/* calibrate.c - two small maximum likelihood fits by Newton's method, and between them a
 * look at which leaves are right oftener, or less often, than their scores say
 */
#include "match/calibrate.h"

#include "match/weights.h"

#include <math.h>

enum {
    PARAMETERS = 3,
    NEWTON_STEPS = 25,
    BINS = 15, /* of the expected calibration error */
    SOLVE_MOST = CALIBRATE_INPUTS
};

/* As fitted to what models of 40 to 200 titles, one of each leaf, said of other titles of
 * these leaves, in five labelled sets. */
const struct model_calibration calibration_default = {
    .sharpness = 0.8F,
    .none = 3.5F,
    .none_unknown = -0.9F,
    .straight = {-0.75F, 0.76F, 0.1F, -0.2F, 0.03F, -0.1F, 0.9F, 0, 0},
};

static double none_score(const struct model_calibration *c, float unknown)
{
    return (double)c->none + (double)(c->none_unknown * unknown);
}

/* Shares of one; the last, shares[count], is for "none of these". */
static void share_out(const struct model_calibration *c, const float *scores,
                      size_t count, float unknown, double *shares)
{
    double most = shares[count] = none_score(c, unknown), sum = 0;

    for (size_t i = 0; i < count; i++) {
        shares[i] = (double)(c->sharpness * scores[i]);
        most = shares[i] > most ? shares[i] : most;
    }
    for (size_t i = 0; i <= count; i++)
        sum += shares[i] = exp(shares[i] - most);
    for (size_t i = 0; i <= count; i++)
        shares[i] /= sum;
}

size_t calibrate_top(const float *scores, uint32_t leaves, uint32_t out[CALIBRATE_TOP])
{
    size_t n = 0;

    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        size_t i;

        if (n == CALIBRATE_TOP && !(scores[leaf] > scores[out[n - 1]]))
            continue;
        i = n < CALIBRATE_TOP ? n++ : n - 1;
        for (; i > 0 && scores[leaf] > scores[out[i - 1]]; i--)
            out[i] = out[i - 1];
        out[i] = leaf;
    }
    return n;
}

/* ---- solving ---- */

/* Solves h x = g by elimination; h is symmetric and positive. */
static void solve(double h[SOLVE_MOST][SOLVE_MOST], double g[SOLVE_MOST], int n)
{
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++) {
            double factor = h[k][i] / h[i][i];

            for (int j = i; j < n; j++)
                h[k][j] -= factor * h[i][j];
            g[k] -= factor * g[i];
        }
    for (int i = n; i-- > 0;) {
        for (int j = i + 1; j < n; j++)
            g[i] -= h[i][j] * g[j];
        g[i] /= h[i][i];
    }
}

/* How far each parameter lies from the default, as parts of how far it may. */
static void leanings(const struct model_calibration *c, double off[PARAMETERS])
{
    const struct model_calibration *d = &calibration_default;

    off[0] = (double)(c->sharpness - d->sharpness) / CALIBRATE_MAY[0];
    off[1] = (double)(c->none - d->none) / CALIBRATE_MAY[1];
    off[2] = (double)(c->none_unknown - d->none_unknown) / CALIBRATE_MAY[2];
}

static double likelihood(const struct model_calibration *c,
                         const struct calibration_row *rows, size_t count)
{
    double sum = 0, shares[CALIBRATE_TOP + 1], off[PARAMETERS];

    leanings(c, off);
    for (int a = 0; a < PARAMETERS; a++)
        sum -= off[a] * off[a] / 2;
    for (size_t r = 0; r < count; r++) {
        share_out(c, rows[r].scores, rows[r].count, rows[r].hints.unknown, shares);
        sum += (double)rows[r].heard * log(shares[rows[r].right] + 1e-12);
    }
    return sum / (double)count;
}

/* What option i says to each parameter: sharpness, none, none_unknown. */
static void options_of(const struct calibration_row *r, size_t i, double x[PARAMETERS])
{
    bool none = i == r->count;

    x[0] = none ? 0 : (double)r->scores[i];
    x[1] = none ? 1 : 0;
    x[2] = none ? (double)r->hints.unknown : 0;
}

static void add_row(const struct model_calibration *c, const struct calibration_row *r,
                    double weight, double h[SOLVE_MOST][SOLVE_MOST], double g[SOLVE_MOST])
{
    double shares[CALIBRATE_TOP + 1], mean[PARAMETERS] = {0}, x[PARAMETERS];

    share_out(c, r->scores, r->count, r->hints.unknown, shares);
    for (size_t i = 0; i <= r->count; i++) {
        options_of(r, i, x);
        for (int a = 0; a < PARAMETERS; a++)
            mean[a] += shares[i] * x[a];
    }
    for (size_t i = 0; i <= r->count; i++) {
        options_of(r, i, x);
        for (int a = 0; a < PARAMETERS; a++)
            for (int b = 0; b < PARAMETERS; b++)
                h[a][b] += weight * shares[i] * (x[a] - mean[a]) * (x[b] - mean[b]);
    }
    options_of(r, r->right, x);
    for (int a = 0; a < PARAMETERS; a++)
        g[a] += weight * (x[a] - mean[a]);
}

/* One step towards the likelier, shortened until it is one; false when none is left. */
static bool step_shares(struct model_calibration *c, const struct calibration_row *rows,
                        size_t count)
{
    double h[SOLVE_MOST][SOLVE_MOST] = {{0}}, g[SOLVE_MOST] = {0}, off[PARAMETERS];
    double before = likelihood(c, rows, count);

    leanings(c, off);
    for (int a = 0; a < PARAMETERS; a++) {
        h[a][a] = 1 / (CALIBRATE_MAY[a] * CALIBRATE_MAY[a]) / (double)count;
        g[a] = -off[a] / CALIBRATE_MAY[a] / (double)count;
    }
    for (size_t r = 0; r < count; r++)
        add_row(c, &rows[r], (double)rows[r].heard / (double)count, h, g);
    solve(h, g, PARAMETERS);
    for (int halved = 0; halved < 10; halved++) {
        double size = 1.0 / (1 << halved);
        struct model_calibration next = *c;

        next.sharpness += (float)(size * g[0]);
        next.none += (float)(size * g[1]);
        next.none_unknown += (float)(size * g[2]);
        if (likelihood(&next, rows, count) > before + 1e-7) {
            *c = next;
            return true;
        }
    }
    return false;
}

static double log_odds(double p)
{
    p = p < 1e-6 ? 1e-6 : p > 1 - 1e-6 ? 1 - 1e-6 : p;
    return log(p / (1 - p));
}

/* What the chance of the first is judged by. Its log odds so far may bend at two places,
 * and what its lead tells at one: what is nearly sure is crooked in another way than what
 * is a guess. */
static void inputs_of(const struct model_calibration *c, const float *scores,
                      size_t count, const struct calibration_hints *hints, double share,
                      double x[CALIBRATE_INPUTS])
{
    double odds = log_odds(share);
    double lead = (double)(c->sharpness * (count > 1 ? scores[0] - scores[1]
                                           : count   ? scores[0]
                                                     : 0));

    x[0] = 1;
    x[1] = odds;
    x[2] = fmax(0, odds);
    x[3] = fmax(0, odds - 2);
    x[4] = lead;
    x[5] = fmax(0, lead - 3);
    x[6] = (double)hints->unknown;
    x[7] = (double)hints->start;
    x[8] = fmax(-CALIBRATE_TRUST, fmin(CALIBRATE_TRUST, (double)hints->trust));
}

static double straight(const struct model_calibration *c,
                       const double x[CALIBRATE_INPUTS])
{
    double sum = 0;

    for (int i = 0; i < CALIBRATE_INPUTS; i++)
        sum += (double)c->straight[i] * x[i];
    return 1 / (1 + exp(-sum));
}

static void inputs_of_row(const struct model_calibration *c,
                          const struct calibration_row *r, double x[CALIBRATE_INPUTS])
{
    double shares[CALIBRATE_TOP + 1];

    share_out(c, r->scores, r->count, r->hints.unknown, shares);
    inputs_of(c, r->scores, r->count, &r->hints, r->count ? shares[0] : 0, x);
}

static bool is_right(const struct calibration_row *r)
{
    return r->right == 0 && r->count > 0;
}

/* What is judged, row by row, and by which inputs; the shares stay as they are meanwhile.
 */
struct judged {
    const struct calibration_row *rows;
    size_t count;
    double drawn; /* how firmly to the default */
    double (*inputs)[CALIBRATE_INPUTS];
};

static void find_inputs(const struct model_calibration *c, struct judged *j)
{
    for (size_t r = 0; r < j->count; r++)
        inputs_of_row(c, &j->rows[r], j->inputs[r]);
}

/* How likely it makes what happened, less what it costs to leave the share. */
static double likelihood_straight(const struct model_calibration *c,
                                  const struct judged *j)
{
    double sum = 0;

    for (int i = 0; i < CALIBRATE_INPUTS; i++) {
        double off = (double)(c->straight[i] - calibration_default.straight[i]);

        sum -= j->drawn / 2 * off * off;
    }
    for (size_t r = 0; r < j->count; r++) {
        double p = straight(c, j->inputs[r]);

        sum +=
            (double)j->rows[r].heard * log((is_right(&j->rows[r]) ? p : 1 - p) + 1e-12);
    }
    return sum;
}

static void add_judged(const struct model_calibration *c, const struct judged *j,
                       size_t r, double h[SOLVE_MOST][SOLVE_MOST], double g[SOLVE_MOST])
{
    const double *x = j->inputs[r];
    double p = straight(c, x), weight = (double)j->rows[r].heard;

    for (int a = 0; a < CALIBRATE_INPUTS; a++) {
        g[a] += weight * ((is_right(&j->rows[r]) ? 1 : 0) - p) * x[a];
        for (int b = 0; b < CALIBRATE_INPUTS; b++)
            h[a][b] += weight * p * (1 - p) * x[a] * x[b];
    }
}

/* One step towards the likelier, as step_shares: where nearly all rows are sure, a whole
 * step leads past the best and further off each time. */
static bool step_straight(struct model_calibration *c, const struct judged *j)
{
    double h[SOLVE_MOST][SOLVE_MOST] = {{0}}, g[SOLVE_MOST] = {0};
    double before = likelihood_straight(c, j);

    for (int a = 0; a < CALIBRATE_INPUTS; a++) {
        h[a][a] = j->drawn;
        g[a] = j->drawn * (double)(calibration_default.straight[a] - c->straight[a]);
    }
    for (size_t r = 0; r < j->count; r++)
        add_judged(c, j, r, h, g);
    solve(h, g, CALIBRATE_INPUTS);
    for (int halved = 0; halved < 10; halved++) {
        struct model_calibration next = *c;

        for (int a = 0; a < CALIBRATE_INPUTS; a++)
            next.straight[a] += (float)(g[a] / (1 << halved));
        if (likelihood_straight(&next, j) > before + 1e-6) {
            *c = next;
            return true;
        }
    }
    return false;
}

/* Logistic regression of "the first is right", drawn a little towards the default. */
static void straighten(struct model_calibration *c, struct judged *j)
{
    find_inputs(c, j);
    for (int step = 0; step < NEWTON_STEPS && step_straight(c, j); step++)
        continue;
}

/* ---- leaves ---- */

/* How far a leaf's answers lay off, and how much chance there was in them. */
struct tally {
    double off, chance;
};

static float trust_of(struct tally t)
{
    return (float)(t.off / (t.chance + CALIBRATE_FRESH));
}

/* A row's trust comes from the other folds, so that it does not hear of itself. */
static void note_trust(const struct model_calibration *c, struct calibration_row *rows,
                       size_t count, uint32_t leaves, struct tally *tallies, float *trust)
{
    for (size_t r = 0; r < count; r++) {
        struct tally *t = &tallies[(size_t)rows[r].fold * leaves + rows[r].first];
        double x[CALIBRATE_INPUTS], p;

        inputs_of_row(c, &rows[r], x);
        p = straight(c, x);
        t->off += (double)rows[r].heard * ((is_right(&rows[r]) ? 1 : 0) - p);
        t->chance += (double)rows[r].heard * p * (1 - p);
    }
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        struct tally all = {0};

        for (size_t fold = 0; fold < CALIBRATE_FOLDS; fold++) {
            all.off += tallies[fold * leaves + leaf].off;
            all.chance += tallies[fold * leaves + leaf].chance;
        }
        trust[leaf] = trust_of(all);
        for (size_t fold = 0; fold < CALIBRATE_FOLDS; fold++) {
            struct tally *t = &tallies[fold * leaves + leaf];

            *t = (struct tally){all.off - t->off, all.chance - t->chance};
        }
    }
    for (size_t r = 0; r < count; r++)
        rows[r].hints.trust =
            trust_of(tallies[(size_t)rows[r].fold * leaves + rows[r].first]);
}

/* Sets what each row is heard for; what they come to. */
static double hear(struct calibration_row *rows, size_t count)
{
    double all = 0, alone = 0, heard = 0;

    for (size_t r = 0; r < count; r++) {
        all += (double)rows[r].weight;
        alone += rows[r].alone ? (double)rows[r].weight : 0;
    }
    for (size_t r = 0; r < count; r++) {
        double part =
            rows[r].alone ? fmin(1, CALIBRATE_ANSWERED * (all - alone) / all) : 1;

        rows[r].heard = (float)part * rows[r].weight;
        heard += (double)rows[r].heard;
    }
    return heard;
}

enum aisle_status calibrate_fit(struct calibration_row *rows, size_t count,
                                uint32_t leaves, struct arena *arena,
                                struct model_calibration *out, float *trust,
                                struct aisle_err *err)
{
    struct tally *tallies =
        arena_zalloc(arena, (size_t)CALIBRATE_FOLDS * leaves + 1, sizeof *tallies);
    struct judged judged = {
        .rows = rows,
        .count = count,
        .inputs = arena_alloc(arena, (count + 1) * sizeof *judged.inputs),
    };
    double heard = hear(rows, count);

    if (!tallies || !judged.inputs)
        return aisle_nomem(err);
    memset(trust, 0, leaves * sizeof *trust);
    *out = calibration_default;
    if (heard < 1)
        return AISLE_OK;
    judged.drawn = CALIBRATE_DRAWN + CALIBRATE_FEW / heard;
    for (int step = 0; step < NEWTON_STEPS && step_shares(out, rows, count); step++)
        continue;
    out->sharpness = fmaxf(0.05F, out->sharpness);
    for (size_t r = 0; r < count; r++)
        rows[r].hints.trust = 0;
    straighten(out, &judged);
    note_trust(out, rows, count, leaves, tallies, trust);
    straighten(out, &judged);
    return AISLE_OK;
}

void calibrate_apply(const struct model_calibration *c, const float *scores, size_t count,
                     const struct calibration_hints *hints, double *confidence)
{
    double shares[CALIBRATE_TOP + 1], x[CALIBRATE_INPUTS], first, others;

    if (count > CALIBRATE_TOP)
        count = CALIBRATE_TOP;
    if (count == 0)
        return;
    share_out(c, scores, count, hints->unknown, shares);
    inputs_of(c, scores, count, hints, shares[0], x);
    first = straight(c, x);
    others = (1 - first) / fmax(1e-9, 1 - shares[0]);
    confidence[0] = first;
    for (size_t i = 1; i < count; i++)
        confidence[i] = fmin(confidence[i - 1], shares[i] * others);
}

/* Titles of an interval of confidence, by their weight. */
struct bin {
    double titles, right, confidence;
};

void calibrate_measure(const struct model_calibration *c,
                       const struct calibration_row *rows, size_t count,
                       struct model_measure *out)
{
    struct bin bins[BINS] = {0};
    double titles = 0, right = 0, right_in_3 = 0, apart = 0;

    for (size_t r = 0; r < count; r++) {
        double confidence[CALIBRATE_TOP] = {0}, weight = (double)rows[r].weight;
        struct bin *bin;

        calibrate_apply(c, rows[r].scores, rows[r].count, &rows[r].hints, confidence);
        bin = &bins[(int)fmin(BINS - 1, confidence[0] * BINS)];
        bin->titles += weight;
        bin->right += is_right(&rows[r]) ? weight : 0;
        bin->confidence += weight * confidence[0];
        right_in_3 += rows[r].right < 3 && rows[r].right < rows[r].count ? weight : 0;
    }
    for (int b = 0; b < BINS; b++) {
        titles += bins[b].titles;
        right += bins[b].right;
        apart += fabs(bins[b].confidence - bins[b].right);
    }
    *out = (struct model_measure){
        .titles = (uint32_t)lround(titles),
        .right = (uint32_t)lround(right),
        .right_in_3 = (uint32_t)lround(right_in_3),
        .ece = titles > 0 ? (float)(apart / titles) : 0,
    };
}
