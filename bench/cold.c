/* cold.c - titles held against a tree's names by a matcher that was taught nothing
 *
 *     bench_cold TREE ROWS [PERCENT]
 *
 * TREE has lines id, parent, name, 1 for a leaf, and the name in a second locale where
 * there is one; ROWS lines id, title; both parted by tabs. So many PERCENT of the leaves,
 * chosen by their ids, are closed to the shop. Prints how often the right leaf is the
 * first, among the first 3 and 10, and how far confidence is off (ECE, 15 bins).
 */
#include "base/mem.h"
#include "match/match.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 10, ROWS_MOST = 200000, BINS = 15 };

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "bench_cold: %s\n", what);
    exit(1);
}

static struct buf read_file(const char *path)
{
    struct buf b = BUF_INIT(BUF_MAX_FILE);
    FILE *f = fopen(path, "re");
    char piece[65536];
    size_t n;

    if (!f)
        die(path);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b, str_n(piece, n));
    fclose(f);
    return b;
}

static struct taxonomy read_tree(struct str text, unsigned closed, struct arena *arena)
{
    struct category_row *rows[2] = {arena_zalloc(arena, ROWS_MOST, sizeof **rows),
                                    arena_zalloc(arena, ROWS_MOST, sizeof **rows)};
    struct category_rows all[2] = {{.locale = STR_LIT("en-US"), .rows = rows[0]},
                                   {.locale = STR_LIT("id-ID"), .rows = rows[1]}};
    struct aisle_err err = {0};
    struct taxonomy tree;
    size_t n = 0;
    bool two;

    while (rows[0] && rows[1] && !str_empty(text) && n < ROWS_MOST) {
        struct str line = str_cut(&text, '\n');
        struct category_row *r = &rows[0][n];

        r->id = str_cut(&line, '\t');
        r->parent_id = str_cut(&line, '\t');
        r->name = str_cut(&line, '\t');
        r->leaf = str_is(str_cut(&line, '\t'), "1");
        r->permissions = str_hash(r->id) % 100 < closed ? PERMISSION_INVITE_ONLY
                                                        : PERMISSION_AVAILABLE;
        rows[1][n] = *r;
        rows[1][n++].name = line;
    }
    all[0].count = all[1].count = n;
    two = n > 0 && !str_empty(rows[1][0].name);
    if (!two)
        all[0].locale = STR_LIT("id-ID");
    if (taxonomy_build(arena, all, two ? 2 : 1, NULL, NULL, &tree, &err) != AISLE_OK)
        die(err.text);
    return tree;
}

static size_t place_of(const struct suggestion *found, size_t count, struct str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(found[i].category_id, id))
            return i;
    return MOST;
}

struct bin {
    double sure, right;
};

static double ece_of(const struct bin *bins, size_t rows)
{
    double off = 0;

    for (size_t b = 0; b < BINS; b++)
        off += fabs(bins[b].sure - bins[b].right);
    return off / (double)rows;
}

int main(int argc, char **argv)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK), answers = ARENA_INIT(1 << 20);
    struct buf tree_text, rows_text;
    struct matcher *matcher = NULL;
    struct match_scratch *scratch = NULL;
    size_t rows = 0, in[3] = {0};
    struct bin bins[BINS] = {0};
    struct taxonomy tree;
    struct str rest;

    if (argc < 3 || argc > 4)
        die("usage: bench_cold TREE ROWS [PERCENT]");
    tree_text = read_file(argv[1]);
    rows_text = read_file(argv[2]);
    tree = read_tree(buf_str(&tree_text),
                     argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0, &arena);
    if (match_new(&tree, &matcher, NULL) != AISLE_OK ||
        match_scratch_new(&scratch, NULL) != AISLE_OK)
        die("no memory");
    for (rest = buf_str(&rows_text); !str_empty(rest); rows++) {
        struct str line = str_cut(&rest, '\n'), id = str_cut(&line, '\t');
        struct match_query query = {.title = line};
        struct suggestion found[MOST];
        size_t count = 0, place;

        if (match_rank(matcher, scratch, &query, &answers, found, MOST, &count, NULL) !=
            AISLE_OK)
            die("no memory");
        place = place_of(found, count, id);
        in[0] += place < 1;
        in[1] += place < 3;
        in[2] += place < MOST;
        if (count > 0) {
            struct bin *b = &bins[(size_t)fmin(BINS - 1, found[0].confidence * BINS)];

            b->sure += found[0].confidence;
            b->right += place == 0;
        }
        arena_clear(&answers);
    }
    printf("%zu rows: top1 %.3f, top3 %.3f, top10 %.3f, ECE %.3f\n", rows,
           (double)in[0] / (double)rows, (double)in[1] / (double)rows,
           (double)in[2] / (double)rows, ece_of(bins, rows));
    match_scratch_free(scratch);
    match_free(matcher);
    buf_clear(&tree_text);
    buf_clear(&rows_text);
    arena_clear(&arena);
    return 0;
}
