#include "match/accept.h"

#include <math.h>
#include <stdlib.h>

static const double NEVER = 2;
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
    double cut = NEVER, next;
    size_t wrong = 0;

    if (count == 0 || accept_at >= 1) /* nothing is that certain */
        return NEVER;
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
