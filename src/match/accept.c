#include "match/accept.h"

#include <stdlib.h>

static const double NEVER = 2;

static int surest_first(const void *a, const void *b)
{
    const struct accept_row *x = a, *y = b;

    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return x->right - y->right; /* of equals the wrong ones count first */
}

double accept_cut(struct accept_row *rows, size_t count, double accept_at)
{
    double cut = NEVER;
    size_t right = 0;

    if (count)
        qsort(rows, count, sizeof *rows, surest_first);
    for (size_t i = 0; i < count; i++) {
        bool last_of_equals =
            i + 1 == count || rows[i + 1].confidence < rows[i].confidence;

        right += rows[i].right;
        if (last_of_equals && i + 1 >= ACCEPT_LEAST &&
            (double)right / ((double)i + 1.5) >= accept_at)
            cut = rows[i].confidence;
    }
    return cut;
}
