/* calibrate.c - two small maximum likelihood fits by Newton's method */
#include "match/calibrate.h"

#include "match/weights.h"

#include <math.h>

enum { PARAMETERS = 3, NEWTON_STEPS = 25, LEAST_ROWS = 50 };

const struct model_calibration calibration_default = {
    .sharpness = 0.8F,
    .none = 1.0F,
    .none_unknown = 2.0F,
    .slope = 1.0F,
    .offset = 0.0F,
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
static void solve(double h[PARAMETERS][PARAMETERS], double g[PARAMETERS], int n)
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

static double likelihood(const struct model_calibration *c,
                         const struct calibration_row *rows, size_t count)
{
    double sum = 0, shares[CALIBRATE_TOP + 1];

    for (size_t r = 0; r < count; r++) {
        share_out(c, rows[r].scores, rows[r].count, rows[r].unknown, shares);
        sum += log(shares[rows[r].right] + 1e-12);
    }
    return sum / (double)count;
}

/* What option i says to each parameter: sharpness, none, none_unknown. */
static void options_of(const struct calibration_row *r, size_t i, double x[PARAMETERS])
{
    bool none = i == r->count;

    x[0] = none ? 0 : (double)r->scores[i];
    x[1] = none ? 1 : 0;
    x[2] = none ? (double)r->unknown : 0;
}

static void add_row(const struct model_calibration *c, const struct calibration_row *r,
                    double weight, double h[PARAMETERS][PARAMETERS], double g[PARAMETERS])
{
    double shares[CALIBRATE_TOP + 1], mean[PARAMETERS] = {0}, x[PARAMETERS];

    share_out(c, r->scores, r->count, r->unknown, shares);
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
    double h[PARAMETERS][PARAMETERS] = {{0}}, g[PARAMETERS] = {0};
    double before = likelihood(c, rows, count);

    for (int a = 0; a < PARAMETERS; a++)
        h[a][a] = 1e-4;
    for (size_t r = 0; r < count; r++)
        add_row(c, &rows[r], 1 / (double)count, h, g);
    solve(h, g, PARAMETERS);
    for (double size = 1; size > 1e-3; size /= 2) {
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

/* What the chance of the first is judged by, last of all: its share so far, and how much
 * of the title is unknown. */
static double straight(const struct model_calibration *c, double share, float unknown)
{
    double x = (double)c->slope * log_odds(share) + (double)c->offset +
               (double)(c->offset_unknown * unknown);

    return 1 / (1 + exp(-x));
}

/* Logistic regression of "the first is right". */
static void straighten(struct model_calibration *c, const struct calibration_row *rows,
                       size_t count)
{
    for (int step = 0; step < NEWTON_STEPS; step++) {
        double h[PARAMETERS][PARAMETERS] = {{0}}, g[PARAMETERS] = {0};

        for (int a = 0; a < PARAMETERS; a++)
            h[a][a] = 1;
        for (size_t r = 0; r < count; r++) {
            double shares[CALIBRATE_TOP + 1], x[PARAMETERS], p;
            bool right = rows[r].right == 0 && rows[r].count > 0;

            share_out(c, rows[r].scores, rows[r].count, rows[r].unknown, shares);
            x[0] = log_odds(rows[r].count ? shares[0] : 0);
            x[1] = 1;
            x[2] = (double)rows[r].unknown;
            p = straight(c, shares[0], rows[r].unknown);
            for (int a = 0; a < PARAMETERS; a++) {
                g[a] += ((right ? 1 : 0) - p) * x[a];
                for (int b = 0; b < PARAMETERS; b++)
                    h[a][b] += p * (1 - p) * x[a] * x[b];
            }
        }
        solve(h, g, PARAMETERS);
        c->slope += (float)fmax(-1, fmin(1, g[0]));
        c->offset += (float)fmax(-1, fmin(1, g[1]));
        c->offset_unknown += (float)fmax(-1, fmin(1, g[2]));
    }
    c->slope = fmaxf(0.2F, fminf(5, c->slope));
    c->offset = fmaxf(-3, fminf(3, c->offset));
    c->offset_unknown = fmaxf(-4, fminf(4, c->offset_unknown));
}

void calibrate_fit(const struct calibration_row *rows, size_t count,
                   struct model_calibration *out)
{
    *out = calibration_default;
    if (count < LEAST_ROWS)
        return;
    for (int step = 0; step < NEWTON_STEPS && step_shares(out, rows, count); step++)
        continue;
    out->sharpness = fmaxf(0.05F, out->sharpness);
    straighten(out, rows, count);
}

void calibrate_apply(const struct model_calibration *c, const float *scores, size_t count,
                     float unknown, double *confidence)
{
    double shares[CALIBRATE_TOP + 1], first, others;

    if (count > CALIBRATE_TOP)
        count = CALIBRATE_TOP;
    if (count == 0)
        return;
    share_out(c, scores, count, unknown, shares);
    first = straight(c, shares[0], unknown);
    others = (1 - first) / fmax(1e-9, 1 - shares[0]);
    confidence[0] = first;
    for (size_t i = 1; i < count; i++)
        confidence[i] = fmin(confidence[i - 1], shares[i] * others);
}

void calibrate_measure(const struct model_calibration *c,
                       const struct calibration_row *rows, size_t count,
                       struct model_measure *out)
{
    double apart = 0;

    *out = (struct model_measure){.rows = (uint32_t)count};
    for (size_t r = 0; r < count; r++) {
        double confidence[CALIBRATE_TOP] = {0};
        struct model_bin *bin;
        bool right = rows[r].right == 0 && rows[r].count > 0;

        calibrate_apply(c, rows[r].scores, rows[r].count, rows[r].unknown, confidence);
        bin = &out->bins[(int)fmin(MODEL_BINS - 1, confidence[0] * MODEL_BINS)];
        bin->rows++;
        bin->right += right;
        bin->confidence += (float)confidence[0];
        out->right += right;
        out->right_in_3 += rows[r].right < 3 && rows[r].right < rows[r].count;
    }
    for (int b = 0; b < MODEL_BINS; b++)
        apart += fabs((double)out->bins[b].confidence - out->bins[b].right);
    out->ece = count ? (float)(apart / (double)count) : 0;
}
