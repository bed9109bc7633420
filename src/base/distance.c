/* The part of text.h that counts typing mistakes. */
#include "base/text.h"

struct word {
    uint32_t c[TEXT_DISTANCE_MAX];
    unsigned n;
};

static bool decode(struct str s, struct word *w)
{
    w->n = 0;
    for (size_t at = 0; at < s.n;) {
        if (w->n == TEXT_DISTANCE_MAX)
            return false;
        w->c[w->n++] = utf8_next(s, &at);
    }
    return true;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* One row of the table: how far the first i letters of a are from each beginning of b,
 * given the two rows before. Returns the row's smallest entry. */
static unsigned fill_row(const struct word *a, const struct word *b, unsigned i,
                         const unsigned *before_last, const unsigned *last, unsigned *row)
{
    unsigned smallest = row[0] = i;

    for (unsigned j = 1; j <= b->n; j++) {
        bool same = a->c[i - 1] == b->c[j - 1];

        row[j] = least(last[j - 1] + !same, least(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a->c[i - 1] == b->c[j - 2] && a->c[i - 2] == b->c[j - 1])
            row[j] = least(row[j], before_last[j - 2] + 1);
        smallest = least(smallest, row[j]);
    }
    return smallest;
}

static unsigned distance(const struct word *a, const struct word *b, unsigned most)
{
    unsigned rows[3][TEXT_DISTANCE_MAX + 1], smallest_before = 0;

    for (unsigned j = 0; j <= b->n; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a->n; i++) {
        unsigned smallest =
            fill_row(a, b, i, rows[(i + 1) % 3], rows[(i + 2) % 3], rows[i % 3]);

        /* a swap looks two rows back, so both have to be too far */
        if (smallest > most && smallest_before > most)
            return most + 1;
        smallest_before = smallest;
    }
    return least(rows[a->n % 3][b->n], most + 1);
}

unsigned text_distance(struct str a, struct str b, unsigned most)
{
    struct word left, right;
    unsigned apart;

    if (str_eq(a, b))
        return 0;
    if (!decode(a, &left) || !decode(b, &right))
        return most + 1;
    apart = left.n > right.n ? left.n - right.n : right.n - left.n;
    return apart > most ? most + 1 : distance(&left, &right, most);
}
