/* twins.c - rows sorted by title, so that those of one title lie together */
#include "match/twins.h"

#include "base/mem.h"

#include <stdlib.h>

struct titled {
    uint64_t title;
    uint32_t leaf, row;
};

static int by_title(const void *a, const void *b)
{
    const struct titled *x = a, *y = b;

    if (x->title != y->title)
        return x->title < y->title ? -1 : 1;
    if (x->leaf != y->leaf)
        return x->leaf < y->leaf ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static uint32_t sort_rows(const uint64_t *titles, const uint32_t *labels, uint32_t rows,
                          struct titled *out)
{
    uint32_t n = 0;

    for (uint32_t r = 0; r < rows; r++)
        if (titles[r])
            out[n++] = (struct titled){titles[r], labels[r], r};
    if (n)
        qsort(out, n, sizeof *out, by_title);
    return n;
}

enum aisle_status twins_find(const uint64_t *titles, const uint32_t *labels,
                             uint32_t rows, struct arena *arena, struct twins *out,
                             struct aisle_err *err)
{
    uint32_t *of = arena_alloc(arena, (rows + 1) * sizeof *of);
    uint32_t *firsts = arena_zalloc(arena, rows + 1, sizeof *firsts);
    uint32_t *leaves = arena_alloc(arena, (rows + 1) * sizeof *leaves);
    struct titled *sorted = mem_alloc((rows + 1) * sizeof *sorted);
    uint32_t n, titles_n = 0, leaves_n = 0;

    if (!of || !firsts || !leaves || !sorted) {
        mem_free(sorted);
        return aisle_nomem(err);
    }
    memset(of, 0xFF, rows * sizeof *of);
    n = sort_rows(titles, labels, rows, sorted);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && sorted[end].title == sorted[i].title;)
            end++;
        if (sorted[i].leaf == sorted[end - 1].leaf)
            continue;
        for (uint32_t k = i; k < end; k++) {
            of[sorted[k].row] = titles_n;
            if (k == i || sorted[k].leaf != sorted[k - 1].leaf)
                leaves[leaves_n++] = sorted[k].leaf;
        }
        firsts[++titles_n] = leaves_n;
    }
    mem_free(sorted);
    *out = (struct twins){.of = of, .firsts = firsts, .leaves = leaves};
    return AISLE_OK;
}
