#include "match/accept.h"

#include <math.h>
#include <stdlib.h>

static const double DOUBT = 0.1;
/* The surest so many are judged together, then a fifth more, and so on: to judge after
 * every answer would be to wait for luck. */
static const double STEP = 1.2;

static int surest_first(const void *a, const void *b)
{
    const struct accept_row *x = a, *y = b;

    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return x->right - y->right; /* of equals the wrong ones count first */
}

/* How probable it is that of n answers, each wrong with probability p, at most so many
 * are. */
static double so_few(size_t wrong, size_t n, double p)
{
    double sum = 0, all = (double)n;

    for (size_t i = 0; i <= wrong; i++) {
        double k = (double)i;

        sum += exp(lgamma(all + 1) - lgamma(k + 1) - lgamma(all - k + 1) + k * log(p) +
                   (all - k) * log1p(-p));
    }
    return sum;
}

/* As many as prove it when none is wrong. */
static double fewest(double accept_at)
{
    return fmax(ACCEPT_LEAST, ceil(log(DOUBT) / log(accept_at)));
}

double accept_cut(struct accept_row *rows, size_t count, double accept_at)
{
    double cut = ACCEPT_NEVER, next;
    size_t wrong = 0;

    if (count == 0 || accept_at >= 1) /* nothing is that certain */
        return ACCEPT_NEVER;
    qsort(rows, count, sizeof *rows, surest_first);
    next = fewest(accept_at);
    for (size_t i = 0; i < count; i++) {
        double n = (double)(i + 1);
        bool last_of_equals =
            i + 1 == count || rows[i + 1].confidence < rows[i].confidence;

        wrong += !rows[i].right;
        if (!last_of_equals || n < next)
            continue;
        if (so_few(wrong, i + 1, 1 - accept_at) <= DOUBT)
            cut = rows[i].confidence;
        while (next <= n)
            next = ceil(next * STEP);
    }
    return cut;
}

static int by_kind(const void *a, const void *b)
{
    const struct accept_row *x = a, *y = b;

    return (x->kind > y->kind) - (x->kind < y->kind);
}

struct accept_cuts accept_cuts(struct accept_row *rows, size_t count, double accept_at)
{
    struct accept_cuts cuts;
    size_t first = 0;

    if (count)
        qsort(rows, count, sizeof *rows, by_kind);
    for (enum accept_kind kind = 0; kind < ACCEPT_KINDS; kind++) {
        size_t end = first;

        while (end < count && rows[end].kind == kind)
            end++;
        cuts.of[kind] = accept_cut(rows + first, end - first, accept_at);
        first = end;
    }
    return cuts;
}
